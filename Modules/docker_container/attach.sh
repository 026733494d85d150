# shellcheck shell=sh
# Networks, ports, volumes and mounts of a container.

# Sets dc_net_… from one element of networks.
dc_net() {
  eval "set -- $1"
  dc_net_name='' dc_net_ip4='' dc_net_ip6='' dc_net_aliases='' dc_net_links='' dc_net_mac=''
  while [ $# -gt 1 ]; do
    case $1 in
      name) dc_net_name=$2 ;;
      ipv4_address) dc_net_ip4=$2 ;;
      ipv6_address) dc_net_ip6=$2 ;;
      aliases) dc_net_aliases=$2 ;;
      links) dc_net_links=$2 ;;
      mac_address) m_replace "$2" - : && dc_net_mac=$m_result ;;
    esac
    shift 2
  done
}

# Networks that are asked for must be there. dc_default_ip is the address that published ports are bound to.
dc_networks_known() {
  dc_default_ip=${arg_default_host_ip-0.0.0.0}
  case $dc_default_ip in
    \[*) ;;
    *:*) dc_default_ip="[$dc_default_ip]" ;;
  esac
  eval "set -- ${arg_networks:-}"
  for dc_each in "$@"; do
    dc_net "$dc_each"
    # shellcheck disable=SC2016
    docker_ask network inspect --format '{{index .Options "com.docker.network.bridge.host_binding_ipv4"}}' -- "$dc_net_name" ||
      m_fail "Parameter error: network named $dc_net_name could not be found. Does it exist?"
    case $m_out in
      '' | '<no value>') ;;
      *) [ -n "${arg_default_host_ip+x}" ] || dc_default_ip=$m_out ;;
    esac
  done
}

# The network that a container is made with. The first of networks, as with the docker command, unless network_mode is given.
dc_network_mode() {
  dc_first_network=''
  if [ -n "${arg_network_mode:-}" ]; then
    dc_namespace network_mode --network NetworkMode
  elif [ -n "${arg_networks:-}" ] && [ "$arg_networks_cli_compatible" = true ]; then
    eval "set -- $arg_networks"
    dc_net "$1"
    dc_first_network=$dc_net_name
    dc_create_add --network "$dc_net_name"
    dc_net_flags
    eval "dc_create_add $dc_net_words"
    dc_wanted_mode=$dc_net_name
    dc_same_network
  fi
}

# dc_net_words are the flags of the network's element, for create; for `network connect` the alias flag is another.
dc_net_flags() {
  dc_net_words=''
  set -- ${dc_net_ip4:+--ip "$dc_net_ip4"} ${dc_net_ip6:+--ip6 "$dc_net_ip6"} ${dc_net_mac:+--mac-address "$dc_net_mac"}
  m_words "$@"
  dc_net_words=$m_result
  eval "set -- $dc_net_aliases"
  for m_each in "$@"; do
    m_quote "$m_each"
    dc_net_words="$dc_net_words ${1:+"${dc_alias_flag:---network-alias}"} $m_result"
  done
  eval "set -- $dc_net_links"
  for m_each in "$@"; do
    m_quote "$m_each"
    dc_net_words="$dc_net_words --link $m_result"
  done
}

dc_mac() {
  [ -n "${arg_mac_address:-}" ] || return 0
  m_replace "$arg_mac_address" - :
  dc_create_add --mac-address "$m_result"
  docker_json "$m_result"
  dc_lines=$m_result$m_nl
  dc_same_set mac_address Mac
}

# Connects the container to networks that it is not in, or not as asked, and with `strict` takes it out of others.
dc_connect() {
  [ -n "${arg_networks+x}" ] || return 0
  dc_mode networks allow_more_present
  dc_how=$m_result
  [ "$dc_how" != ignore ] || [ "$dc_created" = true ] || return 0
  if [ "$dc_created" = true ] && [ "$m_check" = true ]; then return 0; fi
  eval "set -- $arg_networks"
  dc_keep=$m_nl
  for dc_each in "$@"; do
    dc_net "$dc_each"
    docker_json "$dc_net_name"
    dc_key=$m_result
    dc_keep=$dc_keep$dc_key$m_nl
    case $dc_has in
      *"${m_nl}Network $dc_key$m_nl"*)
        dc_net_as_asked && continue
        dc_leave "$dc_net_name"
        ;;
    esac
    dc_join_network
  done
  [ "$dc_how" = strict ] || return 0
  dc_values Network
  dc_joined=$m_result
  while [ -n "$dc_joined" ]; do
    dc_key=${dc_joined%%"$m_nl"*}
    dc_joined=${dc_joined#*"$m_nl"}
    case $dc_keep in
      *"$m_nl$dc_key$m_nl"*) ;;
      *)
        dc_key=${dc_key#\"}
        dc_leave "${dc_key%\"}"
        ;;
    esac
  done
}

