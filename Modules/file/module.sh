# shellcheck shell=sh
# Input: path, state, src, recurse, force, follow, access_time, modification_time, owner, group, mode.
# Results: path or dest, src, state, owner, group, mode, uid, gid, size.

file_main() {
  m_hold
  file_path=$arg_path
  case $arg_path in
    '') m_fail 'path must not be empty' ;;
  esac
  m_stat "$file_path"
  file_is_itself=false
  if [ -n "${arg__diff_peek:-}" ]; then
    file_peek
    return 0
  fi
  file_state=${arg_state:-}
  if [ -z "$file_state" ]; then file_default_state; fi
  # A link is looked through, unless the link itself is meant.
  if [ "$arg_follow" = true ] && [ "$m_type" = link ]; then
    case $file_state in
      link | absent) ;;
      *)
        file_path=$(readlink -f -- "$file_path") || file_path=$arg_path
        m_stat "$file_path"
        ;;
    esac
  fi
  if [ "$m_check" = true ]; then file_lookups; fi
  file_before=$m_type
  [ "$m_type" != file ] || [ "$m_nlink" -le 1 ] || file_before=hard
  case $file_state in
    absent) file_absent ;;
    directory) file_directory ;;
    touch) file_touch ;;
    link) file_link ;;
    hard) file_hard ;;
    *) file_file ;;
  esac
}

# What is as it shall be already is told with one look. The rest, and what check mode and diffs tell besides, is for the module.
file_quick() {
  [ "$m_check$m_diff$arg_recurse" = falsefalsefalse ] || return 1
  [ -z "${arg_src:-}${arg_access_time:-}${arg_modification_time:-}${arg__diff_peek:-}" ] || return 1
  [ ! -L "$arg_path" ] || return 1
  file_path=$arg_path
  case ${arg_state:-} in
    directory) [ -d "$file_path" ] || return 1 ;;
    file) [ -f "$file_path" ] || return 1 ;;
    absent)
      [ ! -e "$file_path" ] && [ -n "$file_path" ] || return 1
      m_str path "$file_path"
      m_str state absent
      m_done
      return 0
      ;;
    *) return 1 ;;
  esac
  m_stat "$file_path" && [ "$m_type" != absent ] && m_is_settled || return 1
  m_str path "$file_path"
  file_fields
  m_done
}

# Check mode says which owner or group is not there yet: steps before this one may make them.
file_lookups() {
  if [ -n "${arg_owner:-}" ] && [ "$arg_owner" != "${m_owner:-}" ]; then file_look_up passwd user uid "$arg_owner"; fi
  if [ -n "${arg_group:-}" ] && [ "$arg_group" != "${m_group:-}" ]; then file_look_up group group gid "$arg_group"; fi
}

# file_look_up DATABASE WORD NUMBER_WORD NAME
file_look_up() {
  file_name=$4
  if m_has getent; then
    getent "$1" "$4" >/dev/null && return 0
  else
    while IFS=: read -r file_one m_each file_number m_each; do
      case $file_name in
        "$file_one" | "$file_number") return 0 ;;
      esac
    done <"/etc/$1"
  fi
  if m_is_number "$4"; then file_name="with $3 $4"; fi
  m_warn "failed to look up $2 $file_name. Create $2 up to this point in real play"
}

# Text holds no NUL.
file_peek() {
  file_binary=false
  if [ -f "$file_path" ] && [ "$(head -c 8192 <"$file_path" | tr -d '\000' | wc -c)" != "$(head -c 8192 <"$file_path" | wc -c)" ]; then
    file_binary=true
  fi
  m_str path "$file_path"
  m_bool appears_binary "$file_binary"
  m_stat_fields_known "$file_path"
}

file_default_state() {
  file_state=file
  if [ "$arg_recurse" = true ]; then
    file_state=directory
  elif [ -n "${arg_src:-}" ]; then
    m_fail "src option requires state to be 'link' or 'hard'"
  elif [ "$m_type" != absent ]; then
    file_state=$m_type
    # What has other names, or is a link, is reported as what a link is made to.
    if [ "$m_type" = link ]; then file_is_itself=true; elif [ "$m_type" = file ] && [ "$m_nlink" -gt 1 ]; then file_is_itself=true; fi
    if [ "$m_type" = link ] && [ "$arg_follow" = true ]; then file_state=file; fi
  fi
  if [ "$file_state" = directory ] && [ "$m_type" = link ]; then file_state=file; fi
}

