# shellcheck shell=sh
# Input: name, question, value, vtype, unseen. Results: current, previous, msg.

debconf_main() {
  m_plain_locale
  m_need debconf-show debconf
  m_capture debconf-show "$arg_name"
  [ "$m_rc" = 0 ] || m_fail "cannot read the answers of $arg_name: $m_err"
  debconf_old='' debconf_known=false
  m_dict current
  while IFS= read -r debconf_line; do
    debconf_line=${debconf_line#\*}
    debconf_line=${debconf_line#"${debconf_line%%[! ]*}"}
    [ -n "$debconf_line" ] || continue
    debconf_name=${debconf_line%%:*}
    debconf_value=${debconf_line#*:}
    debconf_value=${debconf_value# }
    if [ "$debconf_name" = "${arg_question:-}" ]; then
      debconf_known=true debconf_old=$debconf_value
      [ "${arg_vtype:-}" != password ] || debconf_value='(password omitted)'
    fi
    m_str "$debconf_name" "$debconf_value"
  done <<DEBCONF_END
$m_out
DEBCONF_END
  m_close
  m_str msg ''
  [ -n "${arg_question:-}" ] || return 0
  debconf_wanted=${arg_value:-}
  case ${arg_vtype:-} in
    boolean)
      case $debconf_wanted in
        [Tt]rue | yes) debconf_wanted=true ;;
        [Ff]alse | no) debconf_wanted=false ;;
      esac
      ;;
    password)
      # debconf-show hides it: the database itself tells.
      debconf_old=
      if m_has debconf-get-selections; then
        debconf_old=$(debconf-get-selections 2>/dev/null | grep "^$arg_name	$arg_question	password	")
        debconf_old=${debconf_old##*	}
      elif m_has debconf-communicate; then
        debconf_old=$(m_put "GET $arg_question" | debconf-communicate "$arg_name" 2>/dev/null)
        debconf_old=${debconf_old#0 }
      fi
      ;;
  esac
  if [ "$debconf_known" = true ] && [ "$debconf_old" = "$debconf_wanted" ]; then return 0; fi
  m_changed=true
  [ "${arg_vtype:-}" = password ] || m_diff_text "$arg_question" "$arg_question" "$debconf_old$m_nl" "$debconf_wanted$m_nl"
  [ "$m_check" = false ] || return 0
  set --
  [ "$arg_unseen" = false ] || set -- -u
  m_say=$(m_put "$arg_name $arg_question $arg_vtype $debconf_wanted$m_nl" | debconf-set-selections "$@" 2>&1) ||
    m_fail "cannot set $arg_question: $m_say"
}
