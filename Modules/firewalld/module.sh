# shellcheck shell=sh
# Input: see module.yml. Results: msg.

firewalld_main() {
  m_plain_locale
  firewalld_modes
  firewalld_connect
  firewalld_zone=${arg_zone:-}
  if [ -z "$firewalld_zone" ]; then
    m_capture "$firewalld_tool" --get-default-zone
    [ "$m_rc" = 0 ] || m_fail_command "$firewalld_tool" --get-default-zone
    firewalld_zone=$m_out
  fi
  firewalld_msg=
  firewalld_rule
  if [ "$firewalld_offline" = true ]; then firewalld_msg="$firewalld_msg, (offline operation: only on-disk configs were altered)"; fi
  m_str msg "$firewalld_msg"
}

# Which of the two configurations: unless permanent is set, the one that runs.
firewalld_modes() {
  firewalld_permanent=$arg_permanent firewalld_immediate=$arg_immediate
  [ "$firewalld_permanent" = true ] || firewalld_immediate=true
  [ "$arg_timeout" = 0 ] || [ "$firewalld_permanent" = false ] || m_fail 'timeout is for rules that are not permanent'
}

# The tool for a firewall that runs, or for its files where it does not.
firewalld_connect() {
  firewalld_tool=firewall-cmd firewalld_flag=--permanent firewalld_offline=false
  m_need firewall-cmd firewalld
  firewall-cmd --state >/dev/null 2>&1 && return 0
  if [ "$arg_offline" = false ] || [ "$firewalld_immediate$firewalld_permanent" = truefalse ]; then
    m_fail 'firewall is not currently running, unable to perform immediate actions without a running firewall daemon'
  fi
  m_need firewall-offline-cmd firewalld
  firewalld_tool=firewall-offline-cmd firewalld_flag='' firewalld_immediate=false firewalld_offline=true
}

