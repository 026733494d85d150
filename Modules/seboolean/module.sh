# shellcheck shell=sh
# Input: name, state, persistent, ignore_selinux_state. Results: name, state, persistent.

seboolean_main() {
  m_plain_locale
  m_need getsebool libselinux-utils
  if [ "$arg_ignore_selinux_state" = false ]; then
    selinuxenabled 2>/dev/null || m_fail 'SELinux is disabled on this host.'
  fi
  m_str name "$arg_name"
  m_bool state "$arg_state"
  m_bool persistent "$arg_persistent"
  if [ "$arg_state" = true ]; then seboolean_wanted=on; else seboolean_wanted=off; fi
  m_capture getsebool "$arg_name"
  [ "$m_rc" = 0 ] || m_fail "SELinux boolean $arg_name does not exist."
  seboolean_is=${m_out##*--> }
  seboolean_kept=$seboolean_is
  [ "$arg_persistent" = false ] || seboolean_stored
  if [ "$seboolean_is $seboolean_kept" = "$seboolean_wanted $seboolean_wanted" ]; then return 0; fi
  if [ "$arg_persistent" = true ]; then set -- -P "$arg_name"; else set -- "$arg_name"; fi
  m_must setsebool "$@" "$seboolean_wanted"
}

# What the policy store holds: semanage prints `NAME (on , off) text`, the state now and the one kept.
seboolean_stored() {
  m_has semanage || return 0
  m_capture semanage boolean -l -n
  while IFS= read -r m_each; do
    case $m_each in
      "$arg_name "*)
        seboolean_kept=${m_each#*,}
        m_trim "${seboolean_kept%%)*}"
        seboolean_kept=$m_result
        ;;
    esac
  done <<SEBOOLEAN_END
$m_out
SEBOOLEAN_END
}
