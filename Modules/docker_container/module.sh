# shellcheck shell=sh
# Input: see module.yml. Results: container, status, actions (in check mode and with debug).

docker_container_main() {
  docker_begin
  dc_actions='' dc_before='' dc_after='' dc_modes=$m_nl
  dc_defaults
  dc_read_comparisons
  dc_look "$arg_name"
  dc_was_running=$dc_running
  if [ "$arg_state" = absent ]; then
    dc_absent
  else
    dc_present
  fi
  dc_report
}

# What container_default_behavior: compatibility means for options that are not given.
dc_defaults() {
  case ${arg_pull:-missing} in
    true) arg_pull=always ;;
    false) arg_pull=missing ;;
  esac
  [ "$arg_container_default_behavior" = compatibility ] || return 0
  : "${arg_auto_remove:=false}" "${arg_detach:=true}" "${arg_init:=false}" "${arg_interactive:=false}" "${arg_memory:=0}"
  : "${arg_paused:=false}" "${arg_privileged:=false}" "${arg_read_only:=false}" "${arg_tty:=false}"
}

# dc_modes has a line NAME=MODE for each comparison that is given.
dc_read_comparisons() {
  eval "set -- ${arg_comparisons:-}"
  while [ $# -gt 1 ]; do
    case $1:$2 in
      \*:strict | \*:ignore) dc_all_mode=$2 ;;
      \*:*) m_fail "The wildcard can only be used with comparison modes 'strict' and 'ignore'!" ;;
      *:strict | *:ignore | *:allow_more_present)
        case $1 in
          ports) dc_name=published_ports ;;
          exposed | expose) dc_name=exposed_ports ;;
          log_opt) dc_name=log_options ;;
          *) dc_name=$1 ;;
        esac
        dc_modes=$dc_modes$dc_name=$2$m_nl
        ;;
      *) m_fail "Unknown comparison mode '$2'!" ;;
    esac
    shift 2
  done
}

# dc_mode NAME DEFAULT: m_result is how an option is compared.
dc_mode() {
  m_result=$2
  case $dc_modes in
    *"$m_nl$1="*)
      m_result=${dc_modes#*"$m_nl$1="}
      m_result=${m_result%%"$m_nl"*}
      ;;
    *) [ -z "${dc_all_mode:-}" ] || m_result=$dc_all_mode ;;
  esac
}

dc_absent() {
  [ "$dc_there" = true ] || return 0
  if [ "$dc_running" = true ]; then
    dc_differs running false true
    dc_stop
  fi
  dc_differs exists false true
  dc_remove false
  dc_there=false
}

dc_present() {
  dc_image
  dc_networks_known
  dc_create_flags='' dc_update_flags='' dc_different=false dc_limits=false dc_line=''
  dc_options
  dc_created=false
  if [ "$dc_there" = false ] || [ "$dc_status" = removing ]; then
    [ -n "${arg_image:-}" ] || m_fail 'Cannot create container when image is not specified!'
    dc_differs exists true false
    dc_create "$arg_image"
  elif dc_image_differs || [ "$dc_different" = true ] || [ "$arg_recreate" = true ]; then
    # What could be updated is part of the new container.
    dc_limits=false
    [ "$dc_running" = false ] || dc_stop
    dc_remove false
    dc_create "${arg_image:-$dc_image_id}"
  fi
  [ "$dc_limits" = false ] || dc_update
  [ "$dc_there" = false ] || dc_connect
  dc_reach_state
  [ "$arg_state" != healthy ] || [ "$m_check" = true ] || dc_wait_healthy
}

dc_image_differs() {
  dc_mode image strict
  [ "$m_result" = strict ] && [ -n "${arg_image:-}" ] || return 1
  dc_image_different=false
  if [ "$arg_image_comparison" = desired-image ] && [ -n "$dc_wanted_id" ] && [ "$dc_wanted_id" != "$dc_image_id" ]; then
    docker_json "$dc_wanted_id"
    dc_differs image "$m_result" "\"$dc_image_id\""
    dc_image_different=true
  fi
  docker_json "$arg_image"
  if [ "$arg_image_name_mismatch" = recreate ] && [ "$m_result" != "$dc_image_name" ]; then
    dc_differs image_name "$m_result" "$dc_image_name"
    dc_image_different=true
  fi
  [ "$dc_image_different" = true ]
}

