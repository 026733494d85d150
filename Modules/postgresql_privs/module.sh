# shellcheck shell=sh
# Input: see module.yml. Results: queries.

postgresql_privs_main() {
  pg_begin "$arg_database"
  privs_roles
  if [ -z "$privs_to" ]; then
    m_strings queries
    return 0
  fi
  if [ "$arg_type" = default_privs ]; then
    privs_default
  else
    privs_objects
    privs_statement
  fi
  # The access lists of everything that can be granted, before and after, in one transaction.
  privs_lists="SELECT md5(concat_ws('|',
    (SELECT string_agg(oid || ':' || coalesce(relacl::text, ''), ',' ORDER BY oid) FROM pg_class),
    (SELECT string_agg(oid || ':' || coalesce(proacl::text, ''), ',' ORDER BY oid) FROM pg_proc WHERE proacl IS NOT NULL),
    (SELECT string_agg(oid || ':' || coalesce(nspacl::text, ''), ',' ORDER BY oid) FROM pg_namespace),
    (SELECT string_agg(oid || ':' || coalesce(datacl::text, ''), ',' ORDER BY oid) FROM pg_database),
    (SELECT string_agg(oid || ':' || coalesce(spcacl::text, ''), ',' ORDER BY oid) FROM pg_tablespace),
    (SELECT string_agg(oid || ':' || coalesce(lanacl::text, ''), ',' ORDER BY oid) FROM pg_language),
    (SELECT string_agg(oid || ':' || coalesce(typacl::text, ''), ',' ORDER BY oid) FROM pg_type WHERE typacl IS NOT NULL),
    (SELECT string_agg(oid || ':' || coalesce(fdwacl::text, ''), ',' ORDER BY oid) FROM pg_foreign_data_wrapper),
    (SELECT string_agg(oid || ':' || coalesce(srvacl::text, ''), ',' ORDER BY oid) FROM pg_foreign_server),
    (SELECT string_agg(oid || ':' || defaclacl::text, ',' ORDER BY oid) FROM pg_default_acl),
    (SELECT string_agg(roleid || ':' || member || ':' || admin_option, ',' ORDER BY roleid, member) FROM pg_auth_members)));"
  if [ "$m_check" = true ]; then privs_end=ROLLBACK; else privs_end=COMMIT; fi
  m_capture pg_run "\\set QUIET on${m_nl}BEGIN;$m_nl$privs_lists$m_nl$privs_text;$m_nl$privs_lists$m_nl$privs_end;"
  [ "$m_rc" = 0 ] || m_fail "PostgreSQL refuses it: ${m_err#*ERROR:  }"
  [ "${m_out%%"$m_nl"*}" = "${m_out##*"$m_nl"}" ] || m_changed=true
  m_strings queries "$privs_text"
}

# privs_each TEXT FUNCTION: calls a function for each of the words between commas.
privs_each() {
  m_old_ifs=$IFS
  IFS=,
  # shellcheck disable=SC2086
  set -f -- "$2" $1
  set +f
  IFS=$m_old_ifs
  privs_function=$1
  shift
  for privs_one in "$@"; do
    m_trim "$privs_one"
    [ -z "$m_result" ] || "$privs_function" "$m_result"
  done
}

privs_roles() {
  privs_to=
  privs_each "$arg_roles" privs_role
}

privs_role() {
  if [ "$(m_put "$1" | tr '[:lower:]' '[:upper:]')" = PUBLIC ]; then
    privs_to="$privs_to${privs_to:+, }PUBLIC"
  elif [ "$(pg_sql "SELECT count(*) FROM pg_roles WHERE rolname = $(pg_literal "$1")")" = 1 ]; then
    privs_to="$privs_to${privs_to:+, }$(pg_name "$1")"
  elif [ "$m_check" = true ]; then
    # An earlier step may be about to make it.
    m_changed=true
  elif [ "$arg_fail_on_role" = true ]; then
    m_fail "Role '$1' does not exist"
  else
    m_warn "Role '$1' does not exist, pass it"
  fi
}

privs_object() {
  privs_named="$privs_named${privs_named:+, }$privs_schema$(privs_object_name "$1")"
}

