# shellcheck shell=sh
# What actions need of a host's files: to read many in one request, and to write one whole or not at all.

# remote_read FOLLOW CONTENT_MAX CHECKSUM ATTRIBUTES PATH...: reports each path: what m_stat tells if ATTRIBUTES is true, its kind
# alone otherwise; a link's target; the content of files of at most CONTENT_MAX bytes (without ATTRIBUTES, what goes beyond is cut
# one byte behind it), and the SHA-1 of larger ones if CHECKSUM is true. FOLLOW (true, false): look through links.
remote_read() {
  m_hold
  remote_follow=$1 remote_max=$2 remote_sum=$3 remote_full=$4
  shift 4
  remote_stats='' remote_sums='' remote_failed=''
  [ "$#" -lt 8 ] || remote_look "$@"
  for remote_path in "$@"; do
    m_record "${m_mark}p${m_us}$remote_path"
    if [ "$remote_full" = true ]; then remote_stat || return 1; else remote_kind "$remote_path"; fi
    remote_at=$remote_path
    if [ "$m_type" = link ]; then
      m_stream target readlink -n -- "$remote_path"
      if [ "$remote_follow" = true ]; then
        remote_at=$(readlink -f -- "$remote_path")
        m_str real "$remote_at"
        if [ "$remote_full" = true ]; then m_stat_through "$remote_path"; else remote_kind_through "$remote_path"; fi
      fi
    fi
    m_str type "$m_type"
    case $m_type in
      absent)
        m_parent "$remote_at"
        if [ -d "$m_result" ]; then m_bool parent true; else m_bool parent false; fi
        m_why_missing "$remote_at"
        [ "$m_result" != 'Permission denied' ] || m_bool unreadable true
        continue
        ;;
    esac
    [ "$remote_full" = false ] || remote_attributes_seen
    [ "$m_type" = file ] || continue
    if [ ! -r "$remote_at" ]; then
      m_bool unreadable true
    elif [ "$remote_full" = false ]; then
      [ "$remote_max" = 0 ] || m_stream content head -c $((remote_max + 1)) <"$remote_at" || remote_failed=true
    elif [ "$m_size" -le "$remote_max" ]; then
      m_stream content cat <"$remote_at" || remote_failed=true
    elif [ "$remote_sum" = true ] && remote_checksum; then
      m_str sha1 "$m_result"
    fi
    if [ -n "$remote_failed" ]; then
      m_fail "cannot read $remote_at to its end"
      return 0
    fi
  done
}

# One path that is no link.
remote_read_quick() {
  [ "$#" = 5 ] && [ ! -L "$5" ] && remote_read "$@" || return 1
  [ -n "$remote_failed" ] || m_done
}

remote_attributes_seen() {
  m_int bits "$m_bits"
  m_int uid "$m_uid"
  m_int gid "$m_gid"
  m_str owner "$m_owner"
  m_str group "$m_group"
  m_int size "$m_size"
  m_int mtime "$m_mtime"
  m_int atime "$m_atime"
  m_int nlink "$m_nlink"
}

# The m_type of m_stat, without a process.
remote_kind() {
  if [ -L "$1" ]; then m_type=link; else remote_kind_through "$1"; fi
}

remote_kind_through() {
  if [ -f "$1" ]; then
    m_type=file
  elif [ -d "$1" ]; then
    m_type=directory
  elif [ -b "$1" ]; then
    m_type=block
  elif [ -c "$1" ]; then
    m_type=char
  elif [ -p "$1" ]; then
    m_type=fifo
  elif [ -e "$1" ]; then
    m_type=socket
  else
    m_type=absent
  fi
}

# Where many paths are asked for, one stat and one sha1sum tell of all plain files, a line each in the order of the paths.
remote_look() {
  remote_stats=$(remote_plain "$@" && [ -n "$remote_list" ] && eval "stat -c \"\$m_stat_format/%n\" -- $remote_list" 2>/dev/null)$m_nl
  [ "$remote_max" = 0 ] && [ "$remote_sum" = true ] && m_has sha1sum || return 0
  remote_sums=$(remote_plain "$@" && [ -n "$remote_list" ] && eval "sha1sum -- $remote_list" 2>/dev/null)$m_nl
}

# remote_list is a list of quoted words: those of the paths that are readable plain files with a name that fits in a line.
remote_plain() {
  remote_list=
  for m_each in "$@"; do
    case $m_each in *"$m_nl"* | *\\* | *\'*) continue ;; esac
    if [ -f "$m_each" ] && [ -r "$m_each" ] && [ ! -L "$m_each" ]; then remote_list="$remote_list '$m_each'"; fi
  done
}

