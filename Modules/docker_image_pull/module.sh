# shellcheck shell=sh
# Input: see module.yml. Results: image, actions.

docker_image_pull_main() {
  docker_begin
  case $arg_name in
    sha256:*) m_fail 'Cannot pull an image by ID' ;;
  esac
  docker_image_name "$arg_name" "$arg_tag"
  docker_pull_name=$m_result
  docker_image_look "$docker_pull_name"
  docker_pull_before=$docker_image_id
  if [ -n "$docker_image_id" ] && [ "$arg_pull" = not_present ] && docker_image_pull_fits; then
    m_strings actions
    docker_image_diff "$docker_image_id" "$docker_image_id"
    docker_image_report
    return 0
  fi
  m_strings actions "Pulled image $docker_pull_name"
  if [ "$m_check" = true ]; then
    m_changed=true
    docker_image_diff "$docker_pull_before" unknown
  else
    docker_pull "$docker_pull_name" "${arg_platform:-}"
    m_changed=$docker_pulled
    docker_image_look "$docker_pull_name"
    docker_image_diff "$docker_pull_before" "$docker_image_id"
  fi
  docker_image_report
}

# The image is of the platform that is asked for.
docker_image_pull_fits() {
  [ -n "${arg_platform:-}" ] || return 0
  docker_ask inspect --type image --format '{{.Os}}/{{.Architecture}}' -- "$docker_pull_name" || return 1
  case $arg_platform in
    "$m_out" | "$m_out"/* | "${m_out#*/}") return 0 ;;
  esac
  return 1
}
