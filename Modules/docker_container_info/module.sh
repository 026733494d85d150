# shellcheck shell=sh
# Input: see module.yml. Results: exists, container.

docker_container_info_main() {
  docker_begin
  if docker_ask inspect --type container -- "$arg_name"; then
    docker_inner "$m_out"
    m_bool exists true
    m_json container "$m_result"
  else
    m_bool exists false
    m_null container
  fi
}
