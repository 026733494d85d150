# shellcheck shell=sh
# Input: see module.yml. Results: user, msg, password_changed, attributes.

mysql_user_main() {
  user_begin
  m_str user "$arg_name"
  m_null attributes
  my_literal "$arg_name"
  user_quoted=$m_result
  my_literal "$(m_put "$arg_host" | tr '[:upper:]' '[:lower:]')"
  user_host=$m_result
  user_where="User = $user_quoted"
  [ "$arg_host_all" = true ] || user_where="$user_where AND Host = $user_host"
  my_ask "SELECT Host FROM mysql.user WHERE $user_where"
  user_hosts=$m_out
  user_password_changed=false
  "user_$arg_state"
  m_str msg "$user_msg"
  if [ -n "$user_password_changed" ]; then m_bool password_changed "$user_password_changed"; else m_null password_changed; fi
}

user_begin() {
  if [ "$arg_force_context" = true ]; then my_begin mysql; else my_begin; fi
  [ "$arg_check_implicit_admin" = false ] || my_try_admin
  [ "$arg_sql_log_bin" = true ] || my_prefix="SET SQL_LOG_BIN=0;$m_nl"
  my_session_variables
}

# user_each FUNCTION: calls it for each user of that name, with user_at as its name in SQL.
user_each() {
  user_left=$user_hosts$m_nl
  while [ -n "$user_left" ]; do
    my_literal "${user_left%%"$m_nl"*}"
    user_left=${user_left#*"$m_nl"}
    user_at_host=$m_result
    user_at="$user_quoted@$m_result"
    "$1"
  done
}

user_absent() {
  user_msg="User doesn't exist"
  # An anonymous user may come from an empty host: only the number of rows tells.
  my_ask "SELECT COUNT(*) FROM mysql.user WHERE $user_where"
  [ "$m_out" != 0 ] || return 0
  user_msg='User deleted'
  user_each user_drop
}

user_drop() { my_change "DROP USER $user_at"; }

user_present() {
  user_wanted=
  [ -z "${arg_priv+x}" ] || user_read_wanted
  if [ -z "$user_hosts" ]; then
    user_add
  else
    user_msg='User unchanged'
    user_each user_modify
  fi
}

user_add() {
  [ "$arg_host_all" = false ] || m_fail 'host_all parameter cannot be used when adding a user'
  user_at="$user_quoted@$user_host" user_at_host=$user_host user_msg='User added' user_password_changed=true
  [ "$m_check" = false ] || user_password_changed=
  user_authentication
  if [ "$arg_update_password" = on_new_username ]; then user_reuse; fi
  user_requirement
  user_lock=
  [ "${arg_locked:-false}" = false ] || user_lock=' ACCOUNT LOCK'
  my_change "CREATE USER $user_at$user_how${user_require:+ REQUIRE $user_require}$user_lock"
  user_has=
  if [ -n "$user_wanted" ] && [ "$arg_subtract_privs" = false ]; then user_privileges; fi
  user_msg='User added'
  user_limits
}

# user_how is the clause that says how it logs in; user_hash what it comes to, where that is known.
user_authentication() {
  user_how='' user_hash='' user_plugin=
  if [ -n "${arg_password:-}" ]; then
    user_plugin=mysql_native_password
    my_literal "$arg_password"
    if [ "$arg_encrypted" = true ]; then
      user_is_hash "$arg_password" ||
        m_fail 'encrypted was specified however it does not appear to be a valid hash expecting: *SHA1(SHA1(your_password))'
      user_hash=$arg_password
    else
      my_ask "SELECT CONCAT('*', UCASE(SHA1(UNHEX(SHA1($m_result)))))"
      user_hash=$m_out
    fi
    my_literal "$user_hash"
    user_how=" IDENTIFIED WITH mysql_native_password AS $m_result"
  elif [ -n "${arg_plugin:-}" ]; then
    user_plugin=$arg_plugin
    my_name "$arg_plugin"
    user_how=" IDENTIFIED WITH $m_result"
    if [ -n "${arg_plugin_hash_string:-}" ]; then
      user_hash=$arg_plugin_hash_string
      my_literal "$user_hash"
      user_how="$user_how AS $m_result"
    elif [ -n "${arg_plugin_auth_string:-}" ]; then
      my_literal "$arg_plugin_auth_string"
      if [ "$arg_plugin" = pam ]; then user_how="$user_how USING $m_result"; else user_how="$user_how BY $m_result"; fi
    fi
  fi
}

user_is_hash() {
  case $1 in
    \*[!0-9A-Fa-f]* | \*) return 1 ;;
    \**) [ ${#1} = 41 ] ;;
    *) return 1 ;;
  esac
}

