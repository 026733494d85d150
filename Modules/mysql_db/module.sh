# shellcheck shell=sh
# Input: see module.yml. Results: db, db_list, executed_commands, msg.

mysql_db_main() {
  db_commands=
  eval "set -- $arg_name"
  m_str db "$*"
  m_strings db_list "$@"
  [ $# -gt 0 ] || return 0
  db_check "$@"
  if [ -n "${arg_chdir:-}" ]; then cd -- "$arg_chdir" || m_fail "Cannot change the current directory to $arg_chdir"; fi
  my_begin
  [ "$arg_check_implicit_admin" = false ] || my_try_admin
  case $arg_state:$arg_sql_log_bin in
    absent:false | present:false) my_prefix="SET SQL_LOG_BIN=0;$m_nl" ;;
  esac
  db_look "$@"
  "db_$arg_state" "$@"
  case $arg_state:$m_check in
    dump:* | import:* | *:false) eval "m_strings executed_commands $db_commands" ;;
  esac
}

db_check() {
  case $arg_state in
    dump | import) [ -n "${arg_target:-}" ] || m_fail "with state=$arg_state target is required" ;;
    *) [ "$*" != all ] || m_fail "name is not allowed to equal 'all' unless state equals import, or dump." ;;
  esac
  if [ "$arg_state" = import ] && [ $# -gt 1 ]; then m_fail 'Multiple databases are not supported with state=import'; fi
}

# db_there and db_missing are the names, as words.
db_look() {
  db_there='' db_missing=''
  [ "$*" != all ] || return 0
  my_ask 'SELECT HEX(SCHEMA_NAME) FROM information_schema.SCHEMATA'
  db_known=$m_out
  for db_one in "$@"; do
    db_hex=$(m_put "$db_one" | od -An -v -tx1 | tr -d ' \n' | tr '[:lower:]' '[:upper:]')
    m_quote "$db_one"
    case $m_nl$db_known$m_nl in
      *"$m_nl$db_hex$m_nl"*) db_there="$db_there $m_result" ;;
      *) db_missing="$db_missing $m_result" ;;
    esac
  done
}

db_present() {
  eval "set -- $db_missing"
  for db_one in "$@"; do
    my_name "$db_one"
    db_text="CREATE DATABASE $m_result"
    if [ -n "$arg_encoding" ]; then
      my_literal "$arg_encoding"
      db_text="$db_text CHARACTER SET $m_result"
    fi
    if [ -n "$arg_collation" ]; then
      my_literal "$arg_collation"
      db_text="$db_text COLLATE $m_result"
    fi
    db_change "$db_text" 'error creating database: '
  done
}

db_absent() {
  eval "set -- $db_there"
  for db_one in "$@"; do
    my_name "$db_one"
    db_change "DROP DATABASE $m_result" 'error deleting database: '
  done
}

db_change() {
  my_change "$1" "$2"
  m_quote "$1"
  db_commands="$db_commands $m_result"
}

# The packer that a name asks for.
db_packer() {
  case $arg_target in
    *.gz) m_put gzip ;;
    *.bz2) m_put bzip2 ;;
    *.xz) m_put xz ;;
    *.zst) m_put zstd ;;
    *) m_put cat ;;
  esac
}

db_dump() {
  if [ -n "$db_missing" ]; then
    eval "set -- $db_missing"
    m_fail "Cannot dump database(s) '$*' - not found"
  fi
  m_changed=true
  db_tool=mysqldump
  if m_has mariadb-dump; then db_tool=mariadb-dump; else m_need mysqldump mariadb-client; fi
  db_words "$@"
  eval "set -- $db_dump_words ${arg_dump_extra_args:-}"
  db_packed=$(db_packer)
  m_words "$db_tool" "$@"
  db_say="$m_result | $db_packed > "
  m_quote "$arg_target"
  m_quote "$db_say$m_result"
  db_commands=" $m_result"
  [ "$m_check" = false ] || return 0
  m_need "$db_packed"
  umask 077
  m_temporary "$arg_target"
  m_say=$({ { my_tool "$db_tool" "$@" 2>&3 || m_put failed >&3; } | "$db_packed" >"$m_temp"; } 3>&1)
  case $m_say in
    *failed) m_drop_temporary "$arg_target" "${m_say%failed}" ;;
  esac
  m_move_into_place "$arg_target"
  m_str msg "$m_say"
}

# db_dump_words: what the dump is asked for.
db_words() {
  db_dump_words=
  [ "$arg_force" = false ] || db_add --force
  [ "$arg_skip_lock_tables" = false ] || db_add --skip-lock-tables
  [ -z "$arg_encoding" ] || db_add "--default-character-set=$arg_encoding"
  [ "$arg_single_transaction" = false ] || db_add --single-transaction
  [ "$arg_quick" = false ] || db_add --quick
  [ "$arg_hex_blob" = false ] || db_add --hex-blob
  [ "$arg_master_data" = 0 ] || db_add "--master-data=$arg_master_data"
  db_names=$* db_rest=
  for m_each in "$@"; do
    m_quote "$m_each"
    db_rest="$db_rest $m_result"
  done
  eval "set -- $arg_ignore_tables"
  for db_one in "$@"; do
    [ -n "$db_one" ] || m_fail 'Name of ignored table cannot be empty'
    db_add "--ignore-table=$db_one"
  done
  if [ "$db_names" = all ]; then
    db_add --all-databases
    return 0
  fi
  eval "set -- $db_rest"
  [ $# -lt 2 ] || db_add --databases
  db_dump_words="$db_dump_words --$db_rest"
}

db_add() {
  m_quote "$1"
  db_dump_words="$db_dump_words $m_result"
}

db_import() {
  [ -r "$arg_target" ] || m_fail "target $arg_target does not exist on the host"
  m_changed=true
  [ -z "$db_missing" ] || db_present
  [ "$m_check" = false ] || return 0
  db_packed=$(db_packer)
  m_need "$db_packed"
  set -- "$1"
  if [ "$1" = all ]; then set --; else set -- --one-database -- "$1"; fi
  [ "$arg_force" = false ] || set -- --force "$@"
  m_words "$my_client" "$@"
  db_say=" | $m_result"
  if [ "$db_packed" = cat ]; then m_words cat "$arg_target"; else m_words "$db_packed" -dc "$arg_target"; fi
  m_quote "$m_result$db_say"
  db_commands="$db_commands $m_result"
  m_capture db_unpacked "$@"
  [ "$m_rc" = 0 ] || m_fail "${m_err:-$m_out}"
  m_str msg "$m_out"
}

db_unpacked() {
  if [ "$db_packed" = cat ]; then
    my_tool "$my_client" "$@" <"$arg_target"
  else
    "$db_packed" -dc <"$arg_target" | my_tool "$my_client" "$@"
  fi
}