file_absent() {
  [ "$m_type" = absent ] || file_diff "$file_before" absent
  if [ "$m_type" != absent ]; then
    m_changed=true
    if [ "$m_check" = false ]; then
      m_keep "$file_path"
      m_say=$(rm -rf -- "$file_path" 2>&1) || m_fail_at "$file_path" "rmtree failed: $m_say"
      m_kept "$file_path"
    fi
  fi
  m_str path "$file_path"
  if [ "$m_check" = true ] && [ -e "$file_path" ]; then m_stat_fields_known; else m_str state absent; fi
}

file_file() {
  case $m_type in
    absent)
      m_str state absent
      m_fail_at "$file_path" "file ($file_path) is absent, cannot continue"
      ;;
    directory)
      if [ "${arg_state:-}" = file ]; then
        m_stat_fields_known
        m_fail_at "$file_path" "file ($file_path) is directory, cannot continue"
      fi
      ;;
    link)
      if [ "${arg_state:-}" = file ]; then
        m_stat_fields_known
        m_fail_at "$file_path" "file ($file_path) is link, cannot continue"
      fi
      ;;
  esac
  m_attributes "$file_path"
  file_times "$file_path"
  file_diff "$file_before" "$file_before"
  if [ "$file_is_itself" = true ]; then file_itself; else m_str path "$file_path"; fi
  file_fields
}

# A link is reported itself, with what it leads to.
file_itself() {
  m_str dest "$arg_path"
  if [ -L "$arg_path" ] && [ "$arg_follow" = true ]; then
    m_stream src readlink -n -- "$arg_path"
    m_stat "$arg_path"
  else
    m_null src
  fi
}

file_directory() {
  [ -n "${arg_state:-}" ] || [ "$m_type" = directory ] || [ "$m_type" = absent ] || m_fail_at "$file_path" "recurse option requires state to be 'directory'"
  case $m_type in
    directory) m_attributes "$file_path" ;;
    absent)
      # shellcheck disable=SC2119
      file_make_directories
      file_before=absent
      ;;
    *)
      m_stat_fields_known
      m_fail_at "$file_path" "$file_path already exists as a $file_before"
      ;;
  esac
  file_times "$file_path"
  file_diff "$file_before" directory
  if [ "$arg_recurse" = true ] && [ -d "$file_path" ]; then file_recurse; fi
  m_str path "$file_path"
  file_fields
}

# Makes each directory that is missing on the way, all with the owner and mode that are asked for.
# shellcheck disable=SC2120
file_make_directories() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  file_missing=
  file_at=$file_path
  while [ ! -d "$file_at" ]; do
    if [ -e "$file_at" ] || [ -L "$file_at" ]; then
      m_changed=false
      m_fail_at "$file_path" "There was an issue creating $file_path as requested: $file_at is not a directory"
    fi
    m_quote "$file_at"
    file_missing="$m_result $file_missing"
    m_parent "$file_at"
    file_at=$m_result
  done
  # Made with its mode where that is written in digits: no moment with another, and no chmod after it.
  file_bits=
  if [ -n "${arg_mode:-}" ] && m_octal_number "${arg_mode#0o}"; then
    m_octal_text "$m_result"
    file_bits="-m $m_result"
  fi
  eval "set -- $file_missing"
  for file_at in "$@"; do
    m_keep "$file_at"
    # shellcheck disable=SC2086
    m_say=$(mkdir $file_bits -- "$file_at" 2>&1) ||
      m_fail_at "$file_path" "There was an issue creating $file_path as requested: $m_say"
    m_kept "$file_at" directory
    m_stat "$file_at"
    m_attributes "$file_at"
    if [ "$m_diff" = true ] && [ -n "$file_bits" ]; then file_told_mode; fi
  done
}

# The diff tells a mode that mkdir gave as if it had come after.
file_told_mode() {
  m_octal_number "$(umask)"
  [ "$m_bits" != $((511 & ~m_result)) ] || return 0
  m_octal_text "$m_bits"
  m_to_mode=$m_result
  m_octal_number "$(umask)"
  m_octal_text $((511 & ~m_result))
  m_from_mode=$m_result
}

