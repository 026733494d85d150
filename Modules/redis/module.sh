# shellcheck shell=sh
# Input: see module.yml. Results: name, value, flushed, db, mode.

redis_main() {
  m_plain_locale
  m_need redis-cli redis-tools
  [ -z "${arg_login_password:-}" ] || m_export REDISCLI_AUTH "$arg_login_password"
  case ${arg_command:-} in
    config) redis_config ;;
    flush) redis_flush ;;
    replica | slave) redis_replica ;;
    *) m_fail 'A valid command must be provided' ;;
  esac
}

# redis_ask WORD…: m_out is what the server answers. Words go by standard input, quoted as redis-cli takes them.
redis_ask() {
  redis_line=
  for redis_word in "$@"; do
    m_replace "$redis_word" "\\" "\\\\"
    m_replace "$m_result" '"' '\"'
    m_replace "$m_result" "$m_nl" '\n'
    redis_line="$redis_line \"$m_result\""
  done
  redis_connected
  [ "$m_rc" = 0 ] || m_fail "unable to connect to database: ${m_err:-$m_out}"
  case $m_out in
    NOAUTH* | WRONGPASS* | NOPERM*) m_fail "unable to connect to database: $m_out" ;;
    ERR* | READONLY* | LOADING*) m_fail "Redis refuses it: $m_out" ;;
  esac
}

# Sends redis_line.
redis_connected() {
  set -- -h "$arg_login_host" -p "$arg_login_port"
  [ -z "${arg_login_user:-}" ] || set -- "$@" --user "$arg_login_user"
  if [ "$arg_tls" = true ]; then
    set -- "$@" --tls
    [ "$arg_validate_certs" = true ] || set -- "$@" --insecure
    [ -z "${arg_ca_certs:-}" ] || set -- "$@" --cacert "$arg_ca_certs"
    [ -z "${arg_client_cert_file:-}" ] || set -- "$@" --cert "$arg_client_cert_file" --key "${arg_client_key_file:-}"
  fi
  m_capture redis_send "$@"
}

redis_send() { m_put "$redis_line$m_nl" | redis-cli "$@"; }

# A size such as 4GB or 100mb is what the server shows as a number of bytes. awk counts beyond 32 bits.
redis_bytes() {
  m_put "$arg_value" | awk '
    /^[0-9]+[KkMmGg]?[Bb]$/ {
      unit = toupper(substr($0, length($0) - 1, 1))
      power = unit == "K" ? 1 : unit == "M" ? 2 : unit == "G" ? 3 : 0
      for (bytes = $0 + 0; power > 0; power--) bytes *= 1024
      printf "%.0f", bytes
      exit
    }
    { printf "%s", $0 }'
}

redis_config() {
  redis_value=$(redis_bytes)
  m_str name "$arg_name"
  m_str value "$redis_value"
  redis_ask CONFIG GET "$arg_name"
  case $m_out in
    '') m_fail "unable to read config: there is no setting $arg_name" ;;
    *"$m_nl"*) redis_has=${m_out#*"$m_nl"} ;;
    *) redis_has= ;;
  esac
  [ "$redis_has" != "$redis_value" ] || return 0
  m_changed=true
  [ "$m_check" = true ] || redis_ask CONFIG SET "$arg_name" "$redis_value"
}

redis_flush() {
  m_changed=true
  m_bool flushed true
  if [ "$arg_flush_mode" = all ]; then
    [ "$m_check" = true ] || redis_ask FLUSHALL
    return 0
  fi
  [ -n "${arg_db:-}" ] || m_fail 'In db mode the db number must be provided'
  m_int db "$arg_db"
  [ "$m_check" = false ] || return 0
  # One connection: it chooses the database and empties it.
  redis_line="SELECT $arg_db${m_nl}FLUSHDB"
  redis_connected
  case $m_rc:$m_out in
    "0:OK${m_nl}OK") ;;
    *) m_fail "Unable to flush '$arg_db' database: ${m_err:-$m_out}" ;;
  esac
}

redis_replica() {
  redis_ask INFO replication
  redis_info=$(m_put "$m_out" | tr -d '\r')
  redis_field role
  redis_role=$m_result
  if [ "$arg_replica_mode" = master ]; then
    m_str mode master
    [ "$redis_role" != master ] || return 0
    m_changed=true
    [ "$m_check" = true ] || redis_ask REPLICAOF NO ONE
    return 0
  fi
  [ -n "${arg_master_host:-}" ] || m_fail 'In replica mode master host must be provided'
  [ -n "${arg_master_port:-}" ] || m_fail 'In replica mode master port must be provided'
  m_dict mode
  m_str status "$arg_replica_mode"
  m_str master_host "$arg_master_host"
  m_int master_port "$arg_master_port"
  m_close
  redis_field master_host
  redis_host=$m_result
  redis_field master_port
  [ "$redis_role:$redis_host:$m_result" != "slave:$arg_master_host:$arg_master_port" ] || return 0
  m_changed=true
  [ "$m_check" = true ] || redis_ask REPLICAOF "$arg_master_host" "$arg_master_port"
}

# m_result is the field's value.
redis_field() {
  m_result=
  while IFS= read -r m_each; do
    case $m_each in
      "$1":*) m_result=${m_each#*:} ;;
    esac
  done <<REDIS_END
$redis_info
REDIS_END
}
