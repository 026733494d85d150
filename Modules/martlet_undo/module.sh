# shellcheck shell=sh
# Input: run, step. Results: restored, removed, left.

martlet_undo_main() {
  case $arg_run in
    '' | *[!0-9A-Za-z-]*) m_fail "'$arg_run' is no run's name" ;;
  esac
  m_keep_folder
  undo_run=$m_result/$arg_run
  undo_restored='' undo_removed='' undo_left=''
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
    if [ -e "$undo_base.undone" ] || [ ! -s "$undo_name" ]; then continue; fi
    undo_path='' undo_step='' undo_was='' undo_lost='' undo_after=absent
    # Written by this user, in a folder that no one else can write to.
    # shellcheck disable=SC1090
    . "$undo_name"
    [ -z "${arg_step:-}" ] || [ "$arg_step" = "$undo_step" ] || continue
    undo_one
  done
  eval "m_strings restored $undo_restored"
  eval "m_strings removed $undo_removed"
  eval "m_strings left $undo_left"
  [ -z "$undo_left" ] || m_fail 'some files were left as they are; see left'
}

# Puts one file back.
undo_one() {
  m_quote "$undo_path"
  undo_quoted=$m_result
  if [ "$undo_was" = lost ]; then
    undo_leave "$undo_lost"
  elif undo_is_changed; then
    undo_leave 'it was changed after the run'
  elif [ "$undo_was" = absent ]; then
    undo_removed="$undo_removed $undo_quoted"
    m_changed=true
    [ "$m_check" = true ] || m_must rm -f -- "$undo_path"
  else
    undo_restored="$undo_restored $undo_quoted"
    m_changed=true
    [ "$m_check" = true ] || undo_restore
  fi
  [ "$m_check" = true ] || : >"$undo_base.undone"
}

# Someone else's later change is not ours to take back. In check mode, earlier changes of the same run still lie over it.
undo_is_changed() {
  case "$undo_restored $undo_removed " in
    *" $undo_quoted "*) return 1 ;;
  esac
  if [ ! -e "$undo_path" ]; then
    [ "$undo_after" != absent ]
    return
  fi
  m_checksum "$undo_path" || return 1
  [ "$m_result" != "$undo_after" ]
}

undo_leave() {
  m_quote "$undo_path: $1"
  undo_left="$undo_left $m_result"
}

# cp -p keeps owner and mode of what was kept.
undo_restore() {
  m_temporary "$undo_path"
  m_say=$(cp -p -- "$undo_base.before" "$m_temp" 2>&1 && mv -f -- "$m_temp" "$undo_path" 2>&1) || m_drop_temporary "$undo_path" "$m_say"
}
