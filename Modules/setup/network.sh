# shellcheck shell=sh
# Interfaces, their addresses, and the default routes.

setup_network() {
  setup_addresses=
  if m_has ip; then setup_addresses=$(ip -o addr show 2>/dev/null); fi
  setup_interfaces
  setup_default_routes
  setup_all4='' setup_all6='' setup_default4='' setup_default6=''
  for setup_folder in /sys/class/net/*; do
    [ -e "$setup_folder/ifindex" ] || continue
    setup_interface
  done
  if fact_list all_ipv4_addresses; then
    for m_each in $setup_all4; do m_str '' "$m_each"; done
    m_close
  fi
  if fact_list all_ipv6_addresses; then
    for m_each in $setup_all6; do m_str '' "$m_each"; done
    m_close
  fi
  setup_report_default ipv4 "$setup_route4" "$setup_gateway4"
  setup_report_default ipv6 "$setup_route6" "$setup_gateway6"
}

setup_interfaces() {
  fact_list interfaces || return 0
  for m_each in /sys/class/net/*; do
    if [ -e "$m_each/ifindex" ]; then m_str '' "${m_each##*/}"; fi
  done
  m_close
}

# setup_route4 and setup_route6 are the interfaces of the default routes with the lowest metrics, with their gateways.
setup_default_routes() {
  setup_route4='' setup_gateway4='' setup_route6='' setup_gateway6='' setup_best=
  if [ -r /proc/net/route ]; then
    while read -r setup_name setup_to setup_via m_each m_each m_each setup_metric m_each; do
      [ "$setup_to" = 00000000 ] || continue
      if [ -z "$setup_best" ] || [ "$setup_metric" -lt "$setup_best" ]; then
        setup_best=$setup_metric setup_route4=$setup_name
        setup_hex_address "$setup_via"
        setup_gateway4=$m_result
      fi
    done </proc/net/route
  fi
  setup_best=
  if [ -r /proc/net/ipv6_route ]; then
    while read -r setup_to setup_length m_each m_each setup_via setup_metric m_each m_each setup_flags6 setup_name; do
      [ "$setup_length" = 00 ] && [ "$setup_name" != lo ] || continue
      if [ -z "$setup_best" ] || [ $((0x$setup_metric)) -lt "$setup_best" ]; then
        setup_best=$((0x$setup_metric)) setup_route6=$setup_name
        setup_hex_address6 "$setup_via"
        setup_gateway6=$m_result
      fi
    done </proc/net/ipv6_route
  fi
}

# m_result is the address that eight digits of /proc/net/route stand for, least significant byte first.
setup_hex_address() {
  m_result=$((0x$1))
  m_result=$((m_result & 255)).$(((m_result >> 8) & 255)).$(((m_result >> 16) & 255)).$(((m_result >> 24) & 255))
}

# m_result is an IPv6 address, shortened at its longest run of zeros.
setup_hex_address6() {
  setup_digits=$1 setup_groups=
  while [ -n "$setup_digits" ]; do
    setup_four=${setup_digits%"${setup_digits#????}"}
    setup_digits=${setup_digits#????}
    while :; do
      case $setup_four in
        0?*) setup_four=${setup_four#0} ;;
        *) break ;;
      esac
    done
    setup_groups=$setup_groups:$setup_four
  done
  setup_groups=$setup_groups:
  m_result=$setup_groups
  for m_each in :0:0:0:0:0:0:0:0: :0:0:0:0:0:0:0: :0:0:0:0:0:0: :0:0:0:0:0: :0:0:0:0: :0:0:0: :0:0:; do
    case $setup_groups in
      *"$m_each"*)
        m_result=${setup_groups%%"$m_each"*}::${setup_groups#*"$m_each"}
        break
        ;;
    esac
  done
  case $m_result in
    :::*) ;;
    *) m_result=${m_result#:} ;;
  esac
  case $m_result in
    *::) ;;
    *) m_result=${m_result%:} ;;
  esac
  case $m_result in
    :::*) m_result=${m_result#:} ;;
  esac
}

