# shellcheck shell=sh
# Input: see module.yml. Results: executed_queries, query_result, rowcount. The functions my_… are shared by all modules mysql_….

mysql_query_main() {
  my_begin "${arg_login_db:-}"
  my_session_variables
  eval "set -- $arg_query"
  query_all='' query_texts=
  [ "$arg_single_transaction" = false ] || query_all="START TRANSACTION;$m_nl"
  for query_one in "$@"; do
    m_sql_arguments "$query_one" my_literal
    m_trim "$m_result"
    query_one=${m_result%;}
    m_quote "$query_one"
    query_texts="$query_texts $m_result"
    query_all="$query_all$query_one$m_nl;${m_nl}SELECT ROW_COUNT() AS martlet_row_count;$m_nl"
  done
  [ "$arg_single_transaction" = false ] || query_all="${query_all}COMMIT;$m_nl"
  eval "set -- $query_texts"
  m_capture my_run "$query_all" --xml
  query_lines=$({ query_types "$@" && m_put "$m_out"; } | awk "$query_awk") || m_fail 'awk cannot read what the client printed'
  [ "$m_rc" = 0 ] || query_failed "$@"
  query_report "$@"
}

# The first statement that told no number of rows is the one.
query_failed() {
  while IFS= read -r query_one; do
    [ -z "$query_one" ] || shift
  done <<QUERY_END
$query_lines
QUERY_END
  my_words
  my_if_refused
  m_fail "Cannot execute SQL '${1:-COMMIT}': $my_said"
}

# The client tells types of columns only beside its tables: a line "types N TYPE..." for each statement that can be asked for no rows.
query_types() {
  query_number=0 query_empty=
  for query_one in "$@"; do
    query_number=$((query_number + 1))
    case $query_one in
      [Ss][Ee][Ll][Ee][Cc][Tt]* | [Ww][Ii][Tt][Hh]*)
        query_empty="${query_empty}SELECT 1 AS \`martlet $query_number\` FROM DUAL WHERE 0;${m_nl}SELECT * FROM ($query_one$m_nl) martlet LIMIT 0;$m_nl"
        ;;
    esac
  done
  [ -n "$query_empty" ] || return 0
  my_run "$query_empty" --table --force --column-type-info 2>/dev/null | awk '
    /^Field .*`martlet [0-9]+`$/ { printf "%stypes %d", line++ ? "\n" : "", substr($NF, 1); next_is_ours = 1; next }
    /^Type: / { if (!next_is_ours) printf " %s", $2; next_is_ours = 0 }
    END { if (line) print "" }'
}

# A line for each statement: rows it was about, and those it returned as JSON.
query_report() {
  m_strings executed_queries "$@"
  query_counts=
  m_list query_result
  while IFS= read -r query_one; do
    m_json '' "${query_one#* }"
    query_counts="$query_counts ${query_one%% *}"
    query_changes "$1" "${query_one%% *}"
    shift
  done <<QUERY_END
$query_lines
QUERY_END
  m_close
  m_list rowcount
  for query_one in $query_counts; do m_int '' "$query_one"; done
  m_close
}

query_changes() {
  case $(m_put "$1" | cut -c1-8 | tr '[:lower:]' '[:upper:]') in
    *CREATE* | *DROP* | *ALTER* | *RENAME* | *TRUNCATE*) m_changed=true ;;
    *INSERT* | *UPDATE* | *DELETE* | *REPLACE*) [ "$2" -le 0 ] || m_changed=true ;;
  esac
}

# The client's XML as lines "COUNT JSON". What is between two > is a record: text, and the tag behind it.
# shellcheck disable=SC2016
query_awk='
function swap(text, old, new,   at, done) {
  done = ""
  while (at = index(text, old)) {
    done = done substr(text, 1, at - 1) new
    text = substr(text, at + length(old))
  }
  return done text
}
function plain(text) { return swap(swap(swap(swap(text, "&lt;", "<"), "&gt;", ">"), "&quot;", "\""), "&amp;", "&") }
function quoted(text,   i) {
  text = swap(swap(text, "\\", "\\\\"), "\"", "\\\"")
  if (text ~ /[\001-\037]/) for (i = 1; i < 32; i++) text = swap(text, sprintf("%c", i), sprintf("\\u%04x", i))
  return "\"" text "\""
}
function json(text, type) {
  if (type ~ /^(TINY|SHORT|LONG|LONGLONG|INT24|YEAR|FLOAT|DOUBLE)$/ && text ~ /^-?[0-9]/) return text
  if (type == "DATETIME" || type == "TIMESTAMP") sub(" ", "T", text)
  return quoted(text)
}
function add(value) { fields = fields (fields == "" ? "" : ", ") quoted(name) ": " value }
BEGIN { RS = ">"; rows = ""; count = 0; statement = 1 }
{
  at = length($0)
  while (at > 0 && substr($0, at, 1) != "<") at--
  text = substr($0, 1, at - 1); tag = substr($0, at + 1)
  if (tag ~ /^\?xml/) {
    many = split(text, lines, "\n")
    for (i = 1; i <= many; i++) if (lines[i] ~ /^types /) { columns = split(lines[i], words, " "); for (j = 3; j <= columns; j++) types[words[2], j - 2] = words[j] }
  } else if (tag == "row") { fields = ""; column = 0 }
  else if (tag ~ /^field /) {
    name = tag; sub(/^field name="/, "", name); name = plain(substr(name, 1, index(name, "\"") - 1)); column++
    if (tag ~ /\/$/) add("null")
  } else if (tag == "/field") {
    if (name == "martlet_row_count") {
      print (text == -1 ? count : text) " [" rows "]"
      rows = ""; count = 0; statement++; skip = 1
    } else add(json(plain(text), types[statement, column]))
  } else if (tag == "/row") {
    if (skip) skip = 0; else if (++count) rows = rows (rows == "" ? "" : ", ") "{" fields "}"
  }
}'

