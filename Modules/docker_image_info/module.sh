# shellcheck shell=sh
# Input: see module.yml. Results: images.

docker_image_info_main() {
  docker_begin
  if [ -z "${arg_name:-}" ]; then
    docker_ask image ls --quiet --no-trunc
    # Numbers have no blanks.
    # shellcheck disable=SC2086
    set -- $m_out
  else
    eval "set -- $arg_name"
  fi
  docker_found='' docker_seen=$m_nl
  for docker_each in "$@"; do
    case $docker_seen in
      *"$m_nl$docker_each$m_nl"*) continue ;;
    esac
    docker_seen=$docker_seen$docker_each$m_nl
    docker_image_name "$docker_each" latest
    docker_image_look "$m_result"
    [ -z "$docker_image_raw" ] || docker_found="$docker_found${docker_found:+,}$docker_image_raw"
  done
  m_json images "[$docker_found]"
}
