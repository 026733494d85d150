# shellcheck shell=sh
# Input: name, state, enabled, use, sleep, pattern, runlevel, arguments; for systemd also what systemd_service takes.
# Results: name, state, enabled; status by systemd.

service_main() {
  service_manager=$arg_use
  [ "$service_manager" != auto ] || service_detect
  case $service_manager in
    systemd | ansible.builtin.systemd | systemd_service)
      systemd_service_main
      return 0
      ;;
    openrc | sysvinit | ansible.builtin.sysvinit | service) ;;
    *) m_fail "service manager '$arg_use' is not known: use systemd, openrc or sysvinit" ;;
  esac
  for m_each in "${arg_masked:-}" "$arg_daemon_reload" "$arg_daemon_reexec"; do
    case $m_each in
      '' | false) ;;
      *) m_fail "masked, daemon_reload and daemon_reexec need systemd, and this host has $service_manager" ;;
    esac
  done
  m_plain_locale
  m_str name "$arg_name"
  service_enable
  service_run
}

service_detect() {
  if [ -d /run/systemd/system ]; then
    service_manager=systemd
  elif m_has rc-service; then
    service_manager=openrc
  else
    service_manager=sysvinit
  fi
}

# service_call VERB: runs the service's script.
service_call() {
  if [ "$service_manager" = openrc ]; then
    m_capture rc-service -- "$arg_name" "$1"
  elif m_has service; then
    # shellcheck disable=SC2086
    m_capture service "$arg_name" "$1" $arg_arguments
  else
    [ -x "/etc/init.d/$arg_name" ] || m_fail "Could not find the requested service $arg_name: host"
    # shellcheck disable=SC2086
    m_capture "/etc/init.d/$arg_name" "$1" $arg_arguments
  fi
}

service_act() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  service_call "$1"
  [ "$m_rc" = 0 ] || m_fail "Unable to $1 service $arg_name: ${m_err:-$m_out}"
}

service_is_running() {
  if [ -n "${arg_pattern:-}" ]; then
    m_capture ps
    case $m_out in
      *"$arg_pattern"*) return 0 ;;
    esac
    return 1
  fi
  service_call status
  case $m_rc:$m_err$m_out in
    0:*stopped* | 0:*'not running'* | 0:*'is dead'*) return 1 ;;
    0:*) return 0 ;;
    *'does not exist'* | *'unrecognized service'* | *'not-found'*) m_fail "Could not find the requested service $arg_name: host" ;;
  esac
  return 1
}

service_run() {
  [ -n "${arg_state:-}" ] || return 0
  if [ "$arg_state" = stopped ]; then m_str state stopped; else m_str state started; fi
  service_running=false
  if service_is_running; then service_running=true; fi
  case $arg_state:$service_running in
    started:false | reloaded:false) service_act start ;;
    stopped:true) service_act stop ;;
    reloaded:true) service_act reload ;;
    restarted:*)
      if [ -n "${arg_sleep:-}" ] && [ "$service_running" = true ]; then
        service_act stop
        [ "$m_check" = true ] || sleep "$arg_sleep"
        service_act start
      else
        service_act restart
      fi
      ;;
  esac
}

service_enable() {
  [ -n "${arg_enabled:-}" ] || return 0
  m_bool enabled "$arg_enabled"
  service_is_enabled=false
  if [ "$service_manager" = openrc ]; then
    m_capture rc-update show "$arg_runlevel"
    case $m_nl$m_out in
      *"$m_nl"*[\ \	]"$arg_name "*\|*) service_is_enabled=true ;;
    esac
    [ "$service_is_enabled" != "$arg_enabled" ] || return 0
    if [ "$arg_enabled" = true ]; then
      m_must rc-update add "$arg_name" "$arg_runlevel"
    else
      m_must rc-update del "$arg_name" "$arg_runlevel"
    fi
    return 0
  fi
  for m_each in /etc/rc[2345].d/S[0-9][0-9]"$arg_name"; do
    if [ -e "$m_each" ]; then service_is_enabled=true; fi
  done
  [ "$service_is_enabled" != "$arg_enabled" ] || return 0
  if m_has update-rc.d; then
    if [ "$arg_enabled" = true ]; then
      service_has_links || m_must update-rc.d "$arg_name" defaults
      m_must update-rc.d "$arg_name" enable
    else
      m_must update-rc.d "$arg_name" disable
    fi
  elif m_has chkconfig; then
    if [ "$arg_enabled" = true ]; then m_must chkconfig "$arg_name" on; else m_must chkconfig "$arg_name" off; fi
  else
    m_fail 'neither update-rc.d nor chkconfig is on the host: services cannot be enabled'
  fi
}

# True if the service is known to the runlevels at all.
service_has_links() {
  for m_each in /etc/rc?.d/[SK][0-9][0-9]"$arg_name"; do
    if [ -e "$m_each" ]; then return 0; fi
  done
  return 1
}
