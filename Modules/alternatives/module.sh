# shellcheck shell=sh
# Input: name, path, link, priority, state. Results: none but the difference.

alternatives_main() {
  m_plain_locale
  alternatives_tool=update-alternatives
  m_has update-alternatives || alternatives_tool=alternatives
  m_need "$alternatives_tool"
  alternatives_read
  case $arg_state in
    absent)
      [ -n "${arg_path:-}" ] || m_fail 'path is needed to remove an entry'
      if alternatives_has "$arg_path"; then m_must "$alternatives_tool" --remove "$arg_name" "$arg_path"; fi
      ;;
    auto)
      [ -z "${arg_path:-}" ] || alternatives_add
      [ "$alternatives_status" = auto ] || m_must "$alternatives_tool" --auto "$arg_name"
      ;;
    *)
      [ -n "${arg_path:-}" ] || m_fail "path is needed for state $arg_state"
      alternatives_add
      if [ "$arg_state" = selected ] && [ "$alternatives_value" != "$arg_path" ]; then
        m_diff_text alternatives alternatives "$arg_name -> $alternatives_value$m_nl" "$arg_name -> $arg_path$m_nl"
        m_must "$alternatives_tool" --set "$arg_name" "$arg_path"
      fi
      ;;
  esac
}

# Sets alternatives_value, _status, _link and _list from what the tool tells of a name.
alternatives_read() {
  alternatives_value='' alternatives_status='' alternatives_link='' alternatives_list=
  alternatives_at=
  m_capture "$alternatives_tool" --query "$arg_name"
  while IFS= read -r m_each; do
    case $m_each in
      Link:*) alternatives_link=${m_each#Link: } ;;
      Status:*) alternatives_status=${m_each#Status: } ;;
      Value:*) alternatives_value=${m_each#Value: } ;;
      Alternative:*)
        alternatives_at=${m_each#Alternative: }
        alternatives_list="$alternatives_list$m_nl$alternatives_at$m_nl"
        ;;
      Priority:*) [ "$alternatives_at" != "${arg_path:-}" ] || alternatives_priority=${m_each#Priority: } ;;
    esac
  done <<ALTERNATIVES_END
$m_out
ALTERNATIVES_END
}

alternatives_has() {
  case $alternatives_list in
    *"$m_nl$1$m_nl"*) return 0 ;;
  esac
  return 1
}

alternatives_add() {
  if alternatives_has "$arg_path" && [ "${arg_priority:-${alternatives_priority:-}}" = "${alternatives_priority:-}" ]; then return 0; fi
  [ -e "$arg_path" ] || m_fail "Specified path $arg_path does not exist"
  alternatives_place=${arg_link:-$alternatives_link}
  [ -n "$alternatives_place" ] || m_fail 'Needed to install the alternative, but unable to do so as we are missing the link'
  m_must "$alternatives_tool" --install "$alternatives_place" "$arg_name" "$arg_path" "${arg_priority:-50}"
}
