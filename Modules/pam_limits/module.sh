# shellcheck shell=sh
# Input: see module.yml. Results: msg, backup_file.

pam_limits_main() {
  [ "$arg_use_max$arg_use_min" != truetrue ] || m_fail 'Cannot use use_min and use_max at the same time.'
  if [ ! -f "$arg_dest" ]; then
    m_parent "$arg_dest"
    [ -d "$m_result" ] && [ -w "$m_result" ] || m_fail "directory $m_result is not writable (check presence, access rights, use sudo)"
  elif [ ! -w "$arg_dest" ]; then
    m_fail "$arg_dest is not writable. Use sudo"
  fi
  limits_check "$arg_limit_item" "$arg_value" ''
  m_read_text "$arg_dest"
  limits_old=$m_result limits_new='' limits_message='' limits_comment=$arg_comment
  limits_go_through
  m_str msg "$limits_message"
  if [ "$arg_backup" = true ] && [ "$m_check" = false ] && [ -f "$arg_dest" ]; then
    m_backup "$arg_dest"
    m_str backup_file "$m_backup_file"
  fi
  [ "$limits_new" = "$limits_old" ] || m_write_text "$arg_dest" "$limits_new" 0644
}

# limits_check ITEM VALUE PREFIX
limits_check() {
  case $1 in
    nice | priority)
      case ${2#-} in
        '' | *[!0-9]* | ???*) ;;
        *) [ "$2" -lt -20 ] || [ "$2" -gt 19 ] || return 0 ;;
      esac
      m_fail "$3 Value of '$2' for item '$1' is invalid. Value must be a number in the range -20 to 19 inclusive. Refer to the limits.conf(5) manual pages for more details."
      ;;
  esac
  case $2 in
    unlimited | infinity | -1) ;;
    *)
      m_is_number "$2" ||
        m_fail "$3 Value of '$2' for item '$1' is invalid. Value must either be 'unlimited', 'infinity' or -1, all of which indicate no limit, or a limit of 0 or larger. Refer to the limits.conf(5) manual pages for more details."
      ;;
  esac
}

# Every line stays but the one in question; it is added where there is none.
limits_go_through() {
  limits_found=false limits_rest=$limits_old
  case $limits_rest in
    '' | *"$m_nl") ;;
    *) limits_rest=$limits_rest$m_nl ;;
  esac
  while [ -n "$limits_rest" ]; do
    limits_line=${limits_rest%%"$m_nl"*}
    limits_rest=${limits_rest#*"$m_nl"}
    case $limits_line in
      '#'*) ;;
      *) limits_look "$limits_line" ;;
    esac
    limits_new=$limits_new$limits_line$m_nl
  done
  [ "$limits_found" = true ] || limits_new=$limits_new$(limits_make "$arg_value")$m_nl limits_message=$(limits_make "$arg_value")$m_nl
}

# limits_look LINE: limits_line becomes what it shall be. Splits at blanks without expanding a * that stands for everybody.
limits_look() {
  limits_was=$1 limits_remark=
  case $1 in
    *'#'*) limits_remark=${1#*"#"} ;;
  esac
  set -f
  # shellcheck disable=SC2086
  set -- ${1%%"#"*}
  set +f
  [ $# != 0 ] || return 0
  [ -n "$limits_comment" ] || limits_comment=$limits_remark
  [ $# = 4 ] || return 0
  limits_check "$3" "$4" "Invalid configuration found in '$arg_dest'."
  [ "$1 $2 $3" = "$arg_domain $arg_limit_type $arg_limit_item" ] || return 0
  limits_found=true limits_message=$limits_was$m_nl
  limits_choose "$4"
  [ "$limits_value" != "$4" ] || return 0
  limits_line=$(limits_make "$limits_value")
  limits_message=$limits_line$m_nl
}

# limits_choose OLD: limits_value is the old or the new one.
limits_choose() {
  limits_value=$arg_value
  limits_old_first=$(limits_is_more "$1" "$arg_value")
  if [ "$arg_use_max" = true ] && [ "$limits_old_first" = true ]; then limits_value=$1; fi
  if [ "$arg_use_min" = true ] && [ "$limits_old_first" = false ]; then limits_value=$1; fi
}

# Whether the first limit is at least the second. awk counts beyond 32 bits.
limits_is_more() {
  awk -v a="$1" -v b="$2" -v item="$arg_limit_item" '
    function number(text) { return (item != "nice" && item != "priority" && text ~ /^(unlimited|infinity|-1)$/) ? 1e300 : text + 0 }
    BEGIN { print (number(a) >= number(b) ? "true" : "false") }'
}

limits_make() {
  m_put "$arg_domain	$arg_limit_type	$arg_limit_item	$1${limits_comment:+	#$limits_comment}"
}
