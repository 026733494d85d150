# shellcheck shell=sh
# Input: see module.yml; src is on the host, or a URL. Results: dest, src, handler, files, extract_results.

unarchive_main() {
  if [ -n "${arg_creates:-}" ] && [ -e "$arg_creates" ]; then m_skip "skipped, since $arg_creates exists"; fi
  unarchive_src=$arg_src
  unarchive_folder=
  case $arg_src in
    *://*)
      unarchive_folder=$(mktemp -d) || m_fail 'cannot make a temporary directory'
      unarchive_src=$unarchive_folder/${arg_src##*/}
      m_fetch "$arg_src" "$unarchive_src" || unarchive_fail "Failure downloading $arg_src, $m_say"
      ;;
  esac
  [ -r "$unarchive_src" ] || unarchive_fail "Source '$arg_src' does not exist"
  [ -d "$arg_dest" ] || unarchive_fail "Destination '$arg_dest' is not a directory"
  m_str dest "$arg_dest"
  m_str src "$arg_src"
  unarchive_list
  if [ "$arg_list_files" = true ]; then unarchive_report; fi
  if unarchive_differs; then
    m_changed=true
    [ "$m_check" = true ] || unarchive_unpack
  fi
  unarchive_attributes
  m_stat_fields "$arg_dest"
  [ -z "$unarchive_folder" ] || rm -rf -- "$unarchive_folder"
}

unarchive_fail() {
  [ -z "$unarchive_folder" ] || rm -rf -- "$unarchive_folder"
  m_fail "$1"
}

# unarchive_names are the archive's names, one per line; what is none is refused before anything is touched.
unarchive_list() {
  unarchive_words
  if unarchive_is_tar; then
    m_str handler TarArchive
    unarchive_tool=tar
  elif m_has unzip && unarchive_names=$(unzip -Z1 "$unarchive_src" 2>/dev/null); then
    m_str handler ZipArchive
    unarchive_tool=unzip
  else
    unarchive_fail "Failed to find handler for \"$unarchive_src\". Make sure the required command to extract the file is installed (tar and what it unpacks with, or unzip)."
  fi
  # Nothing may leave the directory.
  case $m_nl$unarchive_names$m_nl in
    *"$m_nl"/* | *"$m_nl"../* | */../*) unarchive_fail "the archive $arg_src holds a path that leads out of the directory" ;;
  esac
}

# Sees by trying how a tar archive is packed: BusyBox's tar wants to be told. Sets unarchive_packing.
unarchive_is_tar() {
  for unarchive_packing in '' z j J; do
    if unarchive_names=$(eval "tar -t${unarchive_packing}f \"\$unarchive_src\" $unarchive_picks" 2>/dev/null) && [ -n "$unarchive_names" ]; then
      return 0
    fi
  done
  return 1
}

# unarchive_picks are the words for exclude and include.
unarchive_words() {
  unarchive_picks=
  eval "set -- ${arg_exclude:-}"
  for m_one in "$@"; do
    m_quote "--exclude=$m_one"
    unarchive_picks="$unarchive_picks $m_result"
  done
  eval "set -- ${arg_include:-}"
  for m_one in "$@"; do
    m_quote "$m_one"
    unarchive_picks="$unarchive_picks $m_result"
  done
}

unarchive_report() {
  m_list files
  while IFS= read -r m_each; do
    [ -z "$m_each" ] || m_str '' "$m_each"
  done <<UNARCHIVE_END
$unarchive_names
UNARCHIVE_END
  m_close
}

# True if the directory does not hold just what the archive does. GNU tar compares; elsewhere it is unpacked beside and compared.
unarchive_differs() {
  if [ "$unarchive_tool" = tar ] && tar --version 2>/dev/null | grep -q GNU; then
    m_capture eval "tar -df \"\$unarchive_src\" -C \"\$arg_dest\" ${arg_extra_opts:-} $unarchive_picks"
    [ "$m_rc" != 0 ] || return 1
    # Owner and mode may have been set by this very step, and times are no content.
    m_rc=$(m_put "$m_out$m_nl$m_err$m_nl" | grep -cvE '(Uid|Gid|Mode|Mod time) differs$|^$|Exiting with failure|^tar: Error is not')
    [ "$m_rc" != 0 ]
    return
  fi
  unarchive_beside=$(mktemp -d) || m_fail 'cannot make a temporary directory'
  unarchive_into "$unarchive_beside"
  unarchive_answer=1
  unarchive_compare "$unarchive_beside" "$arg_dest" || unarchive_answer=0
  rm -rf -- "$unarchive_beside"
  return "$unarchive_answer"
}

# True if every file of one tree is in the other with the same content.
unarchive_compare() {
  unarchive_left=$(cd "$1" && find . -type f -exec printf "%s$m_mark" {} +)
  while [ -n "$unarchive_left" ]; do
    unarchive_one=${unarchive_left%%"$m_mark"*}
    unarchive_left=${unarchive_left#*"$m_mark"}
    cmp -s -- "$1/$unarchive_one" "$2/$unarchive_one" || return 1
  done
  unarchive_left=$(cd "$1" && find . ! -type f -exec printf "%s$m_mark" {} +)
  while [ -n "$unarchive_left" ]; do
    unarchive_one=${unarchive_left%%"$m_mark"*}
    unarchive_left=${unarchive_left#*"$m_mark"}
    if [ ! -e "$2/$unarchive_one" ] && [ ! -L "$2/$unarchive_one" ]; then return 1; fi
  done
}

unarchive_into() {
  if [ "$unarchive_tool" = tar ]; then
    m_words tar "-x${unarchive_packing}f" "$unarchive_src" -C "$1"
    [ "$arg_keep_newer" = false ] || m_result="$m_result --keep-newer-files"
    m_capture eval "$m_result ${arg_extra_opts:-} $unarchive_picks"
  else
    if [ "$arg_keep_newer" = true ]; then unarchive_flag=-uo; else unarchive_flag=-o; fi
    m_quote "$1"
    m_capture eval "unzip -q $unarchive_flag ${arg_extra_opts:-} \"\$unarchive_src\" ${arg_include:-} ${arg_exclude:+-x $arg_exclude} -d $m_result"
  fi
  [ "$m_rc" = 0 ] || unarchive_fail "failed to unpack $arg_src to $1: ${m_err:-$m_out}"
}

unarchive_unpack() { unarchive_into "$arg_dest"; }

# Owner, group and mode of what the archive brought.
unarchive_attributes() {
  [ -n "${arg_owner:-}${arg_group:-}${arg_mode:-}" ] || return 0
  while IFS= read -r unarchive_one; do
    [ -n "$unarchive_one" ] || continue
    m_stat "$arg_dest/$unarchive_one"
    [ "$m_type" = absent ] || m_attributes "$arg_dest/$unarchive_one"
  done <<UNARCHIVE_END
$unarchive_names
UNARCHIVE_END
}
