# shellcheck shell=sh
# Input: see module.yml. Results: ports, proto, setype, state.

seport_main() {
  m_plain_locale
  m_need semanage policycoreutils-python-utils
  if [ "$arg_ignore_selinux_state" = false ]; then
    selinuxenabled 2>/dev/null || m_fail 'SELinux is disabled on this host.'
  fi
  eval "set -- $arg_ports"
  m_strings ports "$@"
  m_str proto "$arg_proto"
  m_str setype "$arg_setype"
  m_str state "$arg_state"
  if [ "$arg_local" = true ]; then m_capture semanage port -l -n -C; else m_capture semanage port -l -n; fi
  [ "$m_rc" = 0 ] || m_fail_command semanage port -l -n
  seport_table=$m_out
  for seport_one in "$@"; do
    seport_find
    case $arg_state:$seport_has:$seport_other in
      present:false:) seport_do -a -t "$arg_setype" ;;
      present:false:*) seport_do -m -t "$arg_setype" ;;
      absent:true:*) seport_do -d -t "$arg_setype" ;;
    esac
  done
}

seport_do() {
  if [ "$arg_reload" = true ]; then set -- "$@" -p "$arg_proto"; else set -- "$@" -N -p "$arg_proto"; fi
  m_must semanage port "$@" "$seport_one"
}

# Sets seport_has, and seport_other to another type that has the very same port or range. Lines are `TYPE PROTO PORT, PORT-PORT, …`.
seport_find() {
  seport_has='false' seport_other=
  while read -r seport_type seport_proto seport_list; do
    [ "$seport_proto" = "$arg_proto" ] || continue
    case ", $seport_list," in
      *", $seport_one,"*)
        if [ "$seport_type" = "$arg_setype" ]; then seport_has=true; else seport_other=$seport_type; fi
        ;;
    esac
  done <<SEPORT_END
$seport_table
SEPORT_END
}
