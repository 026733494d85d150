# shellcheck shell=sh
# Input: see module.yml. Results: before, after, remote_url_changed, submodules_changed, git_dir_before, git_dir_now, msg, diff.

git_main() {
  m_plain_locale
  git_tool=${arg_executable:-git}
  [ -n "${arg_executable:-}" ] || m_need git
  # Looking must not touch the index.
  GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0
  export GIT_TERMINAL_PROMPT GIT_OPTIONAL_LOCKS
  if [ -n "${arg_umask:-}" ]; then umask "$arg_umask"; fi
  git_ssh
  # Some things, such as depth, need a URL also for what is on this host.
  git_repo=$arg_repo
  case $git_repo in
    '~') git_repo=file://${HOME:-} ;;
    [~]/*) git_repo=file://${HOME:-}/${git_repo#??} ;;
    /*) git_repo=file://$git_repo ;;
  esac
  git_place
  if [ -z "${arg_dest:-}" ] || [ ! -e "$git_folder/config" ]; then
    git_begin
  elif [ "$arg_update" = false ]; then
    git_or_fail "say which commit $arg_dest has" rev-parse HEAD
    git_before=$m_out
    m_str before "$git_before"
    git_finish
  else
    git_update
  fi
}

# How git reaches a server by ssh.
git_ssh() {
  git_command=${GIT_SSH_COMMAND:-ssh}
  git_options=${arg_ssh_opts:-}
  case $git_options in
    *StrictHostKeyChecking=*) ;;
    *)
      [ "$arg_accept_hostkey" = false ] || git_options="$git_options -o StrictHostKeyChecking=no"
      [ "$arg_accept_newhostkey" = false ] || git_options="$git_options -o StrictHostKeyChecking=accept-new"
      ;;
  esac
  if [ -n "${arg_key_file:-}" ]; then
    m_quote "$arg_key_file"
    git_options="$git_options -i $m_result -o IdentitiesOnly=yes"
  fi
  GIT_SSH_COMMAND="$git_command $git_options -o BatchMode=yes"
  export GIT_SSH_COMMAND
}

# git_folder is where git keeps its own files; with separate_git_dir they move there.
git_place() {
  git_folder=
  if [ -z "${arg_dest:-}" ]; then
    [ "$arg_clone" = false ] || m_fail 'the destination directory must be specified unless clone=no'
    return 0
  fi
  git_folder=$arg_dest
  [ "$arg_bare" = true ] || git_folder=$arg_dest/.git
  if [ -f "$git_folder" ]; then git_follow; fi
  if [ -n "${arg_separate_git_dir:-}" ] && [ -e "$git_folder" ] && [ "$git_folder" != "$(readlink -f -- "$arg_separate_git_dir")" ]; then git_move; fi
}

# .git is a file that names the folder.
git_follow() {
  IFS= read -r git_line <"$git_folder"
  case $git_line in
    'gitdir: /'*) git_folder=${git_line#'gitdir: '} ;;
    'gitdir: '*) git_folder=$arg_dest/${git_line#'gitdir: '} ;;
    *) git_folder= ;;
  esac
  if [ -z "$git_folder" ] || [ ! -d "$git_folder" ]; then
    m_fail 'Current repo does not have a valid reference to a separate Git dir or it refers to the invalid path'
  fi
}

git_move() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  [ ! -e "$arg_separate_git_dir" ] || m_fail "Separate-git-dir path $arg_separate_git_dir already exists."
  m_say=$(mv -- "$git_folder" "$arg_separate_git_dir" 2>&1) || m_fail "Unable to move git dir. $m_say"
  m_write_text "$arg_dest/.git" "gitdir: $arg_separate_git_dir$m_nl" 0644
  m_str git_dir_before "$git_folder"
  m_str git_dir_now "$arg_separate_git_dir"
  git_folder=$arg_separate_git_dir
}

# git_run WORDS: git in dest; sets m_out, m_err and m_rc.
git_run() { m_capture "$git_tool" -C "$arg_dest" "$@"; }

# git_or_fail WHAT WORDS: the same; fails with what could not be done, and git's own words.
git_or_fail() {
  git_what=$1
  shift
  git_run "$@"
  [ "$m_rc" = 0 ] || git_fail "$git_what"
}

git_fail() {
  m_int rc "$m_rc"
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  m_fail "Failed to $1: ${m_err:-$m_out}"
}

# What the server has of the version: git_remote_kind is HEAD, branch, tag or neither, m_result its commit.
git_ask_server() {
  m_capture "$git_tool" ls-remote -- "$git_repo" HEAD "refs/heads/$arg_version" "refs/tags/$arg_version" "refs/tags/$arg_version^{}"
  [ "$m_rc" = 0 ] || git_fail 'download remote objects and refs'
  m_result=$arg_version git_remote_kind=neither
  while IFS='	' read -r git_sha git_ref; do
    case $arg_version:$git_remote_kind:$git_ref in
      HEAD:*:HEAD) m_result=$git_sha git_remote_kind=HEAD ;;
      HEAD:*) ;;
      *":refs/heads/$arg_version") m_result=$git_sha git_remote_kind=branch ;;
      *:branch:*) ;;
      # One with a message has a line more, for the commit that it stands at.
      *":refs/tags/$arg_version^{}" | *":refs/tags/$arg_version") m_result=$git_sha git_remote_kind=tag ;;
    esac
  done <<GIT_END
$m_out
GIT_END
  [ "$arg_version:$git_remote_kind" != HEAD:neither ] || m_fail 'Could not determine remote revision for HEAD'
}

git_begin() {
  m_null before
  git_before=
  if [ "$m_check" = true ] || [ "$arg_clone" = false ]; then
    git_ask_server
    m_changed=true
    git_after=$m_result
    m_str after "$git_after"
    m_diff_prepared ">> Newly checked out $git_after"
    return 0
  fi
  git_clone
  [ "$arg_bare" = true ] || git_switch
  git_modules
  git_finish
}

git_clone() {
  m_parent "$arg_dest"
  m_say=$(mkdir -p -- "$m_result" 2>&1) || m_fail "cannot make $m_result: $m_say"
  git_remote_kind=
  if [ -n "${arg_depth:-}" ] || [ "$arg_single_branch" = true ]; then git_ask_server; fi
  set -- clone
  if [ "$arg_bare" = true ]; then
    set -- "$@" --bare
  else
    set -- "$@" --origin "$arg_remote"
    # What the version has is checked out at once, and nothing else before.
    [ "$arg_version" = HEAD ] || set -- "$@" --no-checkout
  fi
  if [ -n "${arg_depth:-}" ]; then
    case $git_remote_kind:${arg_refspec:-} in
      neither:) m_warn 'Ignoring depth argument. Shallow clones are only available for HEAD, branches, tags or in combination with refspec.' ;;
      *) set -- "$@" --depth "$arg_depth" ;;
    esac
  fi
  case $git_remote_kind in branch | tag) set -- "$@" --branch "$arg_version" ;; esac
  [ -z "${arg_reference:-}" ] || set -- "$@" --reference "$arg_reference"
  [ "$arg_single_branch" = false ] || set -- "$@" --single-branch
  [ -z "${arg_separate_git_dir:-}" ] || set -- "$@" "--separate-git-dir=$arg_separate_git_dir"
  m_capture "$git_tool" "$@" -- "$git_repo" "$arg_dest"
  [ "$m_rc" = 0 ] || git_fail clone
  m_changed=true
  if [ "$arg_bare" = true ] && [ "$arg_remote" != origin ]; then git_or_fail "add the remote $arg_remote" remote add "$arg_remote" "$git_repo"; fi
  git_branch='' git_is_new=true
  if [ -n "${arg_refspec:-}" ]; then git_or_fail 'download remote objects and refs' fetch ${arg_depth:+--depth "$arg_depth"} "$arg_remote" "$arg_refspec"; fi
}

git_update() {
  git_look
  m_str before "$git_before"
  if [ "$git_dirty" = true ]; then
    [ "$arg_force" = true ] || m_fail "Local modifications exist in the destination: $arg_dest (force=no)."
    m_changed=true
    if [ "$m_check" = false ]; then
      m_str msg "Local modifications exist in the destination: $arg_dest"
      git_or_fail 'take local modifications back' reset --hard HEAD
    fi
  fi
  git_address
  if [ "$m_check" = true ]; then
    git_ask_server
    git_after=$m_result
    [ "$git_after" = "$git_before" ] || m_changed=true
    m_str after "$git_after"
    return 0
  fi
  git_fetch
  [ "$arg_bare" = true ] || git_switch
  git_modules
  git_finish
}

# git_before is the commit that is checked out, git_branch its branch, and git_dirty says whether files are not as there.
git_look() {
  git_branch='' git_dirty=false git_is_new=false
  if [ "$arg_bare" = true ]; then
    git_or_fail "say which commit $arg_dest has" rev-parse HEAD
    git_before=$m_out
    return 0
  fi
  git_or_fail "look at $arg_dest" status --porcelain=v2 --branch --untracked-files=no
  while read -r git_word git_name git_rest; do
    case $git_word$git_name in
      '#branch.oid') git_before=$git_rest ;;
      '#branch.head') [ "$git_rest" = '(detached)' ] || git_branch=$git_rest ;;
      '#'* | '') ;;
      *) git_dirty=true ;;
    esac
  done <<GIT_END
$m_out
GIT_END
  # Where there is no commit yet the reference has this word for it.
  [ "$git_before" != '(initial)' ] || git_before=HEAD
}

# The remote's address becomes the one asked for.
git_address() {
  git_run ls-remote --get-url "$arg_remote"
  if [ "$m_out" = "$git_repo" ]; then
    m_bool remote_url_changed false
    return 0
  fi
  m_changed=true
  m_bool remote_url_changed true
  [ "$m_check" = true ] || git_or_fail "set a new url $git_repo for $arg_remote" remote set-url "$arg_remote" "$git_repo"
}

# A fetch of as few commits as were asked for names what it needs.
git_fetch() {
  git_refs=
  if [ -n "${arg_depth:-}" ]; then git_shallow_refs; fi
  if [ -n "$git_refs" ]; then
    set -- fetch --depth "$arg_depth"
  elif [ "$arg_bare" = true ]; then
    set -- fetch
    git_refs="'+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*'"
  else
    set -- fetch --tags
  fi
  if [ -n "${arg_refspec:-}" ] && [ "${git_refs#*"$arg_refspec"}" = "$git_refs" ]; then
    m_quote "$arg_refspec"
    git_refs="$git_refs $m_result"
  fi
  [ "$arg_force" = false ] || set -- "$@" --force
  eval "git_or_fail 'download remote objects and refs' \"\$@\" \"\$arg_remote\" $git_refs"
}

# git_refs becomes a list of quoted words, empty for what only a whole fetch can bring.
git_shallow_refs() {
  git_head_branch
  if [ -n "${arg_refspec:-}" ]; then
    m_words "$arg_refspec"
  elif [ "$arg_version" = HEAD ]; then
    m_words "$git_head"
  else
    git_ask_server
    case $git_remote_kind in
      branch)
        if [ "$git_head" != "$arg_version" ]; then
          m_words "+refs/heads/$arg_version:refs/heads/$arg_version" "+refs/heads/$arg_version:refs/remotes/$arg_remote/$arg_version"
        else
          m_words "+refs/heads/$arg_version:refs/remotes/$arg_remote/$arg_version"
        fi
        ;;
      tag) m_words "+refs/tags/$arg_version:refs/tags/$arg_version" ;;
      *) m_result= ;;
    esac
  fi
  git_refs=$m_result
}

# git_head is the branch that HEAD means: the one that is checked out, or else the server's own.
git_head_branch() {
  git_head=$git_branch
  [ -z "$git_head" ] || return 0
  git_run symbolic-ref --short "refs/remotes/$arg_remote/HEAD"
  git_head=${m_out#"$arg_remote/"}
}

# A branch is checked out and reset to the server's; anything else is checked out as it is. What is as it shall be stays untouched.
git_switch() {
  if [ "$arg_version" != HEAD ]; then
    git_find_version
    if [ "$git_found" = branch ]; then
      git_reset_branch "$arg_version"
    elif [ "$m_out" != "$git_before" ] || [ -n "$git_branch" ] || [ "$git_is_new" = true ]; then
      git_or_fail "checkout $arg_version" checkout --force "$arg_version" --
    fi
  elif [ "$git_is_new" = false ]; then
    git_head_branch
    git_reset_branch "$git_head"
  fi
  [ "$arg_verify_commit" = false ] || git_verify
}

# git_found is branch, or commit with the commit in m_out. A clone of one branch knows nothing of the others, nor one of few commits.
git_find_version() {
  git_found=branch
  git_run rev-parse --verify --quiet "refs/remotes/$arg_remote/$arg_version"
  [ "$m_rc" != 0 ] || return 0
  git_found=commit
  git_run rev-parse --verify --quiet "$arg_version^{commit}"
  [ "$m_rc" != 0 ] || return 0
  git_found=branch
  git_run fetch ${arg_depth:+--depth "$arg_depth"} "$arg_remote" "+refs/heads/$arg_version:refs/remotes/$arg_remote/$arg_version"
  [ "$m_rc" != 0 ] || return 0
  git_found=commit
  git_or_fail "checkout $arg_version" fetch "$arg_remote" "$arg_version"
  m_out=
}

# git_reset_branch NAME
git_reset_branch() {
  git_or_fail "checkout branch $1" rev-parse --verify --quiet "refs/remotes/$arg_remote/$1"
  if [ "$git_branch" = "$1" ]; then
    [ "$m_out" = "$git_before" ] || git_or_fail "checkout branch $1" reset --hard "refs/remotes/$arg_remote/$1" --
    return 0
  fi
  git_run rev-parse --verify --quiet "refs/heads/$1"
  if [ "$m_rc" = 0 ]; then
    git_or_fail "checkout branch $1" checkout --force "$1" --
    git_or_fail "checkout branch $1" reset --hard "refs/remotes/$arg_remote/$1" --
  else
    git_or_fail "checkout $1" checkout --force --track -b "$1" "$arg_remote/$1"
  fi
}

# The version is signed, by one of those who may, where they are named.
git_verify() {
  git_run cat-file -t "refs/tags/$arg_version"
  if [ "$m_out" = tag ]; then git_kind=verify-tag; else git_kind=verify-commit; fi
  eval "set -- ${arg_gpg_allowlist:-}"
  if [ $# = 0 ]; then git_run "$git_kind" "$arg_version"; else git_run "$git_kind" --raw "$arg_version"; fi
  if [ "$m_rc" != 0 ]; then
    m_int rc "$m_rc"
    m_str stdout "$m_out"
    m_str stderr "$m_err"
    m_fail "Failed to verify GPG signature of commit/tag \"$arg_version\""
  fi
  [ $# != 0 ] || return 0
  git_signer
  m_contains "$git_key" "$@" || m_fail "The gpg_allowlist does not include the public key \"$git_key\" for this commit"
}

# git_key is the fingerprint of the primary key in what gpg said: the twelfth word of its line, or the third where it says less.
git_signer() {
  git_key=
  while IFS= read -r m_each; do
    case $m_each in
      *' VALIDSIG '*)
        git_key=${m_each##* }
        m_each=${m_each#*' VALIDSIG '}
        [ "${#git_key}" -ge 40 ] || git_key=${m_each%% *}
        ;;
    esac
  done <<GIT_END
$m_err
GIT_END
}

# Submodules come to the commit that the repository names, or with track_submodules to the end of their branch.
git_modules() {
  if [ "$arg_recursive" = false ] || [ "$arg_bare" = true ] || [ ! -e "$arg_dest/.gitmodules" ]; then return 0; fi
  git_modules_differ || return 0
  m_changed=true
  m_bool submodules_changed true
  git_or_fail 'init/update submodules' submodule sync
  set -- submodule update --init --recursive
  [ "$arg_track_submodules" = false ] || set -- "$@" --remote
  [ "$arg_force" = false ] || set -- "$@" --force
  git_or_fail 'init/update submodules' "$@"
}

git_modules_differ() {
  git_or_fail 'retrieve submodule status' submodule status
  case $m_nl$m_out in *"$m_nl"[-+U]*) return 0 ;; esac
  [ "$arg_track_submodules" = true ] || return 1
  # The server's branch is the one that .gitmodules names, or else its own. The words are the shell's that git starts.
  # shellcheck disable=SC2016
  git_or_fail 'fetch submodules' submodule foreach --quiet \
    "$git_tool"' fetch -q && [ "$('"$git_tool"' rev-parse HEAD)" = "$('"$git_tool"' rev-parse "origin/$('"$git_tool"' config -f "$toplevel/.gitmodules" "submodule.$name.branch" || echo HEAD)")" ] || echo differs'
  [ -n "$m_out" ]
}

git_finish() {
  git_after=$git_before
  if [ "$arg_update" = true ] || [ -z "$git_before" ]; then
    git_or_fail "say which commit $arg_dest has" rev-parse HEAD
    git_after=$m_out
  fi
  m_str after "$git_after"
  if [ "$git_after" != "$git_before" ]; then
    m_changed=true
    git_show
  fi
  [ -z "${arg_archive:-}" ] || git_archive
}

git_show() {
  [ "$m_diff" = true ] || return 0
  if [ -z "$git_before" ]; then
    m_diff_prepared ">> Newly checked out $git_after"
    return 0
  fi
  git_run diff "$git_before" "$git_after"
  if [ "$m_rc" != 0 ]; then
    m_diff_prepared ">> Failed to get proper diff between $git_before and $git_after:$m_nl>> $m_err"
  else
    m_diff_prepared "${m_out:->> No visual differences between $git_before and $git_after}"
  fi
}

# An archive of the version; one that is the same already stays.
git_archive() {
  case $arg_archive in
    *.zip) git_format=zip ;;
    *.gz) git_format=tar.gz ;;
    *.tar) git_format=tar ;;
    *.tgz) git_format=tgz ;;
    *) m_fail "Unable to get file extension from archive file name : $arg_archive" ;;
  esac
  if [ "$m_check" = true ]; then
    m_changed=true
    return 0
  fi
  m_temporary "$arg_archive"
  git_run archive --format "$git_format" --output "$m_temp" ${arg_archive_prefix:+--prefix "$arg_archive_prefix"} "$arg_version"
  if [ "$m_rc" != 0 ]; then
    rm -f -- "$m_temp"
    m_fail "Failed to perform archive operation: $m_err"
  fi
  if [ -e "$arg_archive" ] && cmp -s -- "$m_temp" "$arg_archive"; then
    rm -f -- "$m_temp"
  else
    m_changed=true
    m_move_into_place "$arg_archive"
  fi
}
