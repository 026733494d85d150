# shellcheck shell=sh
# Input: name, question, value, vtype, unseen. Results: current, previous, msg.

debconf_main() {
  m_plain_locale
  m_need debconf-show debconf
  m_capture debconf-show "$arg_name"
  [ "$m_rc" = 0 ] || m_fail "cannot read the answers of $arg_name: $m_err"
  debconf_old='' debconf_known=false
  debconf_all=$m_out
  debconf_each debconf_find
  m_str msg ''
  if [ -z "${arg_question:-}" ]; then
    debconf_current
    return 0
  fi
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
  if [ "$debconf_known" = true ] && [ "$debconf_old" = "$debconf_wanted" ]; then
    debconf_current
    return 0
  fi
  m_changed=true
  debconf_one current "$debconf_wanted"
  debconf_one previous "$debconf_old"
  [ "${arg_vtype:-}" = password ] || m_diff_text "$arg_question" "$arg_question" "$debconf_old$m_nl" "$debconf_wanted$m_nl"
  [ "$m_check" = false ] || return 0
  set --
  [ "$arg_unseen" = false ] || set -- -u
  m_say=$(m_put "$arg_name $arg_question $arg_vtype $debconf_wanted$m_nl" | debconf-set-selections "$@" 2>&1) ||
    m_fail "cannot set $arg_question: $m_say"
}

# debconf_each FUNCTION: calls it with each question of the package, and its answer.
debconf_each() {
  while IFS= read -r debconf_line; do
    debconf_line=${debconf_line#\*}
    debconf_line=${debconf_line#"${debconf_line%%[! ]*}"}
    [ -n "$debconf_line" ] || continue
    debconf_answer=${debconf_line#*:}
    "$1" "${debconf_line%%:*}" "${debconf_answer# }"
  done <<DEBCONF_END
$debconf_all
DEBCONF_END
}

debconf_find() { [ "$1" != "${arg_question:-}" ] || debconf_known=true debconf_old=$2; }

# All answers, where nothing changes.
debconf_current() {
  m_dict current
  debconf_each debconf_tell
  m_close
}

debconf_tell() {
  if [ "$1:${arg_vtype:-}" = "${arg_question:-}:password" ]; then m_str "$1" '(password omitted)'; else m_str "$1" "$2"; fi
}

# debconf_one KEY ANSWER: the question's own.
debconf_one() {
  m_dict "$1"
  debconf_hidden=$2
  [ "${arg_vtype:-}" != password ] || debconf_hidden='(password omitted)'
  m_str "$arg_question" "$debconf_hidden"
  m_close
}
