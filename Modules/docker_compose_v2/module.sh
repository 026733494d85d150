# shellcheck shell=sh
# Input: see module.yml. Results: containers, images, actions, stdout, stderr.

docker_compose_v2_main() {
  docker_begin
  [ -d "$arg_project_src" ] || m_fail "\"$arg_project_src\" is not a directory"
  dcv_files
  dcv_base
  dcv_version
  dcv_out='' dcv_err=''
  case $arg_state in
    present) dcv_up '' ;;
    stopped) dcv_stop ;;
    restarted)
      dcv_words=restart
      [ "$arg_dependencies" = true ] || dcv_add --no-deps
      dcv_call
      ;;
    absent)
      dcv_words=down
      [ "$arg_remove_orphans" = false ] || dcv_add --remove-orphans
      [ -z "${arg_remove_images:-}" ] || dcv_add --rmi "$arg_remove_images"
      [ "$arg_remove_volumes" = false ] || dcv_add --volumes
      dcv_call
      ;;
  esac
  dcv_actions
  [ -z "$dcv_out" ] || m_str stdout "$dcv_out"
  [ -z "$dcv_err" ] || m_str stderr "$dcv_err"
  dcv_lists
}

dcv_add() {
  for m_each in "$@"; do
    m_quote "$m_each"
    dcv_words="$dcv_words $m_result"
  done
}

