# shellcheck shell=sh
# Input: see module.yml. Results: archived, missing, arcroot, dest, dest_state, expanded_paths, expanded_exclude_paths.

archive_main() {
  archive_expand "${arg_exclude_path:-}"
  archive_excluded=$archive_words
  eval "m_strings expanded_exclude_paths $archive_words"
  archive_expand "$arg_path"
  eval "m_strings expanded_paths $archive_words"
  archive_choose
  archive_kind
  m_str dest "$archive_dest"
  m_str arcroot "$archive_root"
  eval "m_strings missing $archive_missing"
  if [ -n "$archive_targets" ]; then archive_pack; else m_strings archived; fi
  m_str dest_state "$archive_state"
  [ -e "$archive_dest" ] || return 0
  m_stat "$archive_dest"
  m_attributes "$archive_dest"
  m_stat_fields_known
}

# archive_expand WORDS: archive_words are the paths that they come to, globs expanded; archive_globs whether there were any.
archive_expand() {
  archive_words='' archive_globs=false
  eval "set -- $1"
  for archive_one in "$@"; do
    case $archive_one in
      *[*?]*)
        archive_globs=true
        # Blanks in names stay: only the glob is to be expanded.
        archive_ifs=$IFS
        IFS=
        for m_each in $archive_one; do
          if [ -e "$m_each" ] || [ -L "$m_each" ]; then
            m_quote "$m_each"
            archive_words="$archive_words $m_result"
          fi
        done
        IFS=$archive_ifs
        ;;
      *)
        m_quote "$archive_one"
        archive_words="$archive_words $m_result"
        ;;
    esac
  done
}

# archive_targets are the paths that are there, archive_missing those that are not; archive_root is the directory they share.
archive_choose() {
  archive_targets='' archive_missing='' archive_root='' archive_count=0 archive_first=
  eval "set -- $archive_words"
  for archive_one in "$@"; do
    eval "m_contains \"\$archive_one\" $archive_excluded" && continue
    archive_count=$((archive_count + 1))
    [ -n "$archive_first" ] || archive_first=$archive_one
    archive_share "$archive_one"
    m_quote "$archive_one"
    if [ -e "$archive_one" ] || [ -L "$archive_one" ]; then
      archive_targets="$archive_targets $m_result"
    else
      archive_missing="$archive_missing $m_result"
    fi
  done
  [ "$archive_count" -gt 0 ] || m_fail 'Error, no source paths were found'
}

