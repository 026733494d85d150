# shellcheck shell=sh
# Input: see module.yml. Results: diversion, commands, messages.

dpkg_divert_main() {
  m_plain_locale
  m_need dpkg-divert dpkg
  dd_look
  dd_before=$dd_state dd_before_holder=$dd_holder dd_before_target=$dd_target
  if [ "$arg_state" = present ]; then
    dd_wanted_holder=${arg_holder:-LOCAL}
    dd_wanted_target=${arg_divert:-$arg_path.distrib}
    set -- --divert "$dd_wanted_target" --add "$arg_path"
    [ -n "${arg_divert:-}" ] || set -- --add "$arg_path"
    if [ "$dd_wanted_holder" = LOCAL ]; then set -- --local "$@"; else set -- --package "$dd_wanted_holder" "$@"; fi
  else
    dd_wanted_holder='' dd_wanted_target=''
    set -- --remove "$arg_path"
  fi
  dd_rename=--no-rename
  [ "$arg_rename" = false ] || dd_rename=--rename
  m_words dpkg-divert "$dd_rename" "$@"
  dd_command=$m_result
  if [ "$arg_state:$dd_wanted_holder:$dd_wanted_target" = "$dd_state:$dd_holder:$dd_target" ]; then
    m_capture dpkg-divert --test "$dd_rename" "$@"
    m_strings commands "$dd_command"
    m_strings messages "$m_out"
  else
    m_changed=true
    dd_change "$@"
  fi
  dd_report
}

# dd_state, dd_holder and dd_target from what dpkg knows.
dd_look() {
  dd_state=absent dd_holder='' dd_target=''
  m_capture dpkg-divert --truename "$arg_path"
  [ "$m_out" != "$arg_path" ] || return 0
  [ "$m_rc" = 0 ] || m_fail_command dpkg-divert --truename "$arg_path"
  dd_target=$m_out
  m_capture dpkg-divert --listpackage "$arg_path"
  dd_state=present
  dd_holder=$m_out
}

dd_change() {
  m_capture dpkg-divert --test "$dd_rename" "$@"
  if [ "$m_rc" = 0 ]; then
    [ "$m_check" = true ] || m_must dpkg-divert "$dd_rename" "$@"
    m_strings commands "$dd_command"
    m_strings messages "$m_out"
  elif [ "$arg_state" != "$dd_before" ]; then
    dd_in_the_way "$@"
  else
    dd_anew "$@"
  fi
}

# A file stands where the renamed one shall go.
dd_in_the_way() {
  dd_other=$dd_wanted_target
  [ "$arg_state" = present ] || dd_other=$dd_before_target
  if [ "$arg_rename" = false ] || [ ! -e "$arg_path" ] || [ ! -e "$dd_other" ]; then
    dd_fail 'Unexpected error while changing state of the diversion.'
  fi
  [ "$arg_force" = true ] || dd_fail "Set 'force' param to True to force renaming of files."
  dd_remove=$arg_path
  [ "$arg_state" = absent ] || dd_remove=$dd_wanted_target
  m_strings commands "$dd_command"
  if [ "$m_check" = true ]; then
    m_strings messages ''
    return 0
  fi
  m_keep "$dd_remove"
  m_say=$(rm -f -- "$dd_remove" 2>&1) || dd_fail "Failed to remove $dd_remove: $m_say"
  m_kept "$dd_remove"
  m_must dpkg-divert "$dd_rename" "$@"
  m_strings messages "$m_out"
}

dd_fail() {
  m_str cmd "$dd_command"
  m_int rc "$m_rc"
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  m_changed=false
  m_fail "$1"
}

# dpkg-divert cannot change a diversion: it goes and comes again.
dd_anew() {
  m_words dpkg-divert --no-rename --remove "$arg_path"
  dd_first=$m_result
  m_words dpkg-divert --no-rename "$@"
  m_strings commands "$dd_first" "$m_result"
  if [ "$m_check" = true ]; then
    m_capture dpkg-divert --test --no-rename --remove "$arg_path"
    m_strings messages "$m_out" 'Running in check mode'
    return 0
  fi
  m_must dpkg-divert --no-rename --remove "$arg_path"
  dd_said=$m_out
  m_must dpkg-divert --no-rename "$@"
  m_strings messages "$dd_said" "$m_out"
  # The package's file moves along where it can.
  if [ "$dd_wanted_target" != "$dd_before_target" ] && [ -e "$dd_before_target" ] && [ ! -e "$dd_wanted_target" ]; then
    m_say=$(mv -- "$dd_before_target" "$dd_wanted_target" 2>&1) || m_warn "$dd_before_target stays where it is: $m_say"
  fi
}

dd_report() {
  if [ "$m_check" = true ]; then
    dd_state=$arg_state dd_holder=$dd_wanted_holder dd_target=$dd_wanted_target
  else
    dd_look
  fi
  dd_tell diversion "$dd_state" "$dd_holder" "$dd_target"
  [ "$m_diff" = true ] || return 0
  m_dict diff
  dd_tell before "$dd_before" "$dd_before_holder" "$dd_before_target"
  dd_tell after "$dd_state" "$dd_holder" "$dd_target"
  m_close
}

dd_tell() {
  m_dict "$1"
  m_str path "$arg_path"
  m_str state "$2"
  if [ -n "$3" ]; then m_str holder "$3"; else m_null holder; fi
  if [ -n "$4" ]; then m_str divert "$4"; else m_null divert; fi
  m_close
}
