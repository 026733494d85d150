# shellcheck shell=sh
# Input: see module.yml. Results: a list for each kind, and the space.

docker_prune_main() {
  docker_begin
  [ "$m_check" = false ] || m_skip 'remote module (docker_prune) does not support check mode'
  [ "$arg_containers" = false ] || docker_prune_kind containers container "${arg_containers_filters:-}"
  [ "$arg_images" = false ] || docker_prune_kind images image "${arg_images_filters:-}"
  [ "$arg_networks" = false ] || docker_prune_kind networks network "${arg_networks_filters:-}"
  [ "$arg_volumes" = false ] || docker_prune_kind volumes volume "${arg_volumes_filters:-}"
  [ "$arg_builder_cache" = false ] || docker_prune_kind builder_cache builder "${arg_builder_cache_filters:-}"
}

# docker_prune_kind KEY KIND FILTERS
docker_prune_kind() {
  docker_key=$1 docker_kind=$2
  eval "set -- $3"
  docker_words=
  while [ $# -gt 1 ]; do
    case $docker_kind:$1:$2 in
      image:dangling:false | image:dangling:0 | volume:all:true | volume:all:1) docker_words="$docker_words --all" ;;
      image:dangling:true | image:dangling:1 | volume:all:false | volume:all:0) ;;
      *)
        m_quote "$1=$2"
        docker_words="$docker_words --filter $m_result"
        ;;
    esac
    shift 2
  done
  if [ "$docker_kind" = builder ]; then
    [ "$arg_builder_cache_all" = false ] || docker_words="$docker_words --all"
    if [ -n "${arg_builder_cache_keep_storage:-}" ]; then
      docker_bytes "$arg_builder_cache_keep_storage" builder_cache_keep_storage
      docker_words="$docker_words --keep-storage $m_result"
    fi
  fi
  m_capture eval "docker_run $docker_kind prune --force $docker_words"
  [ "$m_rc" = 0 ] || m_fail "An unexpected Docker error occurred: ${m_err:-$m_out}"
  docker_prune_read
}

# The answer has a heading, a line for each thing, and the space: Total reclaimed space: 1.5MB. Docker counts in thousands.
docker_prune_read() {
  docker_gone='' docker_space=0
  while IFS= read -r m_each; do
    case $m_each in
      'Total'*:*) docker_space=$(m_put "${m_each##*:}$m_nl" | awk '{
        number = $1; unit = $1; sub(/[a-zA-Z]+$/, "", number); sub(/^[0-9.]+/, "", unit); unit = toupper(unit); at = index("KMGT", substr(unit, 1, 1))
        if (substr(unit, 1, 1) == "B" || unit == "") at = 0
        while (at-- > 0) number *= 1000
        printf "%.0f", number
      }') ;;
      '' | Deleted\ *:) ;;
      *)
        m_quote "$m_each"
        docker_gone="$docker_gone $m_result"
        ;;
    esac
  done <<DOCKER_END
$m_out
DOCKER_END
  if [ "$docker_kind" = builder ]; then
    m_int builder_cache_space_reclaimed "$docker_space"
    [ "$docker_space" = 0 ] || m_changed=true
    return 0
  fi
  eval "m_strings $docker_key $docker_gone"
  [ "$docker_kind" = network ] || m_int "${docker_key}_space_reclaimed" "$docker_space"
  if [ -n "$docker_gone" ] || [ "$docker_space" != 0 ]; then m_changed=true; fi
}
