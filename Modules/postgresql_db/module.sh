# shellcheck shell=sh
# Input: see module.yml. Results: db, executed_commands, cmd.

postgresql_db_main() {
  pg_queries=
  pg_begin "$arg_maintenance_db"
  m_str db "$arg_name"
  db_name=$(pg_name "$arg_name")
  db_row=$(db_look "$arg_name") || m_fail "cannot look at the database: $db_row"
  "db_$arg_state"
  eval "m_strings executed_commands $pg_queries"
}

# Owner, encoding, collation, classes, limit, tablespace and comment of a database, with a line each; nothing where there is none.
db_look() {
  pg_run "SELECT pg_get_userbyid(datdba) || E'\\n' || pg_encoding_to_char(encoding) || E'\\n' || datcollate || E'\\n' || datctype || E'\\n' || datconnlimit
    || E'\\n' || spcname || E'\\n' || coalesce(shobj_description(d.oid, 'pg_database'), '')
    FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE datname = $(pg_literal "$1");" 2>&1
}

db_field() { m_put "$db_row$m_nl" | sed -n "$1p"; }

db_present() {
  if [ -z "$db_row" ]; then
    db_text="CREATE DATABASE $db_name"
    [ -z "$arg_owner" ] || db_text="$db_text OWNER $(pg_name "$arg_owner")"
    [ -z "$arg_template" ] || db_text="$db_text TEMPLATE $(pg_name "$arg_template")"
    [ -z "$arg_encoding" ] || db_text="$db_text ENCODING $(pg_literal "$arg_encoding")"
    [ -z "$arg_lc_collate" ] || db_text="$db_text LC_COLLATE $(pg_literal "$arg_lc_collate")"
    [ -z "$arg_lc_ctype" ] || db_text="$db_text LC_CTYPE $(pg_literal "$arg_lc_ctype")"
    [ -z "$arg_tablespace" ] || db_text="$db_text TABLESPACE $(pg_name "$arg_tablespace")"
    [ -z "$arg_conn_limit" ] || db_text="$db_text CONNECTION LIMIT $(db_limit)"
    pg_change "$db_text"
    [ -z "${arg_comment:-}" ] || db_comment
    return 0
  fi
  db_differs Encoding "$arg_encoding" "$(db_field 2)"
  db_differs LC_COLLATE "$arg_lc_collate" "$(db_field 3)"
  db_differs LC_CTYPE "$arg_lc_ctype" "$(db_field 4)"
  if [ -n "$arg_owner" ] && [ "$arg_owner" != "$(db_field 1)" ]; then pg_change "ALTER DATABASE $db_name OWNER TO $(pg_name "$arg_owner")"; fi
  if [ -n "$arg_conn_limit" ] && [ "$arg_conn_limit" != "$(db_field 5)" ]; then pg_change "ALTER DATABASE $db_name CONNECTION LIMIT $(db_limit)"; fi
  if [ -n "$arg_tablespace" ] && [ "$arg_tablespace" != "$(db_field 6)" ]; then
    pg_change "ALTER DATABASE $db_name SET TABLESPACE $(pg_name "$arg_tablespace")"
  fi
  # A comment may have several lines: it is all that is left.
  [ -z "${arg_comment+x}" ] || [ "$arg_comment" = "$(db_field '7,$')" ] || db_comment
}

db_comment() { pg_change "COMMENT ON DATABASE $db_name IS $(pg_literal "$arg_comment")"; }

db_limit() {
  m_is_number "${arg_conn_limit#-}" || m_fail "conn_limit is no number: $arg_conn_limit"
  m_put "$arg_conn_limit"
}

# What a database has had from its first day cannot be changed. utf-8 and UTF8 are the same.
db_differs() {
  [ -n "$2" ] || return 0
  db_wanted=$(m_put "$2" | tr '[:upper:]' '[:lower:]' | tr -d '_-')
  db_has=$(m_put "$3" | tr '[:upper:]' '[:lower:]' | tr -d '_-')
  [ "$db_wanted" = "$db_has" ] || m_fail "Changing $1 is not supported. Current: $3"
}

