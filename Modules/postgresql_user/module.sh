# shellcheck shell=sh
# Input: see module.yml. Results: user, queries.

postgresql_user_main() {
  pg_queries=
  pg_begin "${arg_db:-}"
  m_str user "$arg_name"
  user_name=$(pg_name "$arg_name")
  user_row=$(user_look) || m_fail "cannot look at the role: $user_row"
  if [ "$arg_state" = absent ]; then
    if [ -n "$user_row" ]; then user_remove; fi
  else
    user_present
  fi
  eval "m_strings queries $pg_queries"
}

# One line per field: super, createrole, createdb, inherit, login, replication, bypassrls, limit, valid until, kept password, comment.
user_look() {
  pg_run "SELECT concat_ws(E'\\n', rolsuper, rolcreaterole, rolcreatedb, rolinherit, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit,
    coalesce(rolvaliduntil::text, '-'), coalesce(nullif(rolpassword, ''), '-'), coalesce(replace(shobj_description(oid, 'pg_authid'), E'\\n', ' '), ''))
    FROM ${1:-pg_authid} WHERE rolname = $(pg_literal "$arg_name");" 2>&1
}

user_field() { m_put "$user_row$m_nl" | sed -n "$1p"; }

user_remove() {
  if [ "$arg_fail_on_user" = true ]; then
    pg_change "DROP USER $user_name"
    return 0
  fi
  [ "$m_check" = false ] || { m_changed=true && return 0; }
  m_capture pg_run "DROP USER $user_name;"
  if [ "$m_rc" = 0 ]; then m_changed=true; fi
}

user_present() {
  user_wants=
  m_old_ifs=$IFS
  IFS=,
  # shellcheck disable=SC2086
  set -- $arg_role_attr_flags
  IFS=$m_old_ifs
  for user_flag in "$@"; do
    m_trim "$user_flag"
    user_flag "$(m_put "$m_result" | tr '[:lower:]' '[:upper:]')"
  done
  [ -z "${arg_conn_limit:-}" ] || [ "$(user_field 8)" = "$arg_conn_limit" ] || user_wants="$user_wants CONNECTION LIMIT $arg_conn_limit"
  user_expires
  user_shown=$user_wants
  if [ -n "$arg_password" ] && ! user_password_holds; then
    user_wants="$user_wants PASSWORD $(pg_literal "$arg_password")"
    user_shown="$user_shown PASSWORD '********'"
  fi
  if [ -z "$user_row" ]; then
    pg_change "CREATE USER $user_name${user_wants:+ WITH$user_wants}" "CREATE USER $user_name${user_shown:+ WITH$user_shown}"
  elif [ -n "$user_wants" ]; then
    pg_change "ALTER USER $user_name WITH$user_wants" "ALTER USER $user_name WITH$user_shown"
  fi
  if [ -n "${arg_comment:-}" ] && [ "$(user_field 11)" != "$arg_comment" ]; then pg_change "COMMENT ON ROLE $user_name IS $(pg_literal "$arg_comment")"; fi
  user_configuration
}

# Settings that sessions of the role begin with: those that differ from what the server keeps, and, if so asked for, those not named.
user_configuration() {
  user_settings=
  eval "set -- ${arg_configuration:-}"
  [ $# != 0 ] || [ "${arg_reset_unspecified_configuration:-false}" = true ] || return 0
  [ -z "$user_row" ] || user_settings=$(pg_sql "SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = $(pg_literal "$arg_name")")
  user_named=$m_nl
  while [ $# -gt 1 ]; do
    user_named="$user_named$1$m_nl"
    case $m_nl$user_settings$m_nl in
      *"$m_nl$1=$2$m_nl"*) ;;
      *)
        if [ "$arg_quote_configuration_values" = true ]; then user_value=$(pg_literal "$2"); else user_value=$2; fi
        pg_change "ALTER ROLE $user_name SET $(pg_name "$1") TO $user_value"
        ;;
    esac
    shift 2
  done
  [ "$arg_reset_unspecified_configuration" = true ] || return 0
  while IFS= read -r user_setting; do
    user_setting=${user_setting%%=*}
    case $user_named in
      *"$m_nl$user_setting$m_nl"*) ;;
      *) [ -z "$user_setting" ] || pg_change "ALTER ROLE $user_name RESET $(pg_name "$user_setting")" ;;
    esac
  done <<SETTINGS_END
$user_settings
SETTINGS_END
}

# Adds a flag to user_wants where the role has not got it; a new role gets all.
user_flag() {
  case ${1#NO} in
    '') return 0 ;;
    SUPERUSER) user_has=$(user_field 1) ;;
    CREATEROLE) user_has=$(user_field 2) ;;
    CREATEDB) user_has=$(user_field 3) ;;
    INHERIT) user_has=$(user_field 4) ;;
    LOGIN) user_has=$(user_field 5) ;;
    REPLICATION) user_has=$(user_field 6) ;;
    BYPASSRLS) user_has=$(user_field 7) ;;
    *) m_fail "Invalid role_attr_flags specified: $1" ;;
  esac
  case $1:$user_has in
    NO*:f | NO*:false) ;;
    NO*) user_wants="$user_wants $1" ;;
    *:t | *:true) ;;
    *) user_wants="$user_wants $1" ;;
  esac
}

user_expires() {
  [ -n "${arg_expires:-}" ] || return 0
  if [ -n "$user_row" ]; then
    user_same=$(pg_sql "SELECT rolvaliduntil IS NOT DISTINCT FROM $(pg_literal "$arg_expires")::timestamptz FROM pg_roles WHERE rolname = $(pg_literal "$arg_name")")
    [ "$user_same" != t ] || return 0
  fi
  user_wants="$user_wants VALID UNTIL $(pg_literal "$arg_expires")"
}

# True where the password need not be set. The server computes MD5; a SCRAM one it checks by a login over its address.
user_password_holds() {
  [ -n "$user_row" ] || return 1
  [ "$arg_no_password_changes" = false ] || return 0
  user_kept=$(user_field 10)
  [ "$user_kept" != "$arg_password" ] || return 0
  case $user_kept in
    md5*) [ "$user_kept" = "$(pg_sql "SELECT 'md5' || md5($(pg_literal "$arg_password$arg_name"))")" ] ;;
    SCRAM*) user_logs_in ;;
    *) return 1 ;;
  esac
}

# Over TCP on the server's own address, where its default asks for a password. A server that lets anybody in there proves nothing: with
# a wrong password it must refuse.
user_logs_in() (
  unset PGOPTIONS
  PGUSER=$arg_name PGHOST=${arg_login_host:-127.0.0.1} PGDATABASE=${arg_db:-postgres} PGCONNECT_TIMEOUT=5 PGPASSFILE=/dev/null
  PGPASSWORD=wrong.$arg_password
  export PGUSER PGHOST PGDATABASE PGPASSWORD PGPASSFILE PGCONNECT_TIMEOUT
  if psql -X -A -t -w -c '' >/dev/null 2>&1; then return 1; fi
  PGPASSWORD=$arg_password psql -X -A -t -w -c '' >/dev/null 2>&1
)
