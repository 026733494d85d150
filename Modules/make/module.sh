# shellcheck shell=sh
# Input: see module.yml. Results: chdir, command, file, jobs, params, target, targets, stdout, stderr.

make_main() {
  make_tool=${arg_make:-}
  if [ -z "$make_tool" ]; then
    make_tool=make
    if m_has gmake; then make_tool=gmake; fi
  fi
  m_need "$make_tool"
  [ -d "$arg_chdir" ] || m_fail "the directory $arg_chdir does not exist"
  m_str chdir "$arg_chdir"
  make_words
  eval "set -- $make_all"
  # -q only asks: 0 is nothing to do, 1 is something, 2 a mistake.
  m_capture make_there -q "$@"
  m_str command "$make_command"
  case $m_rc in
    0) ;;
    1)
      m_changed=true
      if [ "$m_check" = false ]; then
        m_capture make_there "$@"
        [ "$m_rc" = 0 ] || m_fail_command "$make_tool" "$@"
      fi
      ;;
    *) if [ "$m_check" = true ]; then m_changed=true; else make_anyway "$@"; fi ;;
  esac
  m_str stdout "$m_out"
  m_str stderr "$m_err"
}

# What -q could not tell, as where a makefile makes its own parts, the run itself does.
make_anyway() {
  m_changed=true
  m_capture make_there "$@"
  [ "$m_rc" = 0 ] || m_fail_command "$make_tool" "$@"
}

make_there() { (cd -- "$arg_chdir" && "$make_tool" "$@"); }

# make_all are the words behind make, ready for eval; make_command is the line that is reported.
make_words() {
  set --
  [ -z "${arg_jobs:-}" ] || set -- "$@" -j "$arg_jobs"
  [ -z "${arg_file:-}" ] || set -- "$@" --file "$arg_file"
  [ -z "${arg_target:-}" ] || set -- "$@" "$arg_target"
  m_words "$@"
  make_all="$m_result ${arg_targets:-}"
  eval "set -- ${arg_params:-}"
  m_dict params
  while [ $# -gt 1 ]; do
    m_str "$1" "$2"
    if [ -n "$2" ]; then m_quote "$1=$2"; else m_quote "$1"; fi
    make_all="$make_all $m_result"
    shift 2
  done
  m_close
  [ -z "${arg_target:-}" ] || m_str target "$arg_target"
  [ -z "${arg_file:-}" ] || m_str file "$arg_file"
  [ -z "${arg_jobs:-}" ] || m_int jobs "$arg_jobs"
  eval "m_strings targets ${arg_targets:-}"
  eval "m_words \"\$make_tool\" $make_all"
  make_command=$m_result
}
