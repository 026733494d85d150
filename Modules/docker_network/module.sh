# shellcheck shell=sh
# Input: see module.yml. Results: network, actions.

docker_network_main() {
  docker_begin
  [ "${arg_config_only:-false}" = false ] || arg_driver=null
  docker_network_look
  if [ "$docker_there" = true ]; then docker_net_word=true; else docker_net_word=false; fi
  if [ "$arg_state" = absent ]; then
    docker_differs exists false "$docker_net_word"
    [ "$docker_there" = false ] || docker_network_remove
  else
    docker_network_present
    docker_network_facts
  fi
  docker_report
}

# Sets docker_there, docker_has (lines) and docker_net_raw (JSON).
docker_network_look() {
  docker_there=false docker_has=$m_nl docker_net_raw=''
  # shellcheck disable=SC2016
  docker_net_format='{{json .}}{{range $k, $v := index . "Options"}}
Options {{json $k}}:{{json $v}}{{end}}{{range $k, $v := index . "Labels"}}
Labels {{json $k}}:{{json $v}}{{end}}{{range $k, $v := index . "Containers"}}
Container {{json (index $v "Name")}}{{end}}{{with index . "IPAM"}}
IpamDriver {{json (index . "Driver")}}{{range $k, $v := index . "Options"}}
IpamOptions {{json $k}}:{{json $v}}{{end}}{{range $i, $c := index . "Config"}}
Subnet {{json (index $c "Subnet")}}
IPRange {{json (index $c "Subnet")}}:{{json (index $c "IPRange")}}
Gateway {{json (index $c "Subnet")}}:{{json (index $c "Gateway")}}{{range $k, $v := index $c "AuxiliaryAddresses"}}
Aux {{json (index $c "Subnet")}}:{{json $k}}:{{json $v}}{{end}}{{end}}{{end}}{{with index . "ConfigFrom"}}
ConfigFrom {{json (index . "Network")}}{{end}}'
  for m_each in Name Driver Scope EnableIPv4 EnableIPv6 Internal Attachable Ingress ConfigOnly; do
    docker_net_format="$docker_net_format$m_nl$m_each {{json (index . \"$m_each\")}}"
  done
  docker_ask network inspect --format "$docker_net_format" -- "$arg_name" || return 0
  docker_net_raw=${m_out%%"$m_nl"*}
  docker_has=$m_nl${m_out#*"$m_nl"}$m_nl
  # What was found may be another network, by the beginning of its number.
  docker_json "$arg_name"
  if docker_has_line "Name $m_result"; then docker_there=true; else docker_has=$m_nl; fi
}

docker_network_present() {
  docker_different=$arg_force
  docker_differs exists true "$docker_net_word"
  docker_words=
  docker_network_options
  # Without a list of containers those that are in it stay, also in a new one.
  if [ -z "$arg_connected" ]; then docker_network_containers; else docker_net_connected=$arg_connected; fi
  if [ "$docker_there" = true ] && [ "$docker_different" = true ]; then
    docker_network_remove
    docker_there=false docker_has=$m_nl
  fi
  if [ "$docker_there" = false ]; then
    docker_action "Created network $arg_name with driver $arg_driver"
    eval "docker_do \"Error creating network \$arg_name\" network create $docker_words -- \"\$arg_name\""
  fi
  docker_network_connect
}

# docker_network_same NAME KEY WANTED: JSON of one value; what an older daemon does not know is false.
docker_network_same() {
  [ "$docker_there" = true ] || return 0
  docker_line "$2"
  case $3:$m_result in
    "$m_result:$3" | false:null | '"":null') ;;
    *)
      docker_differs "$1" "$3" "$m_result"
      docker_different=true
      ;;
  esac
}

docker_network_options() {
  docker_word --driver "$arg_driver"
  docker_json "$arg_driver"
  docker_network_same driver Driver "$m_result"
  docker_pairs driver_options --opt Options "$arg_driver_options"
  docker_pairs labels --label Labels "$arg_labels"
  if [ -n "${arg_ipam_driver:-}" ]; then
    docker_word --ipam-driver "$arg_ipam_driver"
    docker_json "$arg_ipam_driver"
    docker_network_same ipam_driver IpamDriver "$m_result"
  fi
  docker_pairs ipam_driver_options --ipam-opt IpamOptions "${arg_ipam_driver_options:-}"
  for docker_each in enable_ipv4:ipv4:EnableIPv4 enable_ipv6:ipv6:EnableIPv6 internal:internal:Internal attachable:attachable:Attachable \
    ingress:ingress:Ingress config_only:config-only:ConfigOnly; do
    docker_network_switch "${docker_each%%:*}" "${docker_each#*:}"
  done
  if [ -n "${arg_scope:-}" ]; then
    docker_word --scope "$arg_scope"
    docker_network_same scope Scope "\"$arg_scope\""
  fi
  if [ -n "${arg_config_from:-}" ]; then
    docker_word --config-from "$arg_config_from"
    docker_json "$arg_config_from"
    docker_network_same config_from ConfigFrom "$m_result"
  fi
  docker_network_addresses
}

