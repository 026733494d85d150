# shellcheck shell=sh
# Input: see module.yml. Results: msg.

crypttab_main() {
  ct_name=${arg_name#/dev/mapper/}
  if [ "$arg_state" != absent ] && [ -z "${arg_backing_device+x}${arg_password+x}${arg_opts+x}" ]; then
    m_fail "expected one or more of 'backing_device', 'password' or 'opts'"
  fi
  case $arg_state in
    opts_*) [ -z "${arg_backing_device+x}${arg_password+x}" ] || m_fail "cannot update 'backing_device' or 'password' when state=$arg_state" ;;
  esac
  ct_valid name "$ct_name"
  [ -z "${arg_backing_device+x}" ] || ct_valid backing_device "$arg_backing_device"
  [ -z "${arg_password+x}" ] || ct_valid password "$arg_password"
  [ -z "${arg_opts+x}" ] || ct_valid opts "$arg_opts"
  m_read_text "$arg_path"
  ct_text=$m_result
  ct_find
  ct_reason='?'
  case $arg_state:$ct_there in
    absent:true)
      ct_new='' ct_reason='removed line'
      ct_put
      ;;
    absent:false | opts_absent:false) ;;
    *:false)
      [ -n "${arg_backing_device:-}" ] || m_fail "'backing_device' required to add a new entry"
      ct_device=$arg_backing_device ct_key=${arg_password:-} ct_options=${arg_opts:-}
      ct_line
      ct_reason='added line'
      case $ct_text in
        '' | *"$m_nl") ;;
        *) ct_text=$ct_text$m_nl ;;
      esac
      m_write_text "$arg_path" "$ct_text$ct_new$m_nl" 0644
      ;;
    *) ct_update ;;
  esac
  m_str msg "$ct_reason"
}

ct_valid() {
  case $2 in
    '' | *[[:space:]]*) m_fail "invalid '$1': contains white space or is empty" ;;
  esac
}

# ct_before and ct_after are the text around the line, ct_device, ct_key and ct_options what it says.
ct_find() {
  ct_there=false ct_before='' ct_after=$ct_text
  while [ -n "$ct_after" ]; do
    ct_old=${ct_after%%"$m_nl"*}
    case $ct_after in
      *"$m_nl"*) ct_after=${ct_after#*"$m_nl"} ;;
      *) ct_after='' ;;
    esac
    set -f
    # shellcheck disable=SC2086
    set -- $ct_old
    set +f
    if [ "${1:-}" = "$ct_name" ]; then
      ct_there=true ct_device=${2:-} ct_key=${3:-} ct_options=${4:-}
      return 0
    fi
    ct_before=$ct_before$ct_old$m_nl
  done
}

ct_line() {
  ct_new="$ct_name $ct_device"
  if [ -n "$ct_key$ct_options" ]; then ct_new="$ct_new ${ct_key:-none}"; fi
  [ -z "$ct_options" ] || ct_new="$ct_new $ct_options"
}

ct_put() {
  [ -z "$ct_new" ] || ct_new=$ct_new$m_nl
  m_write_text "$arg_path" "$ct_before$ct_new$ct_after"
}

ct_update() {
  ct_was="$ct_device $ct_key $ct_options"
  case $arg_state in
    present)
      [ -z "${arg_backing_device:-}" ] || ct_device=$arg_backing_device
      [ -z "${arg_password:-}" ] || ct_key=$arg_password
      # The same options in another order are the same.
      if [ -n "${arg_opts:-}" ] && ! ct_same_options; then ct_options=$arg_opts; fi
      ct_reason='updated line'
      ;;
    opts_present)
      ct_each "${arg_opts:-}" add
      ct_reason='updated options'
      ;;
    opts_absent)
      ct_each "${arg_opts:-}" drop
      ct_reason='removed options'
      ;;
  esac
  if [ "$ct_was" = "$ct_device $ct_key $ct_options" ]; then
    ct_reason='?'
    return 0
  fi
  ct_line
  ct_put
}

# True if each option of one is in the other.
ct_same_options() {
  ct_kept=$ct_options
  ct_each "$arg_opts" add
  ct_union=$ct_options
  ct_options=$arg_opts
  ct_each "$ct_kept" add
  ct_other=$ct_options
  ct_options=$ct_kept
  [ "$ct_union" = "$ct_kept" ] && [ "$ct_other" = "$arg_opts" ]
}

# ct_each OPTIONS add|drop: changes ct_options; one with another value replaces its forerunner.
ct_each() {
  ct_rest=$1,
  while [ -n "$ct_rest" ]; do
    ct_one=${ct_rest%%,*}
    ct_rest=${ct_rest#*,}
    [ -n "$ct_one" ] || continue
    ct_list='' ct_left=$ct_options, ct_done=false
    while [ -n "$ct_left" ]; do
      ct_item=${ct_left%%,*}
      ct_left=${ct_left#*,}
      [ -n "$ct_item" ] || continue
      if [ "${ct_item%%=*}" = "${ct_one%%=*}" ]; then
        [ "$2" = add ] || continue
        ct_item=$ct_one ct_done=true
      fi
      ct_list="$ct_list${ct_list:+,}$ct_item"
    done
    if [ "$2" = add ] && [ "$ct_done" = false ]; then ct_list="$ct_list${ct_list:+,}$ct_one"; fi
    ct_options=$ct_list
  done
}
