# shellcheck shell=sh
# Input: see module.yml. Results: elapsed, state, and what was waited for.

wait_for_main() {
  if [ "$m_check" = true ]; then
    m_int elapsed 0
    m_skip 'remote module (ansible.builtin.wait_for) does not support check mode'
  fi
  if [ -n "${arg_port:-}" ] && [ -n "${arg_path:-}" ]; then m_fail 'port and path parameter can not both be passed to wait_for'; fi
  case $arg_state in
    drained) [ -n "${arg_port:-}" ] || m_fail 'state=drained should only be used for checking a port in the wait_for module' ;;
  esac
  wait_expression
  wait_begin
  [ "$arg_delay" = 0 ] || sleep "$arg_delay"
  if [ -z "${arg_port:-}${arg_path:-}" ] && [ "$arg_state" != drained ]; then
    sleep "$arg_timeout"
  else
    while ! wait_is_so; do
      wait_elapsed
      [ "$m_result" -lt "$arg_timeout" ] || wait_failed
      sleep "$arg_sleep"
    done
  fi
  wait_elapsed
  m_int elapsed "$m_result"
  m_str state "$arg_state"
  if [ -n "${arg_port:-}" ]; then m_int port "$arg_port"; else m_null port; fi
  if [ -n "${arg_path:-}" ]; then m_str path "$arg_path"; else m_null path; fi
  if [ -n "${arg_search_regex:-}" ]; then m_str search_regex "$arg_search_regex"; else m_null search_regex; fi
  wait_report_groups
  [ "$arg_state" = absent ] || [ -z "${arg_path:-}" ] || [ ! -e "$arg_path" ] || m_stat_fields "$arg_path"
}

# wait_regex is the expression for grep.
wait_expression() {
  wait_regex='' find_groups=0 find_group_names=
  [ -n "${arg_search_regex:-}" ] || return 0
  find_expression "$arg_search_regex"
  wait_regex=$m_result
  if [ "$find_groups" -gt 0 ] && [ "$find_lazy" = true ]; then
    m_fail "the expression '$arg_search_regex' needs what grep -E does not have: short matches together with groups"
  fi
}

# What the groups of the first match hold: at most nine, as sed counts them.
wait_report_groups() {
  wait_groups=
  if [ "$find_groups" -gt 0 ] && [ "$find_groups" -lt 10 ] && [ -n "${arg_path:-}" ] && [ -e "$arg_path" ]; then wait_take_groups; fi
  eval "m_strings match_groups $wait_groups"
  m_dict match_groupdict
  if [ -n "$wait_groups" ]; then
    # shellcheck disable=SC2086
    set -- $find_group_names
    while [ $# -gt 0 ]; do
      wait_group "$2"
      m_str "$1" "$m_result"
      shift 2
    done
  fi
  m_close
}

wait_take_groups() {
  wait_parts='' wait_number=1
  while [ "$wait_number" -le "$find_groups" ]; do
    wait_parts="$wait_parts\\$wait_number$m_mark"
    wait_number=$((wait_number + 1))
  done
  wait_said=$(LC_ALL=C sed -nE "s$m_us$wait_regex$m_us$m_mark$wait_parts$m_us;t found
b
:found
p
q" <"$arg_path")
  wait_said=${wait_said#*"$m_mark"}
  wait_number=1
  while [ "$wait_number" -le "$find_groups" ]; do
    m_quote "${wait_said%%"$m_mark"*}"
    wait_groups="$wait_groups $m_result"
    wait_said=${wait_said#*"$m_mark"}
    wait_number=$((wait_number + 1))
  done
}

# m_result is what the group of a number holds.
wait_group() {
  eval "set -- \"\$1\" $wait_groups"
  shift "$1"
  m_result=$1
}

# m_result is the number of seconds with hundredths, where the host tells them.
wait_now() {
  m_now
  if [ -z "$m_result" ]; then m_result=$(date +%s).00; fi
}

wait_begin() {
  wait_now
  wait_started=$m_result
}

# m_result is the number of whole seconds since the beginning.
wait_elapsed() {
  wait_now
  wait_ended=$m_result
  m_result=$((${wait_ended%%.*} - ${wait_started%%.*}))
  # A leading 1 keeps 08 from being read as octal.
  [ "1${wait_ended#*.}" -ge "1${wait_started#*.}" ] || m_result=$((m_result - 1))
}

wait_failed() {
  m_int elapsed "$m_result"
  [ -z "${arg_msg:-}" ] || m_fail "$arg_msg"
  case ${arg_port:-}:$arg_state in
    :absent | :stopped) m_fail "Timeout when waiting for $arg_path to be absent." ;;
    :*) [ -z "${arg_search_regex:-}" ] || m_fail "Timeout when waiting for search string $arg_search_regex in $arg_path" ;;
    *:absent | *:stopped) m_fail "Timeout when waiting for $arg_host:$arg_port to stop." ;;
    *:drained) m_fail "Timeout when waiting for $arg_host:$arg_port to drain" ;;
    *) m_fail "Timeout when waiting for $arg_host:$arg_port" ;;
  esac
  m_fail "Timeout when waiting for file $arg_path"
}

