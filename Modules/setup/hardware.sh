# shellcheck shell=sh
# Memory, processors, board, mounts, devices, uptime.

setup_hardware() {
  setup_memory
  setup_processor
  setup_dmi
  if fact_list mounts; then setup_mounts; fi
  if fact_dict devices; then setup_devices; fi
  if fact_first /proc/uptime; then fact_int uptime_seconds "${m_result%%.*}"; fi
}

setup_memory() {
  setup_total=0 setup_free=0 setup_buffers=0 setup_cached=0 setup_swap_total=0 setup_swap_free=0 setup_swap_cached=0
  while read -r m_each setup_value setup_rest; do
    setup_value=$((setup_value / 1024))
    case $m_each in
      MemTotal:) setup_total=$setup_value ;;
      MemFree:) setup_free=$setup_value ;;
      Buffers:) setup_buffers=$setup_value ;;
      Cached:) setup_cached=$setup_value ;;
      SwapTotal:) setup_swap_total=$setup_value ;;
      SwapFree:) setup_swap_free=$setup_value ;;
      SwapCached:) setup_swap_cached=$setup_value ;;
      Slab:) break ;;
    esac
  done </proc/meminfo
  fact_int memtotal_mb "$setup_total"
  fact_int memfree_mb "$setup_free"
  fact_int swaptotal_mb "$setup_swap_total"
  fact_int swapfree_mb "$setup_swap_free"
  fact_dict memory_mb || return 0
  m_dict real
  m_int total "$setup_total"
  m_int used $((setup_total - setup_free))
  m_int free "$setup_free"
  m_close
  m_dict nocache
  m_int free $((setup_free + setup_buffers + setup_cached))
  m_int used $((setup_total - setup_free - setup_buffers - setup_cached))
  m_close
  m_dict swap
  m_int total "$setup_swap_total"
  m_int free "$setup_swap_free"
  m_int used $((setup_swap_total - setup_swap_free))
  m_int cached "$setup_swap_cached"
  m_close
  m_close
}

setup_processor() {
  setup_vcpus=0 setup_sockets='' setup_cores='' setup_siblings='' setup_flags=''
  if fact_list processor; then setup_lists=true; else setup_lists=false; fi
  while IFS= read -r m_each; do
    setup_value=${m_each#*: }
    case $m_each in
      processor*)
        setup_vcpus=$((setup_vcpus + 1))
        [ "$setup_lists" = false ] || m_str '' "$setup_value"
        ;;
      vendor_id* | 'model name'* | 'Model Name'* | 'cpu	'* | Processor*) [ "$setup_lists" = false ] || m_str '' "$setup_value" ;;
      'physical id'*)
        case " $setup_sockets " in
          *" $setup_value "*) ;;
          *) setup_sockets="$setup_sockets $setup_value" ;;
        esac
        ;;
      'cpu cores'*) setup_cores=$setup_value ;;
      siblings*) setup_siblings=$setup_value ;;
      flags*) [ -n "$setup_flags" ] || setup_flags=$setup_value ;;
    esac
  done </proc/cpuinfo
  [ "$setup_lists" = false ] || m_close
  # shellcheck disable=SC2086
  set -- $setup_sockets
  setup_count=$#
  [ "$setup_count" -gt 0 ] || setup_count=$setup_vcpus
  [ -n "$setup_cores" ] || setup_cores=1
  [ -n "$setup_siblings" ] || setup_siblings=$setup_cores
  fact_int processor_count "$setup_count"
  fact_int processor_cores "$setup_cores"
  fact_int processor_threads_per_core $((setup_siblings / setup_cores))
  fact_int processor_vcpus $((setup_count * setup_siblings))
  setup_nproc
  fact_int processor_nproc "$m_result"
  if fact_list flags; then
    for m_each in $setup_flags; do m_str '' "$m_each"; done
    m_close
  fi
}

