# shellcheck shell=sh
# Input: see module.yml. Results: image, actions, stdout.

docker_image_main() {
  docker_begin
  di_actions=''
  docker_image_name "$arg_name" "$arg_tag"
  di_name=$m_result
  docker_image_look "$di_name"
  if [ "$arg_state" = absent ]; then
    di_absent
  else
    di_present
  fi
  eval "m_strings actions $di_actions"
}

di_action() {
  m_quote "$1"
  di_actions="$di_actions $m_result"
}

di_absent() {
  if [ -z "$docker_image_id" ]; then
    m_json image '{}'
    return 0
  fi
  di_action "Removed image $di_name"
  set -- image rm
  [ "$arg_force_absent" = false ] || set -- "$@" --force
  docker_do "Error removing image $di_name" "$@" -- "$di_name"
  m_json image '{"state":"Deleted"}'
}

di_present() {
  case $di_name in
    sha256:*)
      case $arg_source in
        build | pull) m_fail "Image name must not be an image ID for source=$arg_source; got: $di_name" ;;
      esac
      [ "$arg_push" = false ] || [ -n "${arg_repository:-}" ] ||
        m_fail "Cannot push an image by ID; specify \`repository\` to tag and push the image with ID $di_name instead"
      ;;
  esac
  di_before=$docker_image_id
  [ -n "$di_before" ] && [ "$arg_force_source" = false ] || di_get
  [ -z "${arg_archive_path:-}" ] || di_archive
  if [ -n "${arg_repository:-}" ]; then
    di_tag
  elif [ "$arg_push" = true ]; then
    di_push "$di_name"
  fi
  di_report
}

di_report() {
  m_result=${docker_image_raw:-"{}"}
  if [ -n "${di_pushed:-}" ]; then
    docker_json "$di_pushed"
    m_result="{\"push_status\":$m_result,${docker_image_raw#\{}"
  fi
  m_json image "$m_result"
}

di_get() {
  case $arg_source in
    local) [ -n "$di_before" ] || m_fail "Cannot find the image $di_name locally." ;;
    build)
      di_build_options
      [ -d "$arg_path" ] || m_fail "Requested build path $arg_path could not be found or you do not have access."
      di_action "Built image $di_name from $arg_path"
      ;;
    load)
      [ -f "$arg_load_path" ] || m_fail "Error loading image $arg_name. Specified path $arg_load_path does not exist."
      di_action "Loaded image $di_name from $arg_load_path"
      ;;
    pull) di_action "Pulled image $di_name" ;;
  esac
  m_changed=true
  [ "$m_check" = false ] || return 0
  case $arg_source in
    build)
      docker_build_name=$di_name
      docker_build
      ;;
    load) di_load ;;
    pull)
      di_platform=
      eval "set -- ${arg_pull:-}"
      while [ $# -gt 1 ]; do
        [ "$1" != platform ] || di_platform=$2
        shift 2
      done
      docker_pull "$di_name" "$di_platform"
      ;;
  esac
  docker_image_look "$di_name"
  [ "$docker_image_id" != "$di_before" ] || m_changed=false
}

# The options of build become those of docker_image_build.
di_build_options() {
  unset arg_pull
  eval "set -- $arg_build"
  while [ $# -gt 1 ]; do
    case $1 in
      path) arg_path=$2 ;;
      dockerfile) arg_dockerfile=$2 ;;
      args) arg_args=$2 ;;
      cache_from) arg_cache_from=$2 ;;
      etc_hosts) arg_etc_hosts=$2 ;;
      labels) arg_labels=$2 ;;
      network) arg_network=$2 ;;
      nocache) arg_nocache=$2 ;;
      platform)
        m_quote "$2"
        arg_platform=$m_result
        ;;
      pull) arg_pull=$2 ;;
      shm_size) arg_shm_size=$2 ;;
      target) arg_target=$2 ;;
      container_limits) [ -z "$2" ] || m_warn 'container_limits are not known to docker build of today' ;;
    esac
    shift 2
  done
  case ${arg_dockerfile:-} in
    '') ;;
    /*) docker_build_file=$arg_dockerfile ;;
    *) docker_build_file=$arg_path/$arg_dockerfile ;;
  esac
}

# What an archive loads must be the image.
di_load() {
  m_capture docker_run load --input "$arg_load_path"
  [ "$m_rc" = 0 ] || m_fail "Error loading image $di_name - ${m_err:-$m_out}"
  case $m_nl$m_out$m_nl in
    *"Loaded image: $di_name$m_nl"* | *"Loaded image: ${di_name#docker.io/}$m_nl"* | *"Loaded image: ${di_name#docker.io/library/}$m_nl"* | *"Loaded image ID: $di_name$m_nl"*) ;;
    *) m_fail "The archive did not contain image '$di_name'. Instead, found: $(m_put "$m_out" | sed -n 's/^Loaded image[ ID]*: //p' | tr '\n' ' ')" ;;
  esac
}

# The archive is written unless it holds this image by this name.
di_archive() {
  [ -n "$docker_image_id" ] || return 0
  di_digest=${docker_image_id#*:}
  if [ ! -e "$arg_archive_path" ]; then
    di_reason='since none present'
  elif ! di_manifest=$(tar -xOf "$arg_archive_path" manifest.json 2>/dev/null); then
    di_reason='overwriting an unreadable archive file'
  else
    di_reason='overwriting archive with another image'
    case $di_manifest in
      *"$di_digest"*"\"$di_name\""* | *"\"$di_name\""*"$di_digest"*)
        m_changed=false
        return 0
        ;;
    esac
  fi
  di_action "Archived image $di_name to $arg_archive_path, $di_reason"
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_temporary "$arg_archive_path"
  m_capture docker_run save --output "$m_temp" -- "$di_name"
  [ "$m_rc" = 0 ] || m_drop_temporary "$arg_archive_path" "Error getting image $di_name - $m_err"
  m_move_into_place "$arg_archive_path"
}

di_tag() {
  docker_image_name "$arg_repository" "$arg_tag"
  di_repository=$m_result
  di_kept_raw=$docker_image_raw di_kept_id=$docker_image_id
  docker_image_look "$di_repository"
  di_tagged=$docker_image_id
  if [ -z "$di_tagged" ] || [ "$arg_force_tag" = true ]; then
    di_action "Tagged image $di_name to $di_repository"
    [ -n "$di_tagged" ] && [ "$di_tagged" = "$di_kept_id" ] || m_changed=true
    if [ "$m_check" = false ]; then
      m_capture docker_run tag -- "$di_name" "$di_repository"
      [ "$m_rc" = 0 ] || m_fail "Error: failed to tag image - ${m_err:-$m_out}"
      docker_image_look "$di_repository"
    fi
  else
    docker_image_raw=$di_kept_raw
  fi
  [ "$arg_push" = false ] || di_push "$di_repository"
}

di_push() {
  di_action "Pushed image $di_name to $1"
  if [ "$m_check" = true ]; then
    m_changed=true
    return 0
  fi
  m_capture docker_run push -- "$1"
  case $m_rc:$m_err in
    0:*) ;;
    *'authentication required'*) m_fail "Error pushing image $1 - $m_err. Try logging into ${1%%/*} first." ;;
    *) m_fail "Error pushing image $1: ${m_err:-$m_out}" ;;
  esac
  case $m_out in
    *Pushed*) m_changed=true di_pushed=Pushed ;;
    *) di_pushed='Layer already exists' ;;
  esac
  docker_image_look "$1"
}
