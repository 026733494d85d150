# shellcheck shell=bash disable=SC2154,SC2034
# What both kinds of fleet share: messages, the lock, the list of hosts, waiting, and the files that tests read.

hosts_max=60
tree=$(cd "$here/../.." && pwd)

say() { printf 'fleet: %s\n' "$*" >&2; }
fail() { say "$*"; exit 2; }

# One `up` or `down` at a time, whatever the fleet: numbers of networks are given out under it. Children must not inherit it.
take_lock() {
  mkdir -p "$cache/fleets"
  exec 9>"$cache/lock"
  flock -w 600 9 || fail "another 'fleet up' or 'down' has held $cache/lock for 600 s"
}

kind() { cat "$state/kind" 2>/dev/null || echo none; }
hosts() { find "$state/hosts" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort -V; }
address() { cat "$state/hosts/$1/address"; }

choose_kind() {
  local reason
  case ${MARTLET_FLEET_KIND:-} in
    nspawn | loopback) printf '%s\n' "$MARTLET_FLEET_KIND"; return ;;
    '') ;;
    *) fail "MARTLET_FLEET_KIND: expected nspawn or loopback, got '$MARTLET_FLEET_KIND'" ;;
  esac
  if reason=$(nspawn_obstacle); then
    say "no hosts of their own here ($reason): sshd on loopback instead"
    echo loopback
  else
    echo nspawn
  fi
}

answers() {
  timeout 10 ssh -F "$state/ssh_config" -o BatchMode=yes -o ConnectTimeout=5 "$1" true </dev/null >/dev/null 2>&1
}

# Boots share the processors, so the deadline grows with the number of hosts.
wait_for_sshd() {
  local deadline=$((SECONDS + 60 + 8 * $1)) host
  for host in $(hosts); do
    until answers "$host"; do
      [ "$SECONDS" -lt "$deadline" ] || { ssh -F "$state/ssh_config" -v "$host" true 2>&1 | tail -n 5 >&2; tail -n 20 "$state/hosts/$host/console" >&2; fail "$host: no login by ssh after $((60 + 8 * $1)) s"; }
      sleep 0.2
    done
  done
}

# Writes inventory, ssh_config and fleet.env. Arguments: login user; then lines "NAME ADDRESS PORT" on standard input.
write_files() {
  local login=$1 host address port
  {
    printf '# written by fleet up; gone after fleet down\n[fleet]\n'
    while read -r host address port; do
      printf '%s ansible_host=%s ansible_port=%s\n' "$host" "$address" "$port"
    done <"$state/table"
    printf '\n[fleet:vars]\nansible_user=%s\nansible_ssh_private_key_file=%s\n' "$login" "$state/id_ed25519"
    printf 'ansible_ssh_common_args=-o UserKnownHostsFile=%s -o GlobalKnownHostsFile=/dev/null\n' "$state/known_hosts"
    printf 'fleet_kind=%s\n' "$(kind)"
  } >"$state/inventory"
  {
    printf 'UserKnownHostsFile %s\nGlobalKnownHostsFile /dev/null\nIdentityFile %s\nIdentitiesOnly yes\n' \
      "$state/known_hosts" "$state/id_ed25519"
    printf 'StrictHostKeyChecking yes\nUser %s\n' "$login"
    while read -r host address port; do
      printf 'Host %s\n  HostName %s\n  Port %s\n' "$host" "$address" "$port"
    done <"$state/table"
  } >"$state/ssh_config"
  {
    printf 'MARTLET_FLEET_KIND=%s\nMARTLET_FLEET_STATE=%s\nMARTLET_FLEET_INVENTORY=%s\n' "$(kind)" "$state" "$state/inventory"
    printf 'MARTLET_FLEET_PASSWORD="%s"\n' "$opspw_password"
  } >"$state/fleet.env"
}

# One line of known_hosts per public key of a host. Arguments: address port folder-with-keys.
known_hosts_lines() {
  local where=$1 key
  [ "$2" = 22 ] || where="[$1]:$2"
  for key in "$3"/ssh_host_*_key.pub; do
    printf '%s %s\n' "$where" "$(cut -d' ' -f1,2 "$key")"
  done
}

# .fleet/NAME in the source tree, for short command lines.
link_into_tree() {
  [ -w "$tree" ] || return 0
  mkdir -p "$tree/.fleet"
  ln -sfn "$state" "$tree/.fleet/$name"
}