# The image that is wanted: dc_wanted_id and dc_image_has (its own settings), fetched if need be.
dc_image() {
  dc_wanted_id='' dc_image_has=$m_nl
  [ -n "${arg_image:-}" ] || return 0
  dc_image_look
  if [ -z "$dc_wanted_id" ] && [ "$arg_pull" = never ]; then m_fail "Cannot find image with name $arg_image, and pull=never"; fi
  [ -z "$dc_wanted_id" ] || [ "$arg_pull" = always ] || return 0
  docker_json "$arg_image"
  if [ "$m_check" = true ]; then
    if [ -z "$dc_wanted_id" ] || [ "$arg_pull_check_mode_behavior" = always ]; then
      m_changed=true
      dc_action "{\"pulled_image\":$m_result}"
    fi
    return 0
  fi
  docker_pull "$arg_image" "${arg_platform:-}"
  [ "$docker_pulled" = false ] || m_changed=true
  docker_json "$arg_image"
  dc_action "{\"pulled_image\":$m_result,\"changed\":$docker_pulled}"
  dc_image_look
}

dc_image_look() {
  dc_wanted_id=''
  # shellcheck disable=SC2016
  docker_ask inspect --type image --format '{{$c := index . "Config"}}{{json (index . "Id")}}{{range index $c "Env"}}
Env {{json .}}{{end}}{{range $k, $v := index $c "Labels"}}
Labels {{json $k}}:{{json $v}}{{end}}{{range $k, $v := index $c "ExposedPorts"}}
Exposed {{json $k}}{{end}}{{range $k, $v := index $c "Volumes"}}
Volumes {{json $k}}{{end}}
Cmd {{json (index $c "Cmd")}}' -- "$arg_image" || return 0
  dc_wanted_id=${m_out%%"$m_nl"*}
  dc_wanted_id=${dc_wanted_id#\"}
  dc_wanted_id=${dc_wanted_id%\"}
  dc_image_has=$m_nl${m_out#*"$m_nl"}$m_nl
}

# dc_action JSON: one of the things that are done.
dc_action() { dc_actions="$dc_actions${dc_actions:+,}$1"; }

# dc_differs NAME WANTED FOUND: for --diff, in JSON.
dc_differs() {
  dc_after="$dc_after${dc_after:+,}\"$1\":$2"
  dc_before="$dc_before${dc_before:+,}\"$1\":$3"
}

dc_stop() {
  if [ "$arg_force_kill" = true ]; then
    dc_action "{\"killed\":\"$dc_id\"}"
    set -- kill ${arg_kill_signal:+--signal "$arg_kill_signal"}
  else
    dc_action "{\"stopped\":\"$dc_id\",\"timeout\":${arg_stop_timeout:-null}}"
    set -- stop ${arg_stop_timeout:+-t "$arg_stop_timeout"}
  fi
  docker_do "Error stopping container $dc_id" "$@" -- "$dc_id"
}

# A container that removes itself may be gone when it is stopped.
dc_remove() {
  if [ "$arg_keep_volumes" = true ]; then dc_volumes=false; else dc_volumes=true; fi
  dc_action "{\"removed\":\"$dc_id\",\"volume_state\":$dc_volumes,\"link\":false,\"force\":$1}"
  m_changed=true
  [ "$m_check" = false ] || return 0
  set -- "$1" rm
  [ "$dc_volumes" = false ] || set -- "$@" --volumes
  [ "$1" = false ] || set -- "$@" --force
  shift
  m_capture docker_run "$@" -- "$dc_id"
  [ "$m_rc" != 0 ] || return 0
  case $m_err in
    *[Nn]'o such container'* | *'already in progress'*) ;;
    *) m_fail "Error removing container $dc_id: $m_err" ;;
  esac
}

# The environment goes by standard input: what a process list shows has no secret of it. Only a value with line breaks cannot go
# that way; it goes by the docker command's own environment.
dc_create() {
  dc_created=true
  m_changed=true
  docker_json "$1"
  dc_action "{\"created\":\"Created container\",\"create_parameters\":{\"Image\":$m_result}}"
  [ "$m_check" = false ] || return 0
  m_capture dc_create_run "$1"
  [ "$m_rc" = 0 ] || m_fail "Error creating container: ${m_err:-$m_out}"
  dc_look "$arg_name"
}

dc_create_run() {
  eval "m_export ${dc_exports:-}"
  eval "set -- $dc_create_flags -- \"\$1\" ${dc_command:-}"
  m_put "${dc_env:-}" | docker_run create --name "$arg_name" "$@"
}

dc_update() {
  dc_action "{\"updated\":\"$dc_id\"}"
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture eval "docker_run update $dc_update_flags -- \"\$dc_id\""
  [ "$m_rc" = 0 ] || m_fail "Error updating container $dc_id: ${m_err:-$m_out}"
}

dc_reach_state() {
  # In check mode a container that is yet to be made is not there.
  if [ "$dc_created" = true ] && [ "$m_check" = true ]; then dc_running=false dc_paused=false; fi
  case $arg_state:$dc_running in
    started:false | healthy:false)
      dc_differs running true "$dc_was_running"
      dc_start
      ;;
    started:true | healthy:true)
      if [ "$arg_restart" = true ]; then
        dc_differs running true "$dc_was_running"
        dc_differs restarted true false
        dc_action "{\"restarted\":\"$dc_id\",\"timeout\":${arg_stop_timeout:-null}}"
        docker_do "Error restarting container $dc_id" restart -t "${arg_stop_timeout:-10}" -- "$dc_id"
        dc_paused=false
      fi
      ;;
    stopped:true)
      dc_differs running false "$dc_was_running"
      dc_stop
      ;;
  esac
  case $arg_state in
    started | healthy) ;;
    *) return 0 ;;
  esac
  [ -n "${arg_paused:-}" ] && [ "$arg_paused" != "$dc_paused" ] || return 0
  dc_differs paused "$arg_paused" "$dc_paused"
  dc_action "{\"set_paused\":$arg_paused}"
  if [ "$arg_paused" = true ]; then dc_word=pause; else dc_word=unpause; fi
  docker_do "Error ${dc_word%e}ing container $dc_id" "$dc_word" -- "$dc_id"
}

