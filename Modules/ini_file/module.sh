# shellcheck shell=sh
# Input: see module.yml. Results: path, msg, backup_file and what is reported of every path.

ini_file_main() {
  ini_path=$arg_path
  if [ "$arg_follow" = true ] && [ -L "$ini_path" ]; then ini_path=$(readlink -f -- "$ini_path"); fi
  if [ ! -e "$ini_path" ]; then
    [ "$arg_create" = true ] || m_fail "Destination $ini_path does not exist!"
    m_parent "$ini_path"
    if [ ! -d "$m_result" ] && [ "$m_check" = false ]; then
      m_say=$(mkdir -p -- "$m_result" 2>&1) || m_fail "cannot make $m_result: $m_say"
    fi
  fi
  m_read_text "$ini_path"
  ini_old=$m_result
  ini_split
  ini_msg=OK
  if [ -n "${arg_option:-}" ]; then ini_option; else ini_section; fi
  ini_new=$ini_head$ini_body$ini_tail
  if [ "$ini_new" != "$ini_old" ]; then ini_write; fi
  m_str path "$arg_path"
  m_str msg "$ini_msg"
  m_stat "$ini_path"
  if [ "$m_type" != absent ]; then
    m_attributes "$ini_path"
    m_stat_fields_known
  fi
}

ini_write() {
  if [ "$arg_backup" = true ] && [ -e "$ini_path" ] && [ "$m_check" = false ]; then
    m_backup "$ini_path"
    m_str backup_file "$m_backup_file"
  fi
  m_write_text "$ini_path" "$ini_new" "${ini_mode:-}"
}

# Parts of the file: ini_head with the section's own line, ini_body between it and the next section, ini_tail.
ini_split() {
  ini_head='' ini_body='' ini_tail='' ini_is_there=false ini_at=before
  [ -n "${arg_section:-}" ] || ini_at=in ini_is_there=true
  ini_rest=$ini_old
  case $ini_rest in
    '' | *"$m_nl") ;;
    *) ini_rest=$ini_rest$m_nl ;;
  esac
  while [ -n "$ini_rest" ]; do
    ini_line=${ini_rest%%"$m_nl"*}
    ini_rest=${ini_rest#*"$m_nl"}
    m_trim "$ini_line"
    case $ini_at:$m_result in
      before:"[${arg_section:-}]"*)
        ini_at='in' ini_is_there=true
        ini_head=$ini_head$ini_line$m_nl
        continue
        ;;
      in:'['*']'*) ini_at=after ;;
    esac
    case $ini_at in
      before) ini_head=$ini_head$ini_line$m_nl ;;
      in) ini_body=$ini_body$ini_line$m_nl ;;
      *) ini_tail=$ini_tail$ini_line$m_nl ;;
    esac
  done
}

# The whole section.
ini_section() {
  if [ "$arg_state" = absent ]; then
    [ "$ini_is_there" = true ] && [ -n "${arg_section:-}" ] || return 0
    ini_head=${ini_head%"$m_nl"}
    case $ini_head in
      *"$m_nl"*) ini_head=${ini_head%"$m_nl"*}$m_nl ;;
      *) ini_head= ;;
    esac
    ini_body='' ini_msg='section removed'
  elif [ "$ini_is_there" = false ]; then
    ini_add_section
    ini_msg='only section added'
  fi
}

ini_add_section() {
  case $ini_head in
    '' | *"$m_nl$m_nl") ;;
    *) ini_head=$ini_head$m_nl ;;
  esac
  ini_head="${ini_head}[$arg_section]$m_nl"
}

# ini_formatted is a line for one value.
ini_format() {
  if [ "$arg_no_extra_spaces" = true ]; then ini_formatted="$arg_option=$1"; else ini_formatted="$arg_option = $1"; fi
}

ini_option() {
  if [ "$arg_state" = present ] && [ -z "${arg_value+x}" ] && [ -z "$arg_values" ] && [ "$arg_allow_no_value" = false ]; then
    m_fail "Parameter 'value(s)' must be defined if state=present and allow_no_value=False."
  fi
  eval "set -- ${arg_values:-}"
  if [ -n "${arg_value+x}" ]; then set -- "$arg_value"; fi
  if [ "$arg_state" = absent ]; then
    ini_drop "$@"
    return 0
  fi
  if [ "$ini_is_there" = false ]; then
    ini_add_section
    ini_msg='section and option added'
  fi
  ini_put "$@"
}