# my_begin [DATABASE]: how the client reaches the server. Its options go through a pipe: the password is in no file and in no list of processes.
my_begin() {
  m_plain_locale
  my_client=mysql my_database=${1:-} my_prefix=
  if m_has mariadb; then my_client=mariadb; else m_need mysql mariadb-client; fi
  my_options=
  [ ! -r "$arg_config_file" ] || my_options="!include $arg_config_file$m_nl"
  my_options="${my_options}[client]${m_nl}default-character-set=utf8mb4${m_nl}loose-connect-timeout=$arg_connect_timeout$m_nl"
  [ -z "${arg_login_user+x}" ] || my_option user "$arg_login_user"
  [ -z "${arg_login_password+x}" ] || my_option password "$arg_login_password"
  if [ -n "${arg_login_unix_socket:-}" ]; then
    my_option socket "$arg_login_unix_socket"
  else
    [ "$arg_config_overrides_defaults:$arg_login_host" = true:localhost ] || my_option host "$arg_login_host"
    if [ "$arg_login_port" != 3306 ]; then
      my_option port "$arg_login_port"
      my_option protocol tcp
    fi
  fi
  [ -z "${arg_client_cert:-}" ] || my_option ssl-cert "$arg_client_cert"
  [ -z "${arg_client_key:-}" ] || my_option ssl-key "$arg_client_key"
  [ -z "${arg_ca_cert:-}" ] || my_option ssl-ca "$arg_ca_cert"
  [ "${arg_check_hostname:-false}" = false ] || my_options="${my_options}ssl-verify-server-cert$m_nl"
}

# my_prefix gets arg_session_vars: variables of the session.
my_session_variables() {
  eval "set -- ${arg_session_vars:-}"
  while [ $# -gt 1 ]; do
    case $1 in
      '' | *[!A-Za-z0-9_]*) m_fail "no name of a session variable: $1" ;;
    esac
    my_literal "$2"
    # Numbers, true and false are no texts to the server.
    case $2 in
      true | false) m_result=$2 ;;
      *[!0-9]* | '') ;;
      *) m_result=$2 ;;
    esac
    my_prefix="${my_prefix}SET SESSION $1 = $m_result;$m_nl"
    shift 2
  done
}

# Takes root without a password, where the server does.
my_try_admin() {
  my_kept=$my_options
  my_option user root
  my_option password ''
  m_capture my_run 'SELECT 1;'
  [ "$m_rc" = 0 ] || my_options=$my_kept
}

my_option() {
  m_replace "$2" "\\" "\\\\"
  m_replace "$m_result" '"' '\"'
  m_replace "$m_result" "$m_nl" '\n'
  my_options="$my_options$1=\"$m_result\"$m_nl"
}

# my_tool COMMAND WORD…: a client that reads our options.
my_tool() {
  my_word=$1
  shift
  "$my_word" --defaults-file=/dev/fd/4 "$@" 4<<MY_END
$my_options
MY_END
}

# my_run SQL WORD…: runs SQL, which goes by standard input; commands of the client itself, such as \!, are no commands there.
my_run() {
  my_text=$my_prefix$1$m_nl
  shift
  m_put "$my_text" | my_tool "$my_client" --batch --binary-mode "$@" ${my_database:+"--database=$my_database"}
}

# Rows without headings in m_out; fails with the server's words.
my_ask() {
  m_capture my_run "$1;" --raw --skip-column-names
  [ "$m_rc" = 0 ] || my_fail
}

# my_said is what the client said: ERROR 1045 (28000) at line 1: words -> (1045, "words")
my_words() {
  my_said=$m_err
  case $my_said in
    *'ERROR '[0-9]*': '*)
      my_said=${my_said#*ERROR }
      my_said="(${my_said%% *}, \"${my_said#*: }\")"
      ;;
  esac
}

my_fail() {
  my_words
  my_if_refused
  m_fail "${1:-}$my_said"
}

# Fails if the client was not let in.
my_if_refused() {
  case $my_said in
    '(1045'* | '(1698'* | '(20'*)
      m_fail "unable to connect to database, check login_user and login_password are correct or $arg_config_file has the credentials. Exception message: $my_said"
      ;;
  esac
}

# Changes something, unless this is check mode: my_change SQL [WORDS FOR A FAILURE].
my_change() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture my_run "$1;"
  [ "$m_rc" = 0 ] || my_fail "${2:-}"
}

# m_result is the text as a literal, or as a name.
my_literal() {
  m_replace "$1" "\\" "\\\\"
  m_replace "$m_result" "'" "''"
  m_result="'$m_result'"
}

my_name() {
  m_replace "$1" '`' '``'
  m_result="\`$m_result\`"
}
