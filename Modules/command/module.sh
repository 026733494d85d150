# shellcheck shell=sh
# Input: cmd or argv (words), chdir, creates, removes, strip_empty_ends; standard input is the command's.
# Results: rc, stdout, stderr, start, end, delta, msg; cmd is added by the controller.
# The functions serve shell and script, too.

command_main() {
  eval "set -- ${arg_argv:-${arg_cmd:-}}"
  [ -n "${arg_argv+x}${arg_cmd+x}" ] || m_fail 'one of the following is required: _raw_params, cmd, argv'
  if [ -n "${arg_executable:-}" ]; then
    # The command's own output would follow the warning: it waits for the end.
    m_hold
    m_warn "As of Ansible 2.4, the parameter 'executable' is no longer supported with the 'command' module. Not using '$arg_executable'."
  fi
  [ $# -gt 0 ] || command_refuse 256 'no command given'
  command_prepare
  command_run "$1" "$@"
}

# The plain case: the command is the only fork.
command_quick() {
  command_is_plain || return 1
  eval "set -- ${arg_argv:-${arg_cmd:-}}"
  [ $# -gt 0 ] || return 1
  command_run "$1" "$@"
}

# Nothing to be decided or prepared.
command_is_plain() {
  [ "$m_check" = false ] && [ -z "${arg_chdir:-}${arg_creates:-}${arg_removes:-}${arg_executable:-}" ]
}

# command_run FILE WORD...: runs the words and reports. FILE is the command, where it is one file's name.
command_run() {
  m_changed=true
  command_file=$1
  shift
  m_now
  command_start=$m_result
  # exec takes the host's command where the shell has a builtin or function of that name.
  (m_begin && exec "$@")
  command_status=$?
  case $command_status:$command_file in
    126:?* | 127:?*)
      if (command_check_missing "$command_file"); then
        m_exit
        return 0
      fi
      ;;
  esac
  command_report "$command_status"
}

# Goes to chdir and decides by creates, removes and check mode whether to run at all.
command_prepare() {
  if [ -n "${arg_chdir:-}" ] && ! cd -P -- "$arg_chdir" 2>/dev/null; then
    command_not_run '' 'Unable to change directory before execution.' failed
  fi
  if [ -n "${arg_creates:-}" ] && command_matches "$arg_creates"; then
    command_not_run 0 "Did not run command since '$arg_creates' exists" ok "skipped, since $arg_creates exists"
  fi
  if [ -n "${arg_removes:-}" ] && ! command_matches "$arg_removes"; then
    command_not_run 0 "Did not run command since '$arg_removes' does not exist" ok "skipped, since $arg_removes does not exist"
  fi
  m_changed=true
  [ "$m_check" = true ] || return 0
  [ -n "${arg_creates:-}${arg_removes:-}" ] || m_changed=false
  if [ "$m_changed" = true ]; then
    command_not_run 0 'Command would have run if not in check mode' ok
  fi
  command_not_run 0 'Command would have run if not in check mode' skipped
}

# True if a path or glob names something.
command_matches() {
  [ ! -e "$1" ] && [ ! -L "$1" ] || return 0
  case $1 in
    *[*?[]*) ;;
    *) return 1 ;;
  esac
  m_old_ifs=$IFS
  IFS=
  # shellcheck disable=SC2086
  set -- $1
  IFS=$m_old_ifs
  [ -e "$1" ] || [ -L "$1" ]
}

# command_not_run RC MESSAGE ENDING [STDOUT]: leaves the module without running anything.
command_not_run() {
  if [ -n "$1" ]; then m_int rc "$1"; else m_null rc; fi
  m_str stdout "${4:-}"
  m_str stderr ''
  m_null start
  m_null end
  m_null delta
  case $3 in
    failed)
      m_command_text
      m_fail "$2"
      ;;
    skipped) m_skip "$2" ;;
  esac
  m_str msg "$2"
  m_done
}

# command_report RC: reports what was run, and ends.
command_report() {
  m_now
  if [ "${arg_strip_empty_ends:-true}" = true ]; then m_take_output strip; else m_take_output keep; fi
  m_int rc "$1"
  m_times "$command_start" "$m_result"
  if [ "$1" != 0 ]; then
    m_fail 'non-zero return code'
  else
    m_str msg ''
    m_done
  fi
}

# A command that could not be started at all is told from one that fails. Said by a subshell, to its end; false if it is there.
command_check_missing() {
  m_is_quick=''
  m_begin
  command_error=2
  case $1 in
    */*)
      [ ! -f "$1" ] || [ ! -x "$1" ] || return 1
      if [ -e "$1" ]; then command_error=13; fi
      ;;
    *) command_search "$1" ;;
  esac
  [ "$command_error" != 0 ] || return 1
  m_changed=false
  m_int rc "$command_error"
  m_str stdout ''
  m_str stderr ''
  m_command_text
  m_fail 'Error executing command.'
}

# Sets command_error to 0 if PATH has such a command, 13 if it may not be run, 2 if there is none.
command_search() {
  command_path=$PATH:
  while [ -n "$command_path" ]; do
    command_file=${command_path%%:*}/$1
    command_path=${command_path#*:}
    [ -f "$command_file" ] || continue
    if [ -x "$command_file" ]; then
      command_error=0
      return 0
    fi
    command_error=13
  done
}

# The result's cmd is one text, not a list of words.
m_command_text() { m_record "${m_mark}C$m_us"; }

command_refuse() {
  m_int rc "$1"
  m_fail "$2"
}