# docker_network_switch OPTION FLAG:KEY
docker_network_switch() {
  eval "docker_net_value=\${arg_$1:-}"
  [ -n "$docker_net_value" ] || return 0
  docker_word "--${2%:*}=$docker_net_value"
  docker_network_same "$1" "${2#*:}" "$docker_net_value"
}

docker_network_addresses() {
  eval "set -- ${arg_ipam_config:-}"
  docker_net_number=0
  for docker_each in "$@"; do
    docker_network_range "$docker_each"
    docker_net_number=$((docker_net_number + 1))
  done
}

docker_network_range() {
  docker_net_words=$1 docker_net_subnet=''
  eval "set -- $docker_net_words"
  while [ $# -gt 1 ]; do
    [ "$1" != subnet ] || docker_net_subnet=$2
    shift 2
  done
  case $docker_net_subnet in
    '' | *[!0-9a-fA-F.:/]*) m_fail "\"$docker_net_subnet\" is not a valid CIDR" ;;
    *[.:]*/*) ;;
    *) m_fail "\"$docker_net_subnet\" is not a valid CIDR" ;;
  esac
  docker_net_base="\"$docker_net_subnet\""
  eval "set -- $docker_net_words"
  while [ $# -gt 1 ]; do
    case $1:$2 in
      *:) ;;
      subnet:*)
        docker_word --subnet "$2"
        docker_network_in_range "Subnet $docker_net_base" "$1" "$2"
        ;;
      iprange:*)
        docker_word --ip-range "$2"
        docker_network_in_range "IPRange $docker_net_base:\"$2\"" "$1" "$2"
        ;;
      gateway:*)
        docker_word --gateway "$2"
        docker_network_in_range "Gateway $docker_net_base:\"$2\"" "$1" "$2"
        ;;
      aux_addresses:*) docker_network_aux "$2" ;;
    esac
    shift 2
  done
}

docker_network_aux() {
  eval "set -- $1"
  while [ $# -gt 1 ]; do
    docker_word --aux-address "$1=$2"
    docker_json "$1"
    docker_network_in_range "Aux $docker_net_base:$m_result:\"$2\"" "aux_addresses.$1" "$2"
    shift 2
  done
}

docker_network_in_range() {
  [ "$docker_there" = true ] || return 0
  docker_has_line "$1" && return 0
  docker_json "$3"
  docker_differs "ipam_config[$docker_net_number].$2" "$m_result" null
  docker_different=true
}

# docker_net_connected becomes the containers that are in it, as quoted words.
docker_network_containers() {
  docker_net_connected=''
  docker_rest=$docker_has
  while :; do
    case $docker_rest in
      *"${m_nl}Container \""*) ;;
      *) return 0 ;;
    esac
    docker_rest=${docker_rest#*"${m_nl}Container \""}
    m_quote "${docker_rest%%\"*}"
    docker_net_connected="$docker_net_connected $m_result"
    docker_rest=$m_nl${docker_rest#*"$m_nl"}
  done
}

docker_network_remove() {
  docker_net_kept_connected=${docker_net_connected:-}
  docker_network_containers
  eval "set -- $docker_net_connected"
  for docker_each in "$@"; do docker_network_leave "$docker_each"; done
  docker_net_connected=$docker_net_kept_connected
  docker_action "Removed network $arg_name"
  docker_do "Error removing network $arg_name" network rm -- "$arg_name"
}

docker_network_leave() {
  docker_action "Disconnected container $1"
  docker_json "$1"
  docker_differs "connected.$1" false true
  docker_do "Error disconnecting container $1" network disconnect --force -- "$arg_name" "$1"
}

# Containers that are asked for and exist come in; others leave.
docker_network_connect() {
  docker_net_wanted_all=$docker_net_connected
  eval "set -- $docker_net_wanted_all"
  for docker_each in "$@"; do
    docker_has_line "Container \"$docker_each\"" && continue
    docker_ask inspect --type container --format '{{.Id}}' -- "$docker_each" || continue
    docker_action "Connected container $docker_each"
    docker_differs "connected.$docker_each" true false
    docker_do "Error connecting container $docker_each" network connect -- "$arg_name" "$docker_each"
  done
  [ "$arg_appends" = false ] && [ "$docker_there" = true ] || return 0
  docker_network_containers
  eval "set -- $docker_net_connected"
  for docker_each in "$@"; do
    eval "m_contains \"\$docker_each\" $docker_net_wanted_all" || docker_network_leave "$docker_each"
  done
}

docker_network_facts() {
  if [ "$m_changed" = true ] && [ "$m_check" = false ]; then docker_network_look; fi
  if [ -n "$docker_net_raw" ]; then m_json network "$docker_net_raw"; else m_null network; fi
}