# What users of this name have, if they all have the same.
user_reuse() {
  my_ask "SELECT DISTINCT plugin, authentication_string FROM mysql.user WHERE User = $user_quoted"
  case $m_out in
    '' | *"$m_nl"*) return 0 ;;
  esac
  my_name "${m_out%%"	"*}"
  user_how=" IDENTIFIED WITH $m_result"
  my_literal "${m_out#*"	"}"
  user_how="$user_how AS $m_result"
  [ -z "$user_password_changed" ] || user_password_changed=false
}

user_modify() {
  user_modify_login
  if [ -n "$user_wanted" ]; then
    my_ask "SHOW GRANTS FOR $user_at"
    user_has=$(m_put "$m_out" | awk "$user_split $user_grants" | LC_ALL=C sort -u)
    user_privileges
  fi
  user_modify_requirement
  user_limits
  [ -z "${arg_locked:-}" ] || user_modify_lock
}

user_modify_login() {
  [ "$arg_update_password" = always ] || return 0
  user_authentication
  [ -n "$user_how" ] || return 0
  my_ask "SELECT plugin, authentication_string FROM mysql.user WHERE User = $user_quoted AND Host = $user_at_host"
  user_has_plugin=${m_out%%"	"*} user_has_hash=${m_out#*"	"}
  if [ -n "${arg_password:-}" ]; then
    [ "$user_has_hash" != "$user_hash" ] || return 0
    user_msg='Password updated'
    [ "$m_check" = true ] || user_msg='Password updated (new style)'
  elif [ "$user_has_plugin" = "$user_plugin" ]; then
    # What a plugin makes of a password cannot be told: that is set each time.
    case ${arg_plugin_hash_string:+hash}${arg_plugin_auth_string:+text} in
      '') return 0 ;;
      hash*) [ "$user_has_hash" != "$user_hash" ] || return 0 ;;
    esac
  fi
  user_password_changed=true
  my_change "ALTER USER $user_at$user_how"
}

user_modify_lock() {
  my_ask "SHOW CREATE USER $user_at"
  case $arg_locked:$m_out in
    true:*'ACCOUNT LOCK'*) return 0 ;;
    true:*) user_lock=LOCK user_word=locked ;;
    *:*'ACCOUNT LOCK'*) user_lock=UNLOCK user_word=unlocked ;;
    *) return 0 ;;
  esac
  user_msg="User $user_word"
  [ "$m_check" = false ] || user_msg="User will be $user_word"
  my_change "ALTER USER $user_at ACCOUNT $user_lock"
}

