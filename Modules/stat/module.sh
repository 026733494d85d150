# shellcheck shell=sh
# Input: path, follow, get_checksum, checksum_algorithm, get_mime, get_attributes. Result: stat, a dict.

stat_main() {
  m_hold
  stat_look || m_fail "$stat_trouble"
}

# Of a link, readlink tells in the middle of the answer.
stat_quick() {
  [ ! -L "$arg_path" ] && stat_look || return 1
  m_done
}

# False where there is no telling, with the words for it in stat_trouble.
stat_look() {
  if [ ! -e "$arg_path" ] && { [ ! -L "$arg_path" ] || [ "$arg_follow" = true ]; }; then
    m_why_missing "$arg_path"
    stat_trouble=$m_result
    [ "$m_result" = 'No such file or directory' ] || return 1
    m_dict stat
    m_bool exists false
    return 0
  fi
  m_dict stat
  stat_flag=
  [ "$arg_follow" = false ] || stat_flag=L
  # GNU stat tells fractions of seconds; BusyBox has whole ones.
  stat_line=$(stat "-${stat_flag}c" '%f %u %g %s %i %d %h %.7X %.7Y %.7Z %b %o %t %T %U/%G' -- "$arg_path" 2>/dev/null)
  case $stat_line in
    '' | *%*)
      if ! stat_line=$(stat "-${stat_flag}c" '%f %u %g %s %i %d %h %X %Y %Z %b %o %t %T %U/%G' -- "$arg_path" 2>&1); then
        stat_trouble="Unable to stat $arg_path: $stat_line"
        return 1
      fi
      ;;
  esac
  set -f
  # shellcheck disable=SC2086
  set -- $stat_line
  set +f
  stat_bits=$((0x$1))
  m_bool exists true
  m_str path "$arg_path"
  m_octal_text "$stat_bits"
  [ "${#m_result}" = 4 ] || m_result=${m_result#0}
  m_str mode "$m_result"
  stat_kind isdir 4
  stat_kind ischr 2
  stat_kind isblk 6
  stat_kind isreg 8
  stat_kind isfifo 1
  stat_kind islnk 10
  stat_kind issock 12
  m_int uid "$2"
  m_int gid "$3"
  m_int size "$4"
  m_int inode "$5"
  m_int dev "$6"
  m_int nlink "$7"
  shift 7
  m_float atime "$1"
  m_float mtime "$2"
  m_float ctime "$3"
  m_int blocks "$4"
  stat_permissions
  # A block here is 512 bytes, as in Python; some tools count larger ones for the transfer size.
  m_int block_size "$5"
  m_int device_type $((0x$6 * 256 + 0x$7))
  shift 7
  # Names may have blanks in them.
  stat_names=$*
  stat_access readable -r
  stat_access writeable -w
  stat_access executable -x
  [ "${stat_names%%/*}" = UNKNOWN ] || m_str pw_name "${stat_names%%/*}"
  [ "${stat_names#*/}" = UNKNOWN ] || m_str gr_name "${stat_names#*/}"
  if [ $((stat_bits >> 12)) = 10 ]; then stat_link; fi
  stat_content
}

stat_kind() {
  if [ $((stat_bits >> 12)) = "$2" ]; then m_bool "$1" true; else m_bool "$1" false; fi
}

stat_access() {
  if test "$2" "$arg_path"; then m_bool "$1" true; else m_bool "$1" false; fi
}

stat_permissions() {
  for m_each in wusr:128 rusr:256 xusr:64 wgrp:16 rgrp:32 xgrp:8 woth:2 roth:4 xoth:1 isuid:2048 isgid:1024; do
    if [ $((stat_bits & ${m_each#*:})) != 0 ]; then m_bool "${m_each%:*}" true; else m_bool "${m_each%:*}" false; fi
  done
}

stat_link() {
  m_stream lnk_source readlink -fn -- "$arg_path"
  m_stream lnk_target readlink -n -- "$arg_path"
}

stat_content() {
  if [ $((stat_bits >> 12)) = 8 ] && [ "$arg_get_checksum" = true ] && [ -r "$arg_path" ]; then
    if m_checksum "$arg_path" "$arg_checksum_algorithm"; then m_str checksum "$m_result"; fi
  fi
  if [ "$arg_get_mime" = true ]; then stat_mime; fi
  if [ "$arg_get_attributes" = true ]; then stat_attributes; fi
}

stat_mime() {
  stat_type=unknown stat_charset=unknown
  if m_has file && stat_said=$(file -b --mime-type --mime-encoding -- "$arg_path" 2>/dev/null); then
    case $stat_said in
      *'; charset='*)
        stat_type=${stat_said%%;*}
        stat_charset=${stat_said#*charset=}
        ;;
    esac
  fi
  m_str mimetype "$stat_type"
  m_str charset "$stat_charset"
}

stat_attributes() {
  stat_flags=
  if m_has lsattr && stat_said=$(lsattr -vd -- "$arg_path" 2>/dev/null); then
    # shellcheck disable=SC2086
    set -- $stat_said
    m_str version "$1"
    stat_rest=$2
    while [ -n "$stat_rest" ]; do
      case $stat_rest in
        -*) ;;
        *) stat_flags=$stat_flags${stat_rest%"${stat_rest#?}"} ;;
      esac
      stat_rest=${stat_rest#?}
    done
  else
    m_null version
  fi
  m_list attributes
  stat_rest=$stat_flags
  while [ -n "$stat_rest" ]; do
    stat_flag_name "${stat_rest%"${stat_rest#?}"}"
    stat_rest=${stat_rest#?}
  done
  m_close
  m_str attr_flags "$stat_flags"
}

stat_flag_name() {
  case $1 in
    a) m_str '' append ;;
    A) m_str '' noatime ;;
    s) m_str '' secure-deletion ;;
    c) m_str '' compressed ;;
    S) m_str '' synchronous ;;
    D) m_str '' synchronous-directory ;;
    d) m_str '' nodump ;;
    i) m_str '' immutable ;;
    j) m_str '' journalized ;;
    t) m_str '' no-tail ;;
    u) m_str '' undeletable ;;
    e) m_str '' extents ;;
    E) m_str '' encrypted ;;
    X) m_str '' compressedraw ;;
    h) m_str '' blocksize ;;
    C) m_str '' nocow ;;
    I) m_str '' indexed ;;
    N) m_str '' inline ;;
    P) m_str '' project ;;
    T) m_str '' topdir ;;
    Z) m_str '' compressed-dirty ;;
  esac
}
