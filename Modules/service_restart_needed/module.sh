# shellcheck shell=sh
# Input: name, exclude, state. Results: needed, services, excluded, other, restarted. `patch_facts` calls restart_find, too.

service_restart_needed_main() {
  m_plain_locale
  m_need systemctl systemd
  restart_find
  eval "set -- ${arg_exclude:-}"
  restart_kept='' restart_excluded=
  for restart_one in $restart_services; do
    if restart_among "$restart_one" "$@"; then
      restart_excluded="$restart_excluded $restart_one"
    else
      restart_kept="$restart_kept $restart_one"
    fi
  done
  eval "set -- ${arg_name:-}"
  if [ $# -gt 0 ]; then
    restart_services=$restart_kept restart_kept=
    for restart_one in $restart_services; do
      if restart_among "$restart_one" "$@"; then restart_kept="$restart_kept $restart_one"; fi
    done
  fi
  # shellcheck disable=SC2086
  set -- $restart_kept
  if [ $# = 0 ]; then m_bool needed false; else m_bool needed true; fi
  m_strings services "$@"
  # shellcheck disable=SC2086
  m_strings excluded $restart_excluded
  # shellcheck disable=SC2086
  m_strings other $restart_other
  [ "$arg_state" = restarted ] || set --
  m_strings restarted "$@"
  for restart_one in "$@"; do
    m_must systemctl restart "$restart_one"
  done
}

# restart_among UNIT NAME...: true if the service is one of the names, which may stand without .service.
restart_among() {
  m_contains "$@" && return 0
  restart_unit=${1%.service}
  shift
  m_contains "$restart_unit" "$@"
}

# Sets restart_services and restart_other: the units of processes that run code from files that have been replaced. PROC is for tests.
restart_find() {
  restart_services='' restart_other=
  restart_proc=${MARTLET_PROC:-/proc}
  # Code is what is mapped for execution; memory that programs make for themselves has no inode or no such path.
  restart_maps=$(cd "$restart_proc" 2>/dev/null && grep -slE \
    '^[^ ]+ r-x[ps] [^ ]+ [^ ]+ [1-9][0-9]* +/(usr|lib|lib32|lib64|bin|sbin|opt|srv)/.* \(deleted\)$' -- [0-9]*/maps)
  for restart_one in $restart_maps; do
    restart_unit=
    # The process may have ended meanwhile.
    while IFS= read -r restart_line; do
      case $restart_line in
        0::/* | *:name=systemd:/*) restart_unit_of "${restart_line##*:}" ;;
      esac
      [ -z "$restart_unit" ] || break
    done 2>/dev/null <"$restart_proc/${restart_one%/maps}/cgroup"
    case $restart_unit in
      '') ;;
      *.service) restart_add_service ;;
      *) case " $restart_other " in *" $restart_unit "*) ;; *) restart_other="$restart_other $restart_unit" ;; esac ;;
    esac
  done
}

restart_add_service() {
  case " $restart_services " in
    *" $restart_unit "*) ;;
    *) restart_services="$restart_services $restart_unit" ;;
  esac
}

# restart_unit is the outermost service or scope of a control group: what runs inside a user's manager is the user's session.
restart_unit_of() {
  restart_unit=
  restart_rest=${1#/}/
  while [ -n "$restart_rest" ]; do
    case ${restart_rest%%/*} in
      user@*.service | *.scope)
        restart_unit=${restart_rest%%/*}
        [ "${restart_unit%.service}" = "$restart_unit" ] || restart_unit=${restart_unit%.service}.session
        return 0
        ;;
      *.service)
        restart_unit=${restart_rest%%/*}
        return 0
        ;;
    esac
    restart_rest=${restart_rest#*/}
  done
}