# Owner, group and mode of all below. One find picks what may differ; only that is looked at.
file_recurse() {
  [ -n "${arg_owner:-}${arg_group:-}${arg_mode:-}" ] || return 0
  set -- -type l
  [ -z "${arg_owner:-}" ] || set -- "$@" -o ! -user "$arg_owner"
  [ -z "${arg_group:-}" ] || set -- "$@" -o ! -group "$arg_group"
  if [ -n "${arg_mode:-}" ]; then
    if m_octal_number "${arg_mode#0o}"; then set -- "$@" -o ! -perm "$arg_mode"; else set -- "$@" -o ! -type l; fi
  fi
  # They may be many: that they were changed is kept, not what they were.
  file_undo=${m_undo:-} m_undo=
  file_was_changed=$m_changed m_changed=false
  file_queue=${file_path%/}$m_mark file_visited=$m_mark
  while [ -n "$file_queue" ]; do
    file_top=${file_queue%%"$m_mark"*}
    file_queue=${file_queue#*"$m_mark"}
    # Links may lead in circles.
    case $file_visited in
      *"$m_mark$file_top$m_mark"*) continue ;;
    esac
    file_visited=$file_visited$file_top$m_mark
    file_list=$(find "$file_top/" -mindepth 1 \( "$@" \) -exec printf "%s$m_mark" {} +)
    while [ -n "$file_list" ]; do
      file_at=${file_list%%"$m_mark"*}
      file_list=${file_list#*"$m_mark"}
      file_recurse_one
    done
  done
  m_undo=$file_undo
  [ "$m_changed" = false ] || m_keep_nothing "$file_path" 'owners and modes of what is in it were changed'
  [ "$file_was_changed" = false ] || m_changed=true
  m_stat "$file_path"
}

# A link gets the owner itself, and what it leads to is treated like the rest if links are followed, with all that is in it.
file_recurse_one() {
  m_stat "$file_at"
  m_attributes "$file_at"
  [ "$m_type" = link ] && [ "$arg_follow" = true ] && [ -e "$file_at" ] || return 0
  file_at=$(readlink -f -- "$file_at")
  if [ -d "$file_at" ]; then file_queue=$file_queue$file_at$m_mark; fi
  m_stat "$file_at"
  m_attributes "$file_at"
}

file_touch() {
  case $m_type in
    absent)
      m_changed=true
      file_before=absent
      if [ "$m_check" = true ]; then
        file_diff absent touch
        m_str dest "$file_path"
        m_done
      fi
      m_keep "$file_path"
      # Not `:`, whose failure lets BusyBox's ash go on reading the shell's own input.
      if ! m_say=$(true 2>&1 >>"$file_path"); then
        m_changed=false
        m_why_missing "$file_path"
        m_fail_at "$file_path" "Error, could not touch target: $m_result"
      fi
      m_kept "$file_path"
      # A new file that can't get what is asked for goes again.
      trap 'rm -f -- "$file_path"' EXIT
      m_stat "$file_path"
      ;;
    *)
      if [ "${arg_modification_time:-}" != preserve ] || [ "${arg_access_time:-}" != preserve ]; then file_now=true; fi
      ;;
  esac
  m_attributes "$file_path"
  file_times "$file_path"
  trap - EXIT
  file_diff "$file_before" touch
  m_str dest "$file_path"
  file_fields
}

# Sets the times asked for; touch means now for a time that is not given.
file_times() {
  file_access=${arg_access_time:-${file_now:+now}} file_modified=${arg_modification_time:-${file_now:+now}}
  # Both at once is allowed to whoever may write the file, each alone to its owner only.
  file_flag=
  if [ "$file_access:$file_modified" != now:now ]; then file_flag=-a; fi
  file_set_time "$1" "$file_access" "${arg_access_time_format:-}" "$m_atime" "$file_flag"
  file_from_atime=${file_time:+$m_atime} file_to_atime=$file_time
  if [ -z "$file_flag" ]; then
    file_from_mtime=$m_mtime file_to_mtime=$file_time
    return 0
  fi
  file_set_time "$1" "$file_modified" "${arg_modification_time_format:-}" "$m_mtime" -m
  file_from_mtime=${file_time:+$m_mtime} file_to_mtime=$file_time
}