firewalld_rule() {
  case $arg_state in
    enabled | disabled) firewalld_verbs=rule ;;
    *) firewalld_verbs=zone ;;
  esac
  if [ -n "${arg_target:-}" ]; then
    firewalld_target
  elif [ -n "${arg_service:-}" ]; then
    firewalld_set service "$arg_service" "Changed service $arg_service to $arg_state"
  elif [ -n "${arg_protocol:-}" ]; then
    firewalld_set protocol "$arg_protocol" "Changed protocol $arg_protocol to $arg_state"
  elif [ -n "${arg_port:-}" ]; then
    case $arg_port in
      */*) ;;
      *) m_fail 'improper port format (missing protocol?)' ;;
    esac
    firewalld_set port "$arg_port" "Changed port $arg_port to $arg_state"
  elif [ -n "${arg_port_forward:-}" ]; then
    firewalld_forward
  elif [ -n "${arg_rich_rule:-}" ]; then
    firewalld_set rich-rule "$arg_rich_rule" "Changed rich_rule $arg_rich_rule to $arg_state"
  elif [ -n "${arg_icmp_block:-}" ]; then
    firewalld_set icmp-block "$arg_icmp_block" "Changed icmp-block $arg_icmp_block to $arg_state"
  elif [ -n "${arg_source:-}" ]; then
    firewalld_added 'Added %s to zone %s' 'Removed %s from zone %s' "$arg_source"
    firewalld_set source "$arg_source" "$m_result"
  elif [ -n "${arg_interface:-}" ]; then
    firewalld_interface
  else
    firewalld_switch
  fi
}

# firewalld_added ENABLED DISABLED WHAT: m_result is the sentence for the state, with what and the zone in it.
firewalld_added() {
  if [ "$arg_state" = enabled ]; then m_result=$1; else m_result=$2; fi
  m_replace "$m_result" '%s to zone %s' "$3 to zone $firewalld_zone"
  m_replace "$m_result" '%s from zone %s' "$3 from zone $firewalld_zone"
}

# What has no name: it is on or off for a zone.
firewalld_switch() {
  if [ -n "${arg_icmp_block_inversion:-}" ]; then
    firewalld_boolean icmp_block_inversion "$arg_icmp_block_inversion"
    firewalld_set icmp-block-inversion '' "Changed icmp-block-inversion $arg_icmp_block_inversion to $arg_state"
  elif [ -n "${arg_masquerade:-}" ]; then
    firewalld_boolean masquerade "$arg_masquerade"
    firewalld_added 'Added %s to zone %s' 'Removed %s from zone %s' masquerade
    firewalld_set masquerade '' "$m_result"
  elif [ -n "${arg_forward:-}" ]; then
    firewalld_boolean forward "$arg_forward"
    firewalld_added 'Added %s to zone %s' 'Removed %s from zone %s' forward
    firewalld_set forward '' "$m_result"
  else
    firewalld_zones
  fi
}

# `masquerade: false` with `state: enabled` means off.
firewalld_boolean() {
  case $2 in
    [Tt]rue | [Yy]es | [Oo]n | 1) ;;
    [Ff]alse | [Nn]o | [Oo]ff | 0) if [ "$arg_state" = enabled ]; then arg_state=disabled; else arg_state=enabled; fi ;;
    *) m_warn "The value of the $1 option is \"$2\"; it is taken for true" ;;
  esac
}

# firewalld_set KIND VALUE TEXT: adds or removes it in each configuration asked for.
firewalld_set() {
  [ "$firewalld_verbs" = rule ] || m_fail "absent and present state can only be used in zone level operations"
  firewalld_did=false
  if [ "$firewalld_permanent$firewalld_immediate" = truetrue ]; then
    firewalld_msg='Permanent and Non-Permanent(immediate) operation'
  elif [ "$firewalld_permanent" = true ]; then
    firewalld_msg='Permanent operation'
  else
    firewalld_msg='Non-permanent operation'
  fi
  [ "$firewalld_permanent" = false ] || firewalld_apply "$1" "$2" "$firewalld_flag"
  [ "$firewalld_immediate" = false ] || firewalld_apply "$1" "$2" ''
  [ "$firewalld_did" = false ] || firewalld_msg="$firewalld_msg, $3"
}

# firewalld_apply KIND VALUE FLAG: for one configuration.
firewalld_apply() {
  firewalld_option=$1${2:+=$2}
  firewalld_run ${3:+"$3"} "--zone=$firewalld_zone" "--query-$firewalld_option"
  case $arg_state:$m_rc in
    enabled:0 | disabled:1) return 0 ;;
    enabled:1) set -- "$3" "--add-$firewalld_option" ;;
    disabled:0) set -- "$3" "--remove-$firewalld_option" ;;
    *) m_fail "ERROR: Exception caught: ${m_err:-$m_out}" ;;
  esac
  firewalld_did=true
  if [ "$arg_state" = enabled ] && [ -z "$1" ] && [ "$arg_timeout" != 0 ]; then set -- "$1" "$2" "--timeout=$arg_timeout"; fi
  m_must "$firewalld_tool" ${1:+"$1"} "--zone=$firewalld_zone" "$2" ${3:+"$3"}
}

firewalld_run() { m_capture "$firewalld_tool" "$@"; }

firewalld_forward() {
  eval "set -- $arg_port_forward"
  [ $# = 1 ] || m_fail 'Only one port forward supported at a time'
  firewalld_words=$1
  firewalld_toaddr=
  eval "set -- $firewalld_words"
  while [ $# -gt 1 ]; do
    case $1 in
      port) firewalld_port=$2 ;;
      proto) firewalld_proto=$2 ;;
      toport) firewalld_toport=$2 ;;
      toaddr) firewalld_toaddr=$2 ;;
    esac
    shift 2
  done
  firewalld_value=port=$firewalld_port:proto=$firewalld_proto:toport=$firewalld_toport${firewalld_toaddr:+:toaddr=$firewalld_toaddr}
  firewalld_set forward-port "$firewalld_value" "Changed port_forward $firewalld_value to $arg_state"
}

# An interface is in one zone: adding it takes it from another.
firewalld_interface() {
  if [ "$arg_state" = enabled ]; then m_result="Changed $arg_interface to zone $firewalld_zone"; else m_result="Removed $arg_interface from zone $firewalld_zone"; fi
  firewalld_text=$m_result
  [ "$arg_state" = disabled ] || firewalld_leave_other_zone
  firewalld_set interface "$arg_interface" "$firewalld_text"
}

firewalld_leave_other_zone() {
  for firewalld_each in "$firewalld_permanent:$firewalld_flag" "$firewalld_immediate:"; do
    case $firewalld_each in
      false:*) continue ;;
    esac
    firewalld_each=${firewalld_each#*:}
    firewalld_run ${firewalld_each:+"$firewalld_each"} "--get-zone-of-interface=$arg_interface"
    case $m_rc:$m_out in
      "0:$firewalld_zone" | 0: | 0:'no zone') ;;
      0:*) m_must "$firewalld_tool" ${firewalld_each:+"$firewalld_each"} "--zone=$m_out" "--remove-interface=$arg_interface" ;;
    esac
  done
}

firewalld_target() {
  [ "$firewalld_permanent" = true ] || m_fail "Zone operations must be permanent. Make sure you didn't set the 'permanent' flag to 'false' or the 'immediate' flag to 'true'."
  case $arg_state in
    enabled | present) firewalld_wanted=$arg_target ;;
    *) firewalld_wanted=default ;;
  esac
  firewalld_msg='Permanent operation'
  firewalld_run ${firewalld_flag:+"$firewalld_flag"} "--zone=$firewalld_zone" --get-target
  [ "$m_rc" = 0 ] || m_fail "ERROR: Exception caught: ${m_err:-$m_out}"
  [ "$m_out" != "$firewalld_wanted" ] || return 0
  m_must "$firewalld_tool" ${firewalld_flag:+"$firewalld_flag"} "--zone=$firewalld_zone" "--set-target=$firewalld_wanted"
  firewalld_msg="$firewalld_msg, Set zone $firewalld_zone target to $firewalld_wanted"
}

firewalld_zones() {
  [ -n "${arg_zone:-}" ] || m_fail 'nothing to do: give a service, port, rule, source, interface, target or zone'
  [ "$firewalld_verbs" = zone ] || m_fail 'nothing to do for the zone: states present and absent make and remove zones'
  if [ "$firewalld_permanent" = false ] || [ "$arg_immediate" = true ]; then
    m_fail "Zone operations must be permanent. Make sure you didn't set the 'permanent' flag to 'false' or the 'immediate' flag to 'true'."
  fi
  firewalld_msg='Permanent operation'
  firewalld_run ${firewalld_flag:+"$firewalld_flag"} --get-zones
  case $arg_state:" $m_out " in
    present:*" $arg_zone "*) ;;
    present:*)
      m_must "$firewalld_tool" ${firewalld_flag:+"$firewalld_flag"} "--new-zone=$arg_zone"
      firewalld_msg="$firewalld_msg, Added zone $arg_zone, Changed zone $arg_zone to present"
      ;;
    absent:*" $arg_zone "*)
      m_must "$firewalld_tool" ${firewalld_flag:+"$firewalld_flag"} "--delete-zone=$arg_zone"
      firewalld_msg="$firewalld_msg, Removed zone $arg_zone, Changed zone $arg_zone to absent"
      ;;
  esac
}
