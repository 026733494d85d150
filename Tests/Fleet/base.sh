# shellcheck shell=bash disable=SC2154
# Base roots: a minimal Debian with what every host has, built once per version of the recipe and cached outside the tree.

opspw_password="it's 1 secret"

list() { sed 's/#.*//' "$1" | tr -s '[:space:]' '\n' | sed '/^$/d'; }

recipe_key() {
  cat "$here/base.sh" "$here/repository.sh" "$here/packages.txt" "$here/repository-packages.txt" | sha256sum | cut -c1-12
}
base_root() { printf '%s/base-%s\n' "$cache" "$(recipe_key)"; }
python_layer() { printf '%s/python-%s\n' "$cache" "$(recipe_key)"; }

# Builds what isn't cached. Argument: --python for the layer with Python, too.
build_base() {
  mkdir -p "$cache"
  (
    flock -w 1800 8 || fail "another build has held $cache/base.lock for 1800 s"
    [ -d "$(base_root)" ] || build_root
    if [ "${1:-}" = --python ] && [ ! -d "$(python_layer)" ]; then build_python_layer; fi
  ) 8>"$cache/base.lock"
}

# "MIRROR CODENAME", from this machine's own apt sources.
mirror() {
  local codename
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  if [ -n "${MARTLET_FLEET_MIRROR:-}" ]; then
    printf '%s %s\n' "$MARTLET_FLEET_MIRROR" "$codename"
    return
  fi
  # shellcheck disable=SC2016 # apt's own placeholders
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v codename="$codename" '$2 == codename && $3 == "main" && !done { print $1, $2; done = 1 }'
}

build_root() {
  local new uri codename began=$SECONDS
  read -r uri codename < <(mirror) || fail "apt's sources name no 'main' for this release: set MARTLET_FLEET_MIRROR"
  new=$(base_root).new
  rm -rf --one-file-system -- "$new"
  say "building the base root ($codename); the log is $cache/base.log"
  debootstrap --variant=minbase --include="$(list "$here/packages.txt" | paste -sd,)" "$codename" "$new" "$uri" \
    >"$cache/base.log" 2>&1 || { tail -n 15 "$cache/base.log" >&2; fail 'debootstrap failed'; }
  { fetch_repository_packages "$new" && make_users "$new" && quieten "$new"; } >>"$cache/base.log" 2>&1 ||
    { tail -n 15 "$cache/base.log" >&2; fail 'preparing the base root failed'; }
  # shellcheck source=repository.sh
  . "$here/repository.sh"
  build_repository "$new/srv/repository" >>"$cache/base.log" 2>&1
  use_repository "$new" >>"$cache/base.log" 2>&1 || { tail -n 15 "$cache/base.log" >&2; fail 'the local repository failed'; }
  mv -- "$new" "$(base_root)"
  say "base root after $((SECONDS - began)) s: $(base_root)"
}

# Runs a command in a root, with the clean environment of a console, and nothing of this machine but its kernel.
in_root() {
  local root=$1
  shift
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    ${http_proxy:+"http_proxy=$http_proxy"} unshare --mount --pid --fork chroot "$root" "$@"
}

fetch_repository_packages() {
  local root=$1
  mkdir -p "$root/srv/repository"
  # shellcheck disable=SC2046 # a list of words
  in_root "$root" apt-get -qq install -y --no-install-recommends --download-only $(list "$here/repository-packages.txt")
  mv "$root"/var/cache/apt/archives/*.deb "$root/srv/repository/"
  in_root "$root" apt-get clean
}

# ops: sudo without a password · opspw: sudo with one, and login by it · noisy: a login that talks before it listens.
make_users() {
  local root=$1 user
  for user in ops opspw noisy; do
    in_root "$root" useradd --create-home --shell /bin/bash "$user"
  done
  printf 'opspw:%s\n' "$opspw_password" | in_root "$root" chpasswd
  printf 'ops ALL=(ALL) NOPASSWD: ALL\nnoisy ALL=(ALL) NOPASSWD: ALL\nopspw ALL=(ALL) ALL\n' >"$root/etc/sudoers.d/fleet"
  chmod 440 "$root/etc/sudoers.d/fleet"
  # Before the line that stops here for shells that aren't interactive.
  sed -i '1i echo "good morning from .bashrc"; echo "a warning from .bashrc" >&2' "$root/home/noisy/.bashrc"
}

# No timers that take apt's lock in mid-test, no console login, no host identity that two hosts would share.
quieten() {
  local root=$1 unit
  for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer \
    console-getty.service systemd-firstboot.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/resolv.conf" "$root/var/lib/dbus/machine-id"
  : >"$root/etc/machine-id"
  ! command -v "$root/usr/bin/python3" >/dev/null
}

use_repository() {
  local root=$1
  rm -rf "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/*
  printf 'deb [trusted=yes] file:/srv/repository ./\n' >"$root/etc/apt/sources.list.d/fleet.list"
  in_root "$root" apt-get -q update
}

# Python as an overlay layer above the base root, for tools that need it on their hosts.
build_python_layer() {
  local layer began=$SECONDS uri codename
  layer=$(python_layer)
  read -r uri codename < <(mirror)
  rm -rf --one-file-system -- "$layer.new"
  mkdir -p "$layer.new/upper" "$layer.new/work" "$layer.new/root"
  mount -t overlay overlay -o "lowerdir=$(base_root),upperdir=$layer.new/upper,workdir=$layer.new/work" "$layer.new/root"
  if ! install_python "$layer.new/root" "$uri" "$codename" >>"$cache/base.log" 2>&1; then
    umount "$layer.new/root"
    tail -n 15 "$cache/base.log" >&2
    fail 'installing Python failed'
  fi
  umount "$layer.new/root"
  mv -- "$layer.new" "$layer"
  say "layer with Python after $((SECONDS - began)) s: $layer"
}

install_python() {
  local root=$1 status=0
  printf 'deb %s %s main\n' "$2" "$3" >"$root/etc/apt/sources.list"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  in_root "$root" sh -c 'apt-get -q update && apt-get -q install -y --no-install-recommends python3 python3-apt && apt-get clean' ||
    status=1
  rm -f "$root/etc/resolv.conf"
  use_repository "$root" || status=1
  return "$status"
}
