# shellcheck shell=sh
# Input: name, value, state, sysctl_file, sysctl_set, reload, ignoreerrors. Results: none but the difference.

sysctl_main() {
  case $arg_name in
    '' | *"$m_nl"*) m_fail 'name cannot be blank' ;;
  esac
  sysctl_value=
  if [ -n "${arg_value+x}" ]; then
    m_trim "$arg_value"
    sysctl_normal "$m_result"
    sysctl_value=$m_result
  fi
  if [ "$arg_state" = present ] && [ "$arg_sysctl_set" = true ]; then sysctl_now; fi
  sysctl_file
}

# m_result is a value with single blanks between its words, and yes and no as the kernel writes them.
sysctl_normal() {
  case $1 in
    [Yy] | [Yy]es | YES | [Tt]rue | TRUE | [Oo]n | ON) m_result=1 ;;
    [Nn] | [Nn]o | NO | [Ff]alse | FALSE | [Oo]ff | OFF) m_result=0 ;;
    *)
      set -f
      # shellcheck disable=SC2086
      set -- $1
      set +f
      m_result=$*
      ;;
  esac
}

# The kernel's own value: dots and slashes change places, so that net/ipv4/conf/eth0.1 can be named.
sysctl_now() {
  case $arg_name in
    */*) sysctl_path=/proc/sys/$arg_name ;;
    *)
      m_replace "$arg_name" . /
      sysctl_path=/proc/sys/$m_result
      ;;
  esac
  if [ ! -e "$sysctl_path" ]; then
    [ "$arg_ignoreerrors" = false ] || return 0
    m_fail "setting $arg_name failed: sysctl: cannot stat $sysctl_path: No such file or directory"
  fi
  m_read_text "$sysctl_path"
  sysctl_normal "$m_result"
  [ "$m_result" != "$sysctl_value" ] || return 0
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_say=$(m_put "$sysctl_value" 2>&1 >"$sysctl_path") || [ "$arg_ignoreerrors" = true ] || m_fail "setting $arg_name failed: $m_say"
}

# The file's line with the name is replaced or removed; a new one goes to the end.
sysctl_file() {
  if [ -L "$arg_sysctl_file" ]; then arg_sysctl_file=$(readlink -f -- "$arg_sysctl_file"); fi
  m_read_text "$arg_sysctl_file"
  sysctl_old=$m_result sysctl_rest=$m_result sysctl_new='' sysctl_found=false
  case $sysctl_rest in
    '' | *"$m_nl") ;;
    *) sysctl_rest=$sysctl_rest$m_nl ;;
  esac
  while [ -n "$sysctl_rest" ]; do
    sysctl_line=${sysctl_rest%%"$m_nl"*}
    sysctl_rest=${sysctl_rest#*"$m_nl"}
    m_trim "${sysctl_line%%=*}"
    case $m_result:$sysctl_line in
      "$arg_name":*=*)
        [ "$arg_state" = present ] || continue
        # The last of several lines counts: it is the one that stays.
        m_trim "${sysctl_line#*=}"
        sysctl_normal "$m_result"
        [ "$sysctl_found" = false ] || continue
        sysctl_found=true
        [ "$m_result" = "$sysctl_value" ] || sysctl_line=$arg_name=$sysctl_value
        ;;
    esac
    sysctl_new=$sysctl_new$sysctl_line$m_nl
  done
  if [ "$arg_state" = present ] && [ "$sysctl_found" = false ]; then sysctl_new=$sysctl_new$arg_name=$sysctl_value$m_nl; fi
  [ "$sysctl_new" != "$sysctl_old" ] || return 0
  [ -n "$sysctl_new$sysctl_old" ] || return 0
  m_write_text "$arg_sysctl_file" "$sysctl_new" 0644
  if [ "$arg_reload" = true ] && [ "$m_check" = false ]; then
    m_need sysctl procps
    m_capture sysctl -p "$arg_sysctl_file"
    [ "$m_rc" = 0 ] || [ "$arg_ignoreerrors" = true ] || m_fail "Failed to reload sysctl: $m_out$m_err"
  fi
}
