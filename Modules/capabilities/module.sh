# shellcheck shell=sh
# Input: see module.yml. Results: state, msg, stdout.

capabilities_main() {
  m_plain_locale
  m_need getcap libcap2-bin
  m_need setcap libcap2-bin
  m_trim "$arg_path"
  caps_path=$m_result
  m_trim "$(m_put "$arg_capability" | tr '[:upper:]' '[:lower:]')"
  caps_split "$m_result"
  caps_name=$caps_one caps_wanted=$caps_flags
  [ "$arg_state" = absent ] || [ -n "$caps_wanted" ] || m_fail "Couldn't find operator (one of: ('=', '-', '+'))"
  caps_read
  if [ "$arg_state" = present ]; then
    [ "$caps_has" != "$caps_wanted" ] || caps_leave
    caps_others="$caps_others $caps_name$caps_wanted"
  else
    [ -n "$caps_has" ] || caps_leave
  fi
  m_changed=true
  m_str msg 'capabilities changed'
  [ "$m_check" = false ] || return 0
  m_str state "$arg_state"
  # Nothing at all is =.
  m_trim "$caps_others"
  m_capture setcap "${m_result:-=}" "$caps_path"
  [ "$m_rc" = 0 ] || m_fail "Unable to set capabilities of $caps_path: ${m_err:-$m_out}"
  m_str stdout "$m_out"
}

caps_leave() {
  m_str state "$arg_state"
  m_done
}

# caps_split TEXT: caps_one is the name, caps_flags the operator and the flags in order; + is as good as = for one capability.
caps_split() {
  caps_one=${1%%[-+=]*}
  caps_flags=${1#"$caps_one"}
  [ -n "$caps_flags" ] || return 0
  caps_letters=
  for m_each in e i p; do
    case $caps_flags in
      *"$m_each"*) caps_letters=$caps_letters$m_each ;;
    esac
  done
  case $caps_flags in
    -*) caps_flags=-$caps_letters ;;
    *) caps_flags=+$caps_letters ;;
  esac
}

# caps_has: the flags that the file's capability has; caps_others: what else it has.
caps_read() {
  caps_has='' caps_others=''
  m_capture getcap -v "$caps_path"
  if [ "$m_rc" != 0 ] || [ -n "$m_err" ]; then m_fail "Unable to get capabilities of $caps_path: ${m_err:-$m_out}"; fi
  case $m_out in
    *')') m_fail "Unable to get capabilities of $caps_path: $m_out" ;;
  esac
  caps_rest=${m_out#"$caps_path"}
  # Older ones print: PATH = cap_x+ep.
  caps_rest=${caps_rest#" ="}
  for caps_group in $caps_rest; do
    caps_operator=${caps_group##*,}
    caps_operator=${caps_operator#"${caps_operator%%[-+=]*}"}
    caps_names=${caps_group%"$caps_operator"},
    while [ -n "$caps_names" ]; do
      caps_split "$(m_put "${caps_names%%,*}$caps_operator" | tr '[:upper:]' '[:lower:]')"
      caps_names=${caps_names#*,}
      if [ "$caps_one" = "$caps_name" ]; then caps_has=$caps_flags; else caps_others="$caps_others $caps_one$caps_flags"; fi
    done
  done
}
