# shellcheck shell=sh
# Input: gather_subset, filter, fact_path. Results: ansible_facts.
# Nearly all is read by the shell itself from /proc, /sys and /etc: a handful of forks in all.

setup_main() {
  setup_choose
  m_dict ansible_facts
  setup_platform
  setup_distribution
  if setup_has distribution; then setup_report_distribution; fi
  if setup_has platform; then setup_report_platform; fi
  if setup_has pkg_mgr; then fact_str pkg_mgr "$setup_pkg_mgr"; fi
  if setup_has service_mgr; then setup_service_mgr; fi
  if setup_has systemd; then setup_systemd; fi
  if setup_has python; then setup_python; fi
  if setup_has user; then setup_user; fi
  if setup_has env; then setup_env; fi
  if setup_has date_time; then setup_date_time; fi
  if setup_has dns; then setup_dns; fi
  if setup_has cmdline; then setup_cmdline; fi
  if setup_has lsb; then setup_lsb; fi
  if setup_has selinux; then setup_selinux; fi
  if setup_has apparmor; then setup_apparmor; fi
  if setup_has fips; then setup_fips; fi
  if setup_has caps; then setup_caps; fi
  if setup_has ssh_pub_keys; then setup_ssh_keys; fi
  if setup_has local; then setup_local; fi
  if setup_has loadavg; then setup_loadavg; fi
  if setup_has hardware; then setup_hardware; fi
  if setup_has network; then setup_network; fi
  if setup_has virtual; then setup_virtual; fi
  eval "set -- $arg_gather_subset"
  m_strings gather_subset "$@"
  m_bool module_setup true
  m_close
}

setup_minimum='apparmor caps cmdline date_time distribution dns env fips local lsb pkg_mgr platform python selinux service_mgr ssh_pub_keys user'

setup_further='loadavg systemd hardware network virtual'

# setup_set is the list of collectors that gather_subset comes to: the minimum and `all`, less what is excluded, and then what is named.
setup_choose() {
  eval "set -- $arg_gather_subset"
  setup_set=" $setup_minimum "
  for setup_pass in whole excluded named; do
    for setup_one in "$@"; do
      m_trim "$setup_one"
      setup_subset "$setup_pass" "$m_result"
    done
  done
}

setup_subset() {
  case $1,$2 in
    whole,all) setup_set="$setup_set$setup_further " ;;
    *,all | *,min | whole,* | named,'!'*) ;;
    excluded,'!all') setup_without_all "$setup_further" ;;
    excluded,'!min') setup_without_all "$setup_minimum" ;;
    excluded,'!'*) if setup_name "${2#!}"; then setup_without "$m_result"; fi ;;
    excluded,*) ;;
    *)
      setup_name "$2" || m_fail "Bad subset '$2' given to Ansible. gather_subset options allowed: all, min, hardware, network, virtual, $setup_minimum, loadavg, systemd"
      setup_set="$setup_set$m_result "
      ;;
  esac
}

setup_without_all() { for setup_each in $1; do setup_without "$setup_each"; done; }

setup_without() {
  while :; do
    case $setup_set in
      *" $1 "*) setup_set="${setup_set%%" $1 "*} ${setup_set#*" $1 "}" ;;
      *) return 0 ;;
    esac
  done
}

# m_result is the collector for a subset's name; false for an unknown one.
setup_name() {
  case $1 in
    devices | dmi | memory | mounts | processor | uptime_seconds | hardware) m_result=hardware ;;
    all_ipv4_addresses | all_ipv6_addresses | default_ipv4 | default_ipv6 | interfaces | network | ipv4 | ipv6) m_result=network ;;
    virtual | virtualization_role | virtualization_type | virtualization_tech_guest | virtualization_tech_host) m_result=virtual ;;
    distribution_* | os_family) m_result=distribution ;;
    architecture | kernel | kernel_version | machine | machine_id | system | fqdn | hostname | nodename | domain | userspace_*) m_result=platform ;;
    system_capabilities | system_capabilities_enforced | capabilities) m_result=caps ;;
    python_version | has_python) m_result=python ;;
    date_time | dns | env | fips | local | lsb | pkg_mgr | platform | python | selinux | service_mgr | ssh_pub_keys | user | cmdline | caps | distribution | apparmor | loadavg | systemd)
      m_result=$1
      ;;
    facter | ohai | fibre_channel_wwn | iscsi | nvme | is_chroot | chroot) m_result=none ;;
    *) return 1 ;;
  esac
}

setup_has() {
  case $setup_set in
    *" $1 "*) return 0 ;;
  esac
  return 1
}

