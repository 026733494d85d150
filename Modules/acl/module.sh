# shellcheck shell=sh
# Input: see module.yml. Results: acl, msg.

acl_main() {
  m_plain_locale
  m_need setfacl acl
  [ -e "$arg_path" ] || m_fail 'Path not found or not accessible.'
  acl_entry_of
  case $arg_state in
    present)
      acl_change -m "$acl_entry"
      m_str msg "$acl_entry is present"
      ;;
    absent)
      acl_change -x "$acl_entry"
      m_str msg "$acl_entry is absent"
      ;;
    query) m_str msg 'current acl' ;;
  esac
  acl_show
}

# acl_entry is what setfacl takes; acl_default whether it is for new files.
acl_entry_of() {
  acl_entry='' acl_default=$arg_default
  if [ -n "${arg_entry:-}" ]; then
    [ -z "$arg_entity${arg_etype:-}${arg_permissions:-}" ] || m_fail "'entry' MUST NOT be set when 'entity', 'etype' or 'permissions' are set."
    acl_entry=$arg_entry
    case $acl_entry in
      d:* | default:*) acl_default=true acl_entry=${acl_entry#*:} ;;
    esac
    acl_spell
  elif [ -n "${arg_etype:-}" ]; then
    acl_entry=$arg_etype:$arg_entity${arg_permissions:+:$arg_permissions}
  fi
  case $arg_state in
    query) return 0 ;;
    present) [ -n "${arg_entry:-}${arg_permissions:-}" ] || m_fail "'permissions' MUST be set when 'state' is 'present'" ;;
  esac
  [ -n "$acl_entry" ] || m_fail "'entry' or 'etype' MUST be set"
  if [ "$arg_recursive$acl_default" = truetrue ] && [ ! -d "$arg_path" ]; then m_fail 'a default entry is for directories'; fi
  # An entry that goes has no permissions.
  case $arg_state:$acl_entry in
    absent:*:*:*) acl_entry=${acl_entry%:*} ;;
  esac
}

# u:joe is user:joe.
acl_spell() {
  case $acl_entry in
    u:*) acl_entry=user:${acl_entry#*:} ;;
    g:*) acl_entry=group:${acl_entry#*:} ;;
    m:*) acl_entry=mask:${acl_entry#*:} ;;
    o:*) acl_entry=other:${acl_entry#*:} ;;
  esac
}

# acl_change -m|-x ENTRY: setfacl --test tells what would change: a line that ends in *,* is one that stays.
acl_change() {
  set -- "$1" "$2"
  [ "$arg_recursive" = false ] || set -- --recursive "$@"
  [ "$arg_follow" = true ] || set -- --physical "$@"
  case $arg_recalculate_mask in
    mask) set -- --mask "$@" ;;
    no_mask) set -- --no-mask "$@" ;;
  esac
  [ "$acl_default" = false ] || set -- -d "$@"
  m_capture setfacl --test "$@" -- "$arg_path"
  [ "$m_rc" = 0 ] || m_fail_command setfacl "$@" -- "$arg_path"
  while IFS= read -r m_each; do
    case $m_each in
      '' | *': *,*') ;;
      *)
        m_must setfacl "$@" -- "$arg_path"
        return 0
        ;;
    esac
  done <<ACL_END
$m_out
ACL_END
}

acl_show() {
  set -- --omit-header --absolute-names
  [ "$arg_recursive" = false ] || set -- "$@" --recursive
  [ "$arg_follow" = true ] || set -- "$@" --physical
  [ "$acl_default" = false ] || set -- -d "$@"
  m_capture getfacl "$@" -- "$arg_path"
  [ "$m_rc" = 0 ] || m_fail_command getfacl "$@" -- "$arg_path"
  m_list acl
  while IFS= read -r m_each; do
    case $m_each in
      '' | '#'*) ;;
      *) m_str '' "$m_each" ;;
    esac
  done <<ACL_END
$m_out
ACL_END
  m_close
}