# file_set_time PATH WHEN FORMAT CURRENT FLAG; file_time is then what an unequal time becomes.
file_set_time() {
  file_time=
  case $2 in
    preserve | '') return 0 ;;
    now)
      m_changed=true
      file_time=$(date +%s)
      [ "$m_check" = true ] || m_say=$(touch -c ${5:+"$5"} -- "$1" 2>&1) || m_fail_at "$1" "Error while setting time: $m_say"
      return 0
      ;;
  esac
  [ "$3" = '%Y%m%d%H%M.%S' ] || m_fail_at "$1" "the time format '$3' is not supported: write times as %Y%m%d%H%M.%S"
  # Seconds may have one digit.
  case $2 in
    *.?) set -- "$1" "${2%?}0${2##*.}" "$3" "$4" "$5" ;;
  esac
  m_wanted=$(file_epoch "$2") ||
    m_fail_at "$1" "Error while obtaining timestamp for time $2 using format $3: time data '$2' does not match format '$3'"
  [ "$m_wanted" != "$4" ] || return 0
  m_changed=true
  file_time=$m_wanted
  [ "$m_check" = true ] || m_say=$(touch -c "$5" -t "$2" -- "$1" 2>&1) || m_fail_at "$1" "Error while setting time: $m_say"
}

# Prints the seconds since 1970 of YYYYMMDDhhmm.ss.
file_epoch() {
  case $1 in
    ????????????.??) ;;
    *) return 1 ;;
  esac
  file_rest=$1
  file_word=
  for m_each in 4 2 2 2 2; do
    case $m_each in
      4) file_part=${file_rest%"${file_rest#????}"} ;;
      *) file_part=${file_rest%"${file_rest#??}"} ;;
    esac
    file_rest=${file_rest#"$file_part"}
    file_word="$file_word $file_part"
  done
  # shellcheck disable=SC2086
  set -- $file_word
  date -d "$1-$2-$3 $4:$5:${file_rest#.}" +%s 2>/dev/null
}

