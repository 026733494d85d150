# shellcheck shell=sh
# Input: see module.yml. Results: name, state, affected.

supervisorctl_main() {
  m_plain_locale
  sc_tool=${arg_supervisorctl_path:-supervisorctl}
  if [ -n "${arg_supervisorctl_path:-}" ]; then
    [ -x "$sc_tool" ] || m_fail "Provided path to supervisorctl does not exist or isn't executable: $sc_tool"
  else
    m_need supervisorctl supervisor
  fi
  sc_group=false sc_name=$arg_name
  case $sc_name in
    *:)
      sc_group=true
      sc_name=${sc_name%:}
      ;;
  esac
  m_str name "$sc_name"
  if [ "$arg_state" = restarted ] && [ "$m_check" = false ]; then
    m_capture sc_run update
    [ "$m_rc" = 0 ] || m_fail_command "$sc_tool" update
  fi
  sc_look
  case $arg_state:$sc_found in
    absent: | present:?*) ;;
    absent:*) sc_absent ;;
    present:) sc_change add "added process group" ;;
    *:) m_fail 'ERROR (no such process)' ;;
    restarted:*) sc_act any restart started ;;
    started:*) sc_act down start started ;;
    stopped:*) sc_act up stop stopped ;;
    signalled:*) sc_act running signal signalled ;;
  esac
  m_str state "$arg_state"
}

sc_run() {
  set -- ${arg_config:+-c "$arg_config"} ${arg_server_url:+-s "$arg_server_url"} ${arg_username:+-u "$arg_username"} ${arg_password:+-p "$arg_password"} "$@"
  "$sc_tool" "$@"
}

# sc_found: a line of process and status for each that is meant. supervisorctl's exit status tells of stopped ones; it is no failure.
sc_look() {
  m_capture sc_run status
  case $m_out in
    *'refused connection'* | *'no such file'* | error:*) m_fail "supervisorctl failed: $m_out" ;;
  esac
  sc_found=
  while read -r sc_process sc_status m_each; do
    [ -n "$sc_status" ] || continue
    case $sc_group:$sc_process in
      true:"$sc_name":*) ;;
      false:"$sc_name") ;;
      false:*) [ "$sc_name" = all ] || continue ;;
      *) continue ;;
    esac
    sc_found="$sc_found$sc_process $sc_status$m_nl"
  done <<SC_END
$m_out
SC_END
}

# sc_act WHICH ACTION RESULT: for those processes whose status is of that kind.
sc_act() {
  sc_which=$1 sc_action=$2 sc_result=$3 sc_affected=''
  while read -r sc_process sc_status; do
    case $sc_which:$sc_status in
      any:?* | up:RUNNING | up:STARTING | running:RUNNING) ;;
      down:RUNNING | down:STARTING) continue ;;
      down:?*) ;;
      *) continue ;;
    esac
    m_changed=true
    m_quote "$sc_process"
    sc_affected="$sc_affected $m_result"
    [ "$m_check" = false ] || continue
    m_capture sc_run "$sc_action" ${arg_signal:+"$arg_signal"} "$sc_process" </dev/null
    case $m_rc:$m_out in
      0:*"$sc_process: $sc_result"*) ;;
      0:*) m_fail "$m_out" ;;
      *) m_fail_command "$sc_tool" "$sc_action" "$sc_process" ;;
    esac
  done <<SC_END
$sc_found
SC_END
  [ -z "$sc_affected" ] || [ "$m_check" = true ] || [ "$arg_state" = absent ] || eval "m_strings affected $sc_affected"
}

# sc_change ADD|REMOVE TEXT
sc_change() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture sc_run reread
  [ "$m_rc" = 0 ] || m_fail_command "$sc_tool" reread
  m_capture sc_run "$1" "$sc_name"
  case $m_out in
    *"$sc_name: $2"*) ;;
    *) m_fail "${m_out:-$m_err}" ;;
  esac
}

sc_absent() {
  [ "$arg_stop_before_removing" = false ] || sc_act up stop stopped
  sc_change remove "removed process group"
}
