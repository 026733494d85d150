# shellcheck shell=sh
# Input: see module.yml. Results: db, ext, queries, prev_version, version.

postgresql_ext_main() {
  pg_queries=
  pg_begin "$arg_db"
  m_str db "$arg_db"
  m_str ext "$arg_name"
  ext_name=$(pg_name "$arg_name")
  ext_literal=$(pg_literal "$arg_name")
  m_capture pg_run "SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = $ext_literal), ''),
    coalesce((SELECT default_version FROM pg_available_extensions WHERE name = $ext_literal), ''),
    coalesce((SELECT obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = $ext_literal), '');"
  [ "$m_rc" = 0 ] || m_fail "PostgreSQL says: $m_err"
  ext_has=${m_out%%"|"*} ext_newest=${m_out#*"|"}
  ext_comment=${ext_newest#*"|"} ext_newest=${ext_newest%%"|"*}

  ext_after=$ext_has
  if [ "$arg_state" = absent ]; then
    if [ -n "$ext_has" ]; then
      pg_change "DROP EXTENSION $ext_name$(ext_cascade)"
      ext_after=
    fi
  else
    ext_present
  fi
  eval "m_strings queries $pg_queries"
  m_str prev_version "$ext_has"
  m_str version "$ext_after"
}

ext_cascade() { [ "$arg_cascade" = false ] || m_put ' CASCADE'; }

ext_present() {
  [ -n "$ext_has$ext_newest" ] || m_fail "Extension $arg_name is not available"
  ext_wanted=${arg_version:-}
  [ "$ext_wanted" != latest ] || ext_wanted=$ext_newest
  if [ -z "$ext_has" ]; then
    ext_text="CREATE EXTENSION $ext_name"
    [ -z "${arg_schema:-}" ] || ext_text="$ext_text WITH SCHEMA $(pg_name "$arg_schema")"
    [ -z "$ext_wanted" ] || ext_text="$ext_text VERSION $(pg_literal "$ext_wanted")"
    pg_change "$ext_text$(ext_cascade)"
    ext_after=${ext_wanted:-$ext_newest}
  elif [ -n "$ext_wanted" ] && [ "$ext_wanted" != "$ext_has" ]; then
    pg_change "ALTER EXTENSION $ext_name UPDATE TO $(pg_literal "$ext_wanted")"
    ext_after=$ext_wanted
  fi
  [ -z "${arg_comment+x}" ] || [ "$arg_comment" = "$ext_comment" ] || pg_change "COMMENT ON EXTENSION $ext_name IS $(pg_literal "$arg_comment")"
}
