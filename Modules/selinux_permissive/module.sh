# shellcheck shell=sh
# Input: domain, permissive, no_reload, store. Results: domain, permissive, store.

selinux_permissive_main() {
  m_plain_locale
  m_need semanage policycoreutils-python-utils
  m_str store "$arg_store"
  m_bool permissive "$arg_permissive"
  m_str domain "$arg_domain"
  set -- permissive
  [ -z "$arg_store" ] || set -- "$@" -S "$arg_store"
  m_capture semanage "$@" -l -n
  [ "$m_rc" = 0 ] || m_fail_command semanage "$@" -l -n
  permissive_is=false
  while IFS= read -r m_each; do
    m_trim "$m_each"
    if [ "$m_result" = "$arg_domain" ]; then permissive_is=true; fi
  done <<PERMISSIVE_END
$m_out
PERMISSIVE_END
  [ "$permissive_is" != "$arg_permissive" ] || return 0
  [ "$arg_no_reload" = false ] || set -- "$@" -N
  if [ "$arg_permissive" = true ]; then m_must semanage "$@" -a "$arg_domain"; else m_must semanage "$@" -d "$arg_domain"; fi
}
