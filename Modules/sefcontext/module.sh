# shellcheck shell=sh
# Input: see module.yml. Results: target, ftype, setype, substitute, state, seuser, serange.

sefcontext_main() {
  m_plain_locale
  m_need semanage policycoreutils-python-utils
  if [ "$arg_ignore_selinux_state" = false ]; then
    selinuxenabled 2>/dev/null || m_fail 'SELinux is disabled on this host.'
  fi
  if [ "$arg_state" = present ] && [ -z "${arg_setype:-}${arg_substitute:-}" ]; then
    m_fail 'state is present but any of the following are missing: setype, substitute'
  fi
  case $arg_target in
    *["$m_nl	"\ ]*) m_fail "a target has no blanks: $arg_target" ;;
  esac
  m_str target "$arg_target"
  m_str ftype "$arg_ftype"
  sefcontext_maybe setype "${arg_setype:-}"
  sefcontext_maybe substitute "${arg_substitute:-}"
  m_str state "$arg_state"
  sefcontext_find
  "sefcontext_$arg_state"
}

sefcontext_maybe() { if [ -n "$2" ]; then m_str "$1" "$2"; else m_null "$1"; fi; }

# Sets sefcontext_has to USER:ROLE:TYPE:LEVEL of the rule and sefcontext_equal to the path that the target stands for. semanage lists
# `TARGET  KIND OF FILES  CONTEXT` and, of substitutions, `TARGET = PATH`.
sefcontext_find() {
  case $arg_ftype in
    a) sefcontext_kind='all files' ;;
    b) sefcontext_kind='block device' ;;
    c) sefcontext_kind='character device' ;;
    d) sefcontext_kind=directory ;;
    f) sefcontext_kind='regular file' ;;
    l) sefcontext_kind='symbolic link' ;;
    p) sefcontext_kind='named pipe' ;;
    *) sefcontext_kind=socket ;;
  esac
  m_capture semanage fcontext -l -n
  [ "$m_rc" = 0 ] || m_fail_command semanage fcontext -l -n
  sefcontext_has='' sefcontext_equal=
  while read -r sefcontext_path sefcontext_rest; do
    [ "$sefcontext_path" = "$arg_target" ] || continue
    case $sefcontext_rest in
      '= '*) sefcontext_equal=${sefcontext_rest#= } ;;
      "$sefcontext_kind "*) sefcontext_has=${sefcontext_rest##* } ;;
    esac
  done <<SEFCONTEXT_END
$m_out
SEFCONTEXT_END
}

sefcontext_do() {
  [ "$arg_reload" = true ] || set -- "$@" -N
  m_must semanage fcontext "$@" -- "$arg_target"
}

sefcontext_present() {
  if [ -n "${arg_substitute:-}" ]; then
    m_null seuser
    m_null serange
    [ "$sefcontext_equal" != "$arg_substitute" ] || return 0
    if [ -n "$sefcontext_equal" ]; then sefcontext_word=-m; else sefcontext_word=-a; fi
    sefcontext_tell 'file context path substitutions' "${sefcontext_equal:+$arg_target = $sefcontext_equal}" "$arg_target = $arg_substitute"
    sefcontext_do "$sefcontext_word" -e "$arg_substitute"
    return 0
  fi
  sefcontext_split "${sefcontext_has:-system_u:object_r::s0}"
  sefcontext_user=${arg_seuser:-$sefcontext_user} sefcontext_range=${arg_selevel:-$sefcontext_range}
  m_str seuser "$sefcontext_user"
  m_str serange "$sefcontext_range"
  sefcontext_new=$sefcontext_user:$sefcontext_role:$arg_setype:$sefcontext_range
  [ "$sefcontext_has" != "$sefcontext_new" ] || return 0
  if [ -n "$sefcontext_has" ]; then sefcontext_word=-m; else sefcontext_word=-a; fi
  sefcontext_line=
  [ -z "$sefcontext_has" ] || sefcontext_line="$arg_target      $arg_ftype      $sefcontext_has"
  sefcontext_tell 'file context mappings' "$sefcontext_line" "$arg_target      $arg_ftype      $sefcontext_new"
  sefcontext_do "$sefcontext_word" -t "$arg_setype" -f "$arg_ftype" -s "$sefcontext_user" -r "$sefcontext_range"
}

# A level may have colons.
sefcontext_split() {
  sefcontext_user=${1%%:*}
  sefcontext_rest=${1#*:}
  sefcontext_role=${sefcontext_rest%%:*}
  sefcontext_rest=${sefcontext_rest#*:}
  sefcontext_range=${sefcontext_rest#*:}
}

sefcontext_absent() {
  if [ -n "$sefcontext_has" ] && [ -z "${arg_substitute:-}" ]; then
    sefcontext_tell 'file context mappings' "$arg_target      $arg_ftype      $sefcontext_has" ''
    sefcontext_do -d -f "$arg_ftype"
  fi
  [ -n "$sefcontext_equal" ] && [ -z "${arg_setype:-}" ] || return 0
  [ "${arg_substitute:-$sefcontext_equal}" = "$sefcontext_equal" ] || return 0
  sefcontext_tell 'file context path substitutions' "$arg_target = $sefcontext_equal" ''
  sefcontext_do -d -e "$sefcontext_equal"
}

# sefcontext_tell WHAT BEFORE AFTER: the difference, as semanage would have it.
sefcontext_tell() {
  case ${2:+has}:${3:+has} in
    has:has) sefcontext_word_for=Change ;;
    has:) sefcontext_word_for=Deletion ;;
    *) sefcontext_word_for=Addition ;;
  esac
  m_diff_prepared "# $sefcontext_word_for to semanage $1$m_nl${2:+-$2$m_nl}${3:++$3$m_nl}"
}