wait_is_so() {
  case ${arg_port:-}:$arg_state in
    :absent | :stopped) [ ! -e "$arg_path" ] && [ ! -L "$arg_path" ] ;;
    :*)
      [ -e "$arg_path" ] || return 1
      [ -n "${arg_search_regex:-}" ] || return 0
      grep -qE -e "$wait_regex" -- "$arg_path" 2>/dev/null
      ;;
    *:absent | *:stopped) ! wait_port ;;
    *:drained) wait_drained ;;
    *)
      [ -z "${arg_search_regex:-}" ] || m_fail 'search_regex with a port is not supported: wait for the port, then use the uri or shell module'
      wait_port
      ;;
  esac
}

# True if the port takes connections. The kernel's table tells for the host itself; others are connected to.
wait_port() {
  case $arg_host in
    127.0.0.1 | localhost | ::1 | 0.0.0.0)
      if [ -r /proc/net/tcp ]; then
        wait_listens
        return
      fi
      ;;
  esac
  if m_has bash && m_has timeout; then
    # shellcheck disable=SC2016
    timeout "$arg_connect_timeout" bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$arg_host" "$arg_port" 2>/dev/null
  elif m_has nc; then
    nc -z -w "$arg_connect_timeout" "$arg_host" "$arg_port" >/dev/null 2>&1
  elif m_has curl; then
    curl -s --connect-timeout "$arg_connect_timeout" -m "$arg_connect_timeout" "telnet://$arg_host:$arg_port" </dev/null >/dev/null 2>&1
    case $? in
      6 | 7) return 1 ;;
      28) return 1 ;;
    esac
  else
    m_fail "a port of another host cannot be tried: the host has neither bash nor nc nor curl"
  fi
}

# wait_hex is the port as /proc/net/tcp writes it.
wait_hex_port() {
  wait_hex='' wait_left=$arg_port
  for m_each in 4096 256 16 1; do
    wait_digit=$((wait_left / m_each))
    wait_left=$((wait_left % m_each))
    case $wait_digit in
      10) wait_digit=A ;;
      11) wait_digit=B ;;
      12) wait_digit=C ;;
      13) wait_digit=D ;;
      14) wait_digit=E ;;
      15) wait_digit=F ;;
    esac
    wait_hex=$wait_hex$wait_digit
  done
}

wait_listens() {
  wait_hex_port
  for wait_table in /proc/net/tcp /proc/net/tcp6; do
    [ -r "$wait_table" ] || continue
    while read -r m_each wait_local m_each wait_state m_each; do
      [ "$wait_state" = 0A ] || continue
      case $wait_local in
        0100007F:"$wait_hex" | 00000000:"$wait_hex" | *7F:"$wait_hex") return 0 ;;
        00000000000000000000000000000000:"$wait_hex" | 00000000000000000000000001000000:"$wait_hex") return 0 ;;
      esac
    done <"$wait_table"
  done
  return 1
}

# True if no connection to the port is left.
wait_drained() {
  [ -z "${arg_exclude_hosts:-}" ] || m_fail 'exclude_hosts is not supported: connections are counted whoever has them'
  wait_hex_port
  for wait_table in /proc/net/tcp /proc/net/tcp6; do
    [ -r "$wait_table" ] || continue
    while read -r m_each wait_local m_each wait_state m_each; do
      case $wait_local in
        *:"$wait_hex") ;;
        *) continue ;;
      esac
      case $wait_state in
        01) wait_word=ESTABLISHED ;;
        02) wait_word=SYN_SENT ;;
        03) wait_word=SYN_RECV ;;
        04) wait_word=FIN_WAIT1 ;;
        05) wait_word=FIN_WAIT2 ;;
        06) wait_word=TIME_WAIT ;;
        *) continue ;;
      esac
      case " $arg_active_connection_states " in
        *" $wait_word "*) return 1 ;;
      esac
    done <"$wait_table"
  done
  return 0
}
