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
  for undo_name in "$undo_run"/*.path; do
    [ ! -e "$undo_name" ] || undo_names="$undo_name$m_nl$undo_names"
  done
  undo_ifs=$IFS
  IFS=$m_nl
  # Names of our own making: digits in the folder of the run.
  # shellcheck disable=SC2086
  set -- $undo_names
  IFS=$undo_ifs
  for undo_name in "$@"; do
    undo_base=${undo_name%.path}
    [ -z "${arg_step:-}" ] || [ "$arg_step" = "$(cat <"$undo_base.step")" ] || continue
    [ ! -e "$undo_base.undone" ] || continue
    undo_one "$(cat <"$undo_base.path" && m_put x)"
  done
  eval "m_strings restored $undo_restored"
  eval "m_strings removed $undo_removed"
  eval "m_strings left $undo_left"
  [ -z "$undo_left" ] || m_fail 'some files were left as they are; see left'
}

# undo_one PATHx: puts one file back.
undo_one() {
  undo_path=${1%x}
  m_quote "$undo_path"
  undo_quoted=$m_result
  if [ -e "$undo_base.lost" ]; then
    undo_leave "$(cat <"$undo_base.lost")"
  elif undo_is_changed; then
    undo_leave 'it was changed after the run'
  elif [ -e "$undo_base.absent" ]; then
    undo_removed="$undo_removed $undo_quoted"
    m_changed=true
    [ "$m_check" = true ] || m_must rm -f -- "$undo_path"
  elif [ -e "$undo_base.before" ]; then
    undo_restored="$undo_restored $undo_quoted"
    m_changed=true
    [ "$m_check" = true ] || undo_restore
  fi
  [ "$m_check" = true ] || : >"$undo_base.undone"
}

# Someone else's later change is not ours to take back. In check mode, earlier changes of the same run still lie over it.
undo_is_changed() {
  undo_after=absent
  if [ -e "$undo_base.after" ]; then undo_after=$(cat <"$undo_base.after"); fi
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
