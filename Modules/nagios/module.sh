# shellcheck shell=sh
# Input: see module.yml. Results: nagios_commands.

nagios_main() {
  nagios_now=$(date +%s)
  nagios_text='' nagios_list=''
  nagios_begin=${arg_start:-$nagios_now}
  m_is_number "$nagios_begin" || m_fail "start is no number of seconds: $nagios_begin"
  for m_each in "${arg_host:-}" "${arg_author:-}" "${arg_comment:-}" "${arg_services:-}" "${arg_servicegroup:-}" "${arg_command:-}"; do
    case $m_each in
      *"$m_nl"*) m_fail 'Nagios takes commands of one line only' ;;
    esac
  done
  case $arg_action in
    downtime) nagios_services SCHEDULE_HOST_DOWNTIME SCHEDULE_HOST_SVC_DOWNTIME SCHEDULE_SVC_DOWNTIME nagios_downtime ;;
    delete_downtime) nagios_delete ;;
    acknowledge) nagios_services ACKNOWLEDGE_HOST_PROBLEM '' ACKNOWLEDGE_SVC_PROBLEM nagios_acknowledge ;;
    forced_check) nagios_services SCHEDULE_FORCED_HOST_CHECK SCHEDULE_FORCED_HOST_SVC_CHECKS SCHEDULE_FORCED_SVC_CHECK nagios_check ;;
    enable_alerts) nagios_services ENABLE_HOST_NOTIFICATIONS ENABLE_HOST_SVC_NOTIFICATIONS ENABLE_SVC_NOTIFICATIONS nagios_alerts ;;
    disable_alerts) nagios_services DISABLE_HOST_NOTIFICATIONS DISABLE_HOST_SVC_NOTIFICATIONS DISABLE_SVC_NOTIFICATIONS nagios_alerts ;;
    silence)
      nagios_add "DISABLE_HOST_SVC_NOTIFICATIONS;$arg_host"
      nagios_add "DISABLE_HOST_NOTIFICATIONS;$arg_host"
      ;;
    unsilence)
      nagios_add "ENABLE_HOST_SVC_NOTIFICATIONS;$arg_host"
      nagios_add "ENABLE_HOST_NOTIFICATIONS;$arg_host"
      ;;
    silence_nagios) nagios_add DISABLE_NOTIFICATIONS ;;
    unsilence_nagios) nagios_add ENABLE_NOTIFICATIONS ;;
    servicegroup_host_downtime) nagios_downtime SCHEDULE_SERVICEGROUP_HOST_DOWNTIME "$arg_servicegroup" '' ;;
    servicegroup_service_downtime) nagios_downtime SCHEDULE_SERVICEGROUP_SVC_DOWNTIME "$arg_servicegroup" '' ;;
    command) nagios_add "$arg_command" ;;
  esac
  nagios_file=${arg_cmdfile:-}
  [ -n "$nagios_file" ] || nagios_find
  m_changed=true
  if [ "$m_check" = false ]; then
    [ -e "$nagios_file" ] || m_fail "nagios command file does not exist: $nagios_file"
    [ -p "$nagios_file" ] || m_fail "nagios command file is not a fifo file: $nagios_file"
    nagios_write
  fi
  eval "m_strings nagios_commands $nagios_list"
}

# A pipe that nobody reads would block for ever.
nagios_write() {
  if m_has timeout; then set -- timeout 10 sh; else set -- sh; fi
  # shellcheck disable=SC2016
  m_say=$(m_put "$nagios_text" | "$@" -c 'cat >"$1"' sh "$nagios_file" 2>&1) || m_fail "unable to write to nagios command file $nagios_file: ${m_say:-nobody reads it}"
}

nagios_add() {
  nagios_text="${nagios_text}[$nagios_now] $1$m_nl"
  m_quote "[$nagios_now] $1"
  nagios_list="$nagios_list $m_result"
}

# nagios_services HOST ALL EACH FORMAT: the command for the host, for all its services, and for one of them.
nagios_services() {
  nagios_host_command=$1 nagios_all_command=$2 nagios_each_command=$3 nagios_format=$4
  eval "set -- $arg_services"
  case $*:$nagios_all_command in
    host:*) "$nagios_format" "$nagios_host_command" "$arg_host" '' ;;
    all:?*) "$nagios_format" "$nagios_all_command" "$arg_host" '' ;;
    *) for nagios_each in "$@"; do "$nagios_format" "$nagios_each_command" "$arg_host" "$nagios_each"; done ;;
  esac
}

# Fixed, without a trigger.
nagios_downtime() {
  nagios_add "$1;$2;${3:+$3;}$nagios_begin;$((nagios_begin + arg_minutes * 60));1;0;$((arg_minutes * 60));$arg_author;$arg_comment"
}

nagios_acknowledge() { nagios_add "$1;$2;${3:+$3;}0;1;0;$arg_author;$arg_comment"; }
nagios_check() { nagios_add "$1;$2;${3:+$3;}$((nagios_now + 3))"; }
nagios_alerts() { nagios_add "$1;$2${3:+;$3}"; }

nagios_delete() {
  eval "set -- $arg_services"
  case $* in
    host) nagios_add "DEL_DOWNTIME_BY_HOST_NAME;$arg_host;;;$arg_comment" ;;
    all) nagios_add "DEL_DOWNTIME_BY_HOST_NAME;$arg_host;;;" ;;
    *) for nagios_each in "$@"; do nagios_add "DEL_DOWNTIME_BY_HOST_NAME;$arg_host;$nagios_each;;$arg_comment"; done ;;
  esac
}

nagios_find() {
  for nagios_each in /etc/nagios/nagios.cfg /etc/nagios4/nagios.cfg /etc/nagios3/nagios.cfg /usr/local/nagios/etc/nagios.cfg /usr/local/etc/nagios/nagios.cfg \
    /opt/nagios/etc/nagios.cfg /opt/nagios/nagios.cfg /etc/icinga/icinga.cfg /usr/local/icinga/etc/icinga.cfg; do
    [ -f "$nagios_each" ] || continue
    nagios_file=$(sed -n 's/^command_file[[:space:]]*=[[:space:]]*//p' "$nagios_each" | head -n 1)
    [ -z "$nagios_file" ] || return 0
  done
  m_fail 'unable to locate nagios.cfg'
}
