# shellcheck shell=sh
# Each option: the flags of `docker create` (dc_create_flags), those of `docker update` (dc_update_flags), and whether the container
# that is there differs (dc_different), or differs in what can be updated (dc_limits).

dc_options() {
  dc_limit=true
  dc_number blkio_weight --blkio-weight BlkioWeight
  dc_number cpu_period --cpu-period CpuPeriod
  dc_number cpu_quota --cpu-quota CpuQuota
  dc_number cpu_shares --cpu-shares CpuShares
  dc_text cpuset_cpus --cpuset-cpus CpusetCpus
  dc_text cpuset_mems --cpuset-mems CpusetMems
  for dc_each in kernel_memory:KernelMemory memory:Memory memory_reservation:MemoryReservation memory_swap:MemorySwap; do
    dc_bytes "${dc_each%:*}" "${dc_each#*:}"
  done
  dc_restart
  dc_limit=false
  [ -z "${arg_shm_size:-}" ] || dc_bytes shm_size ShmSize
  dc_number memory_swappiness --memory-swappiness MemorySwappiness
  dc_number oom_score_adj --oom-score-adj OomScoreAdj
  dc_number pids_limit --pids-limit PidsLimit
  dc_cpus
  dc_default_mode=ignore
  dc_number stop_timeout --stop-timeout StopTimeout
  dc_default_mode=''
  dc_flag auto_remove --rm AutoRemove
  dc_flag init --init Init
  dc_flag oom_killer --oom-kill-disable OomKillDisable
  dc_flag privileged --privileged Privileged
  dc_flag read_only --read-only ReadonlyRootfs
  dc_flag tty --tty Tty
  dc_flag interactive --interactive OpenStdin
  dc_flag publish_all_ports --publish-all PublishAllPorts
  dc_text cgroupns_mode --cgroupns CgroupnsMode
  dc_text cgroup_parent --cgroup-parent CgroupParent
  dc_text domainname --domainname Domainname
  dc_text hostname --hostname Hostname
  dc_text runtime --runtime Runtime
  dc_text stop_signal --stop-signal StopSignal
  dc_text user --user User
  dc_text userns_mode --userns UsernsMode
  dc_text uts --uts UTSMode
  dc_text volume_driver --volume-driver VolumeDriver
  dc_text working_dir --workdir WorkingDir
  dc_namespace ipc_mode --ipc IpcMode
  dc_namespace pid_mode --pid PidMode
  [ -z "${arg_platform:-}" ] || dc_create_add --platform "$arg_platform"
  dc_network_mode
  dc_mac
  dc_words
  dc_sets
  dc_environment
  dc_volumes_options
  dc_ports
  dc_health
}

# Adds words to dc_create_flags, and to dc_update_flags where dc_limit is true.
dc_create_add() {
  for m_each in "$@"; do
    m_quote "$m_each"
    dc_create_flags="$dc_create_flags $m_result"
    [ "$dc_limit" = false ] || dc_update_flags="$dc_update_flags $m_result"
  done
}

dc_given() {
  eval "dc_arg=\${arg_$1-}"
  eval "[ -n \"\${arg_$1+x}\" ]"
}

# dc_found_different NAME WANTED FOUND: JSON.
dc_found_different() {
  dc_differs "$1" "$2" "$3"
  if [ "$dc_limit" = true ]; then dc_limits=true; else dc_different=true; fi
}

# dc_same NAME WANTED KEY: compares JSON of one value.
dc_same() {
  [ "$dc_there" = true ] || return 0
  dc_mode "$1" "${dc_default_mode:-strict}"
  [ "$m_result" != ignore ] || return 0
  dc_value "$3"
  [ "$m_result" = "$2" ] || dc_found_different "$1" "$2" "$m_result"
}

dc_text() {
  dc_given "$1" || return 0
  dc_create_add "$2" "$dc_arg"
  docker_json "$dc_arg"
  dc_same "$1" "$m_result" "$3"
}

dc_number() {
  dc_given "$1" || return 0
  dc_create_add "$2" "$dc_arg"
  dc_same "$1" "$dc_arg" "$3"
}

