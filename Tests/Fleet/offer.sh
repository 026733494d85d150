# shellcheck shell=bash disable=SC2154
# Debian packages for hosts that have no internet: fetched here with what they depend on, cached, and put into a host's own
# repository, from where apt on the host installs them as from any other.

fleet_offer() {
  if [ $# -lt 2 ] || [ ! -d "$state/hosts/$1" ]; then fail 'offer: expected HOST PACKAGES…'; fi
  [ "$(kind)" = nspawn ] || fail "offer: a loopback fleet can't do this"
  local host=$1 repository=$state/hosts/$1/root/srv/repository debs
  shift
  debs=$(offered_packages "$@")
  cp -n "$debs"/*.deb "$repository/"
  cat "$debs/Packages" >>"$repository/Packages"
  in_root "$state/hosts/$host/root" apt-get -qq update
}

# Prints the folder that holds the packages; fetches them if it is not there.
offered_packages() {
  local debs
  debs=$cache/packages-$(printf '%s\n' "$(recipe_key)" "$@" | sha256sum | cut -c1-12)
  (
    flock -w 1800 8 || fail "another download has held $cache/packages.lock for 1800 s"
    [ -d "$debs" ] || fetch_packages "$debs" "$@"
  ) 8>"$cache/packages.lock"
  printf '%s\n' "$debs"
}

fetch_packages() {
  local debs=$1 began=$SECONDS uri codename status=0
  shift
  read -r uri codename < <(mirror) || fail "apt's sources name no 'main' for this release: set MARTLET_FLEET_MIRROR"
  rm -rf --one-file-system -- "$debs.new"
  mkdir -p "$debs.new/upper" "$debs.new/work" "$debs.new/root" "$debs.new/debs"
  mount -t overlay overlay -o "lowerdir=$(base_root),upperdir=$debs.new/upper,workdir=$debs.new/work" "$debs.new/root"
  printf 'deb %s %s main\n' "$uri" "$codename" >"$debs.new/root/etc/apt/sources.list"
  cp /etc/resolv.conf "$debs.new/root/etc/resolv.conf"
  # shellcheck disable=SC2016 # the words are the inner shell's
  in_root "$debs.new/root" sh -c \
    'rm -f /etc/apt/sources.list.d/* && apt-get -q update && apt-get -q install -y --no-install-recommends --download-only "$@"' \
    sh "$@" >"$cache/packages.log" 2>&1 || status=1
  mv "$debs.new"/root/var/cache/apt/archives/*.deb "$debs.new/debs/" || status=1
  umount "$debs.new/root"
  [ "$status" -eq 0 ] || { tail -n 15 "$cache/packages.log" >&2; fail "fetching $* failed"; }
  # shellcheck source=repository.sh
  . "$here/repository.sh"
  index "$debs.new/debs" >>"$cache/packages.log" 2>&1
  mv -- "$debs.new/debs" "$debs"
  rm -rf --one-file-system -- "$debs.new"
  say "packages after $((SECONDS - began)) s: $*"
}
