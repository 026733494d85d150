# shellcheck shell=bash disable=SC2154
# The fallback: sshd processes of the current user on 127.0.0.1, one port each. All hosts are this machine.

loopback_up() {
  local count=$1 flavour=$2 index folder port
  local sshd
  sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || fail 'sshd is not installed (Debian: openssh-server)'
  # sshd separates privileges with this folder when it runs as root.
  if [ "$(id -u)" -eq 0 ] && [ ! -d /run/sshd ]; then mkdir -m 755 /run/sshd; fi
  cp "$state/id_ed25519.pub" "$state/authorized_keys"
  port=22010
  for ((index = 1; index <= count; index++)); do
    folder=$state/hosts/h$index
    mkdir -p "$folder/etc/ssh"
    ssh-keygen -q -A -f "$folder" >/dev/null
    port=$(free_port "$port")
    printf '127.0.0.1\n' >"$folder/address"
    loopback_configuration "$folder" "$port" >"$folder/sshd_config"
    (exec 8>&- 9>&-; exec "$sshd" -f "$folder/sshd_config" -E "$folder/console")
    known_hosts_lines 127.0.0.1 "$port" "$folder/etc/ssh" >>"$state/known_hosts"
    printf 'h%s 127.0.0.1 %s\n' "$index" "$port" >>"$state/table"
    port=$((port + 1))
  done
  write_files "$(id -un)"
  say 'skipped on loopback: hosts with files, packages, services and users of their own, sudo with a password, reboot, lost networks'
  [ "$flavour" = plain ] || say 'skipped on loopback: --python (the hosts have what this machine has)'
}

loopback_configuration() {
  local folder=$1 port=$2 key
  printf 'ListenAddress 127.0.0.1\nPort %s\nPidFile %s/pid\nAuthorizedKeysFile %s/authorized_keys\n' "$port" "$folder" "$state"
  printf 'StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\nMaxStartups 100\n'
  for key in "$folder"/etc/ssh/ssh_host_*_key; do printf 'HostKey %s\n' "$key"; done
}

# The first port from the given one on that nobody listens on.
free_port() {
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  printf '%s\n' "$port"
}

loopback_processes() { pgrep -f -- "sshd.* -f $state/hosts/[^ ]*/sshd_config" || true; }

loopback_down() {
  local processes
  processes=$(loopback_processes)
  # shellcheck disable=SC2086 # a list of numbers
  [ -z "$processes" ] || kill $processes 2>/dev/null || true
}

loopback_leftovers() { loopback_processes | sed 's/^/sshd /'; }