# user_wanted: a line "TABLE TAB PRIVILEGE" for each, sorted.
user_read_wanted() {
  user_text=$arg_priv
  case $user_text in
    *:*) ;;
    *)
      # A dict, as words.
      eval "set -- $arg_priv"
      user_text=
      [ $(($# % 2)) = 0 ] || m_fail "invalid priv string: $arg_priv"
      while [ $# -gt 1 ]; do
        user_text="$user_text${user_text:+/}$1:$2"
        shift 2
      done
      ;;
  esac
  user_wanted=$(m_put "$user_text" | tr / '\n' | awk -v keep="$arg_column_case_sensitive" "$user_split $user_wants" | LC_ALL=C sort -u)
  case $user_wanted in
    *!*) m_fail "invalid priv string: ${user_wanted#*!}" ;;
    '') user_wanted="*.*	USAGE" ;;
  esac
}

# Privileges of a text, one a call: columns stay together, without backquotes and sorted.
# shellcheck disable=SC2016
user_split='
function trim(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); return text }
function columns(text,   at, many, names, i, j, swap, out) {
  at = index(text, "(")
  if (!at) return text == "ALL PRIVILEGES" ? "ALL" : text
  many = split(substr(text, at + 1, length(text) - at - 1), names, ",")
  for (i = 1; i <= many; i++) names[i] = trim(names[i])
  for (i = 1; i < many; i++) for (j = i + 1; j <= many; j++) if (names[j] < names[i]) { swap = names[i]; names[i] = names[j]; names[j] = swap }
  for (i = 1; i <= many; i++) out = out (i > 1 ? ", " : "") names[i]
  return trim(substr(text, 1, at - 1)) " (" out ")"
}
function each(table, text,   depth, i, letter, word) {
  gsub(/`/, "", text)
  depth = 0
  for (i = 1; i <= length(text) + 1; i++) {
    letter = substr(text, i, 1)
    if (letter == "(") depth++
    if (letter == ")") depth--
    if (letter == "" || letter == "," && !depth) {
      word = columns(trim(word))
      if (word != "" && word != "USAGE") print table "\t" word
      word = ""
    } else word = word letter
  }
}'

# Lines of SHOW GRANTS; those without ON are roles, and PROXY is no privilege of a table.
# shellcheck disable=SC2016
user_grants='
/^GRANT PROXY / { next }
/^GRANT .* ON .* TO / {
  at = index($0, " ON "); privileges = substr($0, 7, at - 7); rest = substr($0, at + 4)
  at = index(rest, " TO "); table = substr(rest, 1, at - 1)
  each(table, privileges)
  if (rest ~ /WITH GRANT OPTION/) print table "\tGRANT"
}'

# Items TABLE:PRIVILEGES. A name is quoted, and * is not.
# shellcheck disable=SC2016
user_wants='
function side(text) {
  gsub(/^`|`$/, "", text); gsub(/`/, "``", text)
  return text == "*" ? text : "`" text "`"
}
trim($0) == "" { next }
{
  at = length($0)
  while (at > 0 && substr($0, at, 1) != ":") at--
  table = trim(substr($0, 1, at - 1)); privileges = substr($0, at + 1)
  kind = ""
  if (match(table, /^(FUNCTION|PROCEDURE) /)) { kind = substr(table, 1, RLENGTH); table = substr(table, RLENGTH + 1) }
  dot = length(table)
  while (dot > 0 && substr(table, dot, 1) != ".") dot--
  if (!at || !dot || privileges ~ /[;\047"\\]/) { print "!" $0; next }
  if (keep != "true" || privileges !~ /\(/) privileges = toupper(privileges)
  each(kind side(substr(table, 1, dot - 1)) "." side(substr(table, dot + 1)), privileges)
}'

# Grants and revokes what user_has and user_wanted differ in, table by table. A user without privileges has USAGE on *.*, which is nothing.
user_privileges() {
  user_tables=$(m_put "$user_has$m_nl$user_wanted$m_nl" | cut -f1 | LC_ALL=C sort -u)
  while IFS= read -r user_table; do
    [ -z "$user_table" ] || user_one_table
  done <<USER_END
$user_tables
USER_END
}

# user_of LINES: the privileges on user_table, as words.
user_of() {
  m_result_words=
  while IFS= read -r m_each; do
    case $m_each in
      "$user_table	USAGE") ;;
      "$user_table	"*)
        m_quote "${m_each#*"	"}"
        m_result_words="$m_result_words $m_result"
        ;;
    esac
  done <<USER_END
$1
USER_END
}

# user_without WORDS WORDS: user_words are those of the first that are not in the second, or with "both" as third argument those that are.
user_without() {
  user_words=
  eval "set -- \"\$2\" \"\${3:-}\" $1"
  user_second=$1 user_both=$2
  shift 2
  for user_word in "$@"; do
    eval "m_contains \"\$user_word\" $user_second" && user_found=both || user_found=
    [ "$user_found" = "$user_both" ] || continue
    m_quote "$user_word"
    user_words="$user_words $m_result"
  done
}

user_one_table() {
  user_of "$user_has"
  user_had=$m_result_words
  user_of "$user_wanted"
  user_want=$m_result_words
  user_without "$user_want" "$user_had"
  user_grant=$user_words
  user_without "$user_had" "$user_want"
  user_revoke=$user_words
  if [ "$arg_append_privs" = true ]; then user_revoke=; fi
  if [ "$arg_subtract_privs" = true ]; then
    user_grant=
    user_without "$user_had" "$user_want" both
    user_revoke=$user_words
  elif [ -z "$user_want" ] && [ "$arg_name" = root ]; then
    user_revoke=
  elif eval "m_contains ALL $user_grant"; then
    # ALL holds the others.
    user_without "$user_revoke" GRANT both
    user_revoke=$user_words
  fi
  [ -n "$user_grant$user_revoke" ] || return 0
  user_tell
  user_do_revoke
  user_do_grant
}

user_tell() {
  if [ -z "$user_had" ]; then
    user_msg='New privileges granted'
  elif [ -z "$user_want" ]; then
    user_msg='Privileges updated'
  else
    user_msg="Privileges updated: granted $(eval "user_python $user_grant"), revoked $(eval "user_python $user_revoke")"
  fi
}

# user_python WORD…: as Python prints a list.
user_python() {
  user_list=
  for m_each in "$@"; do user_list="$user_list${user_list:+, }'$m_each'"; done
  m_put "[$user_list]"
}

# user_commas WORD…: all but GRANT, with commas.
user_commas() {
  user_list=
  for m_each in "$@"; do
    [ "$m_each" = GRANT ] || user_list="$user_list${user_list:+, }$m_each"
  done
}

user_do_revoke() {
  if eval "m_contains GRANT $user_revoke"; then my_change "REVOKE GRANT OPTION ON $user_table FROM $user_at"; fi
  eval "user_commas $user_revoke"
  [ -z "$user_list" ] || my_change "REVOKE $user_list ON $user_table FROM $user_at"
}

user_do_grant() {
  [ -n "$user_grant" ] || return 0
  eval "user_commas $user_grant"
  user_text="GRANT ${user_list:-USAGE} ON $user_table TO $user_at"
  if eval "m_contains GRANT $user_grant"; then user_text="$user_text WITH GRANT OPTION"; fi
  my_change "$user_text" "Error granting privileges, invalid priv string: $user_list: "
}

# user_require is the clause, empty for none.
user_requirement() {
  user_require='' user_issuer='' user_subject='' user_cipher=''
  eval "set -- ${arg_tls_requires:-}"
  while [ $# -gt 1 ]; do
    my_literal "$2"
    case $1 in
      [Ss][Ss][Ll]) [ -n "$user_require" ] || user_require=SSL ;;
      [Xx]509) user_require=X509 ;;
      [Ii][Ss][Ss][Uu][Ee][Rr]) user_issuer="ISSUER $m_result" ;;
      [Ss][Uu][Bb][Jj][Ee][Cc][Tt]) user_subject="SUBJECT $m_result" ;;
      [Cc][Ii][Pp][Hh][Ee][Rr]) user_cipher="CIPHER $m_result" ;;
      *) m_fail "tls_requires knows SSL, X509, SUBJECT, ISSUER and CIPHER, not $1" ;;
    esac
    shift 2
  done
  [ -z "$user_issuer$user_subject$user_cipher" ] || user_require="${user_issuer:+$user_issuer }${user_subject:+$user_subject }$user_cipher"
  user_require=${user_require% }
}