# m_stat of remote_path, by the next line of remote_stats where that is its own.
remote_stat() {
  m_stat_line=${remote_stats%%"$m_nl"*}
  case $m_stat_line in
    */"$remote_path")
      if [ "${m_stat_line#*/*/}" = "$remote_path" ]; then
        remote_stats=${remote_stats#*"$m_nl"}
        m_stat_line=${m_stat_line%"/$remote_path"}
        m_stat_parse
        return 0
      fi
      ;;
  esac
  m_stat "$remote_path"
}

# m_checksum of remote_at, likewise.
remote_checksum() {
  m_result=${remote_sums%%"$m_nl"*}
  if [ "$remote_at" = "$remote_path" ] && [ "${m_result#*  }" = "$remote_path" ]; then
    remote_sums=${remote_sums#*"$m_nl"}
    m_result=${m_result%% *}
  else
    m_checksum "$remote_at"
  fi
}

# remote_write: gives arg_path the content arg_content, or that of standard input, if arg_has_content is true, and arg_owner, arg_group
# and arg_mode. The content has the SHA-1 arg_sha1 and must arrive whole: with arg_size bytes, or, where that is not said, with that sum.
# Refuses if the file is not as arg_expect says (a SHA-1, absent, or any). arg_backup keeps a copy. arg_validate is a
# list of words with %s for the new file. arg_unsafe_writes overwrites in place where renaming is impossible.
remote_write() {
  m_hold
  m_stat_through "$arg_path"
  remote_before=$m_type
  if [ "$arg_has_content" = false ]; then
    [ "$m_type" != absent ] || m_fail_at "$arg_path" "file ($arg_path) is absent, cannot continue"
    m_attributes "$arg_path"
    if [ "$m_changed" = true ] && [ "$m_check" = false ]; then m_stat_through "$arg_path"; fi
  else
    m_changed=true
    [ "$m_check" = true ] || remote_write_content
  fi
  m_str path "$arg_path"
  if [ "$m_check" = true ] && [ "$remote_before" = absent ]; then m_done; fi
  m_stat_fields_known
}

remote_write_content() {
  case $m_type in
    absent) ;;
    file) remote_uid=$m_uid remote_gid=$m_gid remote_owner=$m_owner remote_group=$m_group remote_size=$m_size remote_links=$m_nlink ;;
    *) m_fail_at "$arg_path" "cannot write $arg_path: it is a $m_type" ;;
  esac
  remote_expected
  remote_choose_bits
  remote_choose_umask
  m_temporary_name "$arg_path"
  remote_fill
  m_stat "$m_temp"
  remote_arrived || m_drop_temporary "$arg_path" 'the content did not arrive whole'
  remote_sync
  remote_attributes
  [ -z "${arg_validate:-}" ] || remote_validate
  if [ "$arg_backup" = true ] && [ "$remote_before" != absent ]; then
    m_backup "$arg_path"
    m_str backup_file "$m_backup_file"
  fi
  # It is written over in place where renaming fails and that is allowed.
  [ "$arg_unsafe_writes" = false ] || remote_links=0
  m_keep "$arg_path" "${remote_size:-0}" "${remote_links:-0}"
  if ! m_say=$(mv -f -- "$m_temp" "$arg_path" 2>&1); then
    [ "$arg_unsafe_writes" = true ] || m_drop_temporary "$arg_path" "$m_say"
    m_say=$(cat <"$m_temp" 2>&1 >"$arg_path") || m_drop_temporary "$arg_path" "$m_say"
    rm -f -- "$m_temp"
    m_stat "$arg_path"
    m_attributes "$arg_path"
  fi
  m_kept "$arg_path" "${arg_sha1:-}"
}

# The permission bits that the file shall have; empty where they are what any new file's are.
remote_choose_bits() {
  remote_bits=
  [ "$remote_before" = absent ] || remote_bits=$m_bits
  if [ -n "${arg_mode:-}" ] && m_octal_number "${arg_mode#0o}"; then
    remote_bits=$m_result
  elif [ "$remote_before" = absent ] && [ -n "${arg_mode:-}${arg_owner:-}${arg_group:-}" ]; then
    m_octal_number "$(umask)"
    remote_bits=$((438 & ~m_result))
  fi
  if [ -n "${arg_mode:-}" ]; then
    m_mode "$arg_mode" "$remote_bits" false
    remote_bits=$m_result
  fi
}

