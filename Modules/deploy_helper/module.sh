# shellcheck shell=sh
# Input: see module.yml. Results: ansible_facts, state.

deploy_helper_main() {
  dh_join "$arg_path" "$arg_current_path" && dh_current=$m_result
  dh_join "$arg_path" "$arg_releases_path" && dh_releases=$m_result
  dh_shared=
  [ -z "$arg_shared_path" ] || { dh_join "$arg_path" "$arg_shared_path" && dh_shared=$m_result; }
  dh_previous=
  if [ -e "$dh_current" ] || [ -L "$dh_current" ]; then dh_previous=$(readlink -f -- "$dh_current"); fi
  dh_release=${arg_release:-}
  case $dh_release:$arg_state in
    :query | :present) dh_release=$(date +%Y%m%d%H%M%S) ;;
  esac
  case $arg_state in
    query) dh_facts ;;
    present)
      [ ! -e "$dh_current" ] || [ -L "$dh_current" ] || m_fail "$dh_current exists but is not a symbolic link"
      for dh_each in "$arg_path" "$dh_releases" ${dh_shared:+"$dh_shared"}; do dh_make "$dh_each"; done
      dh_facts
      ;;
    finalize) dh_finalize ;;
    clean) dh_clear ;;
    absent)
      dh_remove "$arg_path"
      m_json ansible_facts '{"deploy_helper":[]}'
      ;;
  esac
  m_str state "$arg_state"
}

dh_join() {
  case $2 in
    /*) m_result=$2 ;;
    *) m_result=$1/$2 ;;
  esac
}

dh_text() { if [ -n "$2" ]; then m_str "$1" "$2"; else m_null "$1"; fi; }

dh_facts() {
  m_dict ansible_facts
  m_dict deploy_helper
  m_str project_path "$arg_path"
  m_str current_path "$dh_current"
  m_str releases_path "$dh_releases"
  dh_text shared_path "$dh_shared"
  dh_text previous_release "${dh_previous##*/}"
  dh_text previous_release_path "$dh_previous"
  dh_text new_release "$dh_release"
  dh_text new_release_path "${dh_release:+$dh_releases/$dh_release}"
  m_str unfinished_filename "$arg_unfinished_filename"
  m_close
  m_close
}

dh_make() {
  m_stat "$1"
  case $m_type in
    directory) ;;
    absent)
      m_changed=true
      [ "$m_check" = false ] || return 0
      m_say=$(mkdir -p -- "$1" 2>&1) || m_fail "cannot make $1: $m_say"
      m_stat "$1"
      ;;
    link) [ -d "$1" ] || m_fail "$1 exists but is not a directory" ;;
    *) m_fail "$1 exists but is not a directory" ;;
  esac
  m_attributes "$1"
}

dh_remove() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  [ -d "$1" ] || m_fail "$1 exists but is not a directory"
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_say=$(rm -rf -- "$1" 2>&1) || m_fail "rmtree failed: $m_say"
}

# The link is made beside its place and renamed, so that there is always a current release.
dh_finalize() {
  [ "$arg_keep_releases" -gt 0 ] || m_fail "'keep_releases' should be at least 1"
  dh_new=$dh_releases/$dh_release
  dh_mark=$dh_new/$arg_unfinished_filename
  if [ -e "$dh_mark" ] || [ -L "$dh_mark" ]; then
    m_changed=true
    [ "$m_check" = true ] || m_say=$(rm -f -- "$dh_mark" 2>&1) || m_fail "cannot remove $dh_mark: $m_say"
  fi
  if [ ! -L "$dh_current" ] || [ "$(readlink -f -- "$dh_current")" != "$(readlink -f -- "$dh_new")" ]; then
    [ -L "$dh_current" ] || [ ! -e "$dh_current" ] || m_fail "$dh_current exists but is not a symbolic link"
    m_changed=true
    if [ "$m_check" = false ]; then
      [ -e "$dh_new" ] || m_fail "the symlink target $dh_new doesn't exists"
      dh_link=$dh_current.$arg_unfinished_filename
      m_say=$(rm -f -- "$dh_link" && ln -s -- "$dh_new" "$dh_link" && mv -fT -- "$dh_link" "$dh_current" 2>&1) || m_fail "cannot link $dh_current: $m_say"
    fi
  fi
  [ "$arg_clean" = false ] || dh_clear
}

# Unfinished releases go, and all but the newest ones; the release of the task stays.
dh_clear() {
  if [ -n "$dh_release" ]; then
    dh_link=$arg_path/$dh_release.$arg_unfinished_filename
    if [ -L "$dh_link" ]; then
      m_changed=true
      [ "$m_check" = true ] || rm -f -- "$dh_link"
    fi
  fi
  [ -d "$dh_releases" ] || return 0
  for dh_each in "$dh_releases"/*; do
    [ ! -f "$dh_each/$arg_unfinished_filename" ] || dh_remove "$dh_each"
  done
  dh_count=0
  while IFS= read -r dh_each; do
    [ -n "$dh_each" ] && [ -d "$dh_releases/$dh_each" ] && [ "$dh_each" != "$dh_release" ] || continue
    if [ "$m_check" = true ] && [ -f "$dh_releases/$dh_each/$arg_unfinished_filename" ]; then continue; fi
    dh_count=$((dh_count + 1))
    [ "$dh_count" -le "$arg_keep_releases" ] || dh_remove "$dh_releases/$dh_each"
  done <<DH_END
$(ls -1tc -- "$dh_releases")
DH_END
}
