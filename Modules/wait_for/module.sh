# shellcheck shell=sh
# Input: see module.yml. Results: elapsed, state, and what was waited for.

wait_for_main() {
  if [ "$m_check" = true ]; then
    m_int elapsed 0
    m_skip 'remote module (ansible.builtin.wait_for) does not support check mode'
  fi
  case $arg_state in
    drained) [ -n "${arg_port:-}" ] || m_fail 'state=drained should only be used for checking a port in the wait_for module' ;;
  esac
  wait_begin
  [ "$arg_delay" = 0 ] || sleep "$arg_delay"
  if [ -z "${arg_port:-}${arg_path:-}" ] && [ "$arg_state" != drained ]; then
    wait_elapsed
    [ "$m_result" -ge "$arg_timeout" ] || sleep $((arg_timeout - m_result))
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
  m_list match_groups
  m_close
  m_dict match_groupdict
  m_close
  [ "$arg_state" = absent ] || [ -z "${arg_path:-}" ] || [ ! -e "$arg_path" ] || m_stat_fields "$arg_path"
}

wait_begin() {
  m_now
  if [ -z "$m_result" ]; then m_result=$(date +%s); fi
  wait_started=${m_result%%.*}
}

# m_result is the number of seconds since the beginning.
wait_elapsed() {
  m_now
  if [ -z "$m_result" ]; then m_result=$(date +%s); fi
  m_result=$((${m_result%%.*} - wait_started))
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
      wait_expression "$arg_search_regex"
      grep -qE -e "$m_result" -- "$arg_path" 2>/dev/null
      ;;
    *:absent | *:stopped) ! wait_port ;;
    *:drained) wait_drained ;;
    *)
      [ -z "${arg_search_regex:-}" ] || m_fail 'search_regex with a port is not supported: wait for the port, then use the uri or shell module'
      wait_port
      ;;
  esac
}

# m_result is a POSIX expression for the usual ones of Python.
wait_expression() {
  case $1 in
    *'(?='* | *'(?!'* | *'(?<'* | *'(?P'*) m_fail "the expression '$1' needs what grep -E does not have" ;;
  esac
  m_replace "$1" '(?:' '('
  m_replace "$m_result" '\d' '[0-9]'
  m_replace "$m_result" '\s' '[[:space:]]'
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
