# shellcheck shell=sh
# Input: see module.yml. Results: image, command, stdout, stderr.

docker_image_build_main() {
  docker_begin
  [ -d "$arg_path" ] || m_fail "\"$arg_path\" is not an existing directory"
  case ${arg_dockerfile:-} in
    '') ;;
    /*) docker_build_file=$arg_dockerfile ;;
    *) docker_build_file=$arg_path/$arg_dockerfile ;;
  esac
  if [ -n "${docker_build_file:-}" ] && [ ! -f "$docker_build_file" ]; then m_fail "\"$docker_build_file\" is not an existing file"; fi
  docker_image_name "$arg_name" "$arg_tag"
  docker_build_name=$m_result
  case $docker_build_name in
    sha256:* | *@*) m_fail 'Image name must not be a digest' ;;
  esac
  docker_image_look "$docker_build_name"
  m_strings actions
  if [ -z "$docker_image_id" ] || [ "$arg_rebuild" = always ]; then
    m_changed=true
    if [ "$m_check" = false ]; then
      docker_build
      docker_image_look "$docker_build_name"
    fi
  fi
  docker_image_report
}

docker_build_add() {
  for m_each in "$@"; do
    m_quote "$m_each"
    docker_build_flags="$docker_build_flags $m_result"
  done
}

# docker_build_each FLAG SIGN WORDS: a flag for each pair.
docker_build_each() {
  docker_build_flag=$1 docker_build_sign=$2
  eval "set -- $3"
  while [ $# -gt 1 ]; do
    docker_build_add "$docker_build_flag" "$1$docker_build_sign$2"
    shift 2
  done
}

# Builds docker_build_name from arg_path.
docker_build() {
  docker_build_flags='' docker_build_exports=''
  if docker_run buildx version >/dev/null 2>&1; then docker_build_add buildx build --progress plain; else docker_build_add build; fi
  docker_build_add --tag "$docker_build_name"
  [ -z "${docker_build_file:-}" ] || docker_build_add --file "$docker_build_file"
  eval "set -- ${arg_cache_from:-}"
  for docker_each in "$@"; do docker_build_add --cache-from "$docker_each"; done
  [ "${arg_pull:-false}" = false ] || docker_build_add --pull
  [ -z "${arg_network:-}" ] || docker_build_add --network "$arg_network"
  [ "${arg_nocache:-false}" = false ] || docker_build_add --no-cache
  docker_build_each --add-host : "${arg_etc_hosts:-}"
  docker_build_arguments "${arg_args:-}"
  [ -z "${arg_target:-}" ] || docker_build_add --target "$arg_target"
  eval "set -- ${arg_platform:-}"
  for docker_each in "$@"; do docker_build_add --platform "$docker_each"; done
  if [ -n "${arg_shm_size:-}" ]; then
    docker_bytes "$arg_shm_size" shm_size
    docker_build_add --shm-size "$m_result"
  fi
  docker_build_each --label = "${arg_labels:-}"
  docker_build_secrets "${arg_secrets:-}"
  m_capture docker_build_run
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  eval "m_strings command docker $docker_build_flags -- \"\$arg_path\""
  [ "$m_rc" = 0 ] || m_fail "Building $docker_build_name failed"
}

docker_build_run() {
  eval "m_export $docker_build_exports"
  eval "docker_run $docker_build_flags -- \"\$arg_path\"" </dev/null
}

# A build argument without a value is taken from the environment; one whose name means something to the docker command itself is not.
docker_build_arguments() {
  eval "set -- $1"
  while [ $# -gt 1 ]; do
    case $1 in
      PATH | HOME | DOCKER_* | BUILDX_* | BUILDKIT_* | LD_* | LC_ALL | LANGUAGE | *[!A-Za-z0-9_]* | [0-9]*) docker_build_add --build-arg "$1=$2" ;;
      *)
        docker_build_add --build-arg "$1"
        m_words "$1" "$2"
        docker_build_exports="$docker_build_exports $m_result"
        ;;
    esac
    shift 2
  done
}

docker_build_secrets() {
  eval "set -- $1"
  docker_build_number=0
  for docker_each in "$@"; do
    docker_build_number=$((docker_build_number + 1))
    docker_build_secret "$docker_each"
  done
}

docker_build_secret() {
  docker_secret_id='' docker_secret_type='' docker_secret_src='' docker_secret_env='' docker_secret_value=''
  eval "set -- $1"
  while [ $# -gt 1 ]; do
    case $1 in
      id) docker_secret_id=$2 ;;
      type) docker_secret_type=$2 ;;
      src) docker_secret_src=$2 ;;
      env) docker_secret_env=$2 ;;
      value) docker_secret_value=$2 ;;
    esac
    shift 2
  done
  case $docker_secret_type in
    file) docker_build_add --secret "id=$docker_secret_id,type=file,src=$docker_secret_src" ;;
    env) docker_build_add --secret "id=$docker_secret_id,type=env,env=$docker_secret_env" ;;
    *)
      docker_build_add --secret "id=$docker_secret_id,type=env,env=MARTLET_SECRET_$docker_build_number"
      m_words "MARTLET_SECRET_$docker_build_number" "$docker_secret_value"
      docker_build_exports="$docker_build_exports $m_result"
      ;;
  esac
}