# True if the filter lets a fact through.
fact_wanted() {
  [ -n "${arg_filter:-}" ] || return 0
  eval "set -- \"\$1\" $arg_filter"
  fact_name=$1
  shift
  for m_each in "$@"; do
    [ -n "$m_each" ] || return 0
    # shellcheck disable=SC2254
    case $fact_name in
      $m_each) return 0 ;;
    esac
    # shellcheck disable=SC2254
    case ansible_$fact_name in
      $m_each) return 0 ;;
    esac
  done
  return 1
}

fact_str() { if fact_wanted "$1"; then m_str "ansible_$1" "$2"; fi; }
fact_int() { if fact_wanted "$1"; then m_int "ansible_$1" "$2"; fi; }
fact_bool() { if fact_wanted "$1"; then m_bool "ansible_$1" "$2"; fi; }

# fact_dict NAME, fact_list NAME: opens one, or is false where the filter wants none of it.
fact_dict() { fact_wanted "$1" && m_dict "ansible_$1"; }
fact_list() { fact_wanted "$1" && m_list "ansible_$1"; }

# fact_first FILE: m_result is the first line of a file; false where there is none.
fact_first() {
  m_result=
  [ -r "$1" ] || return 1
  { read -r m_result <"$1"; } 2>/dev/null
  [ -n "$m_result" ]
}

# What later parts need, too: nodename, machine, kernel.
setup_platform() {
  fact_first /proc/sys/kernel/hostname || m_result=$(uname -n)
  setup_nodename=$m_result
  fact_first /proc/sys/kernel/arch || m_result=$(uname -m)
  setup_machine=$m_result
}

setup_report_platform() {
  fact_str system Linux
  fact_first /proc/sys/kernel/osrelease || m_result=$(uname -r)
  fact_str kernel "$m_result"
  fact_first /proc/sys/kernel/version || m_result=$(uname -v)
  fact_str kernel_version "$m_result"
  fact_str machine "$setup_machine"
  fact_str nodename "$setup_nodename"
  fact_str hostname "${setup_nodename%%.*}"
  if fact_wanted fqdn || fact_wanted domain; then
    setup_fqdn
    fact_str fqdn "$setup_full_name"
    case $setup_full_name in
      *.*) fact_str domain "${setup_full_name#*.}" ;;
      *) fact_str domain '' ;;
    esac
  fi
  case $setup_machine in
    i[3456]86 | i86pc) m_result=i386 ;;
    *) m_result=$setup_machine ;;
  esac
  fact_str architecture "$m_result"
  case $setup_machine in
    *64* | s390x | alpha) setup_bits=64 ;;
    *) setup_bits=32 ;;
  esac
  fact_str userspace_bits "$setup_bits"
  fact_str userspace_architecture "$m_result"
  if fact_first /etc/machine-id || fact_first /var/lib/dbus/machine-id; then fact_str machine_id "$m_result"; fi
  if fact_first /proc/sys/kernel/random/boot_id; then fact_str boot_id "$m_result"; fi
  # shellcheck disable=SC3013
  if [ -e /proc/1/root/. ] && [ ! / -ef /proc/1/root/. ]; then m_result=true; else m_result=false; fi
  fact_bool is_chroot "$m_result"
  fact_str iscsi_iqn ''
  fact_str hostnqn ''
  if fact_list fibre_channel_wwn; then m_close; fi
}

# setup_full_name is what the host's resolver calls the host: the first name with a dot.
setup_fqdn() {
  setup_full_name=$setup_nodename
  setup_names=
  if m_has getent; then
    setup_names=$(getent hosts "$setup_nodename")
  else
    while read -r setup_address setup_line; do
      case $setup_address: in
        '#'* | :) continue ;;
      esac
      case " ${setup_line%%#*} " in
        *" $setup_nodename "*)
          setup_names="$setup_address $setup_line"
          break
          ;;
      esac
    done </etc/hosts
  fi
  [ -n "$setup_names" ] || return 0
  setup_names=${setup_names%%"$m_nl"*}
  # shellcheck disable=SC2086
  set -- ${setup_names%%#*}
  shift
  setup_full_name=$1
  for m_each in "$@"; do
    case $m_each in
      *.*)
        setup_full_name=$m_each
        return 0
        ;;
    esac
  done
}

setup_service_mgr() {
  fact_first /proc/1/comm || m_result=
  case $m_result in
    systemd) m_result=systemd ;;
    init | runit-init | '')
      if [ -d /run/systemd/system ]; then
        m_result=systemd
      elif [ -d /run/openrc ] || [ -x /sbin/openrc ]; then
        m_result=openrc
      elif [ -d /etc/runit ]; then
        m_result=runit
      elif [ -d /etc/init.d ]; then
        m_result=sysvinit
      else
        m_result=service
      fi
      ;;
    busybox*) m_result=service ;;
  esac
  fact_str service_mgr "$m_result"
}