# Where the daemon does not know a switch, it is null: that is off.
dc_flag() {
  dc_given "$1" || return 0
  dc_create_add "$2=$dc_arg"
  if [ "$1:$dc_arg" = oom_killer:false ]; then
    dc_value "$3"
    [ "$m_result" != null ] || return 0
  fi
  dc_same "$1" "$dc_arg" "$3"
}

dc_bytes() {
  dc_given "$1" || return 0
  case $1:$dc_arg in
    memory_swap:unlimited | memory_swap:-1) m_result=-1 ;;
    *) docker_bytes "$dc_arg" "$1" ;;
  esac
  dc_amount=$m_result
  m_replace "$1" _ -
  dc_create_add "--$m_result" "$dc_amount"
  dc_same "$1" "$dc_amount" "$2"
}

dc_cpus() {
  [ -n "${arg_cpus:-}" ] || return 0
  dc_create_add --cpus "$arg_cpus"
  dc_same cpus "$(m_put "$arg_cpus$m_nl" | awk '{ printf "%.0f", $1 * 1000000000 }')" NanoCpus
}

dc_restart() {
  [ -n "${arg_restart_policy:-}" ] || return 0
  dc_create_add --restart "$arg_restart_policy${arg_restart_retries:+:$arg_restart_retries}"
  dc_same restart_policy "\"$arg_restart_policy\"" RestartPolicy
  [ -z "${arg_restart_retries:-}" ] || dc_same restart_retries "$arg_restart_retries" RestartRetries
}

# dc_namespace NAME FLAG KEY: `container:NAME` becomes its number.
dc_namespace() {
  dc_given "$1" || return 0
  case $dc_arg in
    container:*)
      if docker_ask inspect --type container --format '{{.Id}}' -- "${dc_arg#container:}"; then
        dc_arg=container:$m_out
      else
        m_warn "Cannot find a container with name or ID \"${dc_arg#container:}\""
      fi
      ;;
  esac
  dc_create_add "$2" "$dc_arg"
  dc_wanted_mode=$dc_arg
  docker_json "$dc_arg"
  if [ "$1" = network_mode ]; then dc_same_network; else dc_same "$1" "$m_result" "$3"; fi
}

# The daemon says bridge for default.
dc_same_network() {
  dc_value NetworkMode
  case $dc_wanted_mode:$m_result in
    default:\"bridge\") return 0 ;;
  esac
  docker_json "$dc_wanted_mode"
  dc_same network_mode "$m_result" NetworkMode
}

# Command and entry point. The docker command takes one word as the entry point; the others stand before the command's.
dc_words() {
  dc_command=''
  if [ -n "${arg_command+x}" ]; then
    eval "set -- $arg_command"
    m_words "$@"
    dc_command=$m_result
  fi
  if [ -n "${arg_entrypoint:-}" ]; then
    eval "set -- $arg_entrypoint"
    dc_create_add --entrypoint "$1"
    shift
    m_words "$@"
    dc_command="$m_result $dc_command"
    [ "$dc_there" = true ] || return 0
    eval "set -- $arg_entrypoint ${arg_command:-}"
    docker_json_list "$@"
    dc_same_words entrypoint "$m_result" both
  elif [ -n "${arg_command+x}" ] && [ "$dc_there" = true ]; then
    eval "set -- $arg_command"
    docker_json_list "$@"
    # An empty command is the image's own.
    if [ $# = 0 ]; then
      case $dc_image_has in
        *"${m_nl}Cmd "*)
          m_result=${dc_image_has#*"${m_nl}Cmd "}
          m_result=${m_result%%"$m_nl"*}
          ;;
      esac
    fi
    dc_same_words command "$m_result" Cmd
  fi
}

dc_same_words() {
  dc_wanted_words=$2
  dc_mode "$1" strict
  [ "$m_result" != ignore ] || return 0
  dc_value Cmd
  dc_found_words=$m_result
  if [ "$3" = both ]; then
    dc_value Entrypoint
    dc_join "$m_result" "$dc_found_words"
    dc_found_words=$m_result
  fi
  [ "$dc_found_words" != null ] || dc_found_words='[]'
  [ "$dc_wanted_words" != null ] || dc_wanted_words='[]'
  [ "$dc_found_words" = "$dc_wanted_words" ] || dc_found_different "$1" "$dc_wanted_words" "$dc_found_words"
}

# dc_join LIST LIST: m_result is one JSON list of both.
dc_join() {
  case $1:$2 in
    null:* | \[\]:*) m_result=$2 ;;
    *:null | *:\[\]) m_result=$1 ;;
    *) m_result=${1%]},${2#[} ;;
  esac
}

