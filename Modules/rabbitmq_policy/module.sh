# shellcheck shell=sh
# Input: see module.yml. Results: name, state.

rabbitmq_policy_main() {
  m_plain_locale
  m_need rabbitmqctl rabbitmq-server
  m_str name "$arg_name"
  m_str state "$arg_state"
  m_capture rabbitmqctl -q -n "$arg_node" list_policies -p "$arg_vhost"
  [ "$m_rc" = 0 ] || m_fail_command rabbitmqctl list_policies
  policy_find
  if [ "$arg_state" = absent ]; then
    [ "$policy_there" = false ] || m_must rabbitmqctl -q -n "$arg_node" clear_policy -p "$arg_vhost" "$arg_name"
    return 0
  fi
  [ -n "${arg_pattern+x}" ] && [ -n "${arg_tags:-}" ] || m_fail 'pattern and tags are required for state=present'
  policy_wanted="$arg_pattern	$arg_apply_to	$(policy_plain "$arg_tags")	$arg_priority"
  [ "$policy_has" != "$policy_wanted" ] || return 0
  set -- set_policy -p "$arg_vhost" "$arg_name" "$arg_pattern" "$arg_tags" --priority "$arg_priority"
  [ "$arg_apply_to" = all ] || set -- "$@" --apply-to "$arg_apply_to"
  m_must rabbitmqctl -q -n "$arg_node" "$@"
}

# policy_has is the policy as a line: pattern, what it is for, what it sets, priority. Backslashes are doubled by rabbitmqctl.
policy_find() {
  policy_there=false policy_has=
  while IFS= read -r m_each; do
    case $m_each in
      "$arg_vhost	$arg_name	"*)
        policy_there=true
        m_each=${m_each#"$arg_vhost	$arg_name	"}
        policy_pattern=${m_each%%"	"*} m_each=${m_each#*"	"}
        policy_for=${m_each%%"	"*} m_each=${m_each#*"	"}
        m_replace "$policy_pattern" "\\\\" "\\"
        policy_has="$m_result	$policy_for	$(policy_plain "${m_each%"	"*}")	${m_each##*"	"}"
        ;;
    esac
  done <<POLICY_END
$m_out
POLICY_END
}

# policy_plain JSON: an object's members in order, without blanks between them, so that two can be compared.
policy_plain() { m_put "$1" | LC_ALL=C awk "$policy_awk"; }

# shellcheck disable=SC2016
policy_awk='
{ text = text $0 }
function add() { if (member != "") members[++count] = member; member = "" }
END {
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (inside) {
      member = member c
      if (c == "\\") member = member substr(text, ++i, 1)
      else if (c == "\"") inside = 0
      continue
    }
    if (c == " " || c == "\t") continue
    if (c == "\"") inside = 1
    if ((c == "{" || c == "[") && ++depth == 1) continue
    if ((c == "}" || c == "]") && --depth == 0) { add(); continue }
    if (c == "," && depth == 1) { add(); continue }
    member = member c
  }
  for (i = 2; i <= count; i++) { one = members[i]; for (j = i - 1; j >= 1 && members[j] > one; j--) members[j + 1] = members[j]; members[j + 1] = one }
  for (i = 1; i <= count; i++) printf "%s%s", (i > 1 ? "," : ""), members[i]
}'