dc_start() {
  dc_action "{\"started\":\"${dc_id:-}\"}"
  docker_do "Error starting container ${dc_id:-}" start -- "${dc_id:-}"
  [ "${arg_detach:-true}" = false ] && [ "$m_check" = false ] || return 0
  m_capture docker_run wait -- "$dc_id"
  [ "$m_rc" = 0 ] || m_fail "Error waiting for container $dc_id: $m_err"
  dc_exit=$m_out
  if [ "${arg_auto_remove:-false}" = true ]; then
    dc_output='Cannot retrieve result as auto_remove is enabled'
  else
    dc_output=$(docker_run logs -- "$dc_id" 2>&1 && m_put x)
    dc_output=${dc_output%x}
  fi
  [ "$arg_cleanup" = false ] || dc_remove true
}

# A container without a health check is healthy.
dc_wait_healthy() {
  dc_waited=0
  while :; do
    docker_ask inspect --type container --format '{{with .State.Health}}{{.Status}}{{end}}' -- "$dc_id" ||
      m_fail "Encontered vanished container while waiting for container \"$dc_id\""
    case $m_out in
      healthy | '') return 0 ;;
      starting | unhealthy) ;;
      *) m_fail "Encontered unexpected state \"$m_out\" while waiting for container \"$dc_id\"" ;;
    esac
    case $arg_healthy_wait_timeout in
      0 | 0.* | -*) ;;
      *) [ "$dc_waited" -lt "${arg_healthy_wait_timeout%.*}" ] ||
        m_fail "Timeout of $arg_healthy_wait_timeout seconds exceeded while waiting for container \"$dc_id\"" ;;
    esac
    sleep 1
    dc_waited=$((dc_waited + 1))
  done
}

dc_report() {
  if [ "$m_check" = true ] || [ "$arg_debug" = true ]; then m_json actions "[$dc_actions]"; fi
  if [ "$m_diff" = true ]; then
    m_dict diff
    m_json before "{$dc_before}"
    m_json after "{$dc_after}"
    m_close
  fi
  [ "$arg_state" != absent ] || return 0
  dc_facts=
  if [ "$m_changed" = false ] || [ "$m_check" = true ]; then
    dc_facts=${dc_raw:-}
  elif docker_ask inspect --type container --format '{{index . "Id"}}{{json .}}' -- "$arg_name"; then
    dc_facts="{${m_out#*\{}"
  fi
  if [ -n "${dc_exit:-}" ]; then
    docker_json "$dc_output"
    if [ -n "$dc_facts" ]; then dc_facts="{\"Output\":$m_result,${dc_facts#\{}"; else dc_facts="{\"Output\":$m_result}"; fi
    m_int status "$dc_exit"
  fi
  [ -z "$dc_facts" ] || m_json container "$dc_facts"
  [ "${dc_exit:-0}" = 0 ] || m_fail "$dc_output"
}
