# shellcheck shell=sh
# Input: name, selection. Results: before, after.

dpkg_selections_main() {
  m_plain_locale
  m_need dpkg
  m_need dpkg-query dpkg
  # shellcheck disable=SC2016
  selections_now=$(dpkg-query -W -f='${db:Status-Want}' -- "$arg_name" 2>/dev/null) || selections_now=
  if [ -z "$selections_now" ]; then m_fail "Failed to find package '$arg_name' to perform selection '$arg_selection'."; fi
  m_str before "$selections_now"
  m_str after "$arg_selection"
  [ "$selections_now" != "$arg_selection" ] || return 0
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_say=$(m_put "$arg_name $arg_selection$m_nl" | dpkg --set-selections 2>&1) || m_fail "cannot set the selection of $arg_name: $m_say"
}
