# shellcheck shell=sh
# Input: see module.yml. Results: dumps.

database_dump_main() {
  m_plain_locale
  umask 077
  m_changed=true
  "dump_begin_$arg_engine"
  eval "set -- $arg_databases"
  if [ $# = 1 ] && [ "$1" = all ]; then
    dump_names=$("dump_list_$arg_engine") || m_fail "cannot list the databases: $dump_names"
    dump_words=
    while IFS= read -r m_each; do
      m_quote "$m_each"
      [ -z "$m_each" ] || dump_words="$dump_words $m_result"
    done <<DUMP_END
$dump_names
DUMP_END
    eval "set -- $dump_words"
  fi
  if [ "$m_check" = false ]; then
    m_say=$(mkdir -p -- "$arg_folder" 2>&1) || m_fail "cannot make $arg_folder: $m_say"
  fi
  m_list dumps
  if [ "$arg_engine" = postgresql ] && [ "$arg_globals" = true ]; then dump_one '' "$arg_folder/postgresql-globals.sql" dump_globals; fi
  for dump_name in "$@"; do
    case $dump_name in
      */* | '' | .*) m_fail "a database cannot be dumped to a file named after it: $dump_name" ;;
    esac
    case $arg_engine in
      postgresql) dump_one "$dump_name" "$arg_folder/postgresql-$dump_name.dump" dump_postgresql ;;
      mysql) dump_one "$dump_name" "$arg_folder/mysql-$dump_name.sql" dump_mysql ;;
    esac
  done
  m_close
  [ -z "${dump_options:-}" ] || rm -f -- "$dump_options"
}

# dump_one DATABASE PATH COMMAND: the command writes m_temp, which is put in place with its checksum.
dump_one() {
  m_dict ''
  m_str database "$1"
  m_str path "$2"
  if [ "$m_check" = false ]; then
    m_temporary "$2"
    m_say=$("$3" "$1" 2>&1) || dump_failed "$1" "$m_say"
    m_checksum "$m_temp" sha256 || dump_failed "$1" 'its checksum cannot be had: sha256sum is missing'
    dump_sum=$m_result
    m_move_into_place "$2"
    m_stat "$2"
    m_base "$2"
    m_put "$dump_sum  $m_result$m_nl" >"$2.sha256" || m_fail "cannot write $2.sha256"
    m_int size "$m_size"
    m_str sha256 "$dump_sum"
  fi
  m_close
}

dump_failed() {
  rm -f -- "$m_temp" "${dump_options:-}"
  m_fail "the dump of ${1:-roles and tablespaces} failed: $2"
}

dump_begin_postgresql() {
  m_need pg_dump postgresql-client
  [ -z "${arg_login_user:-}" ] || export "PGUSER=$arg_login_user"
  [ -z "${arg_login_password:-}" ] || export "PGPASSWORD=$arg_login_password"
  [ -z "${arg_login_port:-}" ] || export "PGPORT=$arg_login_port"
  dump_host=${arg_login_unix_socket:-${arg_login_host:-}}
  [ -z "$dump_host" ] || export "PGHOST=$dump_host"
}

dump_list_postgresql() {
  psql -X -A -t -w -d postgres -c 'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1' 2>&1
}

dump_globals() { pg_dumpall -w --globals-only >"$m_temp"; }

dump_postgresql() {
  pg_dump -w --format=custom --file="$m_temp" -d "dbname='$(dump_keyword "$1")'" && pg_restore --list "$m_temp" >/dev/null
}

# A name as a value of a connection string, where \ and ' are special.
dump_keyword() {
  m_replace "$1" "\\" "\\\\"
  m_replace "$m_result" "'" "\\'"
  m_put "$m_result"
}

# The client reads user and password from a private file, which goes at the end.
dump_begin_mysql() {
  m_need mysqldump mariadb-client
  dump_options=$(mktemp) || m_fail 'cannot make a temporary file'
  {
    m_put "[client]$m_nl"
    [ -z "${arg_login_user:-}" ] || dump_option user "$arg_login_user"
    [ -z "${arg_login_password:-}" ] || dump_option password "$arg_login_password"
    [ -z "${arg_login_host:-}" ] || dump_option host "$arg_login_host"
    [ -z "${arg_login_port:-}" ] || dump_option port "$arg_login_port"
    [ -z "${arg_login_unix_socket:-}" ] || dump_option socket "$arg_login_unix_socket"
  } >"$dump_options"
}

dump_option() {
  m_replace "$2" "\\" "\\\\"
  m_replace "$m_result" '"' '\"'
  m_put "$1=\"$m_result\"$m_nl"
}

dump_list_mysql() {
  mysql --defaults-extra-file="$dump_options" --batch --skip-column-names --execute "SELECT schema_name FROM information_schema.schemata
    WHERE schema_name NOT IN ('information_schema', 'performance_schema', 'sys') ORDER BY 1" 2>&1
}

dump_mysql() {
  mysqldump --defaults-extra-file="$dump_options" --single-transaction --routines --triggers --events --hex-blob \
    --result-file="$m_temp" --databases -- "$1" || return 1
  case $(tail -n 1 "$m_temp") in
    '-- Dump completed'*) ;;
    *)
      m_put 'it ends before its end'
      return 1
      ;;
  esac
}
