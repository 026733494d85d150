# shellcheck shell=sh
# Input: see module.yml. Results: meta.

yum_versionlock_main() {
  m_plain_locale
  m_need yum
  m_capture yum versionlock list
  case $m_rc:$m_err in
    0:*) ;;
    *'o such command:'*) m_fail "Error: Please install rpm package yum-plugin-versionlock : $m_err$m_out" ;;
    *) m_fail "Error: $m_err$m_out" ;;
  esac
  yv_locked=$m_out
  eval "set -- $arg_name"
  yv_all=$arg_name yv_wanted=''
  for yv_one in "$@"; do
    if yv_is_locked; then yv_there=true; else yv_there=false; fi
    case $arg_state:$yv_there in
      present:false | absent:true)
        m_quote "$yv_one"
        yv_wanted="$yv_wanted $m_result"
        ;;
    esac
  done
  if [ -n "$yv_wanted" ]; then
    m_changed=true
    if [ "$arg_state" = present ]; then yv_word=add; else yv_word=delete; fi
    if [ "$m_check" = false ]; then
      eval "m_capture yum -q versionlock $yv_word $yv_wanted"
      case $m_rc:$m_out in
        *'No package found for'*) m_fail "$m_out" ;;
        0:*) ;;
        *) m_fail "Error: $m_err$m_out" ;;
      esac
    fi
  fi
  m_dict meta
  eval "m_strings packages $yv_all"
  m_str state "$arg_state"
  m_close
}

# Entries are epoch:name-version-release.arch with yum, name-epoch:version-release.arch with dnf; yv_one may have wildcards.
yv_is_locked() {
  set -f
  for m_each in $yv_locked; do
    m_each=${m_each%.\*}
    [ "$m_each" != "$yv_one" ] || { set +f && return 0; }
    case $m_each in
      *-*-*) ;;
      *) continue ;;
    esac
    m_each=${m_each%-*-*}
    case $m_each in
      [0-9]*:*) m_each=${m_each#*:} ;;
    esac
    # shellcheck disable=SC2254
    case $m_each in
      $yv_one) set +f && return 0 ;;
    esac
  done
  set +f
  return 1
}