archive_share() {
  m_parent "$1"
  m_result=${m_result%/}/
  if [ -z "$archive_root" ]; then
    archive_root=$m_result
    return 0
  fi
  while :; do
    case $m_result in
      "$archive_root"*) return 0 ;;
    esac
    archive_root=${archive_root%/}
    archive_root=${archive_root%/*}/
  done
}

# An archive, or one compressed file; and where it goes.
archive_kind() {
  archive_state=archive
  if [ "$arg_force_archive" = false ] && [ "$archive_globs" = false ] && [ "$archive_count" = 1 ] && [ ! -d "$archive_first" ]; then
    archive_state=compress
    case $arg_format in
      tar | zip) archive_state=archive ;;
    esac
    : "${arg_dest:=$archive_first.$arg_format}"
  fi
  [ -n "${arg_dest:-}" ] || m_fail 'Error, must specify "dest" when archiving multiple files or trees'
  archive_dest=$arg_dest
  [ "$arg_remove" = false ] || archive_check_removal
  if [ -z "$archive_targets" ]; then
    archive_state=absent
    [ ! -e "$archive_dest" ] || archive_state=archive
  elif [ -n "$archive_missing" ]; then
    archive_state=incomplete
  fi
}

archive_check_removal() {
  eval "set -- $archive_targets"
  for archive_one in "$@"; do
    case $archive_dest in
      "${archive_one%/}"/*) m_fail 'Error, created archive can not be contained in source paths when remove=true' ;;
    esac
  done
}

# archive_tool: what makes the archive of a tar, as words. Compressors leave out the time, so that the same files make the same archive.
archive_choose_tool() {
  case $arg_format in
    gz) archive_tool='gzip -nc' ;;
    bz2) archive_tool='bzip2 -c' ;;
    xz) archive_tool='xz -c' ;;
    zip) archive_tool=zip ;;
    tar) archive_tool=cat ;;
  esac
  m_need "${archive_tool%% *}"
}

# Packs beside, compares, and moves into place what differs. In check mode it packs elsewhere and leaves nothing.
archive_pack() {
  archive_choose_tool
  if [ "$m_check" = true ]; then
    m_temp=$(umask 077 && mktemp) || m_fail 'cannot make a temporary file'
  else
    m_temporary "$archive_dest"
  fi
  eval "set -- $archive_targets"
  archive_find "$@"
  m_capture archive_write
  [ "$m_rc" = 0 ] || m_drop_temporary "$archive_dest" "${m_err:-$m_out}"
  if cmp -s -- "$m_temp" "$archive_dest" 2>/dev/null; then
    rm -f -- "$m_temp"
  else
    m_changed=true
    if [ "$m_check" = true ]; then rm -f -- "$m_temp"; else m_move_into_place "$archive_dest"; fi
  fi
  [ "$arg_remove" = false ] || archive_remove "$@"
}

# archive_find PATH…: archive_found are the names from the shared directory on, sorted, a line each, without what the patterns leave out, the
# archive itself and the directories that path names. Reports archived.
archive_find() {
  archive_found=
  archive_odd=$(find -H "$@" -name "*$m_nl*" -print 2>&1)
  [ -z "$archive_odd" ] || m_drop_temporary "$archive_dest" "a name with a line break, or one that cannot be read: $archive_odd"
  m_list archived
  while IFS= read -r archive_one; do
    case $archive_one in
      '' | "$archive_dest" | "$m_temp") continue ;;
    esac
    if [ -d "$archive_one" ] && m_contains "$archive_one" "$@"; then continue; fi
    archive_is_left_out "${archive_one#"$archive_root"}" && continue
    m_str '' "$archive_one"
    archive_found=$archive_found${archive_one#"$archive_root"}$m_nl
  done <<ARCHIVE_END
$(find -H "$@" -print | LC_ALL=C sort -u)
ARCHIVE_END
  m_close
}

archive_remove() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  for archive_one in "$@"; do
    m_say=$(rm -rf -- "$archive_one" 2>&1) || m_fail "Error deleting some source files: $m_say"
  done
}

# To m_temp.
archive_write() {
  # shellcheck disable=SC2086
  set -- $archive_tool
  if [ "$archive_state" = compress ]; then
    "$@" <"$archive_first" >"$m_temp"
  elif [ "$1" = zip ]; then
    # zip adds to what is there, and does not take a file that is empty for an archive.
    rm -f -- "$m_temp"
    (cd -- "$archive_root" && m_put "$archive_found" | zip -q -X - -@ >"$m_temp")
  else
    archive_status=$({ { archive_tar || m_put failed >&3; } | "$@" >"$m_temp"; } 3>&1) && [ -z "$archive_status" ]
  fi
}

# BusyBox's tar reads no list and takes all that is in a directory it is given: there it gets the files and empty directories.
archive_tar() {
  if tar --version 2>/dev/null | grep -q GNU; then
    m_put "$archive_found" | tar -c -C "$archive_root" --no-recursion --verbatim-files-from -T -
    return
  fi
  set --
  while IFS= read -r archive_one; do
    [ -n "$archive_one" ] || continue
    if [ -d "$archive_root$archive_one" ] && [ ! -L "$archive_root$archive_one" ] && [ -n "$(ls -A -- "$archive_root$archive_one")" ]; then continue; fi
    set -- "$@" "$archive_one"
  done <<ARCHIVE_END
$archive_found
ARCHIVE_END
  tar -c -f - -C "$archive_root" -- "$@"
}

archive_is_left_out() {
  archive_tried=$1
  eval "set -- ${arg_exclusion_patterns:-}"
  for m_each in "$@"; do
    # shellcheck disable=SC2254
    case $archive_tried in
      $m_each) return 0 ;;
    esac
  done
  return 1
}
