# shellcheck shell=sh
# Input: database, key, service, split, fail_key. Results: ansible_facts.getent_DATABASE.
getent_main() {
  getent_split=${arg_split:-}
  if [ -z "$getent_split" ]; then
    case $arg_database in
      passwd | shadow | group | gshadow) getent_split=: ;;
    esac
  fi
  if m_has getent; then
    set --
    [ -z "${arg_service:-}" ] || set -- -s "$arg_service"
    set -- "$@" "$arg_database"
    [ -z "${arg_key+x}" ] || set -- "$@" "$arg_key"
    m_capture getent "$@"
  else
    getent_file
  fi
  case $m_rc in
    0) ;;
    1) m_fail 'Missing arguments, or database unknown.' ;;
    2)
      [ "$arg_fail_key" = false ] || m_fail 'One or more supplied key could not be found in the database.'
      m_dict ansible_facts
      m_dict "getent_$arg_database"
      [ -z "${arg_key+x}" ] || m_null "$arg_key"
      m_close
      m_close
      m_str msg 'One or more supplied key could not be found in the database.'
      return 0
      ;;
    3) m_fail 'Enumeration not supported on this database.' ;;
    *) m_fail "Unexpected failure! $m_err" ;;
  esac
  m_dict ansible_facts
  m_dict "getent_$arg_database"
  set -f
  m_old_ifs=$IFS
  while IFS= read -r getent_line; do
    [ -n "$getent_line" ] || continue
    [ -z "$getent_split" ] || IFS=$getent_split
    # A colon at the end makes no field of its own for a shell, but is one here.
    # shellcheck disable=SC2086
    set -- $getent_line
    IFS=$m_old_ifs
    getent_key=$1
    shift
    m_list "$getent_key"
    for m_each in "$@"; do m_str '' "$m_each"; done
    case $getent_split:$getent_line in
      ::*:) m_str '' '' ;;
    esac
    m_close
  done <<GETENT_END
$m_out
GETENT_END
  set +f
  m_close
  m_close
}

# Without the command: the files of the databases that are files everywhere.
getent_file() {
  case $arg_database in
    passwd | group | shadow | hosts | services | protocols) ;;
    *) m_fail "the command getent is not on the host, and the database $arg_database is no plain file" ;;
  esac
  m_out='' m_rc=0
  while IFS= read -r m_each; do
    case $m_each in
      '#'* | '') continue ;;
    esac
    if [ -n "${arg_key+x}" ]; then
      case $m_each in
        "$arg_key":* | "$arg_key"[[:space:]]*) ;;
        *) continue ;;
      esac
    fi
    m_out=$m_out$m_each$m_nl
  done <"/etc/$arg_database"
  [ -n "$m_out" ] || m_rc=2
}
