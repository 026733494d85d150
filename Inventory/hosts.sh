#!/bin/sh
# An inventory script: prints all groups for --list. Because the answer holds `_meta.hostvars`, nothing is asked per host.
# Put a query to your cloud, CMDB or LDAP here.
set -eu

case "${1:-}" in
  --list) exec cat "$(dirname "$0")/hosts.json" ;;
  --host) echo '{}' ;;
  *) echo "usage: $0 --list | --host NAME" >&2; exit 2 ;;
esac