setup_interface() {
  setup_name=${setup_folder##*/}
  fact_first "$setup_folder/address" || m_result=
  setup_mac=$m_result
  fact_first "$setup_folder/mtu" || m_result=0
  setup_mtu=$m_result
  setup_kind "$setup_folder"
  setup_kind=$m_result
  m_replace "$setup_name" - _
  if fact_dict "$m_result"; then setup_reports=true; else setup_reports=false; fi
  if [ "$setup_reports" = true ]; then setup_link; fi
  setup_inet4
  setup_inet6
  [ "$setup_reports" = false ] || m_close
}

# m_result is the kind of an interface in Ansible's words.
setup_kind() {
  fact_first "$1/type" || m_result=0
  case $m_result in
    1) m_result=ether ;;
    32) m_result=infiniband ;;
    512) m_result=ppp ;;
    772) m_result=loopback ;;
    65534) m_result=tunnel ;;
    768 | 769 | 776 | 778) m_result=tunnel ;;
    *) m_result=unknown ;;
  esac
  if [ -d "$1/bridge" ]; then m_result=bridge; fi
  if [ -d "$1/bonding" ]; then m_result=bonding; fi
}

setup_link() {
  m_str device "$setup_name"
  [ -z "$setup_mac" ] || [ "$setup_kind" = loopback ] || m_str macaddress "$setup_mac"
  m_int mtu "$setup_mtu"
  m_str type "$setup_kind"
  fact_first "$setup_folder/flags" || m_result=0x0
  setup_bits=$((m_result))
  if [ $((setup_bits & 1)) != 0 ]; then m_bool active true; else m_bool active false; fi
  if [ $((setup_bits & 256)) != 0 ]; then m_bool promisc true; else m_bool promisc false; fi
  if fact_first "$setup_folder/speed" 2>/dev/null; then m_int speed "$m_result"; fi
  if [ "$setup_kind" = bridge ]; then
    m_list interfaces
    for m_each in "$setup_folder"/brif/*; do
      if [ -e "$m_each" ]; then m_str '' "${m_each##*/}"; fi
    done
    m_close
    fact_first "$setup_folder/bridge/stp_state" || m_result=0
    if [ "$m_result" = 0 ]; then m_bool stp false; else m_bool stp true; fi
  fi
  if [ "$setup_kind" = bonding ]; then
    fact_first "$setup_folder/bonding/slaves" || m_result=
    # shellcheck disable=SC2086
    m_strings slaves $m_result
    fact_first "$setup_folder/bonding/mode" && m_str mode "${m_result%% *}"
    fact_first "$setup_folder/bonding/miimon" && m_str miimon "$m_result"
  fi
}

# The addresses of the interface; each line of setup_addresses is one.
setup_inet4() {
  setup_nth=0
  while read -r m_each setup_of setup_protocol setup_cidr setup_rest; do
    [ "$setup_of" = "$setup_name" ] && [ "$setup_protocol" = inet ] || continue
    setup_address=${setup_cidr%/*}
    setup_prefix=32
    case $setup_cidr in
      */*) setup_prefix=${setup_cidr#*/} ;;
    esac
    case $setup_address in
      127.*) ;;
      *) setup_all4="$setup_all4 $setup_address" ;;
    esac
    setup_nth=$((setup_nth + 1))
    setup_broadcast=
    case $setup_rest in
      *'brd '*)
        setup_broadcast=${setup_rest#*brd }
        setup_broadcast=${setup_broadcast%% *}
        ;;
    esac
    setup_network_of "$setup_address" "$setup_prefix"
    if [ "$setup_nth" = 1 ]; then
      setup_four="$setup_address $setup_prefix $setup_netmask $setup_base ${setup_broadcast:-}"
      if [ "$setup_name" = "$setup_route4" ]; then setup_default4="$setup_four"; fi
      [ "$setup_reports" = false ] || m_dict ipv4
    else
      [ "$setup_reports" = false ] || { [ "$setup_nth" != 2 ] || m_list ipv4_secondaries; m_dict ''; }
    fi
    if [ "$setup_reports" = true ]; then
      setup_inet4_fields "$setup_address" "$setup_prefix" "$setup_netmask" "$setup_base" "$setup_broadcast"
      m_close
    fi
  done <<SETUP_END
$setup_addresses
SETUP_END
  if [ "$setup_nth" -gt 1 ] && [ "$setup_reports" = true ]; then m_close; fi
}