dc_net_as_asked() {
  dc_net_has NetworkIp4 "$dc_net_ip4" && dc_net_has NetworkIp6 "$dc_net_ip6" && dc_net_has NetworkMac "$dc_net_mac" || return 1
  eval "set -- $dc_net_aliases"
  for m_each in "$@"; do dc_net_has NetworkAlias "$m_each" || return 1; done
  eval "set -- $dc_net_links"
  for m_each in "$@"; do dc_net_has NetworkLink "${m_each%%:*}:${m_each#*:}" || return 1; done
}

dc_net_has() {
  [ -n "$2" ] || return 0
  docker_json "$2"
  case $dc_has in
    *"$m_nl$1 $dc_key:$m_result$m_nl"*) return 0 ;;
  esac
  return 1
}

dc_leave() {
  docker_json "$1"
  dc_action "{\"removed_from_network\":$m_result}"
  dc_differs "network.$1" null "{\"name\":$m_result}"
  docker_do "Error disconnecting container from network $1" network disconnect -- "$1" "$dc_id"
}

dc_join_network() {
  docker_json "$dc_net_name"
  dc_action "{\"added_to_network\":$m_result}"
  dc_differs "network.$dc_net_name" "{\"name\":$m_result}" null
  m_changed=true
  [ "$m_check" = false ] || return 0
  [ -z "$dc_net_mac" ] || m_fail "mac_address of network $dc_net_name: the docker command can set it only for a container's first network"
  dc_alias_flag=--alias
  dc_net_flags
  dc_alias_flag=''
  m_capture eval "docker_run network connect $dc_net_words -- \"\$dc_net_name\" \"\$dc_id\""
  [ "$m_rc" = 0 ] || m_fail "Error connecting container to network $dc_net_name - ${m_err:-$m_out}"
}

