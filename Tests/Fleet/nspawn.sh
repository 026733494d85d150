# shellcheck shell=bash disable=SC2154
# Hosts that are real to everything but the kernel: an overlay on the base root, a network namespace on a bridge,
# systemd-nspawn to boot it. A fleet's network is 10.77.X.0/24 with X of its own.

# Prints why hosts can't be booted here; succeeds if there is such a reason.
nspawn_obstacle() {
  local probe word
  [ "$(id -u)" -eq 0 ] || { echo 'not root'; return 0; }
  for word in systemd-nspawn ip debootstrap unshare ssh-keygen; do
    command -v "$word" >/dev/null || { echo "$word is not installed"; return 0; }
  done
  probe=mfprobe-$$
  ip netns add "$probe" 2>/dev/null || { echo 'network namespaces are refused'; return 0; }
  ip netns del "$probe"
  mkdir -p "$cache"/probe/{upper,work,root}
  mount -t overlay overlay -o "lowerdir=$here,upperdir=$cache/probe/upper,workdir=$cache/probe/work" "$cache/probe/root" 2>/dev/null ||
    { echo 'overlay mounts are refused'; return 0; }
  umount "$cache/probe/root"
  rm -rf --one-file-system -- "$cache/probe"
  return 1
}

nspawn_up() {
  local count=$1 flavour=$2 host
  if [ "$flavour" = python ]; then build_base --python; else build_base; fi
  make_bridge
  allow_inotify
  for ((index = 1; index <= count; index++)); do
    make_host "h$index" "10.77.$(cat "$state/network").$((10 + index))" "$flavour"
  done
  write_files ops
  for host in $(hosts); do
    configure_host "$host"
    nspawn_start "$host"
  done
}

make_bridge() {
  local network=0
  while ip link show "mf$network" >/dev/null 2>&1; do network=$((network + 1)); done
  printf '%s\n' "$network" >"$state/network"
  ip link add "mf$network" type bridge
  ip address add "10.77.$network.1/24" dev "mf$network"
  ip link set "mf$network" up
}

namespace() { printf 'mf%s-%s\n' "$(cat "$state/network")" "$1"; }
cable() { printf 'mf%s%s\n' "$(cat "$state/network")" "$1"; }

make_host() {
  local host=$1 address=$2 flavour=$3 folder=$state/hosts/$1 lower
  mkdir -p "$folder"/{upper,work,root}
  printf '%s\n' "$address" >"$folder/address"
  printf '0\n' >"$folder/boots"
  lower=$(base_root)
  [ "$flavour" = plain ] || lower=$(python_layer)/upper:$lower
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
  ssh-keygen -q -A -f "$folder/root" >/dev/null
  known_hosts_lines "$address" 22 "$folder/root/etc/ssh" >>"$state/known_hosts"
  printf '%s %s 22\n' "$host" "$address" >>"$state/table"
}

make_network() {
  local host=$1 space end
  space=$(namespace "$host")
  end=$(cable "$host")
  # Whose maker was killed may have left its name behind, and no namespace under it.
  ip netns del "$space" 2>/dev/null || true
  ip netns add "$space"
  ip link add "$end" type veth peer name host0 netns "$space"
  ip link set "$end" master "mf$(cat "$state/network")" up
  ip -n "$space" link set lo up
  ip -n "$space" address add "$(address "$host")/24" dev host0
  ip -n "$space" link set host0 up
}

configure_host() {
  local host=$1 root=$state/hosts/$1/root user home
  printf '%s\n' "$host" >"$root/etc/hostname"
  { printf '127.0.0.1 localhost\n'; awk '{ print $2, $1 }' "$state/table"; } >"$root/etc/hosts"
  for user in root ops opspw noisy; do
    home=$root/home/$user
    [ "$user" != root ] || home=$root/root
    mkdir -p "$home/.ssh"
    chmod 700 "$home/.ssh"
    cp "$state/id_ed25519.pub" "$home/.ssh/authorized_keys"
    chown -R --reference="$home" "$home/.ssh"
  done
}

nspawn_start() {
  local host=$1
  [ -z "$(nspawn_processes "$host")" ] || return 0
  ip -n "$(namespace "$host")" link show host0 >/dev/null 2>&1 || make_network "$host"
  # A session of its own, so that it outlives whoever called; no descriptor of ours, the lock least of all.
  MARTLET_FLEET=$cache MARTLET_FLEET_NAME=$name \
    setsid "$here/fleet" _watch "$host" "$state/hosts/$host" </dev/null >>"$state/hosts/$host/console" 2>&1 8>&- 9>&- &
  disown
}

# Boots a host and, since a reboot inside ends nspawn with status 133, boots it again for as long as it wants to.
# The folder is an argument so that the process can be told from those of other fleets.
nspawn_watch() {
  local host=$1 folder=$2 status
  trap '' HUP INT
  enter_cgroup "$host"
  while :; do
    printf '%s\n' "$(($(cat "$folder/boots") + 1))" >"$folder/boots"
    status=0
    systemd-nspawn -q --register=no --keep-unit --capability=CAP_NET_ADMIN --hostname="$host" -D "$folder/root" --resolv-conf=off --timezone=off \
      --network-namespace-path="/run/netns/$(namespace "$host")" -b --console=pipe || status=$?
    printf 'fleet: nspawn ended with status %s\n' "$status"
    [ "$status" -eq 133 ] || break
  done
}

