# shellcheck shell=sh
# Input: see module.yml. Results: enabled, disabled.

rabbitmq_plugin_main() {
  m_plain_locale
  plugin_tool=rabbitmq-plugins
  if [ -n "${arg_prefix:-}" ]; then
    plugin_tool=$arg_prefix/bin/rabbitmq-plugins
    [ -d "$arg_prefix/bin" ] || plugin_tool=$arg_prefix/sbin/rabbitmq-plugins
    [ -d "${plugin_tool%/*}" ] || m_fail "No binary folder in prefix $arg_prefix"
  fi
  m_need "$plugin_tool" rabbitmq-server
  m_capture "$plugin_tool" -n "$arg_node" list -E -m
  [ "$m_rc" = 0 ] || m_fail_command "$plugin_tool" list -E -m
  plugin_has=,
  while IFS= read -r m_each; do
    case $m_each in
      '') break ;;
      *' '*) ;;
      *) plugin_has=$plugin_has$m_each, ;;
    esac
  done <<PLUGIN_END
$m_out
PLUGIN_END
  plugin_on='' plugin_off=''
  if [ "$arg_state" = enabled ]; then
    [ "$arg_new_only" = true ] || plugin_each "$plugin_has" plugin_drop_others
    plugin_each "$arg_names," plugin_add
  else
    plugin_each "$plugin_has" plugin_drop_named
  fi
  eval "m_strings enabled $plugin_on"
  eval "m_strings disabled $plugin_off"
}

# plugin_each NAMES FUNCTION: names with commas.
plugin_each() {
  plugin_rest=$1
  while [ -n "$plugin_rest" ]; do
    plugin_one=${plugin_rest%%,*}
    plugin_rest=${plugin_rest#*,}
    [ -z "$plugin_one" ] || "$2"
  done
}

plugin_is_named() {
  case ,$arg_names, in
    *,"$plugin_one",*) ;;
    *) return 1 ;;
  esac
}

plugin_add() {
  case $plugin_has in
    *,"$plugin_one",*) return 0 ;;
  esac
  m_quote "$plugin_one"
  plugin_on="$plugin_on $m_result"
  m_must "$plugin_tool" -n "$arg_node" enable "--$arg_broker_state" "$plugin_one"
}

plugin_drop_others() { plugin_is_named || plugin_drop; }

plugin_drop_named() { if plugin_is_named; then plugin_drop; fi; }

plugin_drop() {
  m_quote "$plugin_one"
  plugin_off="$plugin_off $m_result"
  m_must "$plugin_tool" -n "$arg_node" disable "--$arg_broker_state" "$plugin_one"
}
