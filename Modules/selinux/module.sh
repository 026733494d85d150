# shellcheck shell=sh
# Input: state, policy, configfile. Results: msg, configfile, policy, state, reboot_required.

selinux_main() {
  m_plain_locale
  [ "$arg_state" = disabled ] || [ -n "${arg_policy:-}" ] || m_fail "Policy is required if state is not 'disabled'"
  [ -e "$arg_configfile" ] || m_fail "Unable to find file $arg_configfile"
  selinux_said='' selinux_reboot=false
  selinux_now
  selinux_configured
  : "${arg_policy:=$selinux_config_policy}"
  if [ -n "$selinux_policy" ] && [ "$arg_policy" != "$selinux_policy" ]; then
    selinux_say "Running SELinux policy changed from '$selinux_policy' to '$arg_policy'"
    selinux_reboot=true
  fi
  selinux_running
  selinux_new=$selinux_text
  if [ "$arg_policy" != "$selinux_config_policy" ]; then
    selinux_say "SELinux policy configuration in '$arg_configfile' changed from '$selinux_config_policy' to '$arg_policy'"
    selinux_line SELINUXTYPE "$arg_policy"
  fi
  if [ "$arg_state" != "$selinux_config_state" ]; then
    selinux_say "Config SELinux state changed from '$selinux_config_state' to '$arg_state'"
    selinux_line SELINUX "$arg_state"
  fi
  [ "$selinux_new" = "$selinux_text" ] || m_write_text "$arg_configfile" "$selinux_new"
  m_str msg "$selinux_said"
  m_str configfile "$arg_configfile"
  m_str policy "$arg_policy"
  m_str state "$arg_state"
  m_bool reboot_required "$selinux_reboot"
}

selinux_say() {
  m_changed=true
  selinux_said="$selinux_said${selinux_said:+, }$1"
}

# selinux_state is the mode that runs; selinux_policy its policy, where the host tells.
selinux_now() {
  selinux_state=disabled selinux_policy=
  m_has getenforce || return 0
  case $(getenforce) in
    Enforcing) selinux_state=enforcing ;;
    Permissive) selinux_state=permissive ;;
  esac
  [ "$selinux_state" != disabled ] && m_has sestatus || return 0
  m_capture sestatus
  while IFS= read -r m_each; do
    case $m_each in
      'Loaded policy name:'*)
        m_trim "${m_each#*:}"
        selinux_policy=$m_result
        ;;
    esac
  done <<SELINUX_END
$m_out
SELINUX_END
}

selinux_configured() {
  m_read_text "$arg_configfile"
  selinux_text=$m_result
  selinux_config_state='' selinux_config_policy=
  while IFS= read -r m_each; do
    case $m_each in
      SELINUX=*) m_trim "${m_each#*=}" && selinux_config_state=$m_result ;;
      SELINUXTYPE=*) m_trim "${m_each#*=}" && selinux_config_policy=$m_result ;;
    esac
  done <<SELINUX_END
$selinux_text
SELINUX_END
}

# What takes effect at once, and what only a reboot does.
selinux_running() {
  [ "$arg_state" != "$selinux_state" ] || return 0
  case $selinux_state:$arg_state in
    disabled:*)
      m_warn "Reboot is required to set SELinux state to '$arg_state'"
      selinux_reboot=true
      ;;
    permissive:disabled)
      m_warn 'SELinux state change will take effect next reboot'
      selinux_reboot=true
      ;;
    enforcing:disabled)
      m_warn "SELinux state temporarily changed from 'enforcing' to 'permissive'. State change will take effect next reboot."
      selinux_reboot=true
      m_must setenforce 0
      ;;
    *)
      if [ "$arg_state" = enforcing ]; then m_must setenforce 1; else m_must setenforce 0; fi
      selinux_say "SELinux state changed from '$selinux_state' to '$arg_state'"
      ;;
  esac
}

# selinux_line NAME VALUE: sets it in selinux_new, where it stands or at the end.
selinux_line() {
  selinux_left=$selinux_new selinux_new='' selinux_found=false
  case $selinux_left in
    '' | *"$m_nl") ;;
    *) selinux_left=$selinux_left$m_nl ;;
  esac
  while [ -n "$selinux_left" ]; do
    m_each=${selinux_left%%"$m_nl"*}
    selinux_left=${selinux_left#*"$m_nl"}
    case $m_each in
      "$1"=*) m_each=$1=$2 selinux_found=true ;;
    esac
    selinux_new=$selinux_new$m_each$m_nl
  done
  [ "$selinux_found" = true ] || selinux_new=$selinux_new$1=$2$m_nl
}
