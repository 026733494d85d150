# shellcheck shell=sh
# Files: what a path is, its owner and mode, and writing it whole or not at all.

# m_stat PATH: looks at a path, not through a link. Sets m_type (absent, file, directory, link, block, char, fifo, socket) and,
# unless absent, m_bits (a number), m_uid, m_gid, m_size, m_nlink, m_inode, m_device, m_atime, m_mtime, m_ctime, m_owner, m_group.
# Costs no fork for a path that is absent.
m_stat() {
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then
    m_type=absent
    return 0
  fi
  m_stat_read '' "$1"
}

# m_stat_through PATH: the same, through links.
m_stat_through() {
  if [ ! -e "$1" ]; then
    m_type=absent
    return 0
  fi
  m_stat_read L "$1"
}

m_stat_format='%f %u %g %s %h %i %d %X %Y %Z %U/%G'

m_stat_read() {
  if ! m_stat_line=$(stat "-${1}c" "$m_stat_format" -- "$2" 2>&1); then
    m_fail "cannot look at $2: $m_stat_line"
    return 1
  fi
  m_stat_parse
}

# The variables of m_stat from a line of that format.
m_stat_parse() {
  set -f
  # shellcheck disable=SC2086
  set -- $m_stat_line
  set +f
  m_bits=$((0x$1))
  m_uid=$2 m_gid=$3 m_size=$4 m_nlink=$5 m_inode=$6 m_device=$7
  shift 7
  m_atime=$1 m_mtime=$2 m_ctime=$3
  shift 3
  # Names may have blanks in them.
  m_stat_names=$*
  m_owner=${m_stat_names%%/*}
  m_group=${m_stat_names#*/}
  case $((m_bits >> 12)) in
    8) m_type=file ;;
    4) m_type=directory ;;
    10) m_type=link ;;
    6) m_type=block ;;
    2) m_type=char ;;
    1) m_type=fifo ;;
    *) m_type=socket ;;
  esac
  m_bits=$((m_bits & 4095))
  # Names that the host cannot tell: the reference reports the number.
  [ "$m_owner" != UNKNOWN ] || m_owner=$m_uid
  [ "$m_group" != UNKNOWN ] || m_group=$m_gid
}

# m_stat_fields PATH: reports what every module that manages a path reports of it: uid, gid, owner, group, mode, state, size.
m_stat_fields() {
  m_stat "$1"
  m_stat_fields_known "$1"
}

# The same, from what the last m_stat found.
m_stat_fields_known() {
  if [ "$m_type" = absent ]; then
    m_str state absent
    return 0
  fi
  m_int uid "$m_uid"
  m_int gid "$m_gid"
  m_str owner "$m_owner"
  m_str group "$m_group"
  m_octal_text "$m_bits"
  m_str mode "$m_result"
  if [ "$m_type" = file ] && [ "$m_nlink" -gt 1 ]; then m_str state hard; else m_str state "$m_type"; fi
  m_int size "$m_size"
}

# m_attributes PATH: gives a path the arg_owner, arg_group and arg_mode, where they are set. m_stat must have been called for
# it; the variables of m_stat are kept up to date. In check mode nothing is done, but m_changed says what would be. What changes
# is left in m_from_owner, m_to_owner and so on, for --diff. A link is changed itself; it has no mode of its own.
m_attributes() {
  m_from_owner='' m_to_owner='' m_from_group='' m_to_group='' m_from_mode='' m_to_mode=''
  m_bits_before=${m_bits:-} m_ids_before=${m_uid:-}:${m_gid:-}
  [ -z "${arg_owner:-}" ] || m_set_owner "$1"
  [ -z "${arg_group:-}" ] || m_set_group "$1"
  if [ -n "${arg_mode:-}" ] && [ "$m_type" != link ]; then m_set_mode "$1"; fi
  [ "$m_ids_before $m_bits_before" = "${m_uid:-}:${m_gid:-} ${m_bits:-}" ] || [ -z "${m_undo:-}" ] || m_attributes_keep "$1"
}

m_attributes_keep() {
  m_octal_text "$m_bits_before"
  m_ids_before="$m_ids_before $m_result"
  m_octal_text "$m_bits"
  m_keep_attributes "$1" "$m_ids_before" "$m_uid:$m_gid $m_result"
}

# True where what m_stat found is known to have arg_owner, arg_group and arg_mode already.
m_is_settled() {
  case ${arg_owner:-} in '' | "$m_owner" | "$m_uid") ;; *) return 1 ;; esac
  case ${arg_group:-} in '' | "$m_group" | "$m_gid") ;; *) return 1 ;; esac
  [ -n "${arg_mode:-}" ] || return 0
  m_octal_number "${arg_mode#0o}" && [ "$m_result" = "$m_bits" ]
}