# A cgroup per host, in each hierarchy that systemd works with: two systemds in one would take each other's services for their own.
cgroups() {
  local hierarchy
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ ! -f "$hierarchy/cgroup.procs" ] || printf '%s/martlet-fleet.%s.%s\n' "$hierarchy" "$name" "$1"
  done
}

enter_cgroup() {
  local group
  for group in $(cgroups "$1"); do
    mkdir -p "$group"
    printf '%s\n' "$BASHPID" >"$group/cgroup.procs"
  done
}

remove_cgroups() {
  local group
  for group in $(cgroups "$1"); do
    [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} +
  done
}

# Every process of a host: who watches over it, then what lives in its namespace.
nspawn_processes() {
  pgrep -f -- " $state/hosts/$1(/root)?( |$)" || true
  ip netns pids "$(namespace "$1")" 2>/dev/null || true
}

nspawn_boots() { cat "$state/hosts/$1/boots"; }

nspawn_stop() {
  local deadline=$((SECONDS + 20)) processes
  while processes=$(nspawn_processes "$1") && [ -n "$processes" ]; do
    # shellcheck disable=SC2086 # a list of numbers
    kill -KILL $processes 2>/dev/null || true
    [ "$SECONDS" -lt "$deadline" ] || fail "$1: processes survive KILL: $processes"
    sleep 0.1
  done
}

nspawn_freeze() { nspawn_signal STOP "$1"; }
nspawn_thaw() { nspawn_signal CONT "$1"; }
nspawn_signal() {
  # shellcheck disable=SC2046 # a list of numbers
  kill "-$1" $(ip netns pids "$(namespace "$2")")
}

nspawn_cut() { ip link set "$(cable "$1")" down; }
nspawn_reset() { ss -K -t state established dst "$(address "$1")" >/dev/null; }
nspawn_mend() { ip link set "$(cable "$1")" up; }

nspawn_rekey() {
  local root=$state/hosts/$1/root
  rm -f "$root"/etc/ssh/ssh_host_*
  ssh-keygen -q -A -f "$root" >/dev/null
}

# Needs no record of what was made: whatever carries this fleet's folder or number goes.
nspawn_down() {
  local host mounted
  [ "$(id -u)" -eq 0 ] && [ -d "$state" ] || return 0
  if [ -f "$state/network" ]; then
    for host in $(hosts); do
      nspawn_stop "$host"
      remove_cgroups "$host"
      ip netns del "$(namespace "$host")" 2>/dev/null || true
      ip link del "$(cable "$host")" 2>/dev/null || true
    done
    ip link del "mf$(cat "$state/network")" 2>/dev/null || true
  fi
  fleet_mounts | while read -r mounted; do
    umount "$mounted" 2>/dev/null || umount -l "$mounted"
  done
}

fleet_mounts() { awk -v prefix="$state/" 'index($5, prefix) == 1 { print $5 }' /proc/self/mountinfo | sort -r; }

# A booted systemd holds several inotify instances, and all hosts' root is one user to the kernel, which allows 128 by default.
allow_inotify() {
  local file=/proc/sys/fs/inotify/max_user_instances wanted=$((128 + 32 * hosts_max))
  [ "$(cat "$file")" -ge "$wanted" ] || printf '%s\n' "$wanted" >"$file" ||
    say "$file can't be raised to $wanted: many hosts may not boot"
}

# Of this fleet if it is known, and of fleets that lost their folder.
nspawn_leftovers() {
  pgrep -af -- " $state/hosts/[^ ]*( |$)" | sed 's/^/process /' || true
  fleet_mounts | sed 's/^/mount /'
  [ "$(id -u)" -eq 0 ] || return 0
  local network known
  for network in $(ip -o link show type bridge | sed -n 's/^[0-9]*: mf\([0-9]*\):.*/\1/p'); do
    known=$(grep -lsx "$network" "$cache"/fleets/*/network || true)
    [ -n "$known" ] && [ "$known" != "$state/network" ] || printf 'bridge mf%s\n' "$network"
  done
  find /sys/fs/cgroup -maxdepth 2 -type d -name "martlet-fleet.$name.*" 2>/dev/null | sed 's/^/cgroup /'
  # By their names: `ip netns list` complains of each that is only a name.
  for network in $(find /run/netns -maxdepth 1 -name 'mf*-*' 2>/dev/null | sed -n 's|.*/mf\([0-9]*\)-.*|\1|p' | sort -u); do
    known=$(grep -lsx "$network" "$cache"/fleets/*/network || true)
    [ -n "$known" ] && [ "$known" != "$state/network" ] || printf 'namespaces mf%s-*\n' "$network"
  done
}
