# shellcheck shell=sh
# Input: name, state, gid, system, local, non_unique, force, gid_min, gid_max. Results: name, state, system, gid.

group_main() {
  m_plain_locale
  m_str name "$arg_name"
  m_str state "$arg_state"
  if [ "$arg_local" = true ]; then
    [ -z "${arg_gid_min:-}" ] || m_fail "'gid_min' can not be used with 'local'"
    [ -z "${arg_gid_max:-}" ] || m_fail "'gid_max' can not be used with 'local'"
    [ "$arg_force" = false ] || m_fail 'force is not a valid option for local, force=True and local=True are mutually exclusive'
  fi
  group_find "$arg_name"
  if [ "$arg_state" = absent ]; then
    [ -z "$group_entry" ] || group_remove
    return 0
  fi
  m_bool system "$arg_system"
  if [ -z "$group_entry" ]; then
    group_add
  elif [ -n "${arg_gid:-}" ] && [ "$group_gid" != "$arg_gid" ]; then
    group_change
  fi
  [ -z "$group_gid" ] || m_int gid "$group_gid"
}

# Sets group_entry and group_gid; empty where there is no such group.
group_find() {
  group_entry='' group_gid=''
  if [ "$arg_local" = false ] && m_has getent; then
    group_entry=$(getent group "$1")
  else
    while IFS= read -r m_each; do
      case $m_each in
        "$1":*) group_entry=$m_each ;;
      esac
    done </etc/group
  fi
  [ -n "$group_entry" ] || return 0
  group_gid=${group_entry#*:*:}
  group_gid=${group_gid%%:*}
}

group_add() {
  if m_has groupadd; then
    set --
    [ -z "${arg_gid:-}" ] || set -- "$@" -g "$arg_gid"
    [ "$arg_non_unique" = false ] || set -- "$@" -o
    [ "$arg_system" = false ] || set -- "$@" -r
    [ -z "${arg_gid_min:-}" ] || set -- "$@" -K "GID_MIN=$arg_gid_min"
    [ -z "${arg_gid_max:-}" ] || set -- "$@" -K "GID_MAX=$arg_gid_max"
    m_must groupadd "$@" -- "$arg_name"
  else
    m_need addgroup
    set --
    [ -z "${arg_gid:-}" ] || set -- "$@" -g "$arg_gid"
    [ "$arg_system" = false ] || set -- "$@" -S
    m_must addgroup "$@" "$arg_name"
  fi
  [ "$m_check" = true ] || group_find "$arg_name"
}

group_change() {
  m_need groupmod shadow
  set -- -g "$arg_gid"
  [ "$arg_non_unique" = false ] || set -- "$@" -o
  m_must groupmod "$@" -- "$arg_name"
  [ "$m_check" = true ] || group_find "$arg_name"
}

group_remove() {
  if m_has groupdel; then
    set --
    [ "$arg_force" = false ] || set -- -f
    m_must groupdel "$@" -- "$arg_name"
  else
    m_must delgroup "$arg_name"
  fi
}