# Published and exposed ports. What is published to one container port is one line: "80/tcp":["0.0.0.0","8080"].
dc_ports() {
  if [ -n "${arg_exposed_ports+x}" ]; then
    eval "set -- $arg_exposed_ports"
    dc_lines=
    for dc_each in "$@"; do
      dc_create_add --expose "$dc_each"
      case $dc_each in
        */*) dc_protocol=${dc_each##*/} ;;
        *) dc_protocol=tcp ;;
      esac
      dc_range "${dc_each%%/*}"
      while [ "$dc_low" -le "$dc_high" ]; do
        dc_lines="$dc_lines\"$dc_low/$dc_protocol\"$m_nl"
        dc_low=$((dc_low + 1))
      done
    done
    dc_same_set exposed_ports Exposed Exposed
  fi
  dc_given published_ports || return 0
  eval "set -- $dc_arg"
  dc_bound=$m_nl dc_bound_ports=$m_nl
  for dc_each in "$@"; do dc_publish "$dc_each"; done
  # One line for each container port.
  dc_lines=
  dc_rest_ports=${dc_bound_ports#"$m_nl"}
  while [ -n "$dc_rest_ports" ]; do
    dc_port=${dc_rest_ports%%"$m_nl"*}
    dc_rest_ports=${dc_rest_ports#*"$m_nl"}
    dc_values "$dc_port" "$dc_bound"
    m_replace "$m_result" "$m_nl" ''
    dc_lines="$dc_lines\"$dc_port\":$m_result$m_nl"
  done
  # An address that is not given is every one.
  dc_kept_has=$dc_has
  m_replace "$dc_has" '["",' '["0.0.0.0",'
  dc_has=$m_result
  m_replace "$dc_lines" '["",' '["0.0.0.0",'
  dc_lines=$m_result
  dc_same_set published_ports Ports
  dc_has=$dc_kept_has
}

# dc_range TEXT: dc_low and dc_high of 80 or 80-90.
dc_range() {
  dc_low=${1%%-*} dc_high=${1##*-}
  { m_is_number "$dc_low" && m_is_number "$dc_high" && [ "$dc_low" -le "$dc_high" ]; } || m_fail "Invalid port: '$1'"
}

# dc_publish PORT: 80, 8080:80, 127.0.0.1:8080:80, 127.0.0.1::80, with ranges and /udp. An address may be [::1].
dc_publish() {
  [ "$1" != all ] || m_fail 'Specifying "all" in published_ports is no longer allowed. Set publish_all_ports to "true" instead to randomly assign port mappings for those not specified by published_ports.'
  dc_inner=${1##*:} dc_outer='' dc_address=$dc_default_ip
  case $1 in
    *:*)
      dc_left=${1%:*}
      dc_outer=${dc_left##*:}
      case $dc_left in
        \[*\]:* | *.*.*.*:*) dc_address=${dc_left%:*} ;;
        *:*) m_fail "Bind addresses for published ports must be IPv4 or IPv6 addresses, not hostnames. Use the dig lookup to resolve hostnames. (Found hostname: ${dc_left%:*})" ;;
      esac
      ;;
  esac
  case $dc_inner in
    */*) dc_protocol=${dc_inner##*/} ;;
    *) dc_protocol=tcp ;;
  esac
  dc_inner=${dc_inner%%/*}
  dc_create_add --publish "${dc_address:+$dc_address:}$dc_outer:$dc_inner/$dc_protocol"
  dc_address=${dc_address#\[}
  dc_address=${dc_address%\]}
  dc_range "$dc_inner"
  dc_first=$dc_low dc_last=$dc_high dc_next=''
  if [ "$dc_first" != "$dc_last" ] && [ -n "$dc_outer" ]; then
    dc_range "$dc_outer"
    [ $((dc_high - dc_low)) = $((dc_last - dc_first)) ] || m_fail "Invalid port: '$1' publishes a range to one of another length"
    dc_next=$dc_low
  fi
  while [ "$dc_first" -le "$dc_last" ]; do
    m_result=${dc_next:-$dc_outer}
    [ -z "$dc_next" ] || dc_next=$((dc_next + 1))
    dc_bound="$dc_bound$dc_first/$dc_protocol [\"$dc_address\",\"$m_result\"]$m_nl"
    case $dc_bound_ports in
      *"$m_nl$dc_first/$dc_protocol$m_nl"*) ;;
      *) dc_bound_ports=$dc_bound_ports$dc_first/$dc_protocol$m_nl ;;
    esac
    dc_first=$((dc_first + 1))
  done
}

# dc_is_mode TEXT: ro, rw,z and such, behind a volume.
dc_is_mode() {
  dc_rest=$1,
  while [ -n "$dc_rest" ]; do
    case ${dc_rest%%,*} in
      rw | ro | z | Z | consistent | delegated | cached | rprivate | private | rshared | shared | rslave | slave | nocopy) ;;
      *) return 1 ;;
    esac
    dc_rest=${dc_rest#*,}
  done
}

dc_volumes_options() {
  if [ -n "${arg_volumes+x}" ]; then
    eval "set -- $arg_volumes"
    dc_binds='' dc_lines=''
    for dc_each in "$@"; do dc_volume "$dc_each"; done
    dc_same_set volumes Volumes Volumes
    # Binds without a mode are for reading and writing.
    dc_values Binds
    dc_kept_has=$dc_has
    dc_rest_binds=$m_result
    while [ -n "$dc_rest_binds" ]; do
      m_each=${dc_rest_binds%%"$m_nl"*}
      dc_rest_binds=${dc_rest_binds#*"$m_nl"}
      case $m_each in
        *:*:*) ;;
        *) m_each="${m_each%\"}:rw\"" ;;
      esac
      dc_has="${dc_has}Bind $m_each$m_nl"
    done
    dc_lines=$dc_binds
    dc_same_set volume_binds Bind '' volumes
    dc_has=$dc_kept_has
  fi
  eval "set -- ${arg_mounts:-}"
  for dc_each in "$@"; do dc_mount "$dc_each"; done
}

# A bind goes to dc_binds, a volume without a name to dc_lines.
dc_volume() {
  case $1 in
    *:*:*:*) m_fail "Found invalid volumes mode: ${1#*:*:}" ;;
    *:*:*)
      dc_how=${1##*:}
      dc_is_mode "$dc_how" || m_fail "Found invalid volumes mode: $dc_how"
      dc_place=${1%:*}
      ;;
    *:*)
      if dc_is_mode "${1#*:}"; then
        docker_json "$1"
        dc_lines=$dc_lines$m_result$m_nl
        dc_create_add --volume "$1"
        return 0
      fi
      dc_how=rw dc_place=$1
      ;;
    *)
      docker_json "$1"
      dc_lines=$dc_lines$m_result$m_nl
      dc_create_add --volume "$1"
      return 0
      ;;
  esac
  # Relative to where modules run, as the docker command takes it.
  case $dc_place in
    \~/*) dc_place=${HOME:-}/${dc_place#\~/} ;;
    ./*) dc_place=$PWD/${dc_place#./} ;;
  esac
  dc_create_add --volume "$dc_place:$dc_how"
  docker_json "$dc_place:$dc_how"
  dc_binds=$dc_binds$m_result$m_nl
}

# One element of mounts: the words of --mount, which are CSV, and what the container says of it.
dc_mount() {
  eval "set -- $1"
  dc_mount_words='' dc_mount_checks='' dc_mount_target='' dc_mount_type=volume
  while [ $# -gt 1 ]; do
    case $1 in
      target) dc_mount_target=$2 ;;
      type) dc_mount_type=$2 ;;
    esac
    m_words "$1" "$2"
    dc_mount_checks="$dc_mount_checks $m_result"
    shift 2
  done
  dc_mount_add type "$dc_mount_type"
  eval "set -- $dc_mount_checks"
  docker_json "$dc_mount_target"
  dc_mount_key=$m_result
  dc_mount_same Type "\"$dc_mount_type\""
  while [ $# -gt 1 ]; do
    case $1:$2 in
      type:* | *:) ;;
      target:*) dc_mount_add target "$2" ;;
      source:*)
        dc_mount_add source "$2"
        docker_json "$2"
        dc_mount_same Source "$m_result"
        ;;
      read_only:true)
        dc_mount_add readonly true
        dc_mount_same ReadOnly true
        ;;
      read_only:false) dc_mount_off ReadOnly ;;
      consistency:*)
        dc_mount_add consistency "$2"
        dc_mount_same Consistency "\"$2\""
        ;;
      propagation:*)
        dc_mount_add bind-propagation "$2"
        dc_mount_within BindOptions Propagation "\"$2\""
        ;;
      non_recursive:true)
        dc_mount_add bind-nonrecursive true
        dc_mount_within BindOptions NonRecursive true
        ;;
      no_copy:true)
        dc_mount_add volume-nocopy true
        dc_mount_within VolumeOptions NoCopy true
        ;;
      volume_driver:*)
        dc_mount_add volume-driver "$2"
        dc_mount_within VolumeOptions Name "\"$2\""
        ;;
      labels:* | volume_options:*) dc_mount_pairs "$1" "$2" ;;
      subpath:*)
        dc_mount_add "$dc_mount_type-subpath" "$2"
        ;;
      tmpfs_size:*)
        docker_bytes "$2" tmpfs_size
        dc_mount_number=$m_result
        dc_mount_add tmpfs-size "$dc_mount_number"
        dc_mount_within TmpfsOptions SizeBytes "$dc_mount_number"
        ;;
      tmpfs_mode:*)
        m_octal_number "$2" || m_fail "tmp_fs mode of mount \"$dc_mount_target\" is not an octal string!"
        dc_mount_number=$m_result
        dc_mount_add tmpfs-mode "$2"
        dc_mount_within TmpfsOptions Mode "$dc_mount_number"
        ;;
      *:false) ;;
      *) m_fail "$1 of mount \"$dc_mount_target\" cannot be set by the docker command" ;;
    esac
    shift 2
  done
  dc_create_add --mount "$dc_mount_words"
}

dc_mount_pairs() {
  dc_pair_option=$1
  eval "set -- $2"
  while [ $# -gt 1 ]; do
    if [ "$dc_pair_option" = labels ]; then
      dc_mount_add volume-label "$1=$2"
    else
      dc_mount_add volume-opt "$1=$2"
    fi
    docker_json "$1"
    dc_pair=$m_result
    docker_json "$2"
    dc_mount_within VolumeOptions '' "$dc_pair:$m_result"
    shift 2
  done
}

# dc_mount_add KEY VALUE: a field of CSV; one with a comma or a quote is quoted.
dc_mount_add() {
  m_result=$1=$2
  case $m_result in
    *,* | *\"*)
      m_replace "$m_result" '"' '""'
      m_result="\"$m_result\""
      ;;
  esac
  dc_mount_words=$dc_mount_words${dc_mount_words:+,}$m_result
}

dc_mount_same() {
  dc_lines=$dc_mount_key:$2$m_nl
  dc_same_set mounts "Mount.$1"
}

dc_mount_off() {
  case $dc_has in
    *"${m_nl}Mount.$1 $dc_mount_key:true$m_nl"*) dc_found_different mounts "\"$1=false\"" "\"$1=true\"" ;;
  esac
}

# dc_mount_within OPTIONS KEY JSON: a field of a field, such as BindOptions.Propagation.
dc_mount_within() {
  [ "$dc_there" = true ] || return 0
  dc_mode mounts allow_more_present
  [ "$m_result" != ignore ] || return 0
  case $dc_has in
    *"${m_nl}Mount.$1 $dc_mount_key:"*)
      m_result=${dc_has#*"${m_nl}Mount.$1 $dc_mount_key:"}
      m_result=${m_result%%"$m_nl"*}
      ;;
    *) m_result=null ;;
  esac
  case $m_result in
    *"${2:+\"$2\":}$3"[,\}]*) ;;
    *)
      dc_pair_found=$m_result
      docker_json "${2:-$1} $3"
      dc_found_different mounts "$m_result" "$dc_pair_found"
      ;;
  esac
}