m_set_owner() {
  [ "$arg_owner" != "$m_owner" ] && [ "$arg_owner" != "$m_uid" ] || return 0
  m_new_uid=$arg_owner
  if ! m_is_number "$arg_owner"; then
    m_new_uid=$(id -u -- "$arg_owner" 2>/dev/null) || m_fail_at "$1" "chown failed: failed to look up user $arg_owner"
  fi
  [ "$m_new_uid" != "$m_uid" ] || return 0
  m_changed=true
  m_from_owner=$m_uid m_to_owner=$m_new_uid
  if [ "$m_check" = false ]; then
    m_say=$(chown -h -- "$m_new_uid" "$1" 2>&1) || m_fail_at "$1" "chown failed: $m_say"
    # chown may clear the set-user-ID and set-group-ID bits.
    [ $((m_bits & 3072)) = 0 ] || m_stat "$1"
  fi
  m_uid=$m_new_uid m_owner=$arg_owner
  if [ "$m_check" = false ] && m_is_number "$arg_owner"; then m_stat "$1"; fi
}

m_set_group() {
  [ "$arg_group" != "$m_group" ] && [ "$arg_group" != "$m_gid" ] || return 0
  m_new_gid=$arg_group
  if ! m_is_number "$arg_group"; then
    m_group_id "$arg_group" || m_fail_at "$1" "chgrp failed: failed to look up group $arg_group"
    m_new_gid=$m_result
  fi
  [ "$m_new_gid" != "$m_gid" ] || return 0
  m_changed=true
  m_from_group=$m_gid m_to_group=$m_new_gid
  if [ "$m_check" = false ]; then
    m_say=$(chgrp -h -- "$m_new_gid" "$1" 2>&1) || m_fail_at "$1" "chgrp failed: $m_say"
    [ $((m_bits & 3072)) = 0 ] || m_stat "$1"
  fi
  m_gid=$m_new_gid m_group=$arg_group
  if [ "$m_check" = false ] && m_is_number "$arg_group"; then m_stat "$1"; fi
}

# m_group_id NAME: m_result is the number of a group; false if there is none.
m_group_id() {
  if m_has getent; then
    m_entry=$(getent group "$1") || return 1
  else
    m_entry=
    while IFS= read -r m_each; do
      case $m_each in
        "$1":*) m_entry=$m_each ;;
      esac
    done </etc/group
  fi
  [ -n "$m_entry" ] || return 1
  m_result=${m_entry#*:*:}
  m_result=${m_result%%:*}
}

m_set_mode() {
  m_mode_path=$1
  if [ "$m_type" = directory ]; then m_mode "$arg_mode" "$m_bits" true; else m_mode "$arg_mode" "$m_bits" false; fi
  [ "$m_result" != "$m_bits" ] || return 0
  m_new_bits=$m_result
  m_changed=true
  m_octal_text "$m_bits"
  m_from_mode=$m_result
  m_octal_text "$m_new_bits"
  m_to_mode=$m_result
  if [ "$m_check" = false ]; then
    m_say=$(chmod -- "0$m_to_mode" "$1" 2>&1) || m_fail_at "$1" "chmod failed: $m_say"
  fi
  m_bits=$m_new_bits
}

# m_fail_at PATH TEXT: fails, and says for which path, and what is there, if anything is.
m_fail_at() {
  m_str path "$1"
  if [ -e "$1" ]; then m_stat_fields "$1"; fi
  m_fail "$2"
}

# m_why_missing PATH: m_result says, as the system does, why nothing is found there.
m_why_missing() {
  m_parent "$1"
  while [ ! -e "$m_result" ] && [ ! -L "$m_result" ] && [ "$m_result" != . ]; do m_parent "$m_result"; done
  if [ -e "$m_result" ] && [ ! -d "$m_result" ]; then
    m_result='Not a directory'
  elif [ -d "$m_result" ] && [ ! -x "$m_result" ]; then
    m_result='Permission denied'
  else
    m_result='No such file or directory'
  fi
}

# m_parent PATH: m_result is the directory that holds it.
m_parent() {
  m_result=$1
  while :; do
    case $m_result in
      ?*/) m_result=${m_result%/} ;;
      *) break ;;
    esac
  done
  case $m_result in
    */*) m_result=${m_result%/*} ;;
    *) m_result=. ;;
  esac
  [ -n "$m_result" ] || m_result=/
}

# m_base PATH: m_result is the last part of it.
m_base() {
  m_result=${1%"${1##*[!/]}"}
  m_result=${m_result##*/}
}

# m_temporary PATH: creates an empty private file beside a path, for m_move_into_place; m_temp is its name.
m_temporary() {
  m_temporary_name "$1"
  m_say=$(umask 077 && set -C && : 2>&1 >"$m_temp") || m_fail_at "$1" "cannot write beside $1: ${m_say##*: }"
}

