# shellcheck shell=sh
# Input: state, path, prefix, suffix. Results: path and what is reported of every path.
tempfile_main() {
  tempfile_part prefix "$arg_prefix"
  tempfile_part suffix "$arg_suffix"
  m_changed=true
  if [ "$m_check" = true ]; then m_skip 'remote module (ansible.builtin.tempfile) does not support check mode'; fi
  tempfile_where=${arg_path:-${TMPDIR:-/tmp}}
  set --
  [ "$arg_state" = file ] || set -- -d
  tempfile_path=$(mktemp "$@" "$tempfile_where/$arg_prefix"XXXXXXXX 2>&1) || m_fail "cannot make a temporary $arg_state: $tempfile_path"
  # BusyBox's mktemp takes no suffix.
  if [ -n "$arg_suffix" ]; then
    m_say=$(mv -- "$tempfile_path" "$tempfile_path$arg_suffix" 2>&1) || m_fail "cannot name the temporary $arg_state: $m_say"
    tempfile_path=$tempfile_path$arg_suffix
  fi
  m_str path "$tempfile_path"
  m_stat_fields "$tempfile_path"
}

# Nothing may lead out of the directory.
tempfile_part() {
  case $2 in
    */*) m_fail "$1 must be a valid file name component, got '$2'" ;;
  esac
}
