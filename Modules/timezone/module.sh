# shellcheck shell=sh
# Input: name. Results: none but the difference.

timezone_main() {
  case $arg_name in
    /* | *..* | *[!A-Za-z0-9_+/-]*) m_fail "'$arg_name' is no name of a time zone" ;;
  esac
  [ -e "/usr/share/zoneinfo/$arg_name" ] || [ "$arg_name" = UTC ] || m_fail "given timezone \"$arg_name\" is not available"
  timezone_link=$(readlink -n /etc/localtime 2>/dev/null)
  timezone_now=${timezone_link##*/zoneinfo/}
  timezone_text=$timezone_now
  if [ -r /etc/timezone ]; then read -r timezone_text </etc/timezone; fi
  if [ "$timezone_now" = "$arg_name" ] && [ "$timezone_text" = "$arg_name" ]; then return 0; fi
  if [ -z "$timezone_link" ] && [ ! -e /etc/localtime ] && [ "$arg_name" = UTC ]; then return 0; fi
  m_changed=true
  m_diff_text timezone timezone "name: $timezone_now$m_nl" "name: $arg_name$m_nl"
  [ "$m_check" = false ] || return 0
  m_diff=false
  if m_has timedatectl && [ -d /run/systemd/system ]; then
    m_must timedatectl set-timezone "$arg_name"
  else
    m_say=$(ln -sfn -- "/usr/share/zoneinfo/$arg_name" /etc/localtime 2>&1) || m_fail "cannot set /etc/localtime: $m_say"
  fi
  # Debian keeps the name in a file, too, and timedatectl leaves it alone.
  if [ -e /etc/timezone ]; then m_write_text /etc/timezone "$arg_name$m_nl"; fi
}