user_modify_requirement() {
  user_requirement
  my_ask "SHOW CREATE USER $user_at"
  user_now=
  case $m_out in
    *' REQUIRE '*)
      user_now=${m_out#*" REQUIRE "}
      user_now=${user_now%%" WITH MAX_"*}
      user_now=${user_now%%" PASSWORD "*}
      user_now=${user_now%%" ACCOUNT "*}
      ;;
  esac
  [ "$user_now" != NONE ] || user_now=
  # The server shows a quote in a value as it is.
  m_replace "$user_require" "''" "'"
  [ "$user_now" != "$user_require" ] && [ "$user_now" != "$m_result" ] || return 0
  user_msg='TLS requires updated'
  my_change "ALTER USER $user_at REQUIRE ${user_require:-NONE}"
}

user_limits() {
  [ -n "${arg_resource_limits:-}" ] || return 0
  user_differ=
  eval "set -- $arg_resource_limits"
  while [ $# -gt 1 ]; do
    m_is_number "${2%.*}" || m_fail "resource_limits: $1 is no number: $2"
    case $1 in
      MAX_QUERIES_PER_HOUR) user_column=max_questions ;;
      MAX_UPDATES_PER_HOUR) user_column=max_updates ;;
      MAX_CONNECTIONS_PER_HOUR) user_column=max_connections ;;
      MAX_USER_CONNECTIONS) user_column=max_user_connections ;;
      MAX_STATEMENT_TIME) user_column=max_statement_time ;;
      *) m_fail "resource_limits: limit $1 is unsupported" ;;
    esac
    user_limit=0
    if [ -n "$user_hosts" ]; then
      my_ask "SELECT $user_column = $2 FROM mysql.user WHERE User = $user_quoted AND Host = $user_at_host"
      user_limit=$m_out
    fi
    [ "$user_limit" = 1 ] || user_differ="$user_differ $1 $2"
    shift 2
  done
  [ -z "$user_differ" ] || my_change "ALTER USER $user_at WITH$user_differ"
}