# m_result is the number of processors that this process may use: 0-3,8 are five.
setup_nproc() {
  m_result=0
  while read -r m_each setup_value; do
    [ "$m_each" = Cpus_allowed_list: ] || continue
    m_old_ifs=$IFS
    IFS=,
    for m_each in $setup_value; do
      m_result=$((m_result + ${m_each#*-} - ${m_each%-*} + 1))
    done
    IFS=$m_old_ifs
  done </proc/self/status
  [ "$m_result" -gt 0 ] || m_result=$setup_vcpus
}

setup_dmi() {
  for setup_one in bios_date bios_vendor bios_version board_asset_tag board_name board_serial board_vendor board_version \
    chassis_asset_tag chassis_serial chassis_vendor chassis_version product_name product_serial product_uuid product_version; do
    fact_first "/sys/class/dmi/id/$setup_one" || m_result=NA
    fact_str "$setup_one" "$m_result"
  done
  fact_first /sys/class/dmi/id/sys_vendor || m_result=NA
  fact_str system_vendor "$m_result"
  fact_first /sys/class/dmi/id/chassis_type || m_result=NA
  case $m_result in
    1) m_result=Other ;;
    2) m_result=Unknown ;;
    3) m_result=Desktop ;;
    4) m_result='Low Profile Desktop' ;;
    6) m_result='Mini Tower' ;;
    7) m_result=Tower ;;
    8) m_result=Portable ;;
    9) m_result=Laptop ;;
    10) m_result=Notebook ;;
    13) m_result='All In One' ;;
    17) m_result='Main Server Chassis' ;;
    23) m_result='Rack Mount Chassis' ;;
    28) m_result=Blade ;;
    31) m_result='Convertible' ;;
    35) m_result='Mini PC' ;;
  esac
  fact_str form_factor "$m_result"
}

# One stat for all file systems; a dead network mount must not hold the step for ever.
setup_mounts() {
  setup_paths=
  while read -r setup_device setup_mount setup_type setup_options setup_dump setup_pass; do
    case $setup_device:$setup_type in
      /*:* | *:/*:*) ;;
      *) continue ;;
    esac
    [ "$setup_type" != none ] || continue
    setup_unescape "$setup_mount"
    m_quote "$m_result"
    setup_paths="$setup_paths $m_result"
  done </proc/mounts
  eval "set -- $setup_paths"
  if [ $# -eq 0 ]; then
    m_close
    return 0
  fi
  if m_has timeout; then
    setup_sizes=$(timeout "${arg_gather_timeout:-10}" stat -f -c '%S %b %a %c %d %f' -- "$@" 2>/dev/null)
  else
    setup_sizes=$(stat -f -c '%S %b %a %c %d %f' -- "$@" 2>/dev/null)
  fi
  while read -r setup_device setup_mount setup_type setup_options setup_dump setup_pass; do
    case $setup_device:$setup_type in
      /*:* | *:/*:*) ;;
      *) continue ;;
    esac
    [ "$setup_type" != none ] || continue
    setup_one_mount
    setup_sizes=${setup_sizes#*"$m_nl"}
  done </proc/mounts
  m_close
}

# /proc/mounts writes blanks and the like as octal escapes.
setup_unescape() {
  m_result=$1
  case $1 in
    *\\0[0-7][0-7]*)
      m_replace "$m_result" '\040' ' '
      m_replace "$m_result" '\011' '	'
      m_replace "$m_result" '\134' "\\"
      ;;
  esac
}

setup_one_mount() {
  m_dict ''
  setup_unescape "$setup_mount"
  m_str mount "$m_result"
  m_str device "$setup_device"
  m_str fstype "$setup_type"
  m_str options "$setup_options"
  m_int dump "$setup_dump"
  m_int passno "$setup_pass"
  # shellcheck disable=SC2086
  set -- ${setup_sizes%%"$m_nl"*}
  if [ $# -eq 6 ]; then
    m_int block_size "$1"
    m_int block_total "$2"
    m_int block_available "$3"
    m_difference block_used "$2" "$3"
    m_product size_total "$1" "$2"
    m_product size_available "$1" "$3"
    m_int inode_total "$4"
    m_int inode_available "$5"
    m_difference inode_used "$4" "$5"
  fi
  setup_uuid "$setup_device"
  m_str uuid "$m_result"
  m_close
}

# m_result is a block device's UUID, or N/A.
setup_uuid() {
  for m_each in /dev/disk/by-uuid/*; do
    # shellcheck disable=SC3013
    if [ "$m_each" -ef "$1" ]; then
      m_result=${m_each##*/}
      return 0
    fi
  done
  m_result=N/A
}

