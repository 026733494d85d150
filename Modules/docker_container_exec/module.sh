# shellcheck shell=sh
# Input: see module.yml. Results: stdout, stderr, rc.

docker_container_exec_main() {
  docker_begin
  [ "$m_check" = false ] || m_skip 'remote module (docker_container_exec) does not support check mode'
  docker_ask inspect --type container --format '{{.State.Paused}}' -- "$arg_container" || m_fail "Could not find container \"$arg_container\""
  [ "$m_out" != true ] || m_fail "The container \"$arg_container\" has been paused"
  m_changed=true
  if [ "$arg_detach" = true ]; then
    m_capture docker_exec_run --detach
    [ "$m_rc" = 0 ] || m_fail "An unexpected Docker error occurred: $m_err"
    return 0
  fi
  m_capture docker_exec_run --interactive
  if [ "$arg_strip_empty_ends" = true ]; then
    m_str stdout "$m_out"
  else
    m_str stdout "$m_out$m_nl"
  fi
  m_str stderr "$m_err"
  m_int rc "$m_rc"
}

# A variable that means something to the docker command itself goes on its command line.
docker_exec_run() {
  [ "$arg_tty" = false ] || set -- "$@" --tty
  [ -z "${arg_user:-}" ] || set -- "$@" --user "$arg_user"
  [ -z "${arg_chdir:-}" ] || set -- "$@" --workdir "$arg_chdir"
  docker_exec_words=
  for m_each in "$@"; do
    m_quote "$m_each"
    docker_exec_words="$docker_exec_words $m_result"
  done
  eval "set -- ${arg_env:-}"
  while [ $# -gt 1 ]; do
    case $1 in
      PATH | HOME | DOCKER_* | LD_* | LC_ALL | LANGUAGE | *[!A-Za-z0-9_]* | [0-9]*) m_quote "$1=$2" ;;
      *)
        m_export "$1" "$2"
        m_result=$1
        ;;
    esac
    docker_exec_words="$docker_exec_words --env $m_result"
    shift 2
  done
  eval "docker_run exec $docker_exec_words -- \"\$arg_container\" ${arg_argv:-${arg_command:-}}"
}
