# shellcheck shell=sh
# Input: see module.yml. Results: name, src, fstype, opts, dump, passno, fstab, backup_file.

mount_main() {
  mount_fstab=${arg_fstab:-/etc/fstab}
  mount_path=$arg_path
  case $mount_path in
    ?*/) mount_path=${mount_path%/} ;;
  esac
  mount_options=${arg_opts:-defaults}
  [ "$arg_boot" = true ] || mount_options=$mount_options,noauto
  case $arg_state in
    mounted)
      mount_set_line
      mount_directory
      mount_is
      if [ "$mount_found" = false ]; then
        mount_do mount "$mount_path"
      elif [ "$mount_line_changed" = true ]; then
        mount_remount
      fi
      ;;
    present) mount_set_line ;;
    unmounted)
      mount_is
      [ "$mount_found" = false ] || m_must umount "$mount_path"
      ;;
    absent_from_fstab) mount_unset_line ;;
    absent)
      mount_unset_line
      mount_is
      [ "$mount_found" = false ] || m_must umount "$mount_path"
      if [ -d "$mount_path" ]; then
        m_changed=true
        [ "$m_check" = true ] || m_say=$(rmdir -- "$mount_path" 2>&1) || m_fail "Error rmdir $mount_path: $m_say"
      fi
      ;;
    remounted)
      mount_is
      m_changed=true
      [ "$mount_found" = true ] || m_fail "cannot remount $mount_path: it is not mounted"
      mount_remount
      ;;
    ephemeral)
      mount_is
      if [ "$mount_found" = true ]; then
        [ "$mount_source" = "$arg_src" ] || mount_same_device ||
          m_fail 'Ephemeral mount point is already mounted with a different source than the specified one. Failing in order to prevent an unwanted unmount or override operation.'
        [ -z "${arg_opts:-}" ] || mount_do mount -o "remount,$mount_options" "$mount_path"
      else
        mount_directory
        mount_do mount -t "$arg_fstype" -o "$mount_options" "$arg_src" "$mount_path"
      fi
      ;;
  esac
  m_str name "$arg_path"
  m_str fstab "$mount_fstab"
  [ -z "${arg_src:-}" ] || m_str src "$arg_src"
  [ -z "${arg_fstype:-}" ] || m_str fstype "$arg_fstype"
  [ "$arg_opts_no_log" = true ] || m_str opts "$mount_options"
  m_str dump "$arg_dump"
  m_str passno "$arg_passno"
  if [ "${arg_boot:-true}" = true ]; then m_str boot yes; else m_str boot no; fi
  [ -n "${mount_backup:-}" ] || m_str backup_file ''
}

mount_do() {
  m_must "$@"
}

mount_remount() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture mount -o remount "$mount_path"
  [ "$m_rc" != 0 ] || return 0
  # Not every file system can be remounted.
  m_must umount "$mount_path"
  m_must mount "$mount_path"
}

mount_directory() {
  [ ! -d "$mount_path" ] || return 0
  m_changed=true
  [ "$m_check" = true ] || m_say=$(mkdir -p -- "$mount_path" 2>&1) || m_fail "Error making dir $mount_path: $m_say"
}

# m_result is a text with blanks as fstab and /proc/mounts write them.
mount_escape() {
  m_replace "$1" "\\" '\134'
  m_replace "$m_result" ' ' '\040'
  m_replace "$m_result" '	' '\011'
}

# Sets mount_found and mount_source from the kernel's table.
mount_is() {
  mount_found='false' mount_source=
  mount_escape "$mount_path"
  mount_seen=$m_result
  if [ "${mount_seen#/}" != "$mount_seen" ] && [ -L "$mount_path" ]; then mount_seen=$(readlink -f -- "$mount_path"); fi
  while read -r mount_device m_each mount_rest; do
    if [ "$m_each" = "$mount_seen" ]; then mount_found=true mount_source=$mount_device; fi
  done </proc/mounts
}

mount_same_device() {
  # shellcheck disable=SC3013
  [ -e "$arg_src" ] && [ "$arg_src" -ef "$mount_source" ]
}

# Sets mount_old and, field by field, looks for the line with the path; calls mount_take for it.
mount_read() {
  m_read_text "$mount_fstab"
  mount_old=$m_result
  mount_left=$m_result
  case $mount_left in
    '' | *"$m_nl") ;;
    *) mount_left=$mount_left$m_nl ;;
  esac
  mount_escape "$mount_path"
  mount_name=$m_result
}

mount_set_line() {
  mount_read
  mount_escape "$arg_src"
  mount_wanted_src=$m_result
  mount_escape "$mount_options"
  mount_wanted="$mount_wanted_src $mount_name $arg_fstype $m_result $arg_dump $arg_passno"
  mount_new='' mount_there=false mount_line_changed=false
  while [ -n "$mount_left" ]; do
    mount_line=${mount_left%%"$m_nl"*}
    mount_left=${mount_left#*"$m_nl"}
    # shellcheck disable=SC2086
    mount_fields $mount_line
    if [ "$mount_is_it" = true ]; then
      [ "$mount_there" = false ] || continue
      mount_there=true
      [ "$mount_normal" = "$mount_wanted" ] || mount_line=$mount_wanted
    fi
    mount_new=$mount_new$mount_line$m_nl
  done
  [ "$mount_there" = true ] || mount_new=$mount_new$mount_wanted$m_nl
  mount_write
}

mount_unset_line() {
  mount_read
  mount_new='' mount_line_changed=false
  while [ -n "$mount_left" ]; do
    mount_line=${mount_left%%"$m_nl"*}
    mount_left=${mount_left#*"$m_nl"}
    # shellcheck disable=SC2086
    mount_fields $mount_line
    [ "$mount_is_it" = true ] || mount_new=$mount_new$mount_line$m_nl
  done
  mount_write
}

# mount_fields FIELD...: is it the line of this mount? Swap has no path: its device tells.
mount_fields() {
  mount_is_it=false
  case ${1:-#} in
    '#'*) return 0 ;;
  esac
  [ $# -ge 4 ] || return 0
  mount_normal="$1 $2 $3 $4 ${5:-0} ${6:-0}"
  if [ "$2" = "$mount_name" ]; then
    mount_is_it=true
    case $2 in
      none | swap) [ "$1" = "${arg_src:-$1}" ] || mount_is_it=false ;;
    esac
  fi
}

mount_write() {
  [ "$mount_new" != "$mount_old" ] || return 0
  mount_line_changed=true
  if [ "$arg_backup" = true ] && [ "$m_check" = false ] && [ -e "$mount_fstab" ]; then
    m_backup "$mount_fstab"
    mount_backup=$m_backup_file
    m_str backup_file "$m_backup_file"
  fi
  [ "$arg_opts_no_log" = false ] || m_diff=false
  m_write_text "$mount_fstab" "$mount_new" 0644
}
