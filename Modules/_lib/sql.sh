# shellcheck shell=sh
# Statements with arguments, for modules that query.

# m_sql_arguments TEXT QUOTE: m_result is the text with arg_positional_args for each %s, or arg_named_args for each %(NAME)s. QUOTE is a
# function that sets m_result to its argument as a literal of the server's.
m_sql_arguments() {
  m_sql=$1 m_sql_quote=$2
  if [ -n "${arg_positional_args:-}" ]; then
    m_sql_done=
    eval "set -- $arg_positional_args"
    for m_sql_each in "$@"; do
      case $m_sql in
        *%s*) ;;
        *) m_fail 'there are more positional_args than %s in the query' ;;
      esac
      "$m_sql_quote" "$m_sql_each"
      m_sql_done="$m_sql_done${m_sql%%%s*}$m_result"
      m_sql=${m_sql#*%s}
    done
    m_sql=$m_sql_done$m_sql
  elif [ -n "${arg_named_args:-}" ]; then
    eval "set -- $arg_named_args"
    while [ $# -gt 1 ]; do
      "$m_sql_quote" "$2"
      m_replace "$m_sql" "%($1)s" "$m_result"
      m_sql=$m_result
      shift 2
    done
  fi
  m_result=$m_sql
  case ${arg_positional_args:-}${arg_named_args:-} in
    ?*) m_replace "$m_result" %% % ;;
  esac
}