# ini_match LINE: is it the option's? Sets ini_value, and ini_state to active or inactive.
ini_match() {
  ini_state=active
  m_trim "$1"
  case $m_result in
    [#\;]*)
      [ "$arg_modify_inactive_option" = true ] && [ "$arg_state" = present ] || return 1
      ini_state=inactive
      m_trim "${m_result#?}"
      ;;
  esac
  ini_words=$m_result
  case $ini_words in
    *=*)
      m_trim "${ini_words%%=*}"
      [ "$m_result" = "$arg_option" ] || return 1
      m_trim "${ini_words#*=}"
      ini_value=$m_result
      ;;
    *)
      [ "$ini_words" = "$arg_option" ] || return 1
      ini_value=
      ;;
  esac
}

# Removes the option's lines; with values and exclusive false only those with these values.
ini_drop() {
  ini_rest=$ini_body ini_body=
  while [ -n "$ini_rest" ]; do
    ini_line=${ini_rest%%"$m_nl"*}
    ini_rest=${ini_rest#*"$m_nl"}
    if ini_match "$ini_line"; then
      if [ "$arg_exclusive" = true ] || [ $# = 0 ] || m_contains "$ini_value" "$@"; then
        ini_msg='option changed'
        continue
      fi
    fi
    ini_body=$ini_body$ini_line$m_nl
  done
}

# Lines with the option are used for the values in turn; what is left over goes if exclusive; what is missing is added at the end.
ini_put() {
  ini_left=$#
  if [ "$arg_exclusive" = false ]; then
    ini_put_more "$@"
    return 0
  fi
  if [ $# = 0 ]; then ini_none=true; else ini_none=false; fi
  ini_active=false
  ini_has_active && ini_active=true
  ini_rest=$ini_body ini_body=
  while [ -n "$ini_rest" ]; do
    ini_line=${ini_rest%%"$m_nl"*}
    ini_rest=${ini_rest#*"$m_nl"}
    if ini_match "$ini_line" && { [ "$ini_state" = active ] || [ "$ini_active" = false ]; }; then
      if [ "$ini_none" = true ]; then
        ini_none=used
        [ "$ini_words" = "$arg_option" ] && [ "$ini_state" = active ] || ini_line=$arg_option ini_msg='option changed'
      elif [ $# -gt 0 ]; then
        ini_same "$1" || ini_msg='option changed'
        shift
      elif [ "$ini_state" = active ]; then
        ini_msg='option changed'
        continue
      fi
    fi
    ini_body=$ini_body$ini_line$m_nl
  done
  [ "$ini_none" != true ] || ini_append "$arg_option"
  for ini_one in "$@"; do
    ini_format "$ini_one"
    ini_append "$ini_formatted"
  done
}

# ini_same VALUE: makes ini_line hold the value; true if it did.
ini_same() {
  ini_format "$1"
  if [ "$ini_state" = active ] && [ "$ini_value" = "$1" ]; then
    [ "$arg_ignore_spaces" = false ] || return 0
    [ "$ini_line" != "$ini_formatted" ] || return 0
  fi
  ini_line=$ini_formatted
  return 1
}

ini_has_active() {
  ini_rest=$ini_body
  while [ -n "$ini_rest" ]; do
    ini_line=${ini_rest%%"$m_nl"*}
    ini_rest=${ini_rest#*"$m_nl"}
    if ini_match "$ini_line" && [ "$ini_state" = active ]; then return 0; fi
  done
  return 1
}

# Adds the values that no line has.
ini_put_more() {
  for ini_one in "$@"; do
    ini_seen=false ini_rest=$ini_body
    while [ -n "$ini_rest" ]; do
      ini_line=${ini_rest%%"$m_nl"*}
      ini_rest=${ini_rest#*"$m_nl"}
      if ini_match "$ini_line" && [ "$ini_state" = active ] && [ "$ini_value" = "$ini_one" ]; then ini_seen=true; fi
    done
    [ "$ini_seen" = false ] || continue
    ini_format "$ini_one"
    ini_append "$ini_formatted"
  done
}

# A new line goes after the section's last line that is not empty.
ini_append() {
  [ "$ini_msg" != OK ] || ini_msg='option added'
  ini_blank=
  while :; do
    case $ini_body in
      *"$m_nl$m_nl") ini_body=${ini_body%"$m_nl"} ini_blank=$ini_blank$m_nl ;;
      "$m_nl") ini_body='' ini_blank=$ini_blank$m_nl ;;
      *) break ;;
    esac
  done
  ini_body=$ini_body$1$m_nl$ini_blank
}