setup_devices() {
  for setup_folder in /sys/block/*; do
    [ -d "$setup_folder" ] || continue
    setup_device=${setup_folder##*/}
    # Loop devices and the like that hold nothing tell nothing.
    case $setup_device in
      loop* | ram*) if fact_first "$setup_folder/size" && [ "$m_result" = 0 ]; then continue; fi ;;
    esac
    setup_one_device
  done
  m_close
}

setup_one_device() {
  m_dict "$setup_device"
  if [ -e "$setup_folder/device" ]; then m_int virtual 0; else m_int virtual 1; fi
  setup_links "$setup_device"
  for setup_one in vendor model; do
    if fact_first "$setup_folder/device/$setup_one"; then
      m_trim "$m_result"
      m_str "$setup_one" "$m_result"
    else
      m_null "$setup_one"
    fi
  done
  if fact_first "$setup_folder/device/serial"; then m_str serial "$m_result"; fi
  m_null sas_address
  m_null sas_device_handle
  fact_first "$setup_folder/removable"
  m_str removable "$m_result"
  fact_first "$setup_folder/queue/rotational"
  m_str rotational "$m_result"
  fact_first "$setup_folder/queue/discard_granularity"
  m_str support_discard "$m_result"
  m_result=
  fact_first "$setup_folder/queue/scheduler"
  case $m_result in
    *'['*']'*)
      m_result=${m_result#*\[}
      m_result=${m_result%%\]*}
      ;;
  esac
  m_str scheduler_mode "$m_result"
  setup_size "$setup_folder"
  m_str host ''
  m_list holders
  for m_each in "$setup_folder"/holders/*; do
    [ -e "$m_each" ] || continue
    m_str '' "${m_each##*/}"
  done
  m_close
  m_dict partitions
  for setup_part in "$setup_folder/$setup_device"*; do
    [ -e "$setup_part/partition" ] || continue
    m_dict "${setup_part##*/}"
    setup_links "${setup_part##*/}"
    fact_first "$setup_part/start"
    m_str start "$m_result"
    setup_size "$setup_part"
    setup_uuid "/dev/${setup_part##*/}"
    if [ "$m_result" = N/A ]; then m_null uuid; else m_str uuid "$m_result"; fi
    m_list holders
    m_close
    m_close
  done
  m_close
  m_close
}

# sectors, sectorsize and size of a device or partition; sysfs counts sectors of 512 bytes.
setup_size() {
  fact_first "$1/size" || m_result=0
  setup_sectors=$m_result
  fact_first "$setup_folder/queue/logical_block_size" || m_result=512
  m_int sectors "$setup_sectors"
  m_str sectorsize "$m_result"
  m_human_product size "$setup_sectors" 512
}

# Names of a device under /dev/disk.
setup_links() {
  m_dict links
  for setup_one in ids:by-id labels:by-label uuids:by-uuid; do
    m_list "${setup_one%%:*}"
    for m_each in "/dev/disk/${setup_one#*:}"/*; do
      # shellcheck disable=SC3013
      if [ "$m_each" -ef "/dev/$1" ]; then m_str '' "${m_each##*/}"; fi
    done
    m_close
  done
  m_list masters
  for m_each in /sys/class/block/"$1"/holders/*; do
    if [ -e "$m_each" ]; then m_str '' "${m_each##*/}"; fi
  done
  m_close
  m_close
}