# m_temporary_name PATH: m_temp is a name beside a path that nobody can foresee; create it with set -C, which follows no link.
m_temporary_name() {
  m_base "$1"
  m_temp_name=$m_result
  m_parent "$1"
  m_temp=${m_result%/}/.$m_temp_name.martlet.${m_mark#?????????????????}
  trap 'rm -f -- "$m_temp"; exit 143' TERM
}

# m_sync PATH: its content is on the disk, not only in memory, where the host has a sync that takes files; false, with the reason in
# m_say, if the disk refuses.
m_sync() { m_say=$(sync -- "$1" 2>&1) || [ "$?" = 127 ]; }

# m_move_into_place PATH: renames m_temp to a path; before that the temporary file gets the mode and owner of what it
# replaces, or those of a new file.
m_move_into_place() {
  m_sync "$m_temp" || m_drop_temporary "$1" "$m_say"
  m_stat_through "$1"
  if [ "$m_type" = absent ]; then
    m_octal_number "$(umask)"
    m_octal_text $((438 & ~m_result))
    m_say=$(chmod -- "$m_result" "$m_temp" 2>&1) || m_drop_temporary "$1" "$m_say"
  else
    if { [ ! -O "$1" ] || [ ! -G "$1" ]; } && ! m_give_away "$1" "$m_uid:$m_gid"; then m_bits=$((m_bits & 511)); fi
    m_octal_text "$m_bits"
    m_say=$(chmod -- "$m_result" "$m_temp" 2>&1) || m_drop_temporary "$1" "$m_say"
    m_keep_access "$1"
  fi
  m_keep "$1"
  m_say=$(mv -f -- "$m_temp" "$1" 2>&1) || m_drop_temporary "$1" "$m_say"
  m_kept "$1"
}

# m_give_away PATH OWNER:GROUP: m_temp gets the owner of the path that it is to replace. False where only root could give it
# that owner: it stays its writer's then, without set-user-ID bits.
m_give_away() {
  m_say=$(chown -- "$2" "$m_temp" 2>&1) && return 0
  [ "$(id -u)" != 0 ] || m_drop_temporary "$1" "$m_say"
  return 1
}

# m_keep_access PATH: m_temp gets the access list of what it replaces, where that has one and the host can tell.
m_keep_access() {
  m_has getfacl || return 0
  m_access=$(getfacl -cps -- "$1" 2>/dev/null)
  [ -n "$m_access" ] || return 0
  m_say=$(m_put "$m_access$m_nl" | setfacl --set-file=- -- "$m_temp" 2>&1) || m_drop_temporary "$1" "$m_say"
}

m_drop_temporary() {
  rm -f -- "$m_temp"
  m_fail_at "$1" "cannot replace $1: $2"
}

# m_backup PATH: keeps a copy as Ansible names it, PATH.PID.YYYY-MM-DD@HH:MM:SS~; m_backup_file is its name.
m_backup() {
  m_backup_file=$1.$$.$(date +%Y-%m-%d@%H:%M:%S~)
  m_say=$(cp -p -- "$1" "$m_backup_file" 2>&1) || m_fail_at "$1" "cannot make a backup of $1: $m_say"
}

# m_checksum PATH [sha1|md5|sha224|sha256|sha384|sha512]: m_result is the checksum; false if it cannot be had.
m_checksum() {
  m_sum=${2:-sha1}sum
  if m_has "$m_sum"; then
    m_result=$("$m_sum" <"$1" 2>/dev/null) || return 1
  elif m_has busybox; then
    m_result=$(busybox "$m_sum" <"$1" 2>/dev/null) || return 1
  else
    return 1
  fi
  m_result=${m_result%% *}
}

# m_read_text PATH: m_result is a file's text with all its line breaks; empty where there is no file.
m_read_text() {
  m_result=
  [ -e "$1" ] || return 0
  m_result=$(cat <"$1" && m_put x) || m_fail_at "$1" "cannot read $1"
  m_result=${m_result%x}
}

# m_write_text PATH TEXT [MODE]: makes a file hold a text, whole or not at all, and reports the difference. Nothing is done in check
# mode; m_changed says that something is to be done. MODE is for a new file.
m_write_text() {
  m_changed=true
  if [ "$m_diff" = true ]; then
    m_write_new=$2
    m_read_text "$1"
    m_diff_text "$1" "$1" "$m_result" "$m_write_new"
  fi
  [ "$m_check" = false ] || return 0
  m_write_mode=
  [ -e "$1" ] || m_write_mode=${3:-}
  m_temporary "$1"
  m_say=$(m_put "$2" 2>&1 >"$m_temp") || m_drop_temporary "$1" "$m_say"
  m_move_into_place "$1"
  [ -z "$m_write_mode" ] || m_say=$(chmod -- "$m_write_mode" "$1" 2>&1) || m_fail_at "$1" "chmod failed: $m_say"
}
