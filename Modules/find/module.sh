# shellcheck shell=sh
# Input: see module.yml. Results: files, matched, examined, skipped_paths, msg.

find_main() {
  find_skipped='' find_good=
  eval "set -- $arg_paths"
  for find_path in "$@"; do
    if [ -d "$find_path" ]; then
      m_quote "$find_path"
      find_good="$find_good $m_result"
    else
      find_skip "$find_path" "'$find_path' is not a directory"
      m_warn "Skipped '$find_path' path due to this access issue: '$find_path' is not a directory"
    fi
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
  # What lies just below the depth has been seen, too.
  [ "$arg_recurse" = false ] || [ -z "${arg_depth:-}" ] || find_depth="-maxdepth $((arg_depth + 1))"
  for find_path in "$@"; do
    find_number=$(find_count_all)
    find_denied "$find_number"
    find_count=$((find_count + ${find_number##*"$m_nl"}))
  done
  m_int examined "$find_count"
  m_dict skipped_paths
  eval "set -- $find_skipped"
  while [ $# -gt 0 ]; do
    m_str "$1" "$2"
    shift 2
  done
  m_close
  if [ -n "$find_skipped" ]; then
    m_str msg 'Not all paths examined, check warnings for details'
  else
    m_str msg 'All paths examined'
  fi
}

# find_skip PATH REASON
find_skip() {
  m_words "$1" "$2"
  find_skipped="$find_skipped $m_result"
}

# What find complains about, and in the last line how much there is.
find_count_all() {
  # shellcheck disable=SC2086
  { LC_ALL=C find "$find_path" -mindepth 1 $find_depth | grep -c ''; } 2>&1
}

# find_denied LINES: skips the directories that find could not read. GNU's puts quotes round their names.
find_denied() {
  find_lines=$1
  while :; do
    case $find_lines in
      *"$m_nl"*) find_line=${find_lines%%"$m_nl"*} find_lines=${find_lines#*"$m_nl"} ;;
      *) return 0 ;;
    esac
    case $find_line in
      'find: '*': Permission denied')
        find_line=${find_line#find: }
        find_line=${find_line%: Permission denied}
        case $find_line in
          "'"*"'") find_line=${find_line#?} find_line=${find_line%?} ;;
        esac
        find_skip "$find_line" "[Errno 13] Permission denied: '$find_line'"
        ;;
    esac
  done
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
    m_mode "$arg_mode" 0 false
    m_octal_text "$m_result"
    if [ "$arg_exact_mode" = true ]; then find_words="$find_words -perm $m_result"; else find_words="$find_words -perm -$m_result"; fi
  fi
  if [ -n "${arg_contains:-}" ]; then find_content; fi
}

# A line that matches from its start is looked for by grep; one in a whole file, or in an encoding, file by file.
find_content() {
  find_words="$find_words -type f"
  if [ "$arg_read_whole_file" = true ]; then
    find_expression "$arg_contains" whole
    find_contains=$m_result
    return 0
  fi
  find_expression "$arg_contains"
  find_contains="^($m_result)"
  [ -z "${arg_encoding:-}" ] || return 0
  m_quote "$find_contains"
  find_words="$find_words -exec grep -qE -e $m_result -- {} \\;"
  find_contains=
}

# True if find_one has what find_contains says.
find_has() {
  if [ "$arg_read_whole_file" = true ]; then
    find_text | tr '\n' "$m_us" | grep -qE -e "$find_contains"
  else
    find_text | grep -qE -e "$find_contains"
  fi
}

find_text() { if [ -n "${arg_encoding:-}" ]; then iconv -f "$arg_encoding" -t UTF-8 <"$find_one" 2>/dev/null; else cat <"$find_one"; fi; }

# False, with the reason in m_result, where find_one can't be read in the encoding that is asked for.
find_is_readable() {
  [ -n "${arg_encoding:-}" ] || return 0
  m_need iconv
  find_text >/dev/null && return 0
  m_result="Failed to read the file $find_one due to an encoding error. current encoding: $arg_encoding"
  iconv -f "$arg_encoding" -t UTF-8 </dev/null >/dev/null 2>&1 || m_result="unknown encoding: $arg_encoding"
  return 1
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

find_walk() {
  find_format="${m_mark}S${m_us}%f %u %g %s %i %d %h %X %Y %Z %U/%G/%n"
  set --
  [ "$arg_follow" = false ] || set -- -L
  if [ "$arg_use_regex" = false ] && [ "$arg_get_checksum" = false ] && [ -z "${arg_limit:-}${find_contains:-}" ]; then
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
    if [ -n "${find_contains:-}" ]; then
      # A file that can't be read in its encoding ends the walk of its directory, as in the reference.
      if ! find_is_readable; then
        find_skip "$find_path" "$m_result"
        break
      fi
      find_has || continue
    fi
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