dcv_files() {
  eval "set -- ${arg_files:-}"
  for dcv_each in "$@"; do
    case $dcv_each in
      /*) m_result=$dcv_each ;;
      *) m_result=$arg_project_src/$dcv_each ;;
    esac
    [ -e "$m_result" ] || m_fail "Cannot find Compose file \"$dcv_each\" relative to project directory \"$arg_project_src\""
  done
  [ $# = 0 ] && [ "$arg_check_files_existing" = true ] || return 0
  for dcv_each in compose.yaml compose.yml docker-compose.yaml docker-compose.yml; do
    [ ! -e "$arg_project_src/$dcv_each" ] || return 0
  done
  m_fail "\"$arg_project_src\" does not contain compose.yaml, compose.yml, docker-compose.yaml, or docker-compose.yml"
}

dcv_base() {
  dcv_words='compose --ansi never --progress plain'
  dcv_add --project-directory "$arg_project_src"
  [ -z "${arg_project_name:-}" ] || dcv_add --project-name "$arg_project_name"
  eval "set -- ${arg_files:-}"
  for dcv_each in "$@"; do dcv_add --file "$dcv_each"; done
  eval "set -- ${arg_env_files:-}"
  for dcv_each in "$@"; do dcv_add --env-file "$dcv_each"; done
  eval "set -- ${arg_profiles:-}"
  for dcv_each in "$@"; do dcv_add --profile "$dcv_each"; done
  dcv_first=$dcv_words
}

dcv_version() {
  m_capture docker_run compose version --short
  [ "$m_rc" = 0 ] || m_fail 'Docker CLI docker does not have the compose plugin installed'
  dcv_number=${m_out#v}
  dcv_major=${dcv_number%%.*}
  dcv_minor=${dcv_number#*.}
  dcv_minor=${dcv_minor%%[!0-9]*}
  m_is_number "$dcv_major" && m_is_number "$dcv_minor" || m_fail "docker compose tells no version: $m_out"
  if [ "$dcv_major" -lt 2 ] || { [ "$dcv_major" = 2 ] && [ "$dcv_minor" -lt 18 ]; }; then
    m_fail "Docker CLI docker has the compose plugin with version $dcv_number; need version 2.18.0 or later"
  fi
}

dcv_run() {
  cd -- "$arg_project_src" || return 1
  eval "docker_run $dcv_first $*"
}

# dcv_call: runs dcv_words with what all commands have in common.
dcv_call() {
  [ -z "${arg_timeout:-}" ] || dcv_add --timeout "$arg_timeout"
  [ "$m_check" = false ] || dcv_add --dry-run
  dcv_words="$dcv_words -- ${arg_services:-}"
  m_capture dcv_run "$dcv_words"
  dcv_out="$dcv_out${dcv_out:+$m_nl}$m_out"
  dcv_err="$dcv_err${dcv_err:+$m_nl}$m_err"
  [ "$m_rc" != 0 ] || return 0
  dcv_actions
  m_int rc "$m_rc"
  m_str stdout "$dcv_out"
  m_str stderr "$dcv_err"
  m_fail "General error: $(m_put "$dcv_err" | tail -n 1)"
}

# dcv_up [--no-start]
dcv_up() {
  dcv_words='up --detach --no-color --quiet-pull'
  [ "$arg_pull" = policy ] || dcv_add --pull "$arg_pull"
  [ "$arg_remove_orphans" = false ] || dcv_add --remove-orphans
  case $arg_recreate in
    always) dcv_add --force-recreate ;;
    never) dcv_add --no-recreate ;;
  esac
  [ "$arg_renew_anon_volumes" = false ] || dcv_add --renew-anon-volumes
  [ "$arg_dependencies" = true ] || dcv_add --no-deps
  case $arg_build in
    always) dcv_add --build ;;
    never) dcv_add --no-build ;;
  esac
  eval "set -- \"\$1\" ${arg_scale:-}"
  dcv_start=$1
  shift
  while [ $# -gt 1 ]; do
    m_is_number "$2" || m_fail "The value $2 for \`scale[$1]\` is not an integer"
    dcv_add --scale "$1=$2"
    shift 2
  done
  if [ "$arg_wait" = true ]; then
    dcv_add --wait
    [ -z "${arg_wait_timeout:-}" ] || dcv_add --wait-timeout "$arg_wait_timeout"
  fi
  [ -z "$dcv_start" ] || dcv_add "$dcv_start"
  [ "$arg_assume_yes" = false ] || dcv_add -y
  dcv_call
}

# docker compose stop says that it stops what stands already: it is run only if something runs.
dcv_stop() {
  dcv_up --no-start
  m_capture dcv_run ps --format json --all
  case $m_out in
    *'"State":"running"'* | *'"State":"restarting"'* | *'"State":"paused"'*)
      dcv_words=stop
      dcv_call
      ;;
  esac
}

# The lines of work are " Container shop-web-1  Started"; those of a dry run have a prefix. What is being done is an action.
dcv_actions() {
  m_list actions
  while IFS= read -r m_each; do
    m_trim "${m_each#*DRY-RUN MODE - }"
    case $m_result in
      Container\ *' '* | Network\ *' '* | Volume\ *' '* | Image\ *' '*) ;;
      *) continue ;;
    esac
    dcv_kind=${m_result%% *}
    dcv_status=${m_result##* }
    m_trim "${m_result#* }"
    dcv_id=${m_result%% *}
    case $dcv_status in
      Creating | Starting | Restarting | Stopping | Killing | Removing | Recreate | Recreating | Pausing | Unpausing) ;;
      Building) [ "$arg_ignore_build_events" = false ] || continue ;;
      *) continue ;;
    esac
    m_changed=true
    m_dict ''
    m_str what "$(m_put "$dcv_kind" | tr '[:upper:]' '[:lower:]')"
    m_str id "$dcv_id"
    m_str status "$dcv_status"
    m_close
  done <<DCV_END
$dcv_err
DCV_END
  m_close
}

# Lines of JSON or one list, by version.
dcv_lists() {
  m_capture dcv_run ps --format json --all --no-trunc
  dcv_list containers
  m_capture dcv_run images --format json
  dcv_list images
}

dcv_list() {
  case $m_rc:$m_out in
    0:\[*) m_json "$1" "$m_out" ;;
    0:\{*)
      m_replace "$m_out" "}$m_nl{" '},{'
      m_json "$1" "[$m_result]"
      ;;
    *) m_json "$1" '[]' ;;
  esac
}