db_absent() {
  [ -n "$db_row" ] || return 0
  if [ "$arg_force" = true ]; then pg_change "DROP DATABASE $db_name WITH (FORCE)"; else pg_change "DROP DATABASE $db_name"; fi
}

db_rename() {
  db_other=$(db_look "$arg_target") || m_fail "cannot look at the database: $db_other"
  case ${db_row:+has}:${db_other:+has} in
    :has) ;;
    has:) pg_change "ALTER DATABASE $db_name RENAME TO $(pg_name "$arg_target")" ;;
    has:has) m_fail 'Both the source and the target databases exist.' ;;
    *) m_fail 'The source and the target databases do not exist.' ;;
  esac
}

# The packer that a name asks for.
db_packer() {
  case $arg_target in
    *.gz) m_put gzip ;;
    *.bz2) m_put bzip2 ;;
    *.xz) m_put xz ;;
    *) m_put cat ;;
  esac
}

db_dump() {
  [ -n "$db_row" ] || m_fail "database \"$arg_name\" does not exist"
  m_changed=true
  case $arg_target in
    *.pgc) db_format=custom ;;
    *.tar*) db_format=tar ;;
    *.dir) db_format=directory ;;
    *) db_format=plain ;;
  esac
  m_words pg_dump "--dbname=$arg_name" "--format=$db_format"
  db_tell_command "$m_result ${arg_target_opts:-} ${arg_dump_extra_args:-}"
  [ "$m_check" = false ] || return 0
  PGDATABASE=$arg_name
  eval "set -- ${arg_target_opts:-} ${arg_dump_extra_args:-}"
  if [ "$db_format" = directory ]; then
    m_capture pg_dump -w "--format=$db_format" "--file=$arg_target" "$@"
    [ "$m_rc" = 0 ] || m_fail_command pg_dump "$@"
    return 0
  fi
  umask 077
  m_temporary "$arg_target"
  # The status of pg_dump itself, not of the packer.
  m_say=$({ { pg_dump -w "--format=$db_format" "$@" 2>&3 || m_put x >&3; } | "$(db_packer)" >"$m_temp"; } 3>&1)
  [ -z "$m_say" ] || m_drop_temporary "$arg_target" "pg_dump failed: ${m_say%x}"
  m_move_into_place "$arg_target"
}

db_restore() {
  [ -r "$arg_target" ] || m_fail "target $arg_target does not exist on the host"
  m_changed=true
  if [ -z "$db_row" ]; then db_present; fi
  PGDATABASE=$arg_name
  eval "set -- ${arg_target_opts:-}"
  case $arg_target in
    *.pgc | *.tar) set -- pg_restore -w -d "$arg_name" "$@" "$arg_target" ;;
    *.dir) set -- pg_restore -w -d "$arg_name" --format=directory "$@" "$arg_target" ;;
    *.tar.*) set -- db_unpacked pg_restore -w -d "$arg_name" --format=tar "$@" ;;
    *.gz | *.bz2 | *.xz) set -- db_unpacked psql -X -q -w -v ON_ERROR_STOP=1 -f - "$@" ;;
    *) set -- psql -X -q -w -v ON_ERROR_STOP=1 -f "$arg_target" "$@" ;;
  esac
  m_words "$@"
  db_tell_command "${m_result#db_unpacked }"
  [ "$m_check" = false ] || return 0
  m_capture "$@"
  [ "$m_rc" = 0 ] || m_fail_command "restoring $arg_target"
}

# The command of a dump or its restoring, for executed_commands.
db_tell_command() {
  m_str cmd "$1"
  m_quote "$1"
  pg_queries="$pg_queries $m_result"
}

# db_unpacked COMMAND...: the command reads the dump unpacked.
db_unpacked() { "$(db_packer)" -dc <"$arg_target" | "$@"; }
