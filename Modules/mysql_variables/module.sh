# shellcheck shell=sh
# Input: see module.yml. Results: msg, queries.

mysql_variables_main() {
  case $arg_variable in
    '' | *[!0-9A-Za-z_.]*) m_fail "invalid variable name \"$arg_variable\"" ;;
  esac
  my_begin
  my_ask "SHOW VARIABLES WHERE Variable_name = '$arg_variable'"
  [ -n "$m_out" ] || m_fail "Variable not available \"$arg_variable\""
  variables_now=${m_out#*"	"}
  if [ -z "${arg_value+x}" ]; then
    m_str msg "$variables_now"
    return 0
  fi
  variables_kept=
  [ "$arg_mode" = global ] || variables_ask_kept
  case $arg_mode in
    global) variables_same "$variables_now" && variables_leave 'Variable is already set to requested value.' ;;
    persist)
      variables_same "$variables_now" && variables_same "$variables_kept" &&
        variables_leave 'Variable is already set to requested value globallyand stored into mysqld-auto.cnf file.'
      ;;
    *) variables_same "$variables_kept" && variables_leave 'Variable is already stored into mysqld-auto.cnf with requested value.' ;;
  esac
  variables_set
}

variables_leave() {
  m_str msg "$1"
  m_done
}

variables_ask_kept() {
  m_capture my_run "SELECT VARIABLE_VALUE FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = '$arg_variable';" --raw --skip-column-names
  case $m_rc:$m_err in
    0:*) variables_kept=$m_out ;;
    *"doesn't exist"*) m_fail 'Server version must be 8.0 or greater.' ;;
    *) my_fail ;;
  esac
}

# Numbers are the same however they are written: 8 and 8.0.
variables_same() {
  [ "$arg_value" != "$1" ] || return 0
  [ -n "$1" ] || return 1
  variables_is_number "$arg_value" && variables_is_number "$1" && awk -v a="$arg_value" -v b="$1" 'BEGIN { exit a + 0 != b + 0 }'
}

variables_is_number() {
  case ${1#[-+]} in
    '' | . | *[!0-9.]* | *.*.*) return 1 ;;
  esac
}

variables_set() {
  case $arg_mode in
    global) variables_word=GLOBAL ;;
    persist) variables_word=PERSIST ;;
    *) variables_word='PERSIST_ONLY' ;;
  esac
  m_result=$arg_value
  variables_is_number "$arg_value" || my_literal "$arg_value"
  my_change "SET $variables_word $(variables_name) = $m_result"
  m_str msg "Variable change succeeded prev_value=$variables_now"
  m_strings queries "SET $variables_word $(variables_name) = $arg_value"
}

# Each part of a name such as cache.key_buffer_size is quoted.
# shellcheck disable=SC2016
variables_name() {
  m_replace "$arg_variable" . '`.`'
  m_put "\`$m_result\`"
}
