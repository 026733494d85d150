# shellcheck shell=sh
# Input: name, key, path, hash_host, state. Results: name, key, path, state. The difference is reported without --diff, too.

known_hosts_main() {
  m_need ssh-keygen openssh-client
  m_str name "$arg_name"
  m_str path "$arg_path"
  m_str state "$arg_state"
  m_bool hash_host "$arg_hash_host"
  m_read_text "$arg_path"
  hosts_old=$m_result
  hosts_find
  if [ -n "${arg_key:-}" ]; then
    hosts_key
    m_str key "$arg_key"
  elif [ "$arg_state" = absent ]; then
    m_null key
  elif [ "$arg_state" = present ]; then
    m_fail 'No key specified when adding a host'
  fi
  hosts_search
  m_diff=true
  if [ "$hosts_drop" = '' ] && [ "$hosts_adds" = false ]; then
    m_diff_text "$arg_path" "$arg_path" "$hosts_old" "$hosts_old"
  else
    hosts_without
    [ "$hosts_adds" = false ] || hosts_add
    m_write_text "$arg_path" "$hosts_new" 0644
  fi
  m_stat_fields "$arg_path"
}

# hosts_lines are the numbers of the lines that the name has, hashed ones too.
hosts_find() {
  hosts_lines=
  [ -e "$arg_path" ] || return 0
  hosts_said=$(ssh-keygen -F "$arg_name" -f "$arg_path" 2>/dev/null)
  while IFS= read -r m_each; do
    case $m_each in
      '# Host '*' found: line '*)
        m_each=${m_each##*found: line }
        hosts_lines="$hosts_lines ${m_each%% *} "
        ;;
    esac
  done <<HOSTS_END
$hosts_said
HOSTS_END
}

# Takes a line apart: hosts_mark (@cert-authority and the like), hosts_host, hosts_type, hosts_data.
hosts_parts() {
  set -f
  # shellcheck disable=SC2086
  set -- $1
  set +f
  hosts_mark=
  case ${1:-} in
    @*)
      hosts_mark=$1
      shift
      ;;
  esac
  hosts_count=$#
  hosts_host=${1:-} hosts_type=${2:-} hosts_data=${3:-}
}

# Checks the key's line: hosts_line is what to add, hosts_my_* are its parts.
hosts_key() {
  m_trim "$arg_key"
  hosts_line=$m_result
  hosts_parts "$hosts_line"
  [ "$hosts_count" -ge 3 ] || m_fail "the key must be a line as known_hosts has it, host, type and data: $hosts_line"
  case $arg_name in
    *,*) m_fail 'Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts file.' ;;
  esac
  hosts_my_mark=$hosts_mark hosts_my_host=$hosts_host hosts_my_type=$hosts_type hosts_my_data=$hosts_data
  case ",$hosts_host," in
    *",$arg_name,"*) [ "$arg_hash_host" = false ] || hosts_my_host='|1|' ;;
    *) hosts_matches || m_fail 'Host parameter does not match hashed host field in supplied key' ;;
  esac
}

# Names may be hashed or patterns: ssh-keygen tells.
hosts_matches() {
  hosts_temporary
  m_said=$(ssh-keygen -F "$arg_name" -f "$hosts_temp" 2>/dev/null)
  rm -f -- "$hosts_temp"
  [ -n "$m_said" ]
}

hosts_temporary() {
  hosts_temp=$(umask 077 && mktemp) || m_fail 'cannot make a temporary file'
  m_put "$hosts_line$m_nl" >"$hosts_temp"
}

# Sets hosts_drop, the numbers of lines that go, and hosts_adds.
hosts_search() {
  hosts_drop='' hosts_adds=false
  if [ -z "${arg_key:-}" ]; then
    hosts_drop=$hosts_lines
    return 0
  fi
  [ "$arg_state" = absent ] || hosts_adds=true
  hosts_number=0
  while IFS= read -r hosts_each; do
    hosts_number=$((hosts_number + 1))
    case $hosts_lines in
      *" $hosts_number "*) ;;
      *) continue ;;
    esac
    hosts_parts "$hosts_each"
    # A hashed name is as good as another hash of it.
    case $hosts_host:$hosts_my_host in
      '|1|'*:'|1|'*) hosts_host=$hosts_my_host ;;
    esac
    if [ "$hosts_mark $hosts_host $hosts_type $hosts_data" = "$hosts_my_mark $hosts_my_host $hosts_my_type $hosts_my_data" ]; then
      hosts_adds=false
      [ "$arg_state" = present ] || hosts_drop=" $hosts_number "
      return 0
    fi
    if [ -z "$hosts_mark" ] && [ "$hosts_type" = "$hosts_my_type" ]; then
      hosts_drop=" $hosts_number "
      return 0
    fi
  done <<HOSTS_END
$hosts_old
HOSTS_END
}

hosts_add() {
  if [ "$hosts_my_host" = '|1|' ]; then
    hosts_temporary
    m_say=$(ssh-keygen -H -f "$hosts_temp" 2>&1) || m_fail "cannot hash the host's name: $m_say"
    read -r hosts_line <"$hosts_temp"
    rm -f -- "$hosts_temp" "$hosts_temp.old"
  fi
  m_parent "$arg_path"
  if [ ! -d "$m_result" ] && [ "$m_check" = false ]; then
    # shellcheck disable=SC2174
    m_say=$(mkdir -p -m 0700 -- "$m_result" 2>&1) || m_fail "Failed to create directory $m_result: $m_say"
  fi
  hosts_new=$hosts_new$hosts_line$m_nl
}

# hosts_new is the file without the lines that go.
hosts_without() {
  hosts_new='' hosts_number=0 hosts_rest=$hosts_old
  case $hosts_rest in
    '' | *"$m_nl") ;;
    *) hosts_rest=$hosts_rest$m_nl ;;
  esac
  while [ -n "$hosts_rest" ]; do
    hosts_each=${hosts_rest%%"$m_nl"*}
    hosts_rest=${hosts_rest#*"$m_nl"}
    hosts_number=$((hosts_number + 1))
    case $hosts_drop in
      *" $hosts_number "*) continue ;;
    esac
    hosts_new=$hosts_new$hosts_each$m_nl
  done
}
