# shellcheck shell=sh
# Input: see module.yml; src is on the host.

patch_main() {
  [ -r "$arg_src" ] || m_fail "src $arg_src doesn't exist or not readable"
  [ -z "${arg_dest:-}" ] || [ -w "$arg_dest" ] || m_fail "dest $arg_dest doesn't exist or not writable"
  [ -z "${arg_basedir:-}" ] || [ -e "$arg_basedir" ] || m_fail "basedir $arg_basedir doesn't exist"
  m_need patch patch
  case $arg_src in
    /*) patch_file=$arg_src ;;
    *) patch_file=$PWD/$arg_src ;;
  esac
  patch_folder=${arg_basedir:-}
  if [ -z "$patch_folder" ]; then
    m_parent "$arg_dest"
    patch_folder=$m_result
  fi
  # What can be taken back is there, and what can be applied is not.
  if [ "$arg_state" = present ]; then patch_there=--reverse patch_way=; else patch_there='' patch_way=--reverse; fi
  ! patch_try "$patch_there" || return 0
  patch_try "$patch_way" --batch || m_fail "${m_err:-$m_out}"
  m_changed=true
  [ "$m_check" = false ] || return 0
  set -- --batch
  [ "$arg_backup" = false ] || set -- "$@" --backup --version-control=numbered
  patch_keep
  patch_run "$patch_way" "$@" || m_fail "${m_err:-$m_out}"
  patch_kept
}

# patch_try WAY WORD…: without touching anything.
patch_try() { patch_run "$@" --dry-run; }

# patch_run WAY WORD…: WAY is empty, or --reverse.
patch_run() {
  [ -n "$1" ] || shift
  [ "$arg_binary" = false ] || set -- "$@" --binary
  [ "$arg_ignore_whitespace" = false ] || set -- "$@" --ignore-whitespace
  m_capture patch --quiet --forward --reject-file=- --strip="$arg_strip" --directory="$patch_folder" --input="$patch_file" "$@" -- ${arg_dest:+"$arg_dest"}
  case $m_rc:$m_err in
    0:*) return 0 ;;
    *unrecognized*) m_fail "GNU patch is needed on the host, and its patch is another; it comes with the package patch" ;;
  esac
  return 1
}

# A single file is kept for undo.
patch_keep() { [ -z "${arg_dest:-}" ] || m_keep "$arg_dest"; }
patch_kept() { [ -z "${arg_dest:-}" ] || m_kept "$arg_dest"; }
