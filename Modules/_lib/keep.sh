# shellcheck shell=sh
# What a run changes is kept on its host for `martlet undo`: a private copy of each file before it is replaced.
#
# m_undo is the run and m_undo_step the step, both empty where nothing is to be kept. In the folder of the run every file has a number, in
# the order of change: N.path (its name), N.step, N.before (the file as it was), N.absent (there was none) or N.lost (why nothing was
# kept), and N.after (the checksum of what the run left).

# Larger files are not kept, and the folders of older runs go.
m_keep_kilobytes_max=10240
m_keep_runs_max=20

# m_keep_folder: sets m_result to the place of all runs; root's is not in a home.
m_keep_folder() {
  if [ -w /var/lib ]; then m_result=/var/lib/martlet/undo; else m_result=${HOME:-/tmp}/.local/state/martlet/undo; fi
}

# m_keep PATH: keeps a file that is about to be replaced or removed. Never stops the step: what could not be kept is said.
m_keep() {
  m_keep_base=
  [ -n "${m_undo:-}" ] && [ "$m_check" = false ] || return 0
  m_keep_folder
  m_keep_run=$m_result/$m_undo
  if [ ! -d "$m_keep_run" ]; then
    if ! m_say=$(umask 077 && mkdir -p -- "$m_keep_run" 2>&1); then
      m_warn "$1 is not kept for undo: $m_say"
      return 0
    fi
    m_keep_prune "$m_result"
  fi
  m_keep_number=100000
  for m_keep_name in "$m_keep_run"/*.path; do
    [ ! -e "$m_keep_name" ] || m_keep_number=$((m_keep_number + 1))
  done
  m_keep_base=$m_keep_run/$m_keep_number
  (
    umask 077
    m_put "$1" >"$m_keep_base.path"
    m_put "${m_undo_step:-}" >"$m_keep_base.step"
    if [ ! -e "$1" ] && [ ! -L "$1" ]; then
      : >"$m_keep_base.absent"
    elif [ ! -f "$1" ] || [ -L "$1" ]; then
      m_put 'it was no plain file' >"$m_keep_base.lost"
    else
      m_stat "$1"
      if [ $((m_size / 1024)) -gt "$m_keep_kilobytes_max" ]; then
        m_put "it was larger than $m_keep_kilobytes_max KB" >"$m_keep_base.lost"
      else
        cp -p -- "$1" "$m_keep_base.before" 2>/dev/null || m_put 'it could not be copied' >"$m_keep_base.lost"
      fi
    fi
  ) 2>/dev/null
  [ ! -e "$m_keep_base.lost" ] || m_warn "$1 is not kept for undo: $(cat <"$m_keep_base.lost")"
  return 0
}

# m_kept PATH: notes what the run has made of the file that m_keep kept.
m_kept() {
  [ -n "${m_keep_base:-}" ] || return 0
  if [ -e "$1" ] && m_checksum "$1"; then m_put "$m_result" >"$m_keep_base.after"; else m_put absent >"$m_keep_base.after"; fi
}

# m_keep_prune FOLDER: names of runs sort by time.
m_keep_prune() {
  set -- "$1"/*
  while [ $# -gt "$m_keep_runs_max" ]; do
    rm -rf -- "$1"
    shift
  done
}
