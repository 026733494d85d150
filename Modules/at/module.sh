# shellcheck shell=sh
# Input: see module.yml. Results: state, jobs, script_file, count, units.

at_main() {
  m_plain_locale
  m_need at
  if [ "$arg_state" = present ] && { [ -z "${arg_count:-}" ] || [ -z "${arg_units:-}" ]; }; then m_fail 'present state requires count and units'; fi
  if [ -n "${arg_script_file:-}" ]; then
    [ -f "$arg_script_file" ] || m_fail "there is no script $arg_script_file"
    m_read_text "$arg_script_file"
    at_text=$m_result
  else
    at_text=$arg_command$m_nl
  fi
  m_trim "$at_text"
  at_wanted=$m_result
  m_str state "$arg_state"
  if [ "$arg_state" = absent ]; then
    at_find
    eval "set -- $at_jobs"
    [ $# = 0 ] || m_must atrm "$@"
    [ $# = 0 ] || m_strings jobs "$@"
    return 0
  fi
  if [ "$arg_unique" = true ]; then
    at_find
    [ -z "$at_jobs" ] || return 0
  fi
  m_changed=true
  [ "$m_check" = true ] || at_add
  [ -z "${arg_script_file:-}" ] || m_str script_file "$arg_script_file"
  m_int count "$arg_count"
  m_str units "$arg_units"
}

at_add() {
  m_capture at_queue
  [ "$m_rc" = 0 ] || m_fail_command at now + "$arg_count" "$arg_units"
}

at_queue() { m_put "$at_text" | at now + "$arg_count" "$arg_units"; }

# at_jobs: the numbers of jobs that end with the text. at puts the environment before it.
at_find() {
  m_capture at -l
  [ "$m_rc" = 0 ] || m_fail_command at -l
  at_jobs=''
  at_list=$m_out
  while read -r at_number m_each; do
    [ -n "$at_number" ] || continue
    m_capture at -c "$at_number" </dev/null
    m_trim "$m_out"
    case $m_result in
      *"$m_nl$at_wanted") at_jobs="$at_jobs $at_number" ;;
    esac
  done <<AT_END
$at_list
AT_END
}