# Where the temporary file gets the owner, the group and no other bits than a new file can have, it is made as it shall be. Elsewhere
# nobody else may look into it before it is.
remote_choose_umask() {
  remote_access=
  if [ "$remote_before" != absent ] && m_has getfacl; then remote_access=$(getfacl -cps -- "$arg_path" 2>/dev/null); fi
  remote_umask=077
  [ -z "${arg_owner:-}${arg_group:-}$remote_access" ] || return 0
  if [ "$remote_before" != absent ]; then [ -O "$arg_path" ] && [ -G "$arg_path" ] || return 0; fi
  if [ -z "$remote_bits" ]; then
    remote_umask=
  elif [ $((remote_bits & ~438)) = 0 ]; then
    m_octal_text $((511 & ~remote_bits))
    remote_umask=$m_result
  fi
}

# Small content is in a variable, and a shell writes that by itself.
remote_fill() {
  remote_usual=
  [ -z "${arg_validate:-}" ] || remote_usual=$(umask)
  set -C
  [ -z "$remote_umask" ] || umask "$remote_umask"
  if [ -z "${arg_content+set}" ]; then
    m_say=$(exec cat 2>&1 >"$m_temp") || remote_unfilled
  else
    m_put "$arg_content" 2>/dev/null >"$m_temp" || remote_unfilled
  fi
  set +C
  [ -z "$remote_usual" ] || umask "$remote_usual"
}

# Only a program tells why a file could not be made or filled.
remote_unfilled() {
  if [ ! -e "$m_temp" ]; then
    m_say=$(true 2>&1 >"$m_temp")
    m_fail_at "$arg_path" "cannot write beside $arg_path: ${m_say##*: }"
  fi
  set +C
  [ -z "${arg_content+set}" ] || m_say=$(m_put "$arg_content" | cat 2>&1 >"$m_temp")
  m_drop_temporary "$arg_path" "${m_say##*: }"
}

# A power cut may lose what is new, not what was there: some file systems would keep the new name without the content.
remote_sync() {
  [ "$remote_before" != absent ] || [ -z "${arg_content+set}" ] || return 0
  m_sync "$m_temp" || m_drop_temporary "$arg_path" "$m_say"
}

remote_arrived() {
  if [ -n "${arg_size:-}" ]; then [ "$m_size" = "$arg_size" ]; else ! m_checksum "$m_temp" || [ "$m_result" = "$arg_sha1" ]; fi
}

# The temporary file gets its owner and mode before it has its name, so that nobody sees the content with others. What m_stat has told
# of it stays true.
remote_attributes() {
  if [ "$remote_before" != absent ] && [ "$m_uid:$m_gid" != "$remote_uid:$remote_gid" ]; then
    if m_give_away "$arg_path" "$remote_uid:$remote_gid"; then
      m_uid=$remote_uid m_gid=$remote_gid m_owner=$remote_owner m_group=$remote_group
    elif [ -z "${arg_mode:-}" ]; then
      remote_bits=$((remote_bits & 511))
    fi
  fi
  if [ -n "$remote_access" ]; then
    m_say=$(m_put "$remote_access$m_nl" | setfacl --set-file=- -- "$m_temp" 2>&1) || m_drop_temporary "$arg_path" "$m_say"
    m_bits=-1
  fi
  [ -z "${arg_owner:-}" ] || m_set_owner "$m_temp"
  [ -z "${arg_group:-}" ] || m_set_group "$m_temp"
  if [ -n "$remote_bits" ] && [ "$m_bits" != "$remote_bits" ]; then
    m_octal_text "$remote_bits"
    m_say=$(chmod -- "$m_result" "$m_temp" 2>&1) || m_drop_temporary "$arg_path" "$m_say"
    m_bits=$remote_bits
  fi
  [ -z "${arg_owner:-}${arg_group:-}" ] || m_stat "$m_temp"
}

# Many files of one folder, where forks would cost more than the files: remote_enter FOLDER makes a private folder in it. Each file
# grows there by remote_text NAME CONTENT, or by remote_bytes NAME FIRST COUNT from what remote_keep has kept of standard input;
# remote_owner and remote_mode give it what it shall have; remote_leave NAME... puts all of them in place. A failure leaves nothing
# behind but what is in place already.
remote_new='' remote_all=''

remote_keep() {
  remote_folder=${TMPDIR:-/tmp}
  remote_all=$(umask 077 && mktemp "$remote_folder/.martlet-XXXXXXXXXX" 2>&1) || m_fail_at "$remote_folder" "cannot write in $remote_folder: $remote_all"
  remote_tidy_at_end
  m_say=$(cat 2>&1 >"$remote_all") || remote_stop "$m_say"
}