file_link() {
  if [ -z "${arg_src:-}" ]; then
    if [ "$m_type" != link ] && [ "$m_type" != absent ] || [ "$m_type" = absent ]; then
      m_fail 'src is required for creating new symlinks'
    fi
    arg_src=$(readlink -n -- "$file_path")
  fi
  # A link into a directory that is there takes src's name.
  if [ "$m_type" = directory ] && [ "$arg_force" = false ] && [ "${arg_path%/}" != "$arg_path" ]; then
    m_base "$arg_src"
    file_path=${file_path%/}/$m_result
    m_stat "$file_path"
    file_before=$m_type
  fi
  file_path=${file_path%"${file_path##*[!/]}"}
  case $arg_src in
    /*) file_target=$arg_src ;;
    *)
      m_parent "$file_path"
      file_target=${m_result%/}/$arg_src
      ;;
  esac
  if [ ! -e "$file_target" ] && [ "$arg_force" = false ]; then
    m_str src "$arg_src"
    m_fail_at "$file_path" "src file does not exist, use 'force=yes' if you really want to create the link: $file_target"
  fi
  file_old=
  case $m_type in
    link) file_old=$(readlink -n -- "$file_path") ;;
    absent) ;;
    directory)
      [ "$arg_force" = true ] || m_fail_at "$file_path" "refusing to convert from $file_before to symlink for $file_path"
      # Only an empty directory gives way.
      for m_each in "$file_path"/* "$file_path"/.[!.]*; do
        if [ -e "$m_each" ] || [ -L "$m_each" ]; then
          m_fail_at "$file_path" "the directory $file_path is not empty, refusing to convert it"
        fi
      done
      ;;
    *)
      [ "$arg_force" = true ] || {
        m_str dest "$file_path"
        m_str src "$arg_src"
        m_fail "refusing to convert from $file_before to symlink for $file_path"
      }
      ;;
  esac
  if [ "$m_type" != link ] || [ "$file_old" != "$arg_src" ]; then
    m_changed=true
    file_place ln -s
  fi
  file_link_attributes
}

# Makes the new link beside the old thing and renames it, so that there is no moment without.
file_place() {
  [ "$m_check" = false ] || return 0
  m_parent "$file_path"
  m_temp=${m_result%/}/.martlet.$$.link
  rm -f -- "$m_temp"
  m_say=$("$@" -- "$arg_src" "$m_temp" 2>&1) || m_fail_at "$file_path" "Error while linking: $m_say"
  m_keep "$file_path"
  if [ "$m_type" = directory ]; then
    m_say=$(rmdir -- "$file_path" 2>&1) || m_drop_temporary "$file_path" "$m_say"
  fi
  m_say=$(mv -f -T -- "$m_temp" "$file_path" 2>&1) || m_drop_temporary "$file_path" "$m_say"
  m_kept "$file_path"
}

# Owner and mode go to what the link leads to, if it is followed; the link itself gets the owner otherwise.
file_link_attributes() {
  if [ "$m_check" = false ] || [ "$m_type" = link ]; then
    if [ ! -e "$file_path" ] && [ -L "$file_path" ] && [ "$arg_follow" = true ]; then
      m_warn 'Cannot set fs attributes on a non-existent symlink target. follow should be set to False to avoid this.'
    fi
    if [ -e "$file_path" ] && [ "$arg_follow" = true ] && [ -n "${arg_owner:-}${arg_group:-}${arg_mode:-}" ]; then
      m_stat_through "$file_path"
      m_attributes "$(readlink -f -- "$file_path")"
    elif [ "$arg_follow" = false ]; then
      m_stat "$file_path"
      m_attributes "$file_path"
    fi
  fi
  file_diff "$file_before" link
  m_str dest "$file_path"
  m_str src "$arg_src"
  [ "$m_check" = true ] && [ ! -L "$file_path" ] && m_done
  if [ -e "$file_path" ]; then m_stat_fields "$file_path"; fi
}

file_hard() {
  file_path=${file_path%"${file_path##*[!/]}"}
  if [ -z "${arg_src:-}" ]; then
    [ "$file_before" = hard ] || m_fail 'src is required for creating new hardlinks'
    arg_src=$file_path
  fi
  file_dest_id=none
  [ "$m_type" = absent ] || file_dest_id=$m_device:$m_inode
  file_type=$m_type
  m_stat "$arg_src"
  if [ "$m_type" = absent ]; then
    m_str dest "$file_path"
    m_str src "$arg_src"
    m_fail 'src does not exist'
  fi
  if [ "$m_device:$m_inode" != "$file_dest_id" ]; then
    case $file_type in
      absent) ;;
      *)
        [ "$arg_force" = true ] || {
          m_str dest "$file_path"
          m_str src "$arg_src"
          m_fail "Cannot link, different hard link exists at destination"
        }
        ;;
    esac
    m_changed=true
    m_type=$file_type
    file_place ln
  fi
  m_str dest "$file_path"
  m_str src "$arg_src"
  if [ ! -e "$file_path" ]; then
    file_diff "$file_before" hard
    m_done
  fi
  m_stat "$file_path"
  m_attributes "$file_path"
  file_diff "$file_before" hard
  file_fields
}

# What every state reports in the end; nothing for what check mode did not make.
file_fields() {
  if [ "$m_type" = absent ]; then return 0; fi
  m_stat_fields_known
}

# file_diff BEFORE AFTER: the path, the state where it changes, and whatever attributes and times do.
file_diff() {
  [ "$m_diff" = true ] || return 0
  file_from=$1 file_to=$2
  [ "$1" != "$2" ] || file_from='' file_to=''
  m_dict diff
  m_dict before
  file_diff_side "${m_from_owner:-}" "${m_from_group:-}" "${m_from_mode:-}" "$file_from"
  [ -z "${file_from_atime:-}" ] || m_int atime "$file_from_atime"
  [ -z "${file_from_mtime:-}" ] || m_int mtime "$file_from_mtime"
  file_is_other=false
  if [ -n "${file_old:-}" ] && [ "$file_old" != "${arg_src:-}" ]; then file_is_other=true; fi
  [ "$file_is_other" = false ] || m_str src "$file_old"
  if [ "$1:$2" = directory:absent ]; then file_diff_content; fi
  m_close
  m_dict after
  file_diff_side "${m_to_owner:-}" "${m_to_group:-}" "${m_to_mode:-}" "$file_to"
  [ -z "${file_to_atime:-}" ] || m_int atime "$file_to_atime"
  [ -z "${file_to_mtime:-}" ] || m_int mtime "$file_to_mtime"
  [ "$file_is_other" = false ] || m_str src "$arg_src"
  m_close
  m_close
}

file_diff_side() {
  m_str path "$file_path"
  [ -z "$1" ] || m_int owner "$1"
  [ -z "$2" ] || m_int group "$2"
  [ -z "$3" ] || m_str mode "$3"
  [ -z "$4" ] || m_str state "$4"
}

# What goes with a directory.
file_diff_content() {
  m_dict path_content
  for file_kind in directories files; do
    m_list "$file_kind"
    if [ "$file_kind" = directories ]; then file_test=; else file_test=!; fi
    file_list=$(find "${file_path%/}/" -mindepth 1 $file_test -type d -exec printf "%s$m_mark" {} +)
    while [ -n "$file_list" ]; do
      m_str '' "${file_list%%"$m_mark"*}"
      file_list=${file_list#*"$m_mark"}
    done
    m_close
  done
  m_close
}