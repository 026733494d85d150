# shellcheck shell=sh
# Input: name, use. Results: name, ansible_facts.

hostname_main() {
  read -r hostname_now </proc/sys/kernel/hostname
  hostname_kept=$hostname_now
  if [ -r /etc/hostname ]; then read -r hostname_kept </etc/hostname; fi
  m_str name "$arg_name"
  if [ "$hostname_now" != "$arg_name" ] || [ "$hostname_kept" != "$arg_name" ]; then
    m_changed=true
    m_diff_text 'hostname' 'hostname' "hostname = $hostname_kept$m_nl" "hostname = $arg_name$m_nl"
    [ "$m_check" = true ] || hostname_set
  fi
  m_dict ansible_facts
  m_str ansible_hostname "${arg_name%%.*}"
  m_str ansible_nodename "$arg_name"
  m_str ansible_fqdn "$arg_name"
  case $arg_name in
    *.*) m_str ansible_domain "${arg_name#*.}" ;;
    *) m_str ansible_domain '' ;;
  esac
  m_close
}

hostname_set() {
  if m_has hostnamectl && { [ "${arg_use:-}" = systemd ] || [ -d /run/systemd/system ]; }; then
    m_must hostnamectl --pretty set-hostname "$arg_name"
    m_must hostnamectl --static set-hostname "$arg_name"
    m_must hostnamectl --transient set-hostname "$arg_name"
    return 0
  fi
  m_diff=false
  [ "$hostname_kept" = "$arg_name" ] && [ -e /etc/hostname ] || m_write_text /etc/hostname "$arg_name$m_nl" 0644
  [ "$hostname_now" = "$arg_name" ] || m_must hostname "$arg_name"
}