# A function stands with the types of its arguments, with : for the commas between them.
privs_object_name() {
  case $arg_type:$1 in
    function:*\(* | procedure:*\(*)
      m_replace "(${1#*\(}" : ,
      case $m_result in
        *[\;\'\"-]*) m_fail "no types of arguments: $1" ;;
      esac
      m_put "$(pg_name "${1%%\(*}")$m_result"
      ;;
    *) pg_name "$1" ;;
  esac
}

# New objects of some kinds get them, made by some roles, in one schema or all.
privs_default() {
  [ "${arg_objs:-}" != ALL_DEFAULT ] || arg_objs=TABLES,SEQUENCES,FUNCTIONS,TYPES
  [ -n "${arg_objs:-}" ] || m_fail 'objs is required for type default_privs'
  [ -n "${arg_privs:-}" ] || m_fail 'privs is required for type default_privs'
  privs_what='' privs_owners='' privs_all=
  privs_each "$arg_privs" privs_privilege
  privs_each "${arg_target_roles:-}" privs_owner
  privs_where="${privs_owners:+ FOR ROLE $privs_owners}"
  [ "${arg_schema:-}" = not-specified ] || privs_where="$privs_where IN SCHEMA $(pg_name "${arg_schema:-public}")"
  privs_each "$arg_objs" privs_default_kind
  privs_text=$privs_all
}

privs_owner() { privs_owners="$privs_owners${privs_owners:+, }$(pg_name "$1")"; }

privs_default_kind() {
  case $1 in
    TABLES | SEQUENCES | FUNCTIONS | TYPES) ;;
    *) m_fail "Invalid default privileges object specified: $1; TABLES, SEQUENCES, FUNCTIONS, TYPES or ALL_DEFAULT would be right" ;;
  esac
  privs_on=" ON $1" privs_option=GRANT
  privs_compose "ALTER DEFAULT PRIVILEGES$privs_where "
  privs_all="$privs_all${privs_all:+;$m_nl}$privs_text"
}

privs_objects() {
  privs_named='' privs_schema=
  privs_kind=$(m_put "$arg_type" | tr '[:lower:]_' '[:upper:] ')
  case $arg_type:${arg_objs:-} in
    table:ALL_IN_SCHEMA | sequence:ALL_IN_SCHEMA | function:ALL_IN_SCHEMA | procedure:ALL_IN_SCHEMA)
      privs_named="ALL ${privs_kind}S IN SCHEMA $(pg_name "${arg_schema:-public}")"
      privs_kind=
      return 0
      ;;
    table:* | sequence:* | function:* | procedure:* | type:*) privs_schema="$(pg_name "${arg_schema:-public}")." ;;
    database:) arg_objs=$arg_database ;;
    foreign_*) privs_kind="FOREIGN ${privs_kind#FOREIGN }" ;;
  esac
  [ -n "${arg_objs:-}" ] || m_fail "objs is required for type $arg_type"
  privs_each "$arg_objs" privs_object
}

privs_privilege() {
  privs_upper=$(m_put "$1" | tr '[:lower:]' '[:upper:]')
  case $privs_upper in
    ALL | 'ALL PRIVILEGES' | SELECT | INSERT | UPDATE | DELETE | TRUNCATE | REFERENCES | TRIGGER | CREATE | CONNECT | TEMPORARY | TEMP | EXECUTE | USAGE) ;;
    *) m_fail "Invalid privileges specified: $1" ;;
  esac
  privs_what="$privs_what${privs_what:+, }$privs_upper"
}

privs_statement() {
  privs_what=
  if [ "$arg_type" = group ]; then
    privs_what=$privs_named privs_on=
    privs_option=ADMIN
  else
    [ -n "${arg_privs:-}" ] || m_fail "privs is required for type $arg_type"
    privs_each "$arg_privs" privs_privilege
    privs_on=" ON $privs_kind${privs_kind:+ }$privs_named"
    privs_option=GRANT
  fi
  privs_compose ''
}

# privs_compose BEGINNING: privs_text is what grants or revokes privs_what.
privs_compose() {
  if [ "$arg_state" = absent ]; then
    privs_text="$1REVOKE $privs_what$privs_on FROM $privs_to"
  else
    privs_text="$1GRANT $privs_what$privs_on TO $privs_to"
    [ "${arg_grant_option:-false}" = false ] || privs_text="$privs_text WITH $privs_option OPTION"
    [ "${arg_grant_option:-}" != false ] || privs_text="$privs_text;${m_nl}$1REVOKE $privs_option OPTION FOR $privs_what$privs_on FROM $privs_to"
  fi
}