# dc_same_set NAME KEY IMAGE_KEY: compares the wanted lines (dc_lines, JSON each) with what the container has. With `strict` there
# may be no others but those of the image.
dc_same_set() {
  [ "$dc_there" = true ] || return 0
  dc_mode "${4:-$1}" allow_more_present
  dc_how=$m_result
  [ "$dc_how" != ignore ] || return 0
  dc_values "$2"
  dc_set_found=$m_result
  dc_set_same=true
  dc_each_in "$dc_lines" "$dc_set_found" || dc_set_same=false
  if [ "$dc_how" = strict ]; then
    dc_values "${3:-nothing}" "$dc_image_has"
    dc_each_in "$dc_set_found" "$dc_lines$m_result" || dc_set_same=false
  fi
  [ "$dc_set_same" = true ] && return 0
  dc_listed "$dc_lines"
  dc_listed_wanted=$m_result
  dc_listed "$dc_set_found"
  dc_found_different "$1" "$dc_listed_wanted" "$m_result"
}

# True if each line of the first text is one of the second.
dc_each_in() {
  dc_rest=$1
  while [ -n "$dc_rest" ]; do
    case $m_nl$2 in
      *"$m_nl${dc_rest%%"$m_nl"*}$m_nl"*) ;;
      *) return 1 ;;
    esac
    dc_rest=${dc_rest#*"$m_nl"}
  done
}

