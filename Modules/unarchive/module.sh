# shellcheck shell=sh
# Input: see module.yml; src is on the host, or a URL. Results: dest, src, handler, files, extract_results.

unarchive_main() {
  m_plain_locale
  if [ -n "${arg_creates:-}" ] && [ -e "$arg_creates" ]; then m_skip "skipped, since $arg_creates exists"; fi
  [ -d "$arg_dest" ] || m_fail "dest '$arg_dest' must be an existing dir"
  unarchive_mode
  unarchive_src=$arg_src unarchive_folder='' unarchive_beside=''
  trap 'rm -rf -- ${unarchive_folder:+"$unarchive_folder"} ${unarchive_beside:+"$unarchive_beside"}' EXIT
  trap 'exit 143' TERM
  case $arg_src in
    *://*)
      unarchive_folder=$(mktemp -d) || m_fail 'cannot make a temporary directory'
      unarchive_src=$unarchive_folder/${arg_src##*/}
      if ! m_fetch "$arg_src" "$unarchive_src"; then
        m_mask_url "$arg_src"
        m_fail "Failure downloading $m_result, $m_say"
      fi
      ;;
  esac
  unarchive_look
  m_str dest "$arg_dest"
  m_str src "$unarchive_src"
  unarchive_list
  [ "$arg_list_files" = false ] || unarchive_report
  if unarchive_differs; then
    m_changed=true
    [ "$m_check" = true ] || unarchive_unpack
  fi
  unarchive_attributes
  m_stat_fields "$arg_dest"
}

# A mode that is none is told before anything is touched.
unarchive_mode() { [ -z "${arg_mode:-}" ] || m_mode "$arg_mode" 0 false; }

unarchive_look() {
  [ -e "$unarchive_src" ] || m_fail "Source '$arg_src' does not exist"
  [ -r "$unarchive_src" ] || m_fail "Source '$arg_src' not readable"
  [ -s "$unarchive_src" ] || m_fail "Invalid archive '$arg_src', the file is 0 bytes"
  case $arg_dest in
    /*) ;;
    *) m_warn "Relative destination path '$arg_dest' was resolved to absolute path '$PWD/$arg_dest'." ;;
  esac
}

# unarchive_names are the archive's names, one per line; what is none is refused before anything is touched.
unarchive_list() {
  unarchive_words
  unarchive_why=
  if unarchive_is_tar; then
    m_str handler "$unarchive_handler"
    unarchive_tool=tar
  elif unarchive_is_zip; then
    m_str handler ZipArchive
    unarchive_tool=unzip
  else
    m_fail "Failed to find handler for \"$unarchive_src\". Make sure the required command to extract the file is installed.$unarchive_why"
  fi
  # Nothing may leave the directory.
  case $m_nl$unarchive_names$m_nl in
    *"$m_nl"/* | *"$m_nl"../* | */../*) m_fail "the archive $arg_src holds a path that leads out of the directory" ;;
  esac
}

# Sees by trying how a tar archive is packed: BusyBox's tar wants to be told. Sets unarchive_packing, a word, and unarchive_handler.
unarchive_is_tar() {
  if ! m_has tar; then
    unarchive_why="${m_nl}Unable to find required 'gtar' or 'tar' binary in the path"
    return 1
  fi
  # Names as they are: it would write other bytes than ASCII as numbers.
  unarchive_gnu=
  case $(tar --version 2>/dev/null) in *GNU*) unarchive_gnu=--quoting-style=literal ;; esac
  for m_one in Tgz:-z Tar: TarBzip:-j TarXz:-J TarZstd:--use-compress-program=zstd; do
    unarchive_handler=${m_one%%:*}Archive unarchive_packing=${m_one#*:}
    m_capture eval "tar -t $unarchive_gnu $unarchive_packing ${arg_extra_opts:+--show-transformed-names $arg_extra_opts} -f \"\$unarchive_src\" $unarchive_picks"
    if [ "$m_rc" = 0 ] && [ -n "$m_out" ]; then
      unarchive_names=$m_out
      return 0
    fi
    [ "$unarchive_handler" != TarArchive ] || unarchive_tar_says
  done
  return 1
}

# tar's own words, with its path as the reference calls it.
unarchive_tar_says() {
  unarchive_path=$(command -v tar)
  m_replace "$m_nl$m_err" "${m_nl}tar: " "$m_nl$unarchive_path: "
  unarchive_why="${m_nl}Command \"$unarchive_path\" could not handle archive: Unable to list files in the archive: ${m_result#"$m_nl"}"
}

# What is no zip file unzip says.
unarchive_is_zip() {
  if ! m_has unzip; then
    unarchive_why="$unarchive_why${m_nl}Unable to find required 'unzip' or 'zipinfo' binary in the path."
    return 1
  fi
  m_capture eval "unzip -Z1 \"\$unarchive_src\" ${arg_include:-} ${arg_exclude:+-x $arg_exclude}"
  unarchive_names=$m_out
  [ "$m_rc" != 0 ] || return 0
  unarchive_why="$unarchive_why${m_nl}Command \"unzip\" could not handle archive: ${m_err:-$m_out}"
  return 1
}

# unarchive_picks are tar's words for exclude and include.
unarchive_words() {
  unarchive_picks=
  eval "set -- ${arg_exclude:-}"
  for m_one in "$@"; do
    m_quote "--exclude=${m_one%/}"
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
  if [ "$unarchive_tool" = tar ] && [ -n "$unarchive_gnu" ]; then
    m_capture eval "tar -d $unarchive_packing ${arg_extra_opts:+--show-transformed-names $arg_extra_opts} -f \"\$unarchive_src\" -C \"\$arg_dest\" $unarchive_picks"
    [ "$m_rc" != 0 ] || return 1
    unarchive_tells
    return
  fi
  unarchive_beside=$(mktemp -d) || m_fail 'cannot make a temporary directory'
  unarchive_into "$unarchive_beside"
  unarchive_answer=1
  unarchive_compare "$unarchive_beside" "$arg_dest" || unarchive_answer=0
  rm -rf -- "$unarchive_beside"
  return "$unarchive_answer"
}

# True if a line of tar's tells a difference that unpacking would mend. Owners are root's to give; what this step sets itself is no
# difference, and one that is newer stays where that is asked for.
unarchive_tells() {
  unarchive_root=false
  [ "$(id -u)" != 0 ] || unarchive_root=true
  while IFS= read -r m_each; do
    case $m_each in
      *': : Warning: Cannot stat: No such file or directory') ;;
      *': Uid differs') [ "$unarchive_root" = false ] || [ -n "${arg_owner:-}" ] || return 0 ;;
      *': Gid differs') [ "$unarchive_root" = false ] || [ -n "${arg_group:-}" ] || return 0 ;;
      *': Mode differs') [ -n "${arg_mode:-}" ] || return 0 ;;
      *': Mod time differs' | *': Size differs' | *': Contents differ' | *': Symlink differs' | *': Invalid owner' | *': Invalid group') return 0 ;;
      *': Warning: Cannot stat: No such file or directory' | *': File type differs') return 0 ;;
    esac
  done <<UNARCHIVE_END
$m_out
$m_err
UNARCHIVE_END
  return 1
}

# True if everything of one tree is in the other: kind, content, time, and whatever this step does not set itself.
unarchive_compare() {
  unarchive_left=$(cd "$1" && find . -mindepth 1 -exec printf "%s$m_mark" {} +)
  while [ -n "$unarchive_left" ]; do
    unarchive_one=${unarchive_left%%"$m_mark"*}
    unarchive_left=${unarchive_left#*"$m_mark"}
    m_stat "$2/$unarchive_one"
    [ "$m_type" != absent ] || return 1
    unarchive_state
    unarchive_was=$m_result unarchive_time=$m_mtime
    m_stat "$1/$unarchive_one"
    if [ "$m_type" = file ] && [ "$arg_keep_newer" = true ] && [ "$unarchive_time" -gt "$m_mtime" ]; then continue; fi
    unarchive_state
    [ "$m_result" = "$unarchive_was" ] || return 1
    [ "$m_type" != file ] || cmp -s -- "$1/$unarchive_one" "$2/$unarchive_one" || return 1
  done
}

unarchive_state() {
  m_result=$m_type
  [ "$m_type" != file ] || m_result="$m_result $m_size $m_mtime"
  [ -n "${arg_mode:-}" ] || [ "$m_type" = link ] || m_result="$m_result $m_bits"
  [ -n "${arg_owner:-}" ] || m_result="$m_result $m_uid"
  [ -n "${arg_group:-}" ] || m_result="$m_result $m_gid"
}

# unarchive_into FOLDER: sets unarchive_command, too.
unarchive_into() {
  m_words "$1" "$unarchive_src"
  eval "set -- $m_result"
  m_quote "$1"
  if [ "$unarchive_tool" = tar ]; then
    unarchive_command="tar -x $unarchive_packing ${arg_extra_opts:+--show-transformed-names $arg_extra_opts} -C $m_result"
    [ "$arg_keep_newer" = false ] || unarchive_command="$unarchive_command --keep-newer-files"
    m_quote "$2"
    unarchive_command="$unarchive_command -f $m_result $unarchive_picks"
  else
    unarchive_folder_word=$m_result unarchive_flag=-o
    [ "$arg_keep_newer" = false ] || unarchive_flag=-uo
    m_quote "$2"
    unarchive_command="unzip -q $unarchive_flag ${arg_extra_opts:-} $m_result ${arg_include:-} ${arg_exclude:+-x $arg_exclude} -d $unarchive_folder_word"
  fi
  m_capture eval "$unarchive_command"
  [ "$m_rc" = 0 ] || unarchive_fail_unpacking
}

unarchive_fail_unpacking() {
  unarchive_results
  m_fail "failed to unpack $unarchive_src to $arg_dest: ${m_err:-$m_out}"
}

unarchive_results() {
  m_dict extract_results
  m_int rc "$m_rc"
  m_str out "$m_out"
  m_str err "$m_err"
  eval "m_strings cmd $unarchive_command"
  m_close
}

unarchive_unpack() {
  unarchive_into "$arg_dest"
  unarchive_results
}

# Owner, group and mode of what the archive brought, and of the folders that it stands in.
unarchive_attributes() {
  [ -n "${arg_owner:-}${arg_group:-}${arg_mode:-}" ] || return 0
  unarchive_tops=
  unarchive_own "$unarchive_names"
  unarchive_own "$unarchive_tops"
}

# unarchive_own NAMES
unarchive_own() {
  while IFS= read -r unarchive_one; do
    [ -n "$unarchive_one" ] || continue
    m_stat "$arg_dest/$unarchive_one"
    [ "$m_type" = absent ] || m_attributes "$arg_dest/$unarchive_one"
    case $unarchive_one:$m_nl$unarchive_tops in
      *"$m_nl${unarchive_one%%/*}$m_nl"*) ;;
      */*:*) unarchive_tops="$unarchive_tops${unarchive_one%%/*}$m_nl" ;;
    esac
  done <<UNARCHIVE_END
$1
UNARCHIVE_END
}
