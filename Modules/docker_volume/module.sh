# shellcheck shell=sh
# Input: see module.yml. Results: volume, actions.

docker_volume_main() {
  docker_begin
  docker_volume_look
  if [ "$arg_state" = absent ]; then
    docker_differs exists false "$docker_there"
    [ "$docker_there" = false ] || docker_volume_remove
  else
    docker_differs exists true "$docker_there"
    docker_volume_present
    if [ -n "$docker_vol_raw" ]; then m_json volume "$docker_vol_raw"; else m_null volume; fi
  fi
  docker_report
}

docker_volume_look() {
  docker_there=false docker_has=$m_nl docker_vol_raw=''
  # shellcheck disable=SC2016
  docker_ask volume inspect --format '{{json .}}
Driver {{json .Driver}}{{range $k, $v := .Options}}
Options {{json $k}}:{{json $v}}{{end}}{{range $k, $v := .Labels}}
Labels {{json $k}}:{{json $v}}{{end}}' -- "$arg_volume_name" || return 0
  docker_vol_raw=${m_out%%"$m_nl"*}
  docker_has=$m_nl${m_out#*"$m_nl"}$m_nl
  docker_there=true
}

docker_volume_present() {
  docker_words='' docker_different=false
  docker_word --driver "$arg_driver"
  docker_json "$arg_driver"
  if [ "$docker_there" = true ] && ! docker_has_line "Driver $m_result"; then
    docker_vol_wanted=$m_result
    docker_line Driver
    docker_differs driver "$docker_vol_wanted" "$m_result"
    docker_different=true
  fi
  docker_pairs driver_options --opt Options "$arg_driver_options"
  docker_pairs labels --label Labels "${arg_labels:-}"
  case $docker_there:$arg_recreate:$docker_different in
    true:always:* | true:options-changed:true)
      docker_volume_remove
      docker_there=false
      ;;
  esac
  [ "$docker_there" = false ] || return 0
  docker_action "Created volume $arg_volume_name with driver $arg_driver"
  eval "docker_do \"Error creating volume \$arg_volume_name\" volume create $docker_words -- \"\$arg_volume_name\""
  if [ "$m_check" = true ]; then docker_vol_raw=''; else docker_volume_look; fi
}

docker_volume_remove() {
  docker_action "Removed volume $arg_volume_name"
  docker_do "Error removing volume $arg_volume_name" volume rm -- "$arg_volume_name"
}
