# shellcheck shell=sh
# Input: see module.yml. Results: name, state.

rabbitmq_vhost_main() {
  m_plain_locale
  m_need rabbitmqctl rabbitmq-server
  m_str name "$arg_name"
  m_str state "$arg_state"
  m_capture rabbitmqctl -q -n "$arg_node" list_vhosts name tracing
  [ "$m_rc" = 0 ] || m_fail_command rabbitmqctl list_vhosts
  vhost_tracing=
  while IFS= read -r m_each; do
    case $m_each in
      "$arg_name	"*) vhost_tracing=${m_each#*"	"} ;;
    esac
  done <<VHOST_END
$m_out
VHOST_END
  if [ "$arg_state" = absent ]; then
    [ -z "$vhost_tracing" ] || m_must rabbitmqctl -q -n "$arg_node" delete_vhost "$arg_name"
    return 0
  fi
  if [ -z "$vhost_tracing" ]; then
    m_must rabbitmqctl -q -n "$arg_node" add_vhost "$arg_name"
    vhost_tracing=false
  fi
  case $arg_tracing:$vhost_tracing in
    true:false) m_must rabbitmqctl -q -n "$arg_node" trace_on -p "$arg_name" ;;
    false:true) m_must rabbitmqctl -q -n "$arg_node" trace_off -p "$arg_name" ;;
  esac
}
