# shellcheck shell=sh
# Input: see module.yml. Results: ip_version, table, chain, flush, rule, state, chain_management.

iptables_main() {
  m_plain_locale
  m_str ip_version "$arg_ip_version"
  m_str table "$arg_table"
  [ -z "${arg_chain:-}" ] || m_str chain "$arg_chain"
  m_bool flush "$arg_flush"
  m_str state "$arg_state"
  m_bool chain_management "$arg_chain_management"
  iptables_words
  m_str rule "$iptables_rule"
  case $arg_ip_version in
    ipv4) iptables_by iptables ;;
    ipv6) iptables_by ip6tables ;;
    both)
      iptables_by iptables
      iptables_by ip6tables
      ;;
  esac
}

# iptables_word OPTION VALUE: adds an option with its value; a value that starts with ! is negated.
iptables_word() {
  [ -n "$2" ] || return 0
  case $2 in
    '!'*)
      m_trim "${2#!}"
      m_quote "$m_result"
      iptables_rule="$iptables_rule ! $1 $m_result"
      ;;
    *)
      m_quote "$2"
      iptables_rule="$iptables_rule $1 $m_result"
      ;;
  esac
}

# iptables_joined OPTION WORDS: the words with commas between.
iptables_joined() {
  eval "set -- \"\$1\" $2"
  iptables_option=$1
  shift
  m_old_ifs=$IFS
  IFS=,
  iptables_all=$*
  IFS=$m_old_ifs
  iptables_word "$iptables_option" "$iptables_all"
}

# iptables_rule are the rule's words, quoted, in the order that iptables itself lists them.
iptables_words() {
  iptables_rule=
  iptables_word -p "${arg_protocol:-}"
  iptables_word -s "${arg_source:-}"
  iptables_word -d "${arg_destination:-}"
  eval "set -- $arg_match"
  for m_one in "$@"; do iptables_word -m "$m_one"; done
  iptables_given=" $* "
  iptables_word -j "${arg_jump:-}"
  iptables_word --gateway "${arg_gateway:-}"
  iptables_word --log-prefix "${arg_log_prefix:-}"
  iptables_word --log-level "${arg_log_level:-}"
  iptables_word --to-destination "${arg_to_destination:-}"
  iptables_joined_match multiport --dports "$arg_destination_ports"
  iptables_word --to-source "${arg_to_source:-}"
  iptables_word -g "${arg_goto:-}"
  iptables_word -i "${arg_in_interface:-}"
  iptables_word -o "${arg_out_interface:-}"
  iptables_word --source-port "${arg_source_port:-}"
  iptables_word --destination-port "${arg_destination_port:-}"
  iptables_word --to-ports "${arg_to_ports:-}"
  iptables_word --set-dscp "${arg_set_dscp_mark:-}"
  iptables_word --set-dscp-class "${arg_set_dscp_mark_class:-}"
  case $arg_syn in
    match) iptables_rule="$iptables_rule --syn" ;;
    negate) iptables_rule="$iptables_rule ! --syn" ;;
  esac
  iptables_joined_match conntrack --ctstate "$arg_ctstate"
  if [ -n "${arg_src_range:-}${arg_dst_range:-}" ]; then iptables_match iprange; fi
  iptables_word --src-range "${arg_src_range:-}"
  iptables_word --dst-range "${arg_dst_range:-}"
  if [ -n "${arg_match_set:-}" ]; then
    iptables_match set
    iptables_word --match-set "$arg_match_set"
    iptables_rule="$iptables_rule ${arg_match_set_flags:-src}"
  fi
  if [ -n "${arg_limit:-}${arg_limit_burst:-}" ]; then iptables_match limit; fi
  iptables_word --limit "${arg_limit:-}"
  iptables_word --limit-burst "${arg_limit_burst:-}"
  if [ -n "${arg_uid_owner:-}${arg_gid_owner:-}" ]; then iptables_match owner; fi
  iptables_word --uid-owner "${arg_uid_owner:-}"
  iptables_word --gid-owner "${arg_gid_owner:-}"
  if [ -n "${arg_reject_with:-}" ] && [ -z "${arg_jump:-}" ]; then iptables_word -j REJECT; fi
  iptables_word --reject-with "${arg_reject_with:-}"
  iptables_word --icmp-type "${arg_icmp_type:-}"
  if [ -n "${arg_comment:-}" ]; then
    iptables_match comment
    iptables_word --comment "$arg_comment"
  fi
}

# Loads an extension, unless match names it already.
iptables_match() {
  case $iptables_given in
    *" $1 "*) ;;
    *)
      iptables_rule="$iptables_rule -m $1"
      iptables_given="$iptables_given$1 "
      ;;
  esac
}

iptables_joined_match() {
  [ -n "$3" ] || return 0
  iptables_match "$1"
  iptables_joined "$2" "$3"
}

# iptables_call WORDS: the tool on the table.
iptables_call() {
  set -- "$iptables_tool" -t "$arg_table" "$@"
  [ -z "${arg_wait:-}" ] || set -- "$@" -w "$arg_wait"
  eval "m_capture \"\$@\" $iptables_tail"
}

iptables_change() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  iptables_call "$@"
  [ "$m_rc" = 0 ] || m_fail "$iptables_tool failed: ${m_err:-$m_out}"
}

iptables_by() {
  iptables_tool=$1 iptables_tail=
  m_need "$iptables_tool"
  if [ "$arg_flush" = true ]; then
    # What is empty already is not told apart: flushing always counts as a change.
    if [ -n "${arg_chain:-}" ]; then iptables_change -F "$arg_chain"; else iptables_change -F; fi
    return 0
  fi
  if [ -n "${arg_policy:-}" ]; then
    iptables_call -S "$arg_chain"
    case $m_nl$m_out$m_nl in
      *"$m_nl-P $arg_chain $arg_policy$m_nl"*) ;;
      *) iptables_change -P "$arg_chain" "$arg_policy" ;;
    esac
    return 0
  fi
  if [ "$arg_chain_management" = true ]; then iptables_chain && return 0; fi
  iptables_tail=$iptables_rule
  iptables_call -C "$arg_chain"
  case $arg_state:$m_rc in
    present:0) ;;
    present:*)
      if [ "$arg_action" = insert ] && [ -n "${arg_rule_num:-}" ]; then
        iptables_change -I "$arg_chain" "$arg_rule_num"
      elif [ "$arg_action" = insert ]; then
        iptables_change -I "$arg_chain"
      else
        iptables_change -A "$arg_chain"
      fi
      ;;
    absent:0) iptables_change -D "$arg_chain" ;;
  esac
}

# Makes or removes the chain itself; true if there is no rule to manage besides.
iptables_chain() {
  iptables_call -S "$arg_chain"
  case $arg_state:$m_rc in
    present:0) ;;
    present:*) iptables_change -N "$arg_chain" ;;
    absent:0) [ -n "$iptables_rule" ] || iptables_change -X "$arg_chain" ;;
  esac
  [ -z "$iptables_rule" ]
}