# Lines as a JSON list of texts, or of what is text already.
dc_listed() {
  dc_rest=$1 dc_list=''
  while [ -n "$dc_rest" ]; do
    m_result=${dc_rest%%"$m_nl"*}
    case $m_result in
      \"*\":* | \"*\",* | \[*) docker_json "$m_result" ;;
    esac
    dc_list="$dc_list${dc_list:+,}$m_result"
    dc_rest=${dc_rest#*"$m_nl"}
  done
  m_result="[$dc_list]"
}

# dc_set NAME FLAG KEY: an option that is a list whose order does not matter.
dc_set() {
  dc_given "$1" || return 0
  eval "set -- \"\$1\" \"\$2\" \"\$3\" $dc_arg"
  dc_set_name=$1 dc_set_flag=$2 dc_set_key=$3 dc_lines=''
  shift 3
  for dc_each in "$@"; do
    dc_create_add "$dc_set_flag" "$dc_each"
    docker_json "$dc_each"
    dc_lines=$dc_lines$m_result$m_nl
  done
  dc_same_set "$dc_set_name" "$dc_set_key"
}

# dc_dict NAME FLAG SIGN KEY [IMAGE_KEY]: an option of keys and values; SIGN stands between them in the flag.
dc_dict() {
  dc_given "$1" || return 0
  eval "set -- \"\$1\" \"\$2\" \"\$3\" \"\$4\" \"\${5:-}\" $dc_arg"
  dc_set_name=$1 dc_set_flag=$2 dc_sign=$3 dc_set_key=$4 dc_set_image=$5 dc_lines=''
  shift 5
  while [ $# -gt 1 ]; do
    dc_create_add "$dc_set_flag" "$1$dc_sign$2"
    docker_json "$1"
    dc_key=$m_result
    docker_json "$2"
    dc_lines=$dc_lines$dc_key:$m_result$m_nl
    shift 2
  done
  dc_same_set "$dc_set_name" "$dc_set_key" "$dc_set_image"
}

# dc_ordered NAME FLAG KEY: a list whose order matters.
dc_ordered() {
  dc_given "$1" || return 0
  eval "set -- \"\$1\" \"\$2\" \"\$3\" $dc_arg"
  dc_set_name=$1 dc_set_flag=$2 dc_set_key=$3
  shift 3
  for dc_each in "$@"; do dc_create_add "$dc_set_flag" "$dc_each"; done
  docker_json_list "$@"
  dc_value_wanted=$m_result
  dc_value "$dc_set_key"
  if [ "$dc_value_wanted:$m_result" = '[]:null' ]; then return 0; fi
  dc_same "$dc_set_name" "$dc_value_wanted" "$dc_set_key"
}

dc_sets() {
  dc_capabilities capabilities --cap-add CapAdd
  dc_capabilities cap_drop --cap-drop CapDrop
  dc_ordered device_cgroup_rules --device-cgroup-rule DeviceCgroupRules
  dc_ordered dns_servers --dns Dns
  dc_set dns_opts --dns-option DnsOptions
  dc_set dns_search_domains --dns-search DnsSearch
  dc_set groups --group-add GroupAdd
  dc_set security_opts --security-opt SecurityOpt
  dc_set volumes_from --volumes-from VolumesFrom
  if [ -n "${arg_labels+x}" ] && [ "$arg_image_label_mismatch" = fail ]; then dc_label_mismatch; else dc_dict labels --label = Labels Labels; fi
  dc_dict storage_opts --storage-opt = StorageOpt
  dc_dict sysctls --sysctl = Sysctls
  dc_hosts
  dc_links
  dc_tmpfs
  dc_ulimits
  dc_devices
  dc_rates device_read_bps BlkioDeviceReadBps
  dc_rates device_write_bps BlkioDeviceWriteBps
  dc_rates device_read_iops BlkioDeviceReadIOps
  dc_rates device_write_iops BlkioDeviceWriteIOps
  [ -n "${arg_log_driver:-}" ] || return 0
  dc_create_add --log-driver "$arg_log_driver"
  docker_json "$arg_log_driver"
  dc_same log_driver "$m_result" LogDriver
  dc_dict log_options --log-opt = LogOptions
}

# The docker command and the daemon write capabilities in their own way: CAP_NET_ADMIN for net_admin.
dc_capabilities() {
  dc_given "$1" || return 0
  eval "set -- \"\$1\" \"\$2\" \"\$3\" $dc_arg"
  dc_set_name=$1 dc_set_flag=$2 dc_set_key=$3 dc_lines=''
  shift 3
  for dc_each in "$@"; do dc_create_add "$dc_set_flag" "$dc_each"; done
  [ "$dc_there" = true ] || return 0
  dc_values "$dc_set_key"
  dc_kept_has=$dc_has
  dc_rest=$m_result
  dc_has=$dc_has$m_nl
  while [ -n "$dc_rest" ]; do
    dc_has=$dc_has"capability "$(dc_capability "${dc_rest%%"$m_nl"*}")$m_nl
    dc_rest=${dc_rest#*"$m_nl"}
  done
  for dc_each in "$@"; do dc_lines=$dc_lines$(dc_capability "\"$dc_each\"")$m_nl; done
  dc_same_set "$dc_set_name" capability
  dc_has=$dc_kept_has
}

dc_capability() { m_put "$1" | tr '[:lower:]' '[:upper:]' | sed 's/^"CAP_/"/'; }

dc_label_mismatch() {
  dc_values Labels "$dc_image_has"
  dc_image_labels=$m_result
  dc_mode labels allow_more_present
  if [ "$m_result" = strict ] && [ -n "$dc_image_labels" ]; then
    dc_extra=
    while IFS= read -r m_each; do
      dc_extra="$dc_extra${dc_extra:+, }${m_each%%\":*}\""
    done <<DC_END
${dc_image_labels%"$m_nl"}
DC_END
    m_fail "Some labels should be removed but are present in the base image. You can set image_label_mismatch to 'ignore' to ignore this error. Labels: $dc_extra"
  fi
  dc_dict labels --label = Labels
}

dc_hosts() {
  dc_given etc_hosts || return 0
  eval "set -- $dc_arg"
  dc_lines=
  while [ $# -gt 1 ]; do
    dc_create_add --add-host "$1:$2"
    docker_json "$1:$2"
    dc_lines=$dc_lines$m_result$m_nl
    shift 2
  done
  dc_same_set etc_hosts ExtraHosts
}

dc_links() {
  dc_given links || return 0
  eval "set -- $dc_arg"
  dc_lines=
  for dc_each in "$@"; do
    dc_create_add --link "$dc_each"
    docker_json "/${dc_each%%:*}:/$arg_name/${dc_each#*:}"
    dc_lines=$dc_lines$m_result$m_nl
  done
  dc_same_set links Links
}

dc_tmpfs() {
  dc_given tmpfs || return 0
  eval "set -- $dc_arg"
  dc_lines=
  for dc_each in "$@"; do
    dc_create_add --tmpfs "$dc_each"
    docker_json "${dc_each%%:*}"
    dc_key=$m_result
    case $dc_each in
      *:*) docker_json "${dc_each#*:}" ;;
      *) m_result='""' ;;
    esac
    dc_lines=$dc_lines$dc_key:$m_result$m_nl
  done
  dc_same_set tmpfs Tmpfs
}

dc_ulimits() {
  dc_given ulimits || return 0
  eval "set -- $dc_arg"
  dc_lines=
  for dc_each in "$@"; do
    dc_soft=${dc_each#*:}
    dc_create_add --ulimit "${dc_each%%:*}=$dc_soft"
    dc_lines=$dc_lines"\"${dc_each%%:*}\":${dc_soft%%:*}:${dc_soft##*:}"$m_nl
  done
  dc_same_set ulimits Ulimits
}

dc_devices() {
  dc_given devices || return 0
  eval "set -- $dc_arg"
  dc_lines=
  for dc_each in "$@"; do
    dc_create_add --device "$dc_each"
    dc_path=${dc_each%%:*} dc_inside=$dc_path dc_allowed=rwm
    case $dc_each in
      *:*:*)
        dc_inside=${dc_each#*:}
        dc_allowed=${dc_inside#*:}
        dc_inside=${dc_inside%%:*}
        ;;
      *:*) dc_inside=${dc_each#*:} ;;
    esac
    dc_lines=$dc_lines"\"$dc_path\",\"$dc_inside\",\"$dc_allowed\""$m_nl
  done
  dc_same_set devices Devices
}

dc_rates() {
  dc_given "$1" || return 0
  dc_rate_name=$1 dc_rate_key=$2 dc_lines=''
  eval "set -- $dc_arg"
  for dc_each in "$@"; do
    eval "set -- $dc_each"
    while [ $# -gt 1 ]; do
      case $1 in
        path) dc_path=$2 ;;
        rate) dc_rate=$2 ;;
      esac
      shift 2
    done
    docker_bytes "$dc_rate" "$dc_rate_name"
    dc_rate=$m_result
    m_replace "$dc_rate_name" _ -
    dc_create_add "--$m_result" "$dc_path:$dc_rate"
    docker_json "$dc_path"
    dc_lines=$dc_lines$m_result:$dc_rate$m_nl
  done
  dc_same_set "$dc_rate_name" "$dc_rate_key"
}

# dc_env are the lines of an environment file; a value with line breaks is exported for the docker command instead.
dc_environment() {
  dc_env='' dc_exports='' dc_lines='' dc_pairs=''
  [ -z "${arg_env_file:-}" ] || dc_read_env_file
  eval "set -- $dc_pairs ${arg_env:-}"
  [ $# -gt 0 ] || return 0
  while [ $# -gt 1 ]; do
    case $2 in
      *"$m_nl"*)
        case $1 in
          PATH | HOME | DOCKER_* | LD_*) m_fail "the value of env $1 has line breaks, which cannot be passed to the docker command" ;;
        esac
        m_quote "$2"
        dc_exports="$dc_exports $1 $m_result"
        dc_create_add --env "$1"
        ;;
      *) dc_env=$dc_env$1=$2$m_nl ;;
    esac
    docker_json "$1=$2"
    dc_lines=$dc_lines$m_result$m_nl
    shift 2
  done
  [ -z "$dc_env" ] || dc_create_add --env-file /dev/stdin
  dc_same_set env Env Env
}

# What the task says overrules the file.
dc_read_env_file() {
  m_read_text "$arg_env_file"
  [ -e "$arg_env_file" ] || m_fail "Failed to read env file $arg_env_file: no such file"
  while IFS= read -r dc_each; do
    m_trim "$dc_each"
    case $m_result in
      '' | \#*) continue ;;
      *=*) ;;
      *) m_fail "Invalid line in environment file $arg_env_file: $m_result" ;;
    esac
    eval "set -- ${arg_env:-}"
    dc_key=${m_result%%=*} dc_value_text=${m_result#*=} dc_overruled=false
    while [ $# -gt 1 ]; do
      [ "$1" != "$dc_key" ] || dc_overruled=true
      shift 2
    done
    [ "$dc_overruled" = false ] || continue
    m_words "$dc_key" "$dc_value_text"
    dc_pairs="$dc_pairs $m_result"
  done <<DC_END
$m_result
DC_END
}

# Durations are in nanoseconds there: 1m30s, 500ms.
dc_nanoseconds() {
  m_result=$(m_put "$1$m_nl" | awk '{
    rest = $0; total = 0; if (rest == "") exit 1
    while (rest != "") {
      if (!match(rest, /^[0-9]+(\.[0-9]+)?(h|ms|us|m|s)/)) exit 1
      word = substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1); unit = word; gsub(/[0-9.]/, "", unit); sub(/[a-z]+$/, "", word)
      total += word * (unit == "h" ? 3600e9 : unit == "m" ? 60e9 : unit == "s" ? 1e9 : unit == "ms" ? 1e6 : 1e3)
    }
    printf "%.0f", total
  }') || m_fail "Invalid duration '$1' of the health check: expected such as 1m30s"
}

dc_health() {
  dc_given healthcheck || return 0
  dc_default_mode=strict dc_test=''
  eval "set -- $dc_arg"
  while [ $# -gt 1 ]; do
    case $1:$2 in
      *:) ;;
      test:*) dc_test=$2 ;;
      retries:0) ;;
      retries:*)
        dc_create_add --health-retries "$2"
        dc_same healthcheck "$2" Health.Retries
        ;;
      interval:* | timeout:* | start_period:* | start_interval:*)
        m_replace "$1" _ -
        dc_create_add "--health-$m_result" "$2"
        dc_health_key=$1
        dc_nanoseconds "$2"
        case $dc_health_key in
          interval) dc_same healthcheck "$m_result" Health.Interval ;;
          timeout) dc_same healthcheck "$m_result" Health.Timeout ;;
          start_period) dc_same healthcheck "$m_result" Health.StartPeriod ;;
          start_interval) dc_same healthcheck "$m_result" Health.StartInterval ;;
        esac
        ;;
    esac
    shift 2
  done
  dc_health_test
  dc_default_mode=''
}

# The docker command takes the test as shell text: ["CMD", …] becomes its words, quoted.
dc_health_test() {
  case $dc_test in
    NONE | '')
      dc_create_add --no-healthcheck
      dc_value Health.Test
      [ "$m_result" = null ] || dc_same healthcheck '["NONE"]' Health.Test
      return 0
      ;;
    CMD\ * | CMD-SHELL\ *)
      if docker_is_words "$dc_test"; then
        eval "set -- $dc_test"
        if [ "$1" = CMD-SHELL ]; then
          dc_test=$2
        else
          docker_json_list "$@"
          dc_direct=$m_result
          shift
          m_words "$@"
          dc_test=$m_result
          # Another program may have given it the words as they are.
          dc_value Health.Test
          if [ "$m_result" = "$dc_direct" ]; then
            dc_create_add --health-cmd "$dc_test"
            return 0
          fi
        fi
      fi
      ;;
  esac
  dc_create_add --health-cmd "$dc_test"
  docker_json_list CMD-SHELL "$dc_test"
  dc_same healthcheck "$m_result" Health.Test
}
