# shellcheck shell=sh
# Input: see module.yml. Results: user, state.

rabbitmq_user_main() {
  m_plain_locale
  m_need rabbitmqctl rabbitmq-server
  m_str user "$arg_user"
  m_str state "$arg_state"
  rabbit_wanted
  rabbit_ask list_users
  rabbit_there=false rabbit_tags=
  while IFS= read -r m_each; do
    case $m_each in
      "$arg_user	["*)
        rabbit_there=true
        rabbit_tags=${m_each#*"["}
        rabbit_tags=${rabbit_tags%"]"*}
        ;;
    esac
  done <<RABBIT_END
$m_out
RABBIT_END
  "rabbit_$arg_state"
}

# rabbit_ask WORD…: asks the broker; fails with its words.
rabbit_ask() {
  m_capture rabbitmqctl -q -n "$arg_node" "$@"
  [ "$m_rc" = 0 ] || m_fail_command rabbitmqctl "$@"
}

rabbit_do() { m_must rabbitmqctl -q -n "$arg_node" "$@"; }

# rabbit_secret WORD…: the password goes by standard input.
rabbit_secret() { m_put "$arg_password$m_nl" | rabbitmqctl -q -n "$arg_node" "$@"; }

rabbit_absent() { if [ "$rabbit_there" = true ]; then rabbit_do delete_user "$arg_user"; fi; }

rabbit_present() {
  if [ "$rabbit_there" = true ] && [ "$arg_force" = true ]; then
    rabbit_do delete_user "$arg_user"
    rabbit_there=false rabbit_tags=
  fi
  rabbit_has=
  if [ "$rabbit_there" = false ]; then
    rabbit_add
  else
    if [ "$arg_update_password" = always ]; then rabbit_password; fi
    rabbit_read
  fi
  rabbit_set_tags
  rabbit_set_permissions
}

rabbit_add() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  if [ -n "${arg_password:-}" ]; then
    m_capture rabbit_secret add_user "$arg_user"
    [ "$m_rc" = 0 ] || m_fail_command rabbitmqctl add_user "$arg_user"
  else
    rabbit_ask add_user "$arg_user" ''
    rabbit_ask clear_password "$arg_user"
  fi
}

rabbit_password() {
  if [ -z "${arg_password:-}" ]; then
    rabbit_do clear_password "$arg_user"
    return 0
  fi
  m_capture rabbit_secret authenticate_user "$arg_user"
  [ "$m_rc" != 0 ] || return 0
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture rabbit_secret change_password "$arg_user"
  [ "$m_rc" = 0 ] || m_fail_command rabbitmqctl change_password "$arg_user"
}

# rabbit_lines WORDS: tags in order, a line each.
rabbit_lines() { m_put "$1" | tr -d ' ' | tr , '\n' | LC_ALL=C sort -u; }

rabbit_set_tags() {
  [ "$(rabbit_lines "${arg_tags:-}")" != "$(rabbit_lines "$rabbit_tags")" ] || return 0
  rabbit_all=$(rabbit_lines "${arg_tags:-}")
  set -- set_user_tags "$arg_user"
  while IFS= read -r m_each; do
    [ -z "$m_each" ] || set -- "$@" "$m_each"
  done <<RABBIT_END
$rabbit_all
RABBIT_END
  rabbit_do "$@"
}

# rabbit_asked: a line "VHOST TAB CONFIGURE TAB WRITE TAB READ" for each virtual host.
rabbit_wanted() {
  rabbit_asked=
  if [ -z "${arg_permissions:-}" ]; then
    rabbit_asked="$arg_vhost	$arg_configure_priv	$arg_write_priv	$arg_read_priv$m_nl"
    return 0
  fi
  eval "set -- $arg_permissions"
  for rabbit_one in "$@"; do
    rabbit_vhost=/ rabbit_configure='^$' rabbit_write='^$' rabbit_read='^$'
    rabbit_fields "$rabbit_one"
    case $m_nl$rabbit_asked in
      *"$m_nl$rabbit_vhost	"*) m_fail "Error parsing vhost permissions: You can't have two permission dicts for the same vhost" ;;
    esac
    rabbit_asked="$rabbit_asked$rabbit_vhost	$rabbit_configure	$rabbit_write	$rabbit_read$m_nl"
  done
}

rabbit_fields() {
  eval "set -- $1"
  while [ $# -gt 1 ]; do
    case $1 in
      vhost) rabbit_vhost=$2 ;;
      configure_priv) rabbit_configure=$2 ;;
      write_priv) rabbit_write=$2 ;;
      read_priv) rabbit_read=$2 ;;
      *) m_fail "permissions know vhost, configure_priv, write_priv and read_priv, not $1" ;;
    esac
    shift 2
  done
}

# rabbit_has: what the user may, in the same form. Backslashes are doubled by rabbitmqctl.
rabbit_read() {
  rabbit_ask list_user_permissions "$arg_user"
  m_replace "$m_out$m_nl" "\\\\" "\\"
  rabbit_has=$m_result
  rabbit_has=${rabbit_has#"vhost	configure	write	read$m_nl"}
}

rabbit_set_permissions() {
  while IFS= read -r rabbit_one; do
    [ -n "$rabbit_one" ] || continue
    case $m_nl$rabbit_has in
      *"$m_nl$rabbit_one$m_nl"*) ;;
      *) rabbit_permit ;;
    esac
  done <<RABBIT_END
$rabbit_asked
RABBIT_END
  [ -n "${arg_permissions:-}" ] || return 0
  while IFS= read -r m_each; do
    rabbit_vhost=${m_each%%"	"*}
    case $m_nl$rabbit_asked in
      *"$m_nl$rabbit_vhost	"*) ;;
      *) [ -z "$rabbit_vhost" ] || rabbit_do clear_permissions -p "$rabbit_vhost" "$arg_user" ;;
    esac
  done <<RABBIT_END
$rabbit_has
RABBIT_END
}

# The parts of rabbit_one may be empty.
rabbit_permit() {
  rabbit_vhost=${rabbit_one%%"	"*} rabbit_rest=${rabbit_one#*"	"}
  rabbit_configure=${rabbit_rest%%"	"*} rabbit_rest=${rabbit_rest#*"	"}
  rabbit_do set_permissions -p "$rabbit_vhost" "$arg_user" "$rabbit_configure" "${rabbit_rest%%"	"*}" "${rabbit_rest#*"	"}"
}