setup_systemd() {
  [ -d /run/systemd/system ] && m_has systemctl && fact_wanted systemd || return 0
  setup_each=$(systemctl --version 2>/dev/null) || return 0
  fact_dict systemd
  m_str features "${setup_each#*"$m_nl"}"
  setup_each=${setup_each#* }
  m_int version "${setup_each%% *}"
  m_close
}

# Python is not needed here; roles ask for its major version to name packages. It is told from file names, without running it.
setup_python() {
  setup_python_path=
  if [ -x /usr/bin/python3 ]; then
    setup_python_path=/usr/bin/python3
  elif m_has python3; then
    setup_python_path=$(command -v python3)
  fi
  if [ -n "$setup_python_path" ]; then fact_bool has_python true; else fact_bool has_python false; fi
  setup_minor=
  for m_each in "${setup_python_path%/*}"/python3.[0-9] "${setup_python_path%/*}"/python3.[0-9][0-9]; do
    # shellcheck disable=SC3013
    if [ -n "$setup_python_path" ] && [ "$m_each" -ef "$setup_python_path" ]; then setup_minor=${m_each##*.}; fi
  done
  if fact_dict python; then
    m_str executable "$setup_python_path"
    m_str type cpython
    m_bool has_sslcontext true
    m_dict version
    m_int major 3
    [ -z "$setup_minor" ] || m_int minor "$setup_minor"
    m_close
    m_list version_info
    m_int '' 3
    [ -z "$setup_minor" ] || m_int '' "$setup_minor"
    m_close
    m_close
  fi
  fact_str python_version "3${setup_minor:+.$setup_minor}"
}

setup_user() {
  while IFS=' 	' read -r m_each setup_real setup_effective setup_rest; do
    case $m_each in
      Uid:) setup_uid=$setup_real setup_euid=$setup_effective ;;
      Gid:) setup_gid=$setup_real setup_egid=$setup_effective ;;
    esac
  done </proc/self/status
  setup_entry=
  while IFS= read -r m_each; do
    setup_rest=${m_each#*:*:}
    if [ "${setup_rest%%:*}" = "$setup_uid" ]; then
      setup_entry=$m_each
      break
    fi
  done </etc/passwd
  if [ -z "$setup_entry" ] && m_has getent; then setup_entry=$(getent passwd "$setup_uid"); fi
  fact_str user_id "${setup_entry%%:*}"
  fact_int user_uid "$setup_uid"
  setup_rest=${setup_entry#*:*:*:}
  fact_int user_gid "${setup_rest%%:*}"
  setup_rest=${setup_rest#*:}
  fact_str user_gecos "${setup_rest%%:*}"
  setup_rest=${setup_rest#*:}
  fact_str user_dir "${setup_rest%%:*}"
  fact_str user_shell "${setup_rest#*:}"
  fact_int real_user_id "$setup_uid"
  fact_int effective_user_id "$setup_euid"
  fact_int real_group_id "$setup_gid"
  fact_int effective_group_id "$setup_egid"
}

# The environment as the kernel has it; the controller takes it apart.
setup_env() {
  if fact_wanted env; then
    m_put "${m_mark}Eansible_env$m_us"
    cat /proc/self/environ 2>/dev/null
  fi
}

setup_date_time() {
  fact_wanted date_time || return 0
  # shellcheck disable=SC2046
  set -- $(date '+%Y %m %d %H %M %S %s %N %Z %z %A %w %W')
  # BusyBox has no nanoseconds.
  case $8 in
    *[!0-9]*) setup_micro=000000 ;;
    *) setup_micro=${8%???} ;;
  esac
  m_dict ansible_date_time
  m_str year "$1"
  m_str month "$2"
  m_str day "$3"
  m_str hour "$4"
  m_str minute "$5"
  m_str second "$6"
  m_str epoch "$7"
  m_str epoch_int "$7"
  m_str date "$1-$2-$3"
  m_str time "$4:$5:$6"
  m_str iso8601_basic "$1$2$3T$4$5$6$setup_micro"
  m_str iso8601_basic_short "$1$2$3T$4$5$6"
  setup_utc=$1-$2-${3}T$4:$5:$6
  shift 8
  m_str tz "$1"
  m_str tz_dst "$1"
  m_str tz_offset "$2"
  [ "$2" = +0000 ] || setup_utc=$(date -u +%Y-%m-%dT%H:%M:%S)
  m_str iso8601 "${setup_utc}Z"
  m_str iso8601_micro "$setup_utc.${setup_micro}Z"
  m_str weekday "$3"
  m_str weekday_number "$4"
  m_str weeknumber "$5"
  m_close
}

setup_dns() {
  fact_dict dns || return 0
  if [ -r /etc/resolv.conf ]; then
    setup_nameservers='' setup_search='' setup_options=''
    while read -r m_each setup_line; do
      case $m_each in
        nameserver) setup_nameservers="$setup_nameservers $setup_line" ;;
        domain) m_str domain "${setup_line%%[[:space:]]*}" ;;
        search) setup_search=$setup_line ;;
        options) setup_options="$setup_options $setup_line" ;;
      esac
    done </etc/resolv.conf
    # shellcheck disable=SC2086
    [ -z "$setup_nameservers" ] || m_strings nameservers $setup_nameservers
    # shellcheck disable=SC2086
    [ -z "$setup_search" ] || m_strings search $setup_search
    if [ -n "$setup_options" ]; then
      m_dict options
      for m_each in $setup_options; do
        case $m_each in
          *:*) m_str "${m_each%%:*}" "${m_each#*:}" ;;
          *) m_bool "$m_each" true ;;
        esac
      done
      m_close
    fi
  fi
  m_close
}

