# shellcheck shell=sh
# Input: see module.yml. Results: schema, queries.

postgresql_schema_main() {
  pg_queries=
  pg_begin "$arg_db"
  m_str schema "$arg_schema"
  schema_name=$(pg_name "$arg_schema")
  m_capture pg_run "SELECT pg_get_userbyid(nspowner) || E'\\n' || coalesce(obj_description(oid, 'pg_namespace'), '')
    FROM pg_namespace WHERE nspname = $(pg_literal "$arg_schema");"
  [ "$m_rc" = 0 ] || m_fail "PostgreSQL says: $m_err"
  schema_owner=${m_out%%"$m_nl"*} schema_comment=
  case $m_out in *"$m_nl"*) schema_comment=${m_out#*"$m_nl"} ;; esac
  if [ "$arg_state" = absent ]; then
    schema_cascade=
    [ "$arg_cascade_drop" = false ] || schema_cascade=' CASCADE'
    [ -z "$schema_owner" ] || pg_change "DROP SCHEMA $schema_name$schema_cascade"
  else
    schema_present
  fi
  eval "m_strings queries $pg_queries"
}

schema_present() {
  if [ -z "$schema_owner" ]; then
    schema_text="CREATE SCHEMA $schema_name"
    [ -z "$arg_owner" ] || schema_text="$schema_text AUTHORIZATION $(pg_name "$arg_owner")"
    pg_change "$schema_text"
  elif [ -n "$arg_owner" ] && [ "$arg_owner" != "$schema_owner" ]; then
    pg_change "ALTER SCHEMA $schema_name OWNER TO $(pg_name "$arg_owner")"
  fi
  [ -z "${arg_comment+x}" ] || [ "$arg_comment" = "$schema_comment" ] || pg_change "COMMENT ON SCHEMA $schema_name IS $(pg_literal "$arg_comment")"
}
