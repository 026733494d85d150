# shellcheck shell=sh
# Input: see module.yml. Results: can_talk_to_docker, host_info, and lists of what is asked for.

docker_host_info_main() {
  docker_begin
  m_capture docker_run info --format '{{json .}}'
  # An unreachable daemon is told in the answer, with status 0 by some versions.
  case $m_rc:$m_out in
    0:*'"ServerErrors":'* | [!0]*)
      m_bool can_talk_to_docker false
      m_fail "Error connecting: ${m_err:-$m_out}"
      ;;
  esac
  m_bool can_talk_to_docker true
  m_json host_info "$m_out"
  [ "$arg_containers:$arg_containers_all" = false:false ] || docker_host_list containers container "$arg_containers_all" "${arg_containers_filters:-}"
  [ "$arg_images" = false ] || docker_host_list images image false "${arg_images_filters:-}"
  [ "$arg_networks" = false ] || docker_host_list networks network false "${arg_networks_filters:-}"
  [ "$arg_volumes" = false ] || docker_host_list volumes volume false "${arg_volumes_filters:-}"
  [ "$arg_disk_usage" = false ] || docker_host_lines disk_usage system df --format '{{json .}}'
}

# docker_host_list KEY KIND ALL FILTERS: filters are keys and values.
docker_host_list() {
  docker_key=$1 docker_kind=$2 docker_all=$3
  eval "set -- $4"
  docker_filters=
  while [ $# -gt 1 ]; do
    m_quote "$1=$2"
    docker_filters="$docker_filters --filter $m_result"
    shift 2
  done
  [ "$docker_all" = false ] || docker_filters="$docker_filters --all"
  if [ "$arg_verbose_output" = false ]; then
    eval "docker_host_lines $docker_key $docker_kind ls $docker_filters --format '{{json .}}'"
    return 0
  fi
  eval "docker_ask $docker_kind ls --quiet $docker_filters"
  if [ -z "$m_out" ]; then
    m_json "$docker_key" '[]'
    return 0
  fi
  # Numbers and names of docker have no blanks.
  # shellcheck disable=SC2086
  docker_ask "$docker_kind" inspect -- $m_out
  m_json "$docker_key" "$m_out"
}

# docker_host_lines KEY WORDS…: what the docker command answers, a line of JSON for each.
docker_host_lines() {
  docker_key=$1
  shift
  docker_ask "$@"
  m_replace "$m_out" "$m_nl" ,
  m_json "$docker_key" "[$m_result]"
}
