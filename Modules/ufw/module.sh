# shellcheck shell=sh
# Input: see module.yml. Results: commands, msg.

ufw_main() {
  m_plain_locale
  m_need ufw
  ufw_commands=
  ufw_before=$(ufw_show)
  if [ -n "${arg_logging:-}" ]; then ufw_do logging "$arg_logging"; fi
  if [ -n "${arg_default:-}" ]; then
    set -- default "$arg_default"
    [ -z "${arg_direction:-}" ] || {
      ufw_direction "$arg_direction"
      set -- "$@" "$m_result"
    }
    ufw_do "$@"
  fi
  if [ -n "${arg_rule:-}" ]; then ufw_rule; fi
  case ${arg_state:-} in
    enabled) ufw_do --force enable ;;
    disabled) ufw_do disable ;;
    reloaded)
      m_changed=true
      ufw_do reload
      ;;
    reset)
      m_changed=true
      ufw_do --force reset
      ;;
  esac
  if [ "$m_check" = false ]; then
    ufw_after=$(ufw_show)
    [ "$ufw_before" = "$ufw_after" ] || m_changed=true
    m_str msg "${ufw_after%%"$m_mark"*}"
  fi
  eval "m_strings commands $ufw_commands"
}

# The status, the rules and the defaults: what differs afterwards was changed.
ufw_show() {
  ufw status verbose
  m_put "$m_mark"
  for m_each in /etc/ufw/user.rules /etc/ufw/user6.rules /lib/ufw/user.rules /lib/ufw/user6.rules /etc/default/ufw /etc/ufw/ufw.conf; do
    [ ! -r "$m_each" ] || cat <"$m_each"
  done
}

ufw_direction() {
  case $1 in
    in | incoming) m_result=incoming ;;
    out | outgoing) m_result=outgoing ;;
    *) m_result=$1 ;;
  esac
}

# Runs ufw; in check mode with --dry-run, whose output shows whether rules would differ.
ufw_do() {
  m_words ufw "$@"
  m_quote "$m_result"
  ufw_commands="$ufw_commands $m_result"
  if [ "$m_check" = true ]; then
    ufw_predict "$@"
    return 0
  fi
  m_capture ufw "$@"
  [ "$m_rc" = 0 ] || m_fail "ufw failed: ${m_err:-$m_out}"
}

ufw_predict() {
  ufw_status=${ufw_before%%"$m_mark"*}
  case $*:$ufw_status in
    '--force enable:'*'Status: active'* | 'disable:'*'Status: inactive'*) return 0 ;;
    '--force enable:'* | disable:*)
      m_changed=true
      return 0
      ;;
    'logging off:'*'Logging: off'* | "logging ${arg_logging:-=}:"*"Logging: on (${arg_logging:-=})"* | 'logging on:'*'Logging: on'*) return 0 ;;
    logging*)
      m_changed=true
      return 0
      ;;
    default*)
      ufw_direction "${arg_direction:-incoming}"
      case $ufw_status in
        *"$arg_default ($m_result)"*) ;;
        *) m_changed=true ;;
      esac
      return 0
      ;;
  esac
  m_capture ufw --dry-run "$@"
  [ "$m_rc" = 0 ] || m_fail "ufw failed: ${m_err:-$m_out}"
  case $m_out in
    *'Skipping '* | *'Could not delete non-existent rule'*) ;;
    *) m_changed=true ;;
  esac
}

ufw_rule() {
  set --
  [ "$arg_route" = false ] || set -- "$@" route
  [ "$arg_delete" = false ] || set -- "$@" delete
  if [ -n "${arg_insert:-}" ] && [ "$arg_delete" = false ]; then set -- "$@" insert "$arg_insert"; fi
  set -- "$@" "$arg_rule"
  case ${arg_direction:-} in
    incoming) set -- "$@" in ;;
    outgoing) set -- "$@" out ;;
    in | out) set -- "$@" "$arg_direction" ;;
  esac
  [ -z "${arg_interface:-}" ] || set -- "$@" on "$arg_interface"
  [ -z "${arg_interface_in:-}" ] || set -- "$@" in on "$arg_interface_in"
  [ -z "${arg_interface_out:-}" ] || set -- "$@" out on "$arg_interface_out"
  [ "$arg_log" = false ] || set -- "$@" log
  set -- "$@" from "$arg_from_ip"
  [ -z "${arg_from_port:-}" ] || set -- "$@" port "$arg_from_port"
  set -- "$@" to "$arg_to_ip"
  [ -z "${arg_to_port:-}" ] || set -- "$@" port "$arg_to_port"
  case ${arg_proto:-any} in
    any) ;;
    *) set -- "$@" proto "$arg_proto" ;;
  esac
  [ -z "${arg_name:-}" ] || set -- "$@" app "$arg_name"
  if [ -n "${arg_comment:-}" ] && [ "$arg_delete" = false ]; then set -- "$@" comment "$arg_comment"; fi
  ufw_do "$@"
}
