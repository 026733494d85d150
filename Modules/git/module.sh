# shellcheck shell=sh
# Input: see module.yml. Results: before, after, remote_url_changed, msg.

git_main() {
  m_plain_locale
  git_tool=${arg_executable:-git}
  [ -n "${arg_executable:-}" ] || m_need git
  # Looking must not touch the index.
  GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0
  export GIT_TERMINAL_PROMPT GIT_OPTIONAL_LOCKS
  if [ -n "${arg_umask:-}" ]; then umask "$arg_umask"; fi
  git_ssh
  if [ "$arg_bare" = true ]; then git_config=$arg_dest/config; else git_config=$arg_dest/.git/config; fi
  if [ ! -e "$git_config" ] && [ ! -e "$arg_dest/.git" ]; then
    git_clone
    return 0
  fi
  git_update
}

# How git reaches a server by ssh.
git_ssh() {
  git_command='ssh -o BatchMode=yes'
  [ "$arg_accept_hostkey" = false ] || git_command="$git_command -o StrictHostKeyChecking=no"
  [ "$arg_accept_newhostkey" = false ] || git_command="$git_command -o StrictHostKeyChecking=accept-new"
  if [ -n "${arg_key_file:-}" ]; then
    m_quote "$arg_key_file"
    git_command="$git_command -i $m_result -o IdentitiesOnly=yes"
  fi
  GIT_SSH_COMMAND="$git_command${arg_ssh_opts:+ $arg_ssh_opts}"
  export GIT_SSH_COMMAND
}

# git_run WORDS: git in dest; sets m_out, m_err and m_rc.
git_run() { m_capture "$git_tool" -C "$arg_dest" "$@"; }

git_or_fail() {
  git_run "$@"
  [ "$m_rc" = 0 ] || m_fail "Failed to $1: ${m_err:-$m_out}"
}

# m_result is the commit that the version has on the server.
git_remote_version() {
  case $arg_version in
    *[!0-9a-f]* | ???????????????????????????????????????) ;;
    ????????????????????????????????????????)
      m_result=$arg_version
      return 0
      ;;
  esac
  m_capture "$git_tool" ls-remote -- "$arg_repo" "$arg_version" "refs/heads/$arg_version" "refs/tags/$arg_version" "refs/tags/$arg_version^{}"
  [ "$m_rc" = 0 ] || m_fail "Failed to download remote objects and refs: $m_err"
  m_result=
  while IFS='	' read -r git_sha git_ref; do
    case $git_ref in
      HEAD) [ "$arg_version" != HEAD ] || m_result=$git_sha ;;
      "refs/tags/$arg_version^{}") m_result=$git_sha ;;
      "refs/heads/$arg_version") m_result=$git_sha ;;
      "refs/tags/$arg_version") [ -n "$m_result" ] || m_result=$git_sha ;;
    esac
  done <<GIT_END
$m_out
GIT_END
}

git_clone() {
  m_null before
  if [ "$arg_clone" = false ]; then
    git_remote_version
    m_str after "$m_result"
    return 0
  fi
  if [ "$m_check" = true ]; then
    git_remote_version
    m_changed=true
    m_str after "$m_result"
    return 0
  fi
  m_changed=true
  m_parent "$arg_dest"
  m_say=$(mkdir -p -- "$m_result" 2>&1) || m_fail "cannot make $m_result: $m_say"
  set -- clone --origin "$arg_remote"
  [ "$arg_bare" = false ] || set -- "$@" --bare
  [ -z "${arg_depth:-}" ] || set -- "$@" --depth "$arg_depth"
  [ "$arg_single_branch" = false ] || set -- "$@" --single-branch
  [ -z "${arg_reference:-}" ] || set -- "$@" --reference "$arg_reference"
  case $arg_version in
    HEAD) ;;
    *[!0-9a-f]*) if git_is_name; then set -- "$@" --branch "$arg_version"; fi ;;
  esac
  m_capture "$git_tool" "$@" -- "$arg_repo" "$arg_dest"
  [ "$m_rc" = 0 ] || m_fail "Failed to clone: ${m_err:-$m_out}"
  [ -z "${arg_refspec:-}" ] || git_or_fail fetch "$arg_remote" "$arg_refspec"
  [ "$arg_bare" = true ] || git_checkout
  git_finish
}

# True if the version is a branch or tag on the server.
git_is_name() {
  m_capture "$git_tool" ls-remote --exit-code -- "$arg_repo" "refs/heads/$arg_version" "refs/tags/$arg_version"
  [ "$m_rc" = 0 ]
}

