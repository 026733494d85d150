# shellcheck shell=sh
# Input: see module.yml. Results: state_before, state_after, command, output.

haproxy_main() {
  m_plain_locale
  [ -e "$arg_socket" ] || m_fail "unable to locate haproxy socket: $arg_socket"
  haproxy_commands='' haproxy_outputs=''
  haproxy_look
  haproxy_before=$haproxy_state
  haproxy_tell state_before "$haproxy_before"
  case $arg_state:$arg_drain in
    enabled:*) haproxy_enable ;;
    disabled:false) haproxy_disable ;;
    disabled:true)
      haproxy_drain
      haproxy_disable
      ;;
    drain:*) haproxy_drain ;;
  esac
  if [ "$m_check" = true ]; then
    haproxy_predict
    return 0
  fi
  haproxy_look
  haproxy_tell state_after "$haproxy_state"
  [ "$haproxy_state" = "$haproxy_before" ] || m_changed=true
  [ -z "$haproxy_commands" ] || eval "m_strings command $haproxy_commands; m_strings output $haproxy_outputs"
}

# haproxy_ask TEXT: m_out is the answer.
haproxy_ask() {
  m_capture haproxy_send "$1"
  [ "$m_rc" = 0 ] || m_fail "cannot talk to $arg_socket: ${m_err:-no answer}"
}

haproxy_send() {
  if m_has socat; then
    m_put "$1$m_nl" | socat -t 10 - "UNIX-CONNECT:$arg_socket"
  elif m_has nc; then
    m_put "$1$m_nl" | nc -U -w 10 "$arg_socket"
  else
    m_put "the host has neither socat nor nc" >&2
    return 1
  fi
}

# haproxy_state: a line of backend, status, weight and sessions for each server of that name. The statistics are CSV with a heading.
haproxy_look() {
  haproxy_ask 'show stat'
  haproxy_state=$(m_put "$m_out$m_nl" | awk -F , -v host="$arg_host" -v backend="${arg_backend:-}" '
    NR == 1 { sub(/^# /, ""); for (i = 1; i <= NF; i++) at[$i] = i; next }
    $(at["svname"]) == host && (backend == "" || $(at["pxname"]) == backend) {
      print $(at["pxname"]) "\t" $(at["status"]) "\t" $(at["weight"]) "\t" $(at["scur"])
    }')
}

haproxy_tell() {
  if [ -z "$2" ]; then
    m_null "$1"
    return 0
  fi
  m_list "$1"
  while IFS='	' read -r m_each haproxy_status haproxy_weight haproxy_sessions; do
    m_dict ''
    m_str status "$haproxy_status"
    m_str weight "$haproxy_weight"
    m_str scur "$haproxy_sessions"
    m_close
  done <<HAPROXY_END
$2
HAPROXY_END
  m_close
}

# haproxy_each COMMANDS STATUS: runs commands, in which @ stands for backend/server, for each backend; waits for a status.
haproxy_each() {
  haproxy_text=$1 haproxy_wanted=$2
  if [ -z "$haproxy_before" ]; then
    [ "$arg_fail_on_not_found" = false ] || m_fail "The specified backend '${arg_backend:-any}/$arg_host' was not found!"
    return 0
  fi
  [ "$m_check" = false ] || return 0
  while IFS='	' read -r haproxy_backend haproxy_status haproxy_weight haproxy_sessions; do
    m_replace "$haproxy_text" @ "$haproxy_backend/$arg_host"
    haproxy_line=$m_result
    haproxy_ask "$haproxy_line" </dev/null
    m_trim "$m_out"
    haproxy_answer=$m_result
    m_quote "$haproxy_line"
    haproxy_commands="$haproxy_commands $m_result"
    m_quote "$haproxy_answer"
    haproxy_outputs="$haproxy_outputs $m_result"
    [ "$arg_wait" = false ] || [ "$haproxy_wanted:$haproxy_status" = DRAIN:DOWN ] || haproxy_wait </dev/null
  done <<HAPROXY_END
$haproxy_before
HAPROXY_END
}

haproxy_wait() {
  haproxy_try=1
  while [ "$haproxy_try" -lt "$arg_wait_retries" ]; do
    haproxy_look
    haproxy_seen=$(m_put "$haproxy_state$m_nl" | awk -F '\t' -v backend="$haproxy_backend" '$1 == backend { print $2 "\t" $4 }')
    case $arg_drain:$haproxy_seen in
      "false:"*"$haproxy_wanted"*) return 0 ;;
      "true:"*"$haproxy_wanted"*"	0") return 0 ;;
    esac
    sleep "$arg_wait_interval"
    haproxy_try=$((haproxy_try + 1))
  done
  m_fail "server $haproxy_backend/$arg_host not status '$haproxy_wanted' after $arg_wait_retries retries. Aborting."
}

haproxy_enable() {
  haproxy_line='get weight @; enable server @'
  [ "$arg_agent" = false ] || haproxy_line="$haproxy_line; enable agent @"
  [ "$arg_health" = false ] || haproxy_line="$haproxy_line; enable health @"
  [ -z "${arg_weight:-}" ] || haproxy_line="$haproxy_line; set weight @ $arg_weight"
  haproxy_each "$haproxy_line" UP
}

haproxy_disable() {
  haproxy_line='get weight @'
  [ "$arg_agent" = false ] || haproxy_line="$haproxy_line; disable agent @"
  [ "$arg_health" = false ] || haproxy_line="$haproxy_line; disable health @"
  haproxy_line="$haproxy_line; disable server @"
  [ "$arg_shutdown_sessions" = false ] || haproxy_line="$haproxy_line; shutdown sessions server @"
  haproxy_each "$haproxy_line" MAINT
}

haproxy_drain() { haproxy_each 'set server @ state drain' DRAIN; }

# In check mode: what a server is, and what it would be.
haproxy_predict() {
  case $arg_state in
    enabled) haproxy_wanted=UP ;;
    disabled) haproxy_wanted=MAINT ;;
    drain) haproxy_wanted=DRAIN ;;
  esac
  [ -n "$haproxy_before" ] || return 0
  while IFS='	' read -r haproxy_backend haproxy_status haproxy_weight haproxy_sessions; do
    case $arg_state:$haproxy_status in
      enabled:UP* | enabled:no\ check | enabled:DOWN*) ;;
      *:*"$haproxy_wanted"*) ;;
      *) m_changed=true ;;
    esac
    case ${arg_weight:-} in
      '' | *% | "$haproxy_weight") ;;
      *) [ "$arg_state" != enabled ] || m_changed=true ;;
    esac
  done <<HAPROXY_END
$haproxy_before
HAPROXY_END
}
