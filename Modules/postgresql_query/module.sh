# shellcheck shell=sh
# Input: see module.yml. Results: query, statusmessage, query_result, query_list, query_all_results, rowcount. The functions pg_… are
# shared by all modules postgresql_….

postgresql_query_main() {
  pg_begin "${arg_db:-}"
  eval "set -- $arg_query"
  query_statements=
  for query_one in "$@"; do
    m_sql_arguments "$query_one" query_literal
    m_trim "$m_result"
    m_quote "${m_result%;}"
    query_statements="$query_statements $m_result"
  done
  eval "set -- $query_statements"
  query_send "$@"
  query_rows='' query_count=0
  for query_text in "$@"; do
    m_trim_lines "${query_output%%"$query_end"*}"
    query_output=${query_output#*"$query_end$m_nl"}
    query_take "$m_result"
  done
  m_str query "$query_text"
  m_str statusmessage "$query_tag"
  m_json query_result "$query_json"
  m_strings query_list "$@"
  m_list query_all_results
  eval "set -- $query_rows"
  for query_one in "$@"; do m_json '' "$query_one"; done
  m_close
  m_int rowcount "$query_count"
}

# Runs all statements by one psql: several are one transaction, unless autocommit says otherwise; in check mode it is rolled back.
query_send() {
  query_end=martlet.${m_mark#?????????????????}
  query_script=
  for query_text in "$@"; do
    query_wrap
    query_script="$query_script$query_wrapped;$m_nl"
    [ $# = 1 ] || query_script="$query_script\\echo $query_end$m_nl"
  done
  if [ "$m_check" = true ]; then
    [ "${arg_autocommit:-false}" = false ] || m_skip 'a statement that cannot be rolled back is not run in check mode'
    query_in_transaction ROLLBACK
  elif [ $# -gt 1 ] && [ "${arg_autocommit:-false}" = false ]; then
    query_in_transaction COMMIT
  fi
  if [ -n "${arg_search_path:-}" ]; then
    query_path=$(eval "pg_names $arg_search_path")
    query_quiet "SET search_path TO $query_path"
    query_script="$m_result$query_script"
  fi
  m_capture pg_run "$query_script"
  query_output=$m_out$m_nl
  [ "$m_rc" != 0 ] || return 0
  # The first that came to no end is the one.
  while [ $# -gt 1 ]; do
    case $query_output in *"$query_end"*) ;; *) break ;; esac
    query_output=${query_output#*"$query_end"}
    shift
  done
  m_fail "Cannot execute SQL '$1': ${m_err#*ERROR:  }"
}

query_in_transaction() {
  query_quiet "$1"
  query_script="$query_script$m_result"
  query_quiet BEGIN
  query_script="$m_result$query_script"
}

# query_quiet STATEMENT: m_result runs it without a word.
query_quiet() { m_result="\\set QUIET on$m_nl$1;$m_nl\\set QUIET off$m_nl"; }

# What returns rows is asked for them as JSON: query_wrapped. query_kind is rows, show, other, or the word of a change that returns rows.
query_wrap() {
  query_wrapped=$query_text query_kind=other
  query_words=$(m_put "$query_text" | tr '[:lower:]' '[:upper:]')
  case $query_words in
    INSERT*RETURNING* | UPDATE*RETURNING* | DELETE*RETURNING*)
      query_kind=${query_words%%[!A-Z]*}
      query_wrapped="WITH martlet_rows AS ($query_text) SELECT count(*), coalesce(json_agg(martlet_rows), '[]') FROM martlet_rows"
      ;;
    SELECT* | WITH* | VALUES* | TABLE* | *RETURNING*)
      query_kind=rows
      query_wrapped="SELECT count(*), coalesce(json_agg(martlet_rows), '[]') FROM ($query_text$m_nl) martlet_rows"
      ;;
    SHOW*) query_kind=show ;;
  esac
}

# query_take OUTPUT: what one statement said: query_tag, query_json and its part of the sums.
query_take() {
  query_wrap
  query_json='[]'
  case $query_kind in
    show)
      query_tag=SHOW query_rowcount=1
      query_json=$(pg_sql "SELECT json_build_array(json_build_object($(pg_literal "${query_text#* }"), $(pg_literal "$1")))")
      ;;
    other)
      query_tag=${1##*"$m_nl"}
      query_rowcount=${query_tag##* }
      m_is_number "$query_rowcount" || query_rowcount=0
      case $query_tag in
        'INSERT 0 0' | 'UPDATE 0' | 'DELETE 0' | 'SET'* | 'EXPLAIN'* | 'BEGIN' | 'COMMIT') ;;
        *) m_changed=true ;;
      esac
      ;;
    *)
      query_json=${1#*"|"}
      query_rowcount=${1%%"|"*}
      query_tag="$query_kind $query_rowcount"
      case $query_kind in
        rows) query_tag="SELECT $query_rowcount" ;;
        INSERT) query_tag="INSERT 0 $query_rowcount" ;;
      esac
      [ "$query_kind" = rows ] || [ "$query_rowcount" = 0 ] || m_changed=true
      ;;
  esac
  query_count=$((query_count + query_rowcount))
  m_quote "$query_json"
  query_rows="$query_rows $m_result"
}

