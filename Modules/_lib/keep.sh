# shellcheck shell=sh
# What a run changes is kept on its host for `martlet undo`: a private copy of each file before it is replaced.
#
# m_undo is the run and m_undo_step the step, both empty where nothing is to be kept. In the folder of the run every change has a number, in
# the order of change. N.entry is shell text that sets undo_path, undo_step, undo_was, undo_note and undo_after; N.before is what was there.
# undo_was says what there was: absent, kept (a file), link (undo_note is where it led), attributes (undo_note is UID:GID MODE), crontab
# (undo_note is whose) or lost (undo_note is why nothing was kept). undo_after is what the run left: absent, directory, "link TARGET", a
# file's checksum, or as undo_note for attributes.

# Larger files are not kept, and the folders of older runs go.
m_keep_kilobytes_max=10240
m_keep_runs_max=20

# m_keep_folder: sets m_result to the place of all runs; root's is not in a home.
m_keep_folder() {
  if [ -w /var/lib ]; then m_result=/var/lib/martlet/undo; else m_result=${HOME:-/tmp}/.local/state/martlet/undo; fi
}

# m_keep PATH [SIZE LINKS]: keeps a file that is about to be replaced or removed, by another link to it, or by a copy where that can't be or
# where it may still be written to by another name (LINKS, how many it has, is not 1). SIZE, in bytes, and LINKS spare a look. Never stops
# the step: what could not be kept is said.
m_keep() {
  m_keep_open "$1" || return 0
  m_keep_before "$@"
  m_keep_enter "$1"
  [ "$m_keep_was" != lost ] || [ "$m_keep_note" = 'it was no plain file' ] || m_warn "$1 is not kept for undo: $m_keep_note"
}

# m_keep_open PATH: claims a number, m_keep_base; false where nothing is to be kept.
m_keep_open() {
  m_keep_base=
  [ -n "${m_undo:-}" ] && [ "$m_check" = false ] || return 1
  m_keep_folder
  m_keep_run=$m_result/$m_undo
  if [ ! -d "$m_keep_run" ]; then
    if ! m_say=$(umask 077 && mkdir -p -- "$m_keep_run" 2>&1); then
      m_warn "$1 is not kept for undo: $m_say"
      return 1
    fi
    m_keep_prune "$m_result"
  fi
  m_keep_path=$1
  m_keep_number_claim
}

# m_keep_enter PATH: writes the entry of m_keep_was and m_keep_note.
m_keep_enter() {
  m_quote "$1"
  m_keep_entry="undo_path=$m_result undo_was=$m_keep_was undo_step="
  m_quote "${m_undo_step:-}"
  m_keep_entry=$m_keep_entry$m_result
  m_quote "$m_keep_note"
  { m_put "$m_keep_entry undo_note=$m_result$m_nl" >"$m_keep_base.entry"; } 2>/dev/null ||
    m_keep_was=lost m_keep_note='it could not be noted' m_keep_base=
}

# m_keep_attributes PATH BEFORE AFTER, each UID:GID MODE: keeps what was changed of a path that this call does not replace.
m_keep_attributes() {
  [ "${m_keep_path:-}" != "$1" ] || return 0
  m_keep_open "$1" || return 0
  m_keep_was=attributes m_keep_note=$2
  m_keep_enter "$1"
  m_kept "$1" "$3"
  m_keep_path=
}

# m_keep_nothing PATH WHY: says that a change can't be taken back.
m_keep_nothing() {
  m_keep_open "$1" || return 0
  m_keep_was=lost m_keep_note=$2
  m_keep_enter "$1"
}

# m_keep_number_claim: sets m_keep_base by the next number of the folder of the run. Steps of other hosts on this machine, and of other
# sessions, count at the same time: the number belongs to whoever made its entry, which is empty until there is something to undo.
m_keep_number_claim() {
  m_keep_number=100000
  for m_keep_name in "$m_keep_run"/*.entry; do
    [ ! -e "$m_keep_name" ] || m_keep_number=$((m_keep_number + 1))
  done
  set -C
  until { m_put '' >"$m_keep_run/$m_keep_number.entry"; } 2>/dev/null || [ ! -e "$m_keep_run/$m_keep_number.entry" ]; do
    m_keep_number=$((m_keep_number + 1))
  done
  set +C
  m_keep_base=$m_keep_run/$m_keep_number
}

m_keep_before() {
  m_keep_was=absent m_keep_note=
  if [ -L "$1" ]; then
    m_keep_was=link m_keep_note=$(readlink -n -- "$1")
    return 0
  fi
  [ -e "$1" ] || return 0
  m_keep_was=lost
  if [ ! -f "$1" ]; then
    m_keep_note='it was no plain file'
    return 0
  fi
  if [ $# -eq 1 ]; then
    m_stat "$1"
    set -- "$1" "$m_size" "$m_nlink"
  fi
  if [ $(($2 / 1024)) -gt "$m_keep_kilobytes_max" ]; then
    m_keep_note="it was larger than $m_keep_kilobytes_max KB"
  elif { [ "$3" = 1 ] && ln -- "$1" "$m_keep_base.before"; } 2>/dev/null || cp -p -- "$1" "$m_keep_base.before" 2>/dev/null; then
    m_keep_was=kept
  else
    m_keep_note='it could not be copied'
  fi
}

# m_kept PATH [AFTER]: notes what the run has made of what m_keep kept.
m_kept() {
  [ -n "${m_keep_base:-}" ] || return 0
  m_result=${2:-}
  [ -n "$m_result" ] || m_keep_look "$1"
  if [ "$m_keep_was" = link ] && [ "$m_result" = "link $m_keep_note" ]; then
    # It was written through.
    m_keep_was=lost m_keep_note='it is a link, and what it leads to was changed'
    m_keep_enter "$1"
  fi
  m_quote "$m_result"
  m_put "undo_after=$m_result$m_nl" >>"$m_keep_base.entry"
}

# m_keep_look PATH: m_result is what is there, as undo_after tells it.
m_keep_look() {
  if [ -L "$1" ]; then
    m_result="link $(readlink -n -- "$1")"
  elif [ -d "$1" ]; then
    m_result=directory
  elif [ ! -e "$1" ] || ! m_checksum "$1"; then
    m_result=absent
  fi
}

# m_keep_prune FOLDER: names of runs sort by time.
m_keep_prune() {
  set -- "$1"/*
  while [ $# -gt "$m_keep_runs_max" ]; do
    rm -rf -- "$1"
    shift
  done
}