remote_enter() {
  remote_folder=$1
  remote_new=$(umask 077 && mktemp -d "$1/.martlet-XXXXXXXXXX" 2>&1) || m_fail_at "$1" "cannot write in $1: $remote_new"
  remote_tidy_at_end
}

remote_tidy_at_end() {
  # shellcheck disable=SC2154
  trap 'rm -rf -- ${remote_new:+"$remote_new"} ${remote_all:+"$remote_all"}' EXIT
  trap 'exit 143' TERM
}

remote_text() {
  m_put "$2" 2>/dev/null >"$remote_new/$1" || remote_stop "$(m_put "$2" 2>/dev/null | cat 2>&1 >"$remote_new/$1")" "$1"
}

remote_bytes() {
  m_say=$(tail -c "+$2" <"$remote_all" 2>/dev/null | head -c "$3" 2>&1 >"$remote_new/$1") || remote_stop "$m_say" "$1"
}

remote_stop() { m_fail_at "$remote_folder${2:+/$2}" "cannot write $remote_folder${2:+/$2}: $1"; }

# What is in the folder is still what the controller read, by lines of SHA-1, two blanks and name; what came is what was sent.
remote_unchanged() { remote_sums "$remote_folder" "$1" 'was changed by someone else in the meantime; run the step again'; }
remote_whole() { remote_sums "$remote_new" "$1" 'did not arrive whole'; }

remote_sums() {
  remote_sum=sha1sum
  m_has sha1sum || remote_sum='busybox sha1sum'
  m_has "${remote_sum%% *}" || return 0
  # shellcheck disable=SC2086
  m_say=$(cd -- "$1" && m_put "$2" | LC_ALL=C $remote_sum -c 2>&1) && return 0
  while read -r m_each; do
    case $m_each in *': FAILED'*) m_fail_at "$remote_folder/${m_each%%: FAILED*}" "$remote_folder/${m_each%%: FAILED*} $3" ;; esac
  done <<END
$m_say
END
  remote_stop "$m_say"
}

# remote_folders OWNER MODE PATH...: makes folders; an empty owner or mode is left as it comes.
remote_folders() {
  remote_owner=$1 remote_mode=$2
  shift 2
  m_say=$(mkdir -- "$@" 2>&1) || m_fail "$m_say"
  [ -z "$remote_owner" ] || m_say=$(chown -- "$remote_owner" "$@" 2>&1) || m_fail "$m_say"
  [ -z "$remote_mode" ] || m_say=$(chmod -- "$remote_mode" "$@" 2>&1) || m_fail "$m_say"
}

# remote_absent NAME...: none of them has come into being since the controller looked.
remote_absent() {
  for m_each in "$@"; do
    if [ -e "$remote_folder/$m_each" ] || [ -L "$remote_folder/$m_each" ]; then remote_changed "$remote_folder/$m_each"; fi
  done
}

remote_owner() { remote_set chown "$@"; }
remote_mode() { remote_set chmod "$@"; }

remote_set() {
  m_say=$(cd -- "$remote_new" && remote_tool=$1 && shift && "$remote_tool" -- "$@" 2>&1) || remote_stop "$m_say"
}

remote_leave() {
  m_say=$(cd -- "$remote_new" && sync -- "$@" 2>&1) || [ "$?" = 127 ] || remote_stop "$m_say"
  m_say=$(cd -- "$remote_new" && mv -f -- "$@" .. 2>&1) || remote_stop "$m_say"
  rmdir -- "$remote_new"
  remote_new=
}

# The file must still be what the controller read.
remote_expected() {
  case $arg_expect in
    any) return 0 ;;
    absent) [ "$m_type" != absent ] || return 0 ;;
    *) [ "$m_type" = absent ] || ! m_checksum "$arg_path" || [ "$m_result" != "$arg_expect" ] || return 0 ;;
  esac
  remote_changed "$arg_path"
}

remote_changed() { m_fail_at "$1" "$1 was changed by someone else in the meantime; run the step again"; }

remote_validate() {
  eval "set -- $arg_validate"
  remote_count=$#
  while [ "$remote_count" -gt 0 ]; do
    m_replace "$1" %s "$m_temp"
    shift
    set -- "$@" "$m_result"
    remote_count=$((remote_count - 1))
  done
  m_capture "$@" </dev/null
  [ "$m_rc" != 0 ] || return 0
  rm -f -- "$m_temp"
  m_int exit_status "$m_rc"
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  m_fail_at "$arg_path" 'failed to validate'
}
