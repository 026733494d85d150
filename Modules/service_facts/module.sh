# shellcheck shell=sh
# Input: none. Results: ansible_facts.services.

service_facts_main() {
  m_plain_locale
  m_dict ansible_facts
  # Lines of name, state, status and source, that the controller puts together by name.
  m_put "${m_mark}Vservices$m_us"
  if m_has systemctl && [ "${MARTLET_SYSTEMD:-}$([ -d /run/systemd/system ] && m_put yes)" != '' ]; then
    systemctl list-units --no-pager --plain --no-legend --type service --all 2>/dev/null |
      while read -r facts_unit facts_load facts_active facts_sub m_each; do
        case $facts_active:$facts_sub in
          *:running) facts_state=running ;;
          failed:*) facts_state=failed ;;
          *) facts_state=stopped ;;
        esac
        case $facts_load in
          not-found | masked) m_put "unit	$facts_unit	$facts_state	$facts_load	systemd$m_nl" ;;
          *) m_put "unit	$facts_unit	$facts_state		systemd$m_nl" ;;
        esac
      done
    systemctl list-unit-files --no-pager --no-legend --type service 2>/dev/null | while read -r facts_unit facts_status m_each; do
      m_put "file	$facts_unit	inactive	$facts_status	systemd$m_nl"
    done
  elif m_has rc-status; then
    rc-status --all --servicelist 2>/dev/null | while read -r facts_unit facts_rest; do
      case $facts_rest in
        *started*) facts_state=running ;;
        *) facts_state=stopped ;;
      esac
      m_put "unit	$facts_unit	$facts_state		openrc$m_nl"
    done
  else
    for m_each in /etc/init.d/*; do
      [ -x "$m_each" ] || continue
      facts_unit=${m_each##*/}
      if "$m_each" status >/dev/null 2>&1; then facts_state=running; else facts_state=stopped; fi
      m_put "unit	$facts_unit	$facts_state		sysv$m_nl"
    done
  fi
  m_close
}