git_update() {
  git_run rev-parse HEAD
  git_before=$m_out
  [ "$m_rc" = 0 ] || git_before=
  m_str before "$git_before"
  if [ "$arg_bare" = false ]; then git_local_changes; fi
  git_run remote get-url "$arg_remote"
  if [ "$m_rc" = 0 ] && [ "$m_out" != "$arg_repo" ]; then
    m_changed=true
    m_bool remote_url_changed true
    [ "$m_check" = true ] || git_or_fail remote set-url "$arg_remote" "$arg_repo"
  else
    m_bool remote_url_changed false
  fi
  if [ "$arg_update" = false ]; then
    m_str after "$git_before"
    return 0
  fi
  git_remote_version
  git_wanted=$m_result
  if [ "$m_check" = true ]; then
    [ "$git_wanted" = "$git_before" ] || m_changed=true
    m_str after "${git_wanted:-$git_before}"
    return 0
  fi
  if [ -z "$git_wanted" ] || [ "$git_wanted" != "$git_before" ]; then git_fetch; fi
  [ "$arg_bare" = true ] || git_checkout
  git_finish
}

# Local changes are an error, unless they may be thrown away.
git_local_changes() {
  git_run status --porcelain --untracked-files=no
  [ -n "$m_out" ] || return 0
  [ "$arg_force" = true ] || m_fail 'Local modifications exist in the destination: '"$arg_dest"' (force=no).'
  m_changed=true
  [ "$m_check" = true ] || git_or_fail reset --hard HEAD
}

git_fetch() {
  set -- fetch --force
  [ -z "${arg_depth:-}" ] || set -- "$@" --depth "$arg_depth"
  if [ "$arg_bare" = true ]; then
    git_or_fail "$@" "$arg_remote" '+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*'
  elif [ "$arg_single_branch" = true ] || [ -n "${arg_depth:-}" ]; then
    case $arg_version in
      HEAD) git_or_fail "$@" "$arg_remote" ;;
      *) if git_is_branch_there; then git_or_fail "$@" "$arg_remote" "+refs/heads/$arg_version:refs/remotes/$arg_remote/$arg_version"; else git_or_fail "$@" --tags "$arg_remote" "$arg_version"; fi ;;
    esac
  else
    git_or_fail "$@" --tags "$arg_remote"
    git_or_fail "$@" "$arg_remote"
  fi
  [ -z "${arg_refspec:-}" ] || git_or_fail fetch "$arg_remote" "$arg_refspec"
}

git_is_branch_there() {
  m_capture "$git_tool" ls-remote --exit-code -- "$arg_repo" "refs/heads/$arg_version"
  [ "$m_rc" = 0 ]
}

# A branch is checked out and reset to the server's; anything else is checked out as it is.
git_checkout() {
  git_branch=$arg_version
  if [ "$git_branch" = HEAD ]; then
    git_run symbolic-ref --short "refs/remotes/$arg_remote/HEAD"
    git_branch=${m_out#"$arg_remote/"}
  fi
  git_run rev-parse --verify --quiet "refs/remotes/$arg_remote/$git_branch"
  if [ -n "$git_branch" ] && [ "$m_rc" = 0 ]; then
    git_run rev-parse --verify --quiet "refs/heads/$git_branch"
    if [ "$m_rc" = 0 ]; then
      git_or_fail checkout --force "$git_branch" --
      git_or_fail reset --hard "$arg_remote/$git_branch"
    else
      git_or_fail checkout --force --track -b "$git_branch" "$arg_remote/$git_branch"
    fi
  elif [ "$arg_version" != HEAD ]; then
    git_run rev-parse --verify --quiet "$arg_version^{commit}"
    if [ "$m_rc" != 0 ]; then git_or_fail fetch "$arg_remote" "$arg_version"; fi
    git_or_fail checkout --force "$arg_version" --
  fi
  if [ "$arg_verify_commit" = true ]; then
    git_run verify-commit HEAD
    [ "$m_rc" = 0 ] || git_or_fail verify-tag "$arg_version"
  fi
  if [ "$arg_recursive" = true ] && [ -e "$arg_dest/.gitmodules" ]; then
    git_or_fail submodule sync --recursive
    set -- submodule update --init --recursive
    [ "$arg_track_submodules" = false ] || set -- "$@" --remote
    git_or_fail "$@"
  fi
}

git_finish() {
  git_run rev-parse HEAD
  m_str after "$m_out"
  [ "$m_out" = "${git_before:-}" ] || m_changed=true
}
