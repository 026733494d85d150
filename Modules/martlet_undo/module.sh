# shellcheck shell=sh
# Input: run, step. Results: restored, removed, left, earlier.

martlet_undo_main() {
  case $arg_run in
    '' | *[!0-9A-Za-z-]*) m_fail "'$arg_run' is no run's name" ;;
  esac
  m_keep_folder
  undo_run=$m_result/$arg_run
  undo_restored='' undo_removed='' undo_left='' undo_earlier=0
  undo_names=
  for undo_name in "$undo_run"/*.entry; do
    [ ! -e "$undo_name" ] || undo_names="$undo_name$m_nl$undo_names"
  done
  undo_ifs=$IFS
  IFS=$m_nl
  # Names of our own making: digits in the folder of the run.
  # shellcheck disable=SC2086
  set -- $undo_names
  IFS=$undo_ifs
  for undo_name in "$@"; do
    undo_base=${undo_name%.entry}
    [ -s "$undo_name" ] || continue
    if [ -e "$undo_base.undone" ]; then
      undo_earlier=$((undo_earlier + 1))
      continue
    fi
    undo_path='' undo_step='' undo_was='' undo_note='' undo_lost='' undo_after=absent
    # Written by this user, in a folder that no one else can write to.
    # shellcheck disable=SC1090
    . "$undo_name"
    [ -z "${arg_step:-}" ] || [ "$arg_step" = "$undo_step" ] || continue
    undo_one
  done
  eval "m_strings restored $undo_restored"
  eval "m_strings removed $undo_removed"
  eval "m_strings left $undo_left"
  m_int earlier "$undo_earlier"
  [ -z "$undo_left" ] || m_fail 'some files were left as they are; see left'
}

# Takes one change back. What is left can still be taken back later, once what lies over it is gone.
undo_one() {
  m_quote "$undo_path"
  undo_quoted=$m_result
  undo_is_left=false
  case $undo_was in
    lost) undo_leave "${undo_note:-$undo_lost}" ;;
    attributes) undo_attributes ;;
    crontab) undo_crontab ;;
    absent) if undo_is_as_left; then undo_remove; fi ;;
    *) if undo_is_as_left; then undo_restore; fi ;;
  esac
  [ "$m_check$undo_is_left" != falsefalse ] || : >"$undo_base.undone"
}

# Someone else's later change is not ours to take back. In check mode, later changes of the same run still lie over it.
undo_is_as_left() {
  case "$undo_restored $undo_removed " in
    *" $undo_quoted "*) return 0 ;;
  esac
  m_keep_look "$undo_path"
  [ "$m_result" != "$undo_after" ] || return 0
  undo_leave 'it was changed after the run'
  return 1
}

undo_leave() {
  undo_is_left=true
  m_quote "$undo_path: $1"
  undo_left="$undo_left $m_result"
}

# Names each path once, however often the run had changed it.
undo_tell_restored() {
  m_changed=true
  case "$undo_restored " in
    *" $undo_quoted "*) ;;
    *) undo_restored="$undo_restored $undo_quoted" ;;
  esac
}

undo_remove() {
  if [ "$m_check" = false ]; then
    if [ -d "$undo_path" ] && [ ! -L "$undo_path" ]; then
      m_say=$(rmdir -- "$undo_path" 2>&1) || {
        undo_leave "${m_say##*: }"
        return 0
      }
    else
      m_must rm -f -- "$undo_path"
    fi
  fi
  undo_removed="$undo_removed $undo_quoted"
  m_changed=true
}

# cp -p keeps owner and mode of what was kept.
undo_restore() {
  undo_tell_restored
  [ "$m_check" = false ] || return 0
  if [ "$undo_was" = link ]; then
    m_temporary_name "$undo_path"
    m_say=$(ln -s -- "$undo_note" "$m_temp" 2>&1) || m_fail_at "$undo_path" "$m_say"
  else
    m_temporary "$undo_path"
    m_say=$(cp -p -- "$undo_base.before" "$m_temp" 2>&1) || m_drop_temporary "$undo_path" "$m_say"
  fi
  m_say=$(mv -f -T -- "$m_temp" "$undo_path" 2>&1) || m_drop_temporary "$undo_path" "$m_say"
}

undo_attributes() {
  m_stat "$undo_path"
  m_octal_text "${m_bits:-0}"
  case "$undo_restored $undo_removed " in
    *" $undo_quoted "*) ;;
    *)
      if [ "$m_type" = absent ] || [ "$m_uid:$m_gid $m_result" != "$undo_after" ]; then
        undo_leave 'its owner or mode was changed after the run'
        return 0
      fi
      ;;
  esac
  undo_tell_restored
  [ "$m_check" = false ] || return 0
  m_must chown -h -- "${undo_note% *}" "$undo_path"
  # A link has no mode of its own.
  [ "$m_type" = link ] || m_must chmod -- "${undo_note#* }" "$undo_path"
}

undo_crontab() {
  undo_words=
  if [ "$undo_note" != "$(id -un)" ]; then m_words -u "$undo_note" && undo_words=$m_result; fi
  if [ "$(eval "crontab $undo_words -l" 2>/dev/null | cksum)" != "$undo_after" ]; then
    case "$undo_restored " in
      *" $undo_quoted "*) ;;
      *)
        undo_leave 'it was changed after the run'
        return 0
        ;;
    esac
  fi
  undo_tell_restored
  [ "$m_check" = false ] || return 0
  if [ -s "$undo_base.before" ]; then undo_words="$undo_words $undo_base.before"; else undo_words="$undo_words -r"; fi
  m_say=$(eval "crontab $undo_words" 2>&1) || m_fail "$undo_path: $m_say"
}
