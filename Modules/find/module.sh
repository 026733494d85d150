# shellcheck shell=sh
# Input: see module.yml. Results: files, matched, examined, skipped_paths, msg.

find_main() {
  find_skipped='' find_good=
  eval "set -- $arg_paths"
  for find_path in "$@"; do
    m_quote "$find_path"
    if [ -d "$find_path" ]; then find_good="$find_good $m_result"; else find_skipped="$find_skipped $m_result"; fi
  done
  find_reference=
  find_conditions
  m_list files
  eval "set -- $find_good"
  for find_path in "$@"; do
    # A name that starts with a dash would be read as a condition.
    case $find_path in
      -*) find_path=./$find_path ;;
    esac
    find_walk
  done
  m_close
  [ -z "$find_reference" ] || rm -f -- "$find_reference"
  m_put "${m_mark}#matched${m_us}files"
  find_count=0
  for find_path in "$@"; do
    # shellcheck disable=SC2086
    m_result=$(find "$find_path" -mindepth 1 $find_depth 2>/dev/null | grep -c '')
    find_count=$((find_count + m_result))
  done
  m_int examined "$find_count"
  m_dict skipped_paths
  eval "set -- $find_skipped"
  for find_path in "$@"; do m_str "$find_path" "'$find_path' is not a directory"; done
  m_close
  if [ $# -gt 0 ]; then
    for find_path in "$@"; do m_warn "Skipped '$find_path' path due to this access issue: '$find_path' is not a directory"; done
    m_str msg 'Not all paths examined, check warnings for details'
  else
    m_str msg 'All paths examined'
  fi
}

# find_words are the conditions for find, ready for eval; find_depth its bound.
find_conditions() {
  find_words='' find_depth=
  if [ "$arg_recurse" = false ]; then
    find_depth='-maxdepth 1'
  elif [ -n "${arg_depth:-}" ]; then
    find_depth="-maxdepth $arg_depth"
  fi
  case $arg_file_type in
    file) find_words='-type f' ;;
    directory) find_words='-type d' ;;
    link) find_words='-type l' ;;
  esac
  [ "$arg_hidden" = true ] || find_words="$find_words ! -name '.*'"
  if [ "$arg_use_regex" = false ]; then
    find_names "${arg_patterns:-}" ''
    find_names "${arg_excludes:-}" '! '
  fi
  [ -z "${arg_size:-}" ] || find_size
  [ -z "${arg_age:-}" ] || find_age
  if [ -n "${arg_mode:-}" ]; then
    m_octal_number "${arg_mode#0o}" || m_fail "mode must be octal here: '$arg_mode'"
    if [ "$arg_exact_mode" = true ]; then find_words="$find_words -perm $arg_mode"; else find_words="$find_words -perm -$arg_mode"; fi
  fi
  if [ -n "${arg_contains:-}" ]; then
    find_expression "$arg_contains"
    m_quote "^($m_result)"
    find_words="$find_words -type f -exec grep -qE -e $m_result -- {} \\;"
  fi
}

# Adds a group of -name conditions.
find_names() {
  eval "set -- \"\$2\" $1"
  find_not=$1
  shift
  [ $# -gt 0 ] || return 0
  find_group=
  for find_one in "$@"; do
    m_quote "$find_one"
    find_group="$find_group${find_group:+ -o }-name $m_result"
  done
  find_words="$find_words $find_not\\( $find_group \\)"
}

find_size() {
  find_number=${arg_size#-}
  find_unit=1
  case $find_number in
    *[bB]) find_number=${find_number%?} ;;
    *[kK]) find_number=${find_number%?} find_unit=1024 ;;
    *[mM]) find_number=${find_number%?} find_unit=1048576 ;;
    *[gG]) find_number=${find_number%?} find_unit=1073741824 ;;
    *[tT]) find_number=${find_number%?} find_unit=1099511627776 ;;
  esac
  m_is_number "$find_number" || m_fail 'failed to process size'
  # awk counts beyond 32 bits on every host.
  find_number=$(awk "BEGIN { printf \"%.0f\", $find_number * $find_unit }")
  case $arg_size in
    -*) find_words="$find_words ! -size +${find_number}c" ;;
    *) find_words="$find_words ! -size -${find_number}c" ;;
  esac
}

find_age() {
  find_number=${arg_age#-}
  find_unit=1
  case $find_number in
    *s) find_number=${find_number%s} ;;
    *m) find_number=${find_number%m} find_unit=60 ;;
    *h) find_number=${find_number%h} find_unit=3600 ;;
    *d) find_number=${find_number%d} find_unit=86400 ;;
    *w) find_number=${find_number%w} find_unit=604800 ;;
  esac
  m_is_number "$find_number" || m_fail 'failed to process age'
  find_reference=$(mktemp) || m_fail 'cannot make a temporary file'
  find_then=$(($(date +%s) - find_number * find_unit))
  # touch -t knows no seconds since 1970.
  m_say=$(TZ=UTC touch -t "$(date -u -d "@$find_then" +%Y%m%d%H%M.%S)" -- "$find_reference" 2>&1) || m_fail "cannot set a time: $m_say"
  m_quote "$find_reference"
  case $arg_age_stamp in
    mtime) find_newer=-newer ;;
    atime) find_newer=-anewer ;;
    ctime) find_newer=-cnewer ;;
  esac
  case $arg_age in
    -*) find_words="$find_words $find_newer $m_result" ;;
    *) find_words="$find_words ! $find_newer $m_result" ;;
  esac
}

# m_result is a POSIX expression for a Python one; what POSIX does not have is refused.
find_expression() {
  case $1 in
    *'(?='* | *'(?!'* | *'(?<'* | *'(?P'* | *'*?'* | *'+?'* | *'??'*)
      m_fail "the expression '$1' needs what grep -E does not have: look-around, names or short matches"
      ;;
  esac
  m_replace "$1" '(?:' '('
  m_replace "$m_result" '\d' '[0-9]'
  m_replace "$m_result" '\w' '[[:alnum:]_]'
  m_replace "$m_result" '\s' '[[:space:]]'
  m_replace "$m_result" '\S' '[^[:space:]]'
}

find_walk() {
  find_format="${m_mark}S${m_us}%f %u %g %s %i %d %h %X %Y %Z %U/%G/%n"
  set --
  [ "$arg_follow" = false ] || set -- -L
  if [ "$arg_use_regex" = false ] && [ "$arg_get_checksum" = false ] && [ -z "${arg_limit:-}" ]; then
    if [ "$arg_follow" = true ]; then find_flag=-Lc; else find_flag=-c; fi
    # stat ends each line; the next mark or the list's end stands right after it.
    eval "find \"\$@\" \"\$find_path\" -mindepth 1 $find_depth $find_words -exec stat $find_flag \"\$find_format\" {} +" 2>/dev/null
    return 0
  fi
  find_list=$(eval "find \"\$@\" \"\$find_path\" -mindepth 1 $find_depth $find_words -exec printf \"%s\$m_mark\" {} +" 2>/dev/null)
  find_taken=${find_taken:-0}
  while [ -n "$find_list" ]; do
    find_one=${find_list%%"$m_mark"*}
    find_list=${find_list#*"$m_mark"}
    if [ "$arg_use_regex" = true ]; then
      find_fits "${arg_patterns:-}" true || continue
      if find_fits "${arg_excludes:-}" false; then continue; fi
    fi
    [ -z "${arg_limit:-}" ] || [ "$find_taken" -lt "$arg_limit" ] || break
    find_taken=$((find_taken + 1))
    find_said=$(stat -c '%f %u %g %s %i %d %h %X %Y %Z %U/%G/' -- "$find_one" 2>/dev/null) || continue
    if [ "$arg_get_checksum" = true ] && [ -f "$find_one" ] && m_checksum "$find_one" "$arg_checksum_algorithm"; then
      m_put "${m_mark}S${m_us}$find_said$find_one${m_us}$m_result"
    else
      m_put "${m_mark}S${m_us}$find_said$find_one"
    fi
  done
}

# find_fits EXPRESSIONS IF_NONE: true if the name of find_one matches one of them from its start.
find_fits() {
  eval "set -- \"\$2\" $1"
  if [ $# = 1 ]; then [ "$1" = true ] && return 0 || return 1; fi
  shift
  for m_one in "$@"; do
    find_expression "$m_one"
    if m_put "${find_one##*/}" | grep -qE -e "^($m_result)"; then return 0; fi
  done
  return 1
}
