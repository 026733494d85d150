# shellcheck shell=sh
# Images by name and tag.

# docker_image_name NAME TAG: m_result is name and tag as one; a tag in the name comes first. A number stays as it is.
docker_image_name() {
  m_result=$1
  case $1 in
    sha256:* | *@*) return 0 ;;
  esac
  case ${1##*/} in
    *:*) ;;
    *) m_result=$1:${2:-latest} ;;
  esac
}

# docker_image_look NAME: sets docker_image_raw (JSON, empty without an image) and docker_image_id.
docker_image_look() {
  docker_image_raw='' docker_image_id=''
  docker_ask inspect --type image --format '{{index . "Id"}} {{json .}}' -- "$1" || return 0
  docker_image_id=${m_out%% *}
  docker_image_raw=${m_out#* }
}

# Reports the image, an empty dict without one.
docker_image_report() { m_json image "${docker_image_raw:-"{}"}"; }

# docker_image_before and docker_image_after: the difference is in the image's number.
docker_image_diff() {
  [ "$m_diff" = true ] || return 0
  m_dict diff
  for m_each in "before:$1" "after:$2"; do
    m_dict "${m_each%%:*}"
    case $m_each in
      *:) m_bool exists false ;;
      *) m_str id "${m_each#*:}" ;;
    esac
    m_close
  done
  m_close
}
