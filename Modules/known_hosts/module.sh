# shellcheck shell=sh
# Input: name, key, path, hash_host, state. Results: name, key, path, state.

known_hosts_main() {
  m_need ssh-keygen openssh-client
  m_str name "$arg_name"
  m_str path "$arg_path"
  m_str state "$arg_state"
  hosts_find
  m_read_text "$arg_path"
  hosts_old=$m_result
  if [ "$arg_state" = absent ]; then
    [ -n "$hosts_lines" ] || return 0
    hosts_without all
    m_write_text "$arg_path" "$hosts_new"
    return 0
  fi
  hosts_wanted
  m_str key "$arg_key"
  # The same key under the same name is there already, in clear or hashed as asked for.
  if [ "$hosts_same" = true ]; then return 0; fi
  hosts_without type
  m_parent "$arg_path"
  if [ ! -d "$m_result" ] && [ "$m_check" = false ]; then
    # shellcheck disable=SC2174
    m_say=$(mkdir -p -m 0700 -- "$m_result" 2>&1) || m_fail "Failed to create directory $m_result: $m_say"
  fi
  m_write_text "$arg_path" "$hosts_new$hosts_line$m_nl" 0644
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

# Checks the key's line, and sees whether it is there: hosts_same; hosts_line is what to add.
hosts_wanted() {
  m_trim "$arg_key"
  hosts_key=$m_result
  set -f
  # shellcheck disable=SC2086
  set -- $hosts_key
  set +f
  case $1 in
    @*) shift ;;
  esac
  [ $# -ge 3 ] || m_fail "the key must be a line as known_hosts has it, host, type and data: $hosts_key"
  case ",$1," in
    *",$arg_name,"*) ;;
    *) m_fail "Host parameter does not match hashed host field in supplied key: the key is for $1, not for $arg_name" ;;
  esac
  hosts_type=$2 hosts_data=$3
  hosts_same=false
  hosts_number=0
  while IFS= read -r hosts_each; do
    hosts_number=$((hosts_number + 1))
    case $hosts_lines in
      *" $hosts_number "*) ;;
      *) continue ;;
    esac
    case $hosts_each in
      *" $hosts_type $hosts_data" | *" $hosts_type $hosts_data "*) ;;
      *) continue ;;
    esac
    case $hosts_each:$arg_hash_host in
      '|1|'*:true) hosts_same=true ;;
      '|1|'*:false) ;;
      *:false) hosts_same=true ;;
    esac
  done <<HOSTS_END
$hosts_old
HOSTS_END
  hosts_line=$hosts_key
  if [ "$arg_hash_host" = true ] && [ "$hosts_same" = false ]; then hosts_hash; fi
}

# ssh-keygen hashes the names of a file.
hosts_hash() {
  hosts_temp=$(umask 077 && mktemp) || m_fail 'cannot make a temporary file'
  m_put "$hosts_key$m_nl" >"$hosts_temp"
  m_say=$(ssh-keygen -H -f "$hosts_temp" 2>&1) || m_fail "cannot hash the host's name: $m_say"
  read -r hosts_line <"$hosts_temp"
  rm -f -- "$hosts_temp" "$hosts_temp.old"
}

# hosts_without all|type: hosts_new is the file without the name's lines, all or those with a key of that type.
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
    case $hosts_lines in
      *" $hosts_number "*)
        case $1:$hosts_each in
          all:* | type:*" ${hosts_type:-} "*) continue ;;
        esac
        ;;
    esac
    hosts_new=$hosts_new$hosts_each$m_nl
  done
}
