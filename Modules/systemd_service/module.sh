# shellcheck shell=sh
# Input: name, state, enabled, masked, daemon_reload, daemon_reexec, scope, no_block, force.
# Results: name, status (the unit's properties before), state, enabled. `service` calls these functions, too.

systemd_service_main() {
  m_plain_locale
  m_need systemctl systemd
  case ${arg_name:-} in
    *\**) m_fail "This module does not currently support using glob patterns, found '*' in service name: $arg_name" ;;
    *\?*) m_fail "This module does not currently support using glob patterns, found '?' in service name: $arg_name" ;;
    *\[*) m_fail "This module does not currently support using glob patterns, found '[' in service name: $arg_name" ;;
  esac
  systemd_words=
  case $arg_scope in
    user)
      systemd_words=--user
      if [ -z "${XDG_RUNTIME_DIR:-}" ]; then
        XDG_RUNTIME_DIR=/run/user/$(id -u)
        export XDG_RUNTIME_DIR
      fi
      ;;
    global) systemd_words=--global ;;
  esac
  systemd_more=
  [ "$arg_no_block" = false ] || systemd_more="$systemd_more --no-block"
  [ "${arg_force:-false}" = false ] || systemd_more="$systemd_more --force"
  if [ "$arg_daemon_reload" = true ]; then systemd_do daemon-reload; fi
  if [ "$arg_daemon_reexec" = true ]; then systemd_do daemon-reexec; fi
  [ -n "${arg_name:-}" ] || {
    m_changed=false
    m_null name
    m_dict status
    m_close
    return 0
  }
  m_changed=false
  m_str name "$arg_name"
  systemd_look
  systemd_mask
  systemd_enable
  systemd_run
  m_put "${m_mark}Pstatus$m_us$systemd_status"
}

# systemctl with what scope and the like ask for; fails with its words.
systemd_do() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  systemd_verb=$1
  shift
  # shellcheck disable=SC2086
  m_capture systemctl $systemd_words $systemd_more "$systemd_verb" ${1+--} "$@"
  [ "$m_rc" != 0 ] || return 0
  m_changed=false
  case $systemd_verb in
    enable | disable | mask | unmask) m_fail "Unable to $systemd_verb service $*: $m_err" ;;
    daemon-reload | daemon-reexec) m_fail "failure $m_rc during $systemd_verb: $m_err" ;;
  esac
  m_fail "Unable to $systemd_verb service $*: $m_err"
}

# Reads the unit's properties, reports them as status and keeps those that matter.
systemd_look() {
  # shellcheck disable=SC2086
  m_capture systemctl $systemd_words show -- "$arg_name"
  if [ "$m_rc" != 0 ]; then
    case $m_err in
      *'not been booted'* | *'Failed to connect'*) m_fail "systemd does not run on this host: $m_err" ;;
    esac
    m_fail "Service is in unknown state: $m_err"
  fi
  # Told at the end, so that the message of a failure does not drown in it.
  systemd_status=$m_out
  systemd_property LoadState
  systemd_load=$m_result
  systemd_property ActiveState
  systemd_active=$m_result
  systemd_property UnitFileState
  systemd_file=$m_result
  case $systemd_load in
    not-found | error | bad-setting)
      # A System V script that systemd has not seen yet counts, too.
      [ -e "/etc/init.d/${arg_name%.service}" ] || m_fail "Could not find the requested service $arg_name: host"
      ;;
  esac
}

# m_result is the value of a property in m_out.
systemd_property() {
  m_result=$m_nl$m_out$m_nl
  case $m_result in
    *"$m_nl$1="*) ;;
    *)
      m_result=
      return 0
      ;;
  esac
  m_result=${m_result#*"$m_nl$1="}
  m_result=${m_result%%"$m_nl"*}
}

systemd_mask() {
  case ${arg_masked:-}:$systemd_load in
    true:masked | false:masked | true:* | false:*) ;;
    *) return 0 ;;
  esac
  if [ "$arg_masked" = true ] && [ "$systemd_load" != masked ]; then systemd_do mask "$arg_name"; fi
  if [ "$arg_masked" = false ] && [ "$systemd_load" = masked ]; then systemd_do unmask "$arg_name"; fi
}

systemd_enable() {
  [ -n "${arg_enabled:-}" ] || return 0
  systemd_is_enabled=false
  case $systemd_file in
    enabled | static | alias | generated) systemd_is_enabled=true ;;
    '')
      # shellcheck disable=SC2086
      if systemctl $systemd_words is-enabled --quiet -- "$arg_name" 2>/dev/null; then systemd_is_enabled=true; fi
      ;;
  esac
  # An indirect unit is enabled where links stand for it; is-enabled lists them below its word.
  if [ "$systemd_file" = indirect ]; then
    # shellcheck disable=SC2086
    systemd_said=$(systemctl $systemd_words is-enabled -l -- "$arg_name" 2>/dev/null)
    case $systemd_said in
      *"$m_nl"*) systemd_is_enabled=true ;;
    esac
  fi
  # What cannot be enabled on its own cannot be disabled either.
  case $systemd_file:$arg_enabled in
    static:* | generated:*) systemd_is_enabled=$arg_enabled ;;
  esac
  if [ "$arg_enabled" != "$systemd_is_enabled" ]; then
    if [ "$arg_enabled" = true ]; then systemd_do enable "$arg_name"; else systemd_do disable "$arg_name"; fi
  fi
  m_bool enabled "$arg_enabled"
}

systemd_run() {
  [ -n "${arg_state:-}" ] || return 0
  if [ "$arg_state" = stopped ]; then m_str state stopped; else m_str state started; fi
  systemd_running=false
  case $systemd_active in
    active | activating | reloading) systemd_running=true ;;
  esac
  systemd_stopping=false
  [ "$systemd_active" != deactivating ] || systemd_stopping=true
  case $arg_state:$systemd_running in
    started:false) systemd_do start "$arg_name" ;;
    stopped:true) systemd_do stop "$arg_name" ;;
    restarted:true) systemd_do restart "$arg_name" ;;
    restarted:false) systemd_do restart "$arg_name" ;;
    reloaded:true) systemd_do reload "$arg_name" ;;
    reloaded:false) systemd_do start "$arg_name" ;;
    stopped:false) if [ "$systemd_stopping" = true ]; then systemd_do stop "$arg_name"; fi ;;
  esac
}
