# shellcheck shell=sh
# Input: see module.yml. Results: repo, state, sources_added, sources_removed, update_cache.

apt_repository_main() {
  case $arg_repo in
    ppa:*) m_fail 'ppa: sources are not supported: use deb822_repository with the archive'"'"'s URL and key' ;;
  esac
  m_trim "$arg_repo"
  apt_line=$m_result
  case $apt_line in
    deb\ * | deb-src\ *) ;;
    *) m_fail "Invalid repository string: $arg_repo" ;;
  esac
  repository_normal "$apt_line"
  repository_wanted=$m_result
  repository_added='' repository_removed=
  if [ "$arg_state" = present ]; then repository_present; else repository_absent; fi
  m_str repo "$arg_repo"
  m_str state "$arg_state"
  eval "m_strings sources_added $repository_added"
  eval "m_strings sources_removed $repository_removed"
  if [ "$m_changed" = true ] && [ "$arg_update_cache" = true ] && [ "$m_check" = false ]; then repository_update; fi
}

# m_result is a line with single blanks and without its comment.
repository_normal() {
  set -f
  # shellcheck disable=SC2086
  set -- ${1%%#*}
  set +f
  m_result=$*
}

repository_files() {
  for repository_file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    if [ -f "$repository_file" ]; then "$1"; fi
  done
}

repository_present() {
  repository_found=false
  repository_files repository_look
  [ "$repository_found" = false ] || return 0
  repository_name
  if [ ! -e "$repository_target" ]; then
    m_quote "$repository_target"
    repository_added=$m_result
  fi
  m_read_text "$repository_target"
  case $m_result in
    '' | *"$m_nl") ;;
    *) m_result=$m_result$m_nl ;;
  esac
  m_write_text "$repository_target" "$m_result$apt_line$m_nl" "${arg_mode:-0644}"
}

repository_look() {
  while IFS= read -r m_each; do
    repository_normal "$m_each"
    if [ "$m_result" = "$repository_wanted" ]; then repository_found=true; fi
  done <"$repository_file"
}

repository_absent() { repository_files repository_take; }

# Takes the line out of a file; a file of ours that is empty then goes.
repository_take() {
  repository_kept='' repository_hit=false
  while IFS= read -r repository_each; do
    repository_normal "$repository_each"
    if [ "$m_result" = "$repository_wanted" ]; then repository_hit=true; else repository_kept=$repository_kept$repository_each$m_nl; fi
  done <"$repository_file"
  [ "$repository_hit" = true ] || return 0
  m_trim "$repository_kept"
  if [ -z "$m_result" ] && [ "$repository_file" != /etc/apt/sources.list ]; then
    m_changed=true
    m_read_text "$repository_file"
    m_diff_text "$repository_file" /dev/null "$m_result" ''
    m_quote "$repository_file"
    repository_removed="$repository_removed $m_result"
    [ "$m_check" = true ] || rm -f -- "$repository_file"
  else
    m_write_text "$repository_file" "$repository_kept"
  fi
}

# repository_target is the file for a new line: named by filename, or by what is left of the URI.
repository_name() {
  repository_target=${arg_filename:-}
  if [ -z "$repository_target" ]; then
    repository_rest=$repository_wanted
    case $repository_rest in
      *'['*']'*) repository_rest="${repository_rest%%\[*}${repository_rest#*\] }" ;;
    esac
    # shellcheck disable=SC2086
    set -- $repository_rest
    repository_rest=${2#*://}
    repository_rest=${repository_rest#*@}
    repository_target=$(m_put "$repository_rest" | sed 's/[^A-Za-z0-9]/_/g; s/__*/_/g; s/^_//; s/_$//')
  fi
  case $repository_target in
    /*) ;;
    *) repository_target=/etc/apt/sources.list.d/$repository_target ;;
  esac
  case $repository_target in
    *.list) ;;
    *) repository_target=$repository_target.list ;;
  esac
}

repository_update() {
  arg_cache_valid_time=0 arg_lock_timeout=60
  apt_update
}