query_literal() { m_result=$(pg_literal "$1"); }

# pg_begin DATABASE: how psql reaches the server; the password is in its environment, which only its user can read.
pg_begin() {
  m_plain_locale
  m_need psql postgresql-client
  PGDATABASE=${1:-postgres} PGPORT=$arg_port PGSSLMODE=$arg_ssl_mode PGAPPNAME=martlet PGOPTIONS='-c client_min_messages=warning'
  export PGDATABASE PGPORT PGSSLMODE PGAPPNAME PGOPTIONS
  [ -z "${arg_encoding:-}" ] || export "PGCLIENTENCODING=$arg_encoding"
  [ -z "${arg_login_user:-}" ] || export "PGUSER=$arg_login_user"
  [ -z "${arg_login_password:-}" ] || export "PGPASSWORD=$arg_login_password"
  [ -z "${arg_ca_cert:-}" ] || export "PGSSLROOTCERT=$arg_ca_cert"
  [ -z "${arg_ssl_cert:-}" ] || export "PGSSLCERT=$arg_ssl_cert"
  [ -z "${arg_ssl_key:-}" ] || export "PGSSLKEY=$arg_ssl_key"
  pg_host=${arg_login_host:-${arg_login_unix_socket:-}}
  [ -z "$pg_host" ] || export "PGHOST=$pg_host"
  eval "set -- ${arg_connect_params:-}"
  while [ $# -gt 1 ]; do
    pg_connect_word "$1" "$2"
    shift 2
  done
}

# pg_connect_word NAME VALUE: what libpq also takes from the environment.
pg_connect_word() {
  case $1 in
    options) PGOPTIONS="$PGOPTIONS $2" ;;
    application_name) PGAPPNAME=$2 ;;
    connect_timeout) export "PGCONNECT_TIMEOUT=$2" ;;
    dbname) PGDATABASE=$2 ;;
    hostaddr | passfile | service | gssencmode | krbsrvname | sslcrl | sslcrldir | sslcompression | sslsni | requirepeer)
      pg_word=$(m_put "PG$1" | tr '[:lower:]' '[:upper:]')
      export "$pg_word=$2"
      ;;
    channel_binding) export "PGCHANNELBINDING=$2" ;;
    target_session_attrs) export "PGTARGETSESSIONATTRS=$2" ;;
    client_encoding) export "PGCLIENTENCODING=$2" ;;
    *) m_fail "connect_params: psql takes no $1 from its environment; it takes connect_timeout, options, application_name, hostaddr, target_session_attrs and the like" ;;
  esac
}

# Runs SQL, which goes by standard input; prints rows without headings.
pg_run() {
  if [ -n "${arg_session_role:-}" ]; then
    set -- "\\set QUIET on${m_nl}SET ROLE $(pg_name "$arg_session_role");$m_nl\\set QUIET off$m_nl$1"
  fi
  m_put "$1$m_nl" | psql -X -A -t -w -v ON_ERROR_STOP=1 -f -
}

# Asks, also in check mode; fails with the server's words.
pg_sql() {
  m_capture pg_run "$1;"
  [ "$m_rc" = 0 ] || m_fail "${pg_failing:-PostgreSQL says}: $m_err"
  m_put "$m_out"
}

# Changes something, unless this is check mode. SAFE is the text that results show, where the real one holds a password.
pg_change() {
  pg_before=$m_changed
  m_changed=true
  m_quote "${2:-$1}"
  pg_queries="${pg_queries:-} $m_result"
  [ "$m_check" = false ] || return 0
  m_capture pg_run "$1;"
  [ "$m_rc" != 0 ] || return 0
  m_changed=$pg_before
  m_fail "PostgreSQL refuses it: ${m_err#*ERROR:  }"
}

pg_literal() {
  m_replace "$1" "'" "''"
  # A backslash is one only where it is said so, whatever the server is set to.
  case $m_result in
    *\\*)
      m_replace "$m_result" "\\" "\\\\"
      m_put " E'$m_result'"
      ;;
    *) m_put "'$m_result'" ;;
  esac
}

pg_name() {
  m_replace "$1" '"' '""'
  m_put "\"$m_result\""
}

# pg_names NAME...: a list with commas.
pg_names() {
  pg_list=
  for pg_each in "$@"; do pg_list="$pg_list${pg_list:+, }$(pg_name "$pg_each")"; done
  m_put "$pg_list"
}
