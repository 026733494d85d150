# shellcheck shell=sh
# What a container is, as lines of a name and JSON each.

# dc_template: the format for `docker inspect`. Its first line is all there is; index reads what the daemon said, as it is.
dc_template() {
  # shellcheck disable=SC2016
  dc_format='{{$c := index . "Config"}}{{$h := index . "HostConfig"}}{{$n := index . "NetworkSettings"}}{{json .}}
Id {{json (index . "Id")}}
ImageId {{json (index . "Image")}}
{{with index . "State"}}Status {{json (index . "Status")}}
Running {{json (index . "Running")}}
Paused {{json (index . "Paused")}}
{{end}}'
  for m_each in BlkioWeight CgroupnsMode CgroupParent CpuPeriod CpuQuota CpusetCpus CpusetMems CpuShares NanoCpus AutoRemove Init IpcMode \
    KernelMemory Memory MemoryReservation MemorySwap MemorySwappiness NetworkMode OomKillDisable OomScoreAdj PidMode PidsLimit Privileged \
    ReadonlyRootfs Runtime ShmSize UsernsMode UTSMode VolumeDriver PublishAllPorts DeviceCgroupRules Dns; do
    dc_format="$dc_format$m_each {{json (index \$h \"$m_each\")}}$m_nl"
  done
  for m_each in Cmd Entrypoint Domainname Hostname Image OpenStdin StopSignal StopTimeout Tty User WorkingDir; do
    dc_format="$dc_format$m_each {{json (index \$c \"$m_each\")}}$m_nl"
  done
  for m_each in CapAdd CapDrop DnsOptions DnsSearch ExtraHosts GroupAdd Links SecurityOpt VolumesFrom Binds; do
    dc_format="$dc_format{{range index \$h \"$m_each\"}}$m_each {{json .}}$m_nl{{end}}"
  done
  for m_each in StorageOpt Sysctls Tmpfs; do
    dc_format="$dc_format{{range \$k, \$v := index \$h \"$m_each\"}}$m_each {{json \$k}}:{{json \$v}}$m_nl{{end}}"
  done
  for m_each in BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps BlkioDeviceWriteIOps; do
    dc_format="$dc_format{{range index \$h \"$m_each\"}}$m_each {{json (index . \"Path\")}}:{{json (index . \"Rate\")}}$m_nl{{end}}"
  done
  # shellcheck disable=SC2016
  dc_format=$dc_format'{{range index $c "Env"}}Env {{json .}}
{{end}}{{range $k, $v := index $c "Labels"}}Labels {{json $k}}:{{json $v}}
{{end}}{{range $k, $v := index $c "ExposedPorts"}}Exposed {{json $k}}
{{end}}{{range $k, $v := index $c "Volumes"}}Volumes {{json $k}}
{{end}}{{range $k, $v := index $h "PortBindings"}}Ports {{json $k}}:{{range $v}}[{{json (index . "HostIp")}},{{json (index . "HostPort")}}]{{end}}
{{end}}{{range index $h "Devices"}}Devices {{json (index . "PathOnHost")}},{{json (index . "PathInContainer")}},{{json (index . "CgroupPermissions")}}
{{end}}{{range index $h "Ulimits"}}Ulimits {{json (index . "Name")}}:{{json (index . "Soft")}}:{{json (index . "Hard")}}
{{end}}{{with index $h "LogConfig"}}LogDriver {{json (index . "Type")}}
{{range $k, $v := index . "Config"}}LogOptions {{json $k}}:{{json $v}}
{{end}}{{end}}{{with index $h "RestartPolicy"}}RestartPolicy {{json (index . "Name")}}
RestartRetries {{json (index . "MaximumRetryCount")}}
{{end}}{{with index $c "Healthcheck"}}{{range $k, $v := .}}Health.{{$k}} {{json $v}}
{{end}}{{end}}Mac {{json (index $c "MacAddress")}}
{{range $k, $v := index $n "Networks"}}Network {{json $k}}
Mac {{json (index $v "MacAddress")}}
NetworkMac {{json $k}}:{{json (index $v "MacAddress")}}
{{with index $v "IPAMConfig"}}NetworkIp4 {{json $k}}:{{json (index . "IPv4Address")}}
NetworkIp6 {{json $k}}:{{json (index . "IPv6Address")}}
{{end}}{{range index $v "Aliases"}}NetworkAlias {{json $k}}:{{json .}}
{{end}}{{range index $v "Links"}}NetworkLink {{json $k}}:{{json .}}
{{end}}{{end}}{{range index $h "Mounts"}}{{$t := index . "Target"}}Mount {{json $t}}
{{range $k, $v := .}}Mount.{{$k}} {{json $t}}:{{json $v}}
{{end}}{{end}}'
}

# dc_look NAME: sets dc_there, dc_raw (JSON), dc_has (lines), dc_id, dc_image_id, dc_image_name (JSON), dc_status, dc_running, dc_paused.
dc_look() {
  dc_there=false dc_raw='' dc_has=$m_nl dc_id='' dc_image_id='' dc_image_name='' dc_status='' dc_running=false dc_paused=false
  [ -n "${dc_format:-}" ] || dc_template
  docker_ask inspect --type container --format "$dc_format" -- "$1" || return 0
  dc_there=true
  dc_raw=${m_out%%"$m_nl"*}
  dc_has=$m_nl${m_out#*"$m_nl"}$m_nl
  dc_plain Id
  dc_id=$m_result
  dc_plain ImageId
  dc_image_id=$m_result
  dc_plain Status
  dc_status=$m_result
  dc_value Running
  dc_running=$m_result
  dc_value Paused
  dc_paused=$m_result
  dc_value Image
  dc_image_name=$m_result
}

# dc_value KEY: m_result is the JSON of a line; null where there is none.
dc_value() {
  m_result=null
  case $dc_has in
    *"$m_nl$1 "*)
      m_result=${dc_has#*"$m_nl$1 "}
      m_result=${m_result%%"$m_nl"*}
      ;;
  esac
}

dc_plain() {
  dc_value "$1"
  m_result=${m_result#\"}
  m_result=${m_result%\"}
}

# dc_values KEY [TEXT]: m_result is what stands behind a name in all its lines, with a line break behind each.
dc_values() {
  dc_rest=${2-$dc_has} dc_found=
  while :; do
    case $dc_rest in
      *"$m_nl$1 "*) ;;
      *) break ;;
    esac
    dc_rest=${dc_rest#*"$m_nl$1 "}
    dc_found=$dc_found${dc_rest%%"$m_nl"*}$m_nl
    dc_rest=$m_nl${dc_rest#*"$m_nl"}
  done
  m_result=$dc_found
}