setup_inet4_fields() {
  m_str address "$1"
  m_str broadcast "${5:-}"
  m_str netmask "$3"
  m_str network "$4"
  m_str prefix "$2"
}

# Sets setup_netmask and setup_base of an address and prefix.
setup_network_of() {
  m_old_ifs=$IFS
  IFS=.
  # shellcheck disable=SC2086
  set -- $1 "$2"
  IFS=$m_old_ifs
  setup_netmask='' setup_base='' setup_left=$5
  for m_each in "$1" "$2" "$3" "$4"; do
    if [ "$setup_left" -ge 8 ]; then
      setup_byte=255
    elif [ "$setup_left" -le 0 ]; then
      setup_byte=0
    else
      setup_byte=$((256 - (1 << (8 - setup_left))))
    fi
    setup_left=$((setup_left - 8))
    setup_netmask=$setup_netmask${setup_netmask:+.}$setup_byte
    setup_base=$setup_base${setup_base:+.}$((m_each & setup_byte))
  done
}

setup_inet6() {
  setup_nth=0
  while read -r m_each setup_of setup_protocol setup_cidr setup_rest; do
    [ "$setup_of" = "$setup_name" ] && [ "$setup_protocol" = inet6 ] || continue
    setup_address=${setup_cidr%/*}
    setup_scope=${setup_rest#*scope }
    setup_scope=${setup_scope%%[ \\]*}
    [ "$setup_address" = ::1 ] || setup_all6="$setup_all6 $setup_address"
    setup_nth=$((setup_nth + 1))
    if [ "$setup_name" = "$setup_route6" ] && [ "$setup_scope" = global ] && [ -z "$setup_default6" ]; then
      setup_default6="$setup_address ${setup_cidr#*/} $setup_scope"
    fi
    [ "$setup_reports" = true ] || continue
    [ "$setup_nth" != 1 ] || m_list ipv6
    m_dict ''
    m_str address "$setup_address"
    m_str prefix "${setup_cidr#*/}"
    m_str scope "$setup_scope"
    m_close
  done <<SETUP_END
$setup_addresses
SETUP_END
  if [ "$setup_nth" -gt 0 ] && [ "$setup_reports" = true ]; then m_close; fi
}

# setup_report_default ipv4|ipv6 INTERFACE GATEWAY
setup_report_default() {
  fact_dict "default_$1" || return 0
  if [ -n "$2" ]; then
    m_str interface "$2"
    m_str gateway "$3"
    fact_first "/sys/class/net/$2/address" && m_str macaddress "$m_result"
    fact_first "/sys/class/net/$2/mtu" && m_int mtu "$m_result"
    setup_kind "/sys/class/net/$2"
    m_str type "$m_result"
    if [ "$1" = ipv4 ] && [ -n "$setup_default4" ]; then
      m_str alias "$2"
      # shellcheck disable=SC2086
      set -- $setup_default4
      setup_inet4_fields "$1" "$2" "$3" "$4" "${5:-}"
    elif [ "$1" = ipv6 ] && [ -n "$setup_default6" ]; then
      # shellcheck disable=SC2086
      set -- $setup_default6
      m_str address "$1"
      m_str prefix "$2"
      m_str scope "$3"
    fi
  fi
  m_close
}
