# shellcheck shell=sh
# Input: see module.yml. Results: result.

apache2_module_main() {
  m_plain_locale
  if m_has apache2ctl; then
    a2_control=apache2ctl
  elif m_has apachectl; then
    a2_control=apachectl
  else
    m_fail 'Neither of apache2ctl nor apachectl found. At least one apache control binary is necessary.'
  fi
  a2_identifier=${arg_identifier:-}
  [ -n "$a2_identifier" ] || a2_guess
  if [ "$arg_name:$arg_state" = cgi:present ] && "$a2_control" -V 2>/dev/null | grep -q 'threaded:[ ]*yes'; then
    m_fail 'Your MPM seems to be threaded, therefore enabling cgi module is not allowed.'
  fi
  if [ "$arg_state" = present ]; then a2_wanted=true a2_word=enabled a2_tool=a2enmod; else a2_wanted=false a2_word=disabled a2_tool=a2dismod; fi
  a2_look
  [ "$a2_there" = "$a2_wanted" ] || a2_switch
  m_str result "Module $arg_name $a2_word"
}

# Some modules go by other names there.
a2_guess() {
  case $arg_name in
    *shib*) a2_identifier=mod_shib ;;
    *evasive*) a2_identifier=evasive20_module ;;
    php8*) a2_identifier=php_module ;;
    php[0-9].*) a2_identifier=${arg_name%%.*}_module ;;
    *) a2_identifier=${arg_name}_module ;;
  esac
}

a2_look() {
  m_capture "$a2_control" -M
  a2_there=false
  if [ "$m_rc" != 0 ]; then
    [ "$arg_ignore_configcheck" = true ] || m_fail "Error executing $a2_control: $m_err"
    case $m_err:$arg_name:$arg_warn_mpm_absent in
      *AH00534*:*mpm_*:true)
        m_warn 'No MPM module loaded! apache2 reload AND other module actions will fail if no MPM module is loaded immediately.'
        ;;
      *AH00534*:*mpm_*:false) ;;
      *) m_warn "Error executing $a2_control: $m_err" ;;
    esac
    return 0
  fi
  case $m_out in
    *" $a2_identifier"*) a2_there=true ;;
  esac
}

a2_switch() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_has "$a2_tool" || m_fail "$a2_tool not found. Perhaps this system does not use $a2_tool to manage apache"
  set -- "$arg_name"
  if [ "$a2_wanted:$arg_force" = false:true ]; then set -- -f "$@"; fi
  m_capture "$a2_tool" "$@"
  a2_rc=$m_rc a2_out=$m_out a2_err=$m_err
  a2_look
  [ "$a2_there" != "$a2_wanted" ] || return 0
  m_int rc "$a2_rc"
  m_str stdout "$a2_out"
  m_str stderr "$a2_err"
  m_fail "Failed to set module $arg_name to $a2_word:$m_nl$a2_out${m_nl}Maybe the module identifier ($a2_identifier) was guessed incorrectly.Consider setting the \"identifier\" option."
}