setup_cmdline() {
  fact_first /proc/cmdline || return 0
  setup_line=$m_result
  for setup_name in cmdline proc_cmdline; do
    fact_dict "$setup_name" || continue
    set -f
    for m_each in $setup_line; do
      case $m_each in
        *=*) m_str "${m_each%%=*}" "${m_each#*=}" ;;
        *) m_bool "$m_each" true ;;
      esac
    done
    set +f
    m_close
  done
}

setup_selinux() {
  fact_dict selinux || return 0
  if [ -e /sys/fs/selinux/enforce ]; then
    m_str status enabled
    if fact_first /sys/fs/selinux/policyvers; then m_int policyvers "$m_result"; fi
    fact_first /sys/fs/selinux/enforce
    if [ "$m_result" = 1 ]; then m_str mode enforcing; else m_str mode permissive; fi
    while IFS='=' read -r m_each setup_value; do
      case $m_each in
        SELINUX) m_str config_mode "$setup_value" ;;
        SELINUXTYPE) m_str type "$setup_value" ;;
      esac
    done </etc/selinux/config
  else
    m_str status disabled
  fi
  m_close
  fact_bool selinux_python_present true
}

setup_apparmor() {
  fact_dict apparmor || return 0
  if [ -d /sys/kernel/security/apparmor ]; then m_str status enabled; else m_str status disabled; fi
  m_close
}

setup_fips() {
  fact_first /proc/sys/crypto/fips_enabled || m_result=0
  if [ "$m_result" = 1 ]; then fact_bool fips true; else fact_bool fips false; fi
}

setup_caps() {
  if ! m_has capsh || ! fact_wanted system_capabilities; then
    fact_str system_capabilities_enforced NA
    if fact_list system_capabilities; then m_close; fi
    return 0
  fi
  setup_said=$(capsh --print 2>/dev/null)
  setup_line=${setup_said#*Current: }
  setup_line=${setup_line%%"$m_nl"*}
  setup_line=${setup_line#=}
  case $setup_line in
    ep) fact_str system_capabilities_enforced False ;;
    *) fact_str system_capabilities_enforced True ;;
  esac
  m_list ansible_system_capabilities
  m_old_ifs=$IFS
  IFS=,
  for m_each in $setup_line; do m_str '' "$m_each"; done
  IFS=$m_old_ifs
  m_close
}

setup_ssh_keys() {
  for setup_folder in /etc/ssh /etc/openssh /etc; do
    for setup_file in "$setup_folder"/ssh_host_*_key.pub; do
      [ -r "$setup_file" ] || continue
      read -r setup_type setup_key m_each <"$setup_file"
      setup_name=${setup_file##*/ssh_host_}
      setup_name=ssh_host_key_${setup_name%_key.pub}_public
      fact_str "$setup_name" "$setup_key"
      fact_str "${setup_name}_keytype" "$setup_type"
      setup_folder=found
    done
    [ "$setup_folder" != found ] || break
  done
}

# Facts of the host's own making: JSON or INI files, or programs that print one of them.
setup_local() {
  fact_dict local || return 0
  for setup_file in "$arg_fact_path"/*.fact; do
    [ -r "$setup_file" ] || continue
    m_base "$setup_file"
    m_put "${m_mark}L${m_result%.fact}$m_us"
    if [ -x "$setup_file" ]; then
      "$setup_file" </dev/null 2>/dev/null || m_put "${m_mark}s${m_result%.fact}${m_us}error executing $setup_file: exit status $?"
    else
      cat <"$setup_file"
    fi
  done
  m_close
}

setup_loadavg() {
  fact_first /proc/loadavg && fact_dict loadavg || return 0
  # shellcheck disable=SC2086
  set -- $m_result
  m_float 1m "$1"
  m_float 5m "$2"
  m_float 15m "$3"
  m_close
}
