# shellcheck shell=sh
# Input: see module.yml. Results: name, status.

sysvinit_main() {
  m_plain_locale
  m_str name "$arg_name"
  case $arg_name in
    /*) sysvinit_script=$arg_name ;;
    *) sysvinit_script=/etc/init.d/$arg_name ;;
  esac
  [ -e "$sysvinit_script" ] || m_fail "Could not find the requested service $arg_name: host"
  sysvinit_look
  m_dict status
  sysvinit_enable
  sysvinit_state
  m_close
}

# sysvinit_runs: what the process list, or the script's status, says. Its words count more than its exit status.
sysvinit_look() {
  sysvinit_runs=false
  if [ -n "${arg_pattern:-}" ]; then
    if sysvinit_has_process "$arg_pattern"; then sysvinit_runs=true; fi
    return 0
  fi
  if m_has service && [ "$sysvinit_script" != "$arg_name" ]; then
    m_capture service "$arg_name" status
  else
    m_capture "$sysvinit_script" status
  fi
  sysvinit_said=$(m_put "$m_out" | tr '[:upper:]' '[:lower:]')
  m_replace "$sysvinit_said" "$(m_put "$arg_name" | tr '[:upper:]' '[:lower:]')" ''
  case $m_result in
    *"$m_nl"*) ;;
    *stop* | *'is dead '* | *'dead but '* | *'could not access pid file'* | *inactive*) return 0 ;;
    *'not '*) ;;
    *run* | *start* | *active*)
      sysvinit_runs=true
      return 0
      ;;
  esac
  case $m_rc in
    1 | 2 | 3 | 4 | 69) ;;
    0) sysvinit_runs=true ;;
    *)
      if sysvinit_has_process "$arg_name"; then
        sysvinit_runs=true
        m_warn 'Used ps output to match service name and determine it is up, this is very unreliable'
      else
        m_warn 'Unable to determine if service is up, assuming it is down'
      fi
      ;;
  esac
}

# BusyBox's ps takes no options, and needs none.
sysvinit_has_process() {
  m_capture ps auxww
  [ "$m_rc" = 0 ] || m_capture ps
  case $m_out in
    *"$1"*) return 0 ;;
  esac
  return 1
}

sysvinit_is_enabled() {
  if [ -d /etc/rc0.d ]; then sysvinit_levels=/etc; else sysvinit_levels=/etc/init.d; fi
  # shellcheck disable=SC2231 # a runlevel may be a pattern
  for m_each in "$sysvinit_levels"/rc${1:-?}.d/S??"$arg_name"; do
    if [ -e "$m_each" ] || [ -L "$m_each" ]; then return 0; fi
  done
  return 1
}

sysvinit_enable() {
  sysvinit_open enabled
  eval "set -- ${arg_runlevels:-}"
  [ $# = 0 ] || m_strings runlevels "$@"
  sysvinit_differs=false
  if [ -n "${arg_enabled:-}" ]; then
    [ $# -gt 0 ] || set -- ''
    for sysvinit_level in "$@"; do
      sysvinit_now=false
      if sysvinit_is_enabled "$sysvinit_level"; then sysvinit_now=true; fi
      [ "$sysvinit_now" = "$arg_enabled" ] || sysvinit_differs=true
    done
    [ -n "$1" ] || set --
  fi
  if [ "$sysvinit_differs" = false ]; then
    sysvinit_close
    return 0
  fi
  m_changed=true
  if [ "$m_check" = false ]; then sysvinit_set "$@"; fi
  case ${m_err:-} in
    *'illegal runlevel specified'*) m_fail "Illegal runlevel specified for enable operation on service $arg_name" ;;
  esac
  sysvinit_close acted
}

sysvinit_set() {
  if m_has update-rc.d; then
    case $arg_enabled:$# in
      true:0) m_capture update-rc.d "$arg_name" defaults ;;
      true:*) m_capture update-rc.d "$arg_name" enable "$@" ;;
      *) m_capture update-rc.d "$arg_name" disable "$@" ;;
    esac
  else
    m_need chkconfig
    sysvinit_word=off
    [ "$arg_enabled" = false ] || sysvinit_word=on
    IFS=
    if [ $# -gt 0 ]; then
      m_capture chkconfig --level "$*" "$arg_name" "$sysvinit_word"
    else
      m_capture chkconfig "$arg_name" "$sysvinit_word"
    fi
    IFS=' 	
'
  fi
}

sysvinit_state() {
  [ -n "${arg_state:-}" ] || return 0
  sysvinit_open "$arg_state"
  case $arg_state:$sysvinit_runs in
    started:true | stopped:false)
      sysvinit_close
      return 0
      ;;
  esac
  m_changed=true
  if [ "$m_check" = false ]; then
    case $arg_state in
      started) sysvinit_do start ;;
      stopped) sysvinit_do stop ;;
      reloaded) sysvinit_do reload ;;
      *)
        sysvinit_do stop
        sleep "$arg_sleep"
        sysvinit_do start
        sleep "$arg_sleep"
        ;;
    esac
  fi
  sysvinit_close acted
}

# The further words are words of a command line, as the script's users write them.
sysvinit_do() {
  # shellcheck disable=SC2086
  if [ "$arg_daemonize" = true ] && m_has setsid; then
    m_capture setsid "$sysvinit_script" "$1" ${arg_arguments:-}
  else
    m_capture "$sysvinit_script" "$1" ${arg_arguments:-}
  fi
  [ "$m_rc" = 0 ] || sysvinit_refused
}

sysvinit_refused() {
  m_close
  m_close
  m_int rc "$m_rc"
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  case $arg_state in
    stopped) sysvinit_word=stop ;;
    *) sysvinit_word=${arg_state%ed} ;;
  esac
  m_fail "Failed to $sysvinit_word service: $arg_name"
}

sysvinit_open() { m_dict "$1"; }

# sysvinit_close [acted]: what was run and what it said, or that nothing was.
sysvinit_close() {
  if [ "${1:-}" = acted ] && [ "$m_check" = false ]; then
    m_bool changed true
    m_int rc "$m_rc"
    m_str stdout "$m_out"
    m_str stderr "$m_err"
  else
    if [ "${1:-}" = acted ]; then m_bool changed true; else m_bool changed false; fi
    m_null rc
    m_null stdout
    m_null stderr
  fi
  m_close
}
