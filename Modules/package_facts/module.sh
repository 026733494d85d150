# shellcheck shell=sh
# Input: manager, strategy. Results: ansible_facts.packages.

package_facts_main() {
  m_plain_locale
  facts_found=false
  m_dict ansible_facts
  # Lines of name, version, release, epoch, arch and more, that the controller puts together by name.
  m_put "${m_mark}Kpackages$m_us"
  eval "set -- $arg_manager"
  for facts_one in "$@"; do
    if [ "$arg_strategy" = all ] || [ "$facts_found" = false ]; then facts_from "$facts_one"; fi
  done
  m_close
  [ "$facts_found" = false ] || return 0
  for facts_one in "$@"; do
    [ "$facts_one" = auto ] || m_warn "Requested package manager $facts_one was not usable by this module: it is not there, or knows no packages"
  done
  m_words "$@"
  m_fail "Could not detect a supported package manager from the following list: $m_result. Check warnings for details."
}

facts_from() {
  case $1 in
    auto) for facts_each in apt apk pacman rpm; do
      if [ "$facts_found" = false ] || [ "$arg_strategy" = all ]; then facts_from "$facts_each"; fi
    done ;;
    apt)
      m_has dpkg-query || return 0
      facts_found=true
      # shellcheck disable=SC2016
      dpkg-query -W -f='${db:Status-Status}\tapt\t${Package}\t${Version}\t\t\t${Architecture}\t${Section}\n' 2>/dev/null
      ;;
    rpm | dnf | dnf5 | yum | zypper)
      m_has rpm || return 0
      # A host of another family may have a command of this name; it knows no packages then.
      facts_each=$(rpm -qa --qf 'installed\trpm\t%{NAME}\t%{VERSION}\t%{RELEASE}\t%{EPOCH}\t%{ARCH}\t\n' 2>/dev/null)
      [ -n "$facts_each" ] || return 0
      facts_found=true
      m_put "$facts_each$m_nl"
      ;;
    apk)
      m_has apk || return 0
      facts_found=true
      apk list -I 2>/dev/null | while read -r facts_name facts_arch m_each; do
        facts_release=${facts_name##*-}
        facts_name=${facts_name%-*}
        m_put "installed	apk	${facts_name%-*}	${facts_name##*-}	$facts_release		$facts_arch	$m_nl"
      done
      ;;
    pacman)
      m_has pacman || return 0
      facts_found=true
      pacman -Q 2>/dev/null | while read -r facts_name facts_version; do
        m_put "installed	pacman	$facts_name	$facts_version				$m_nl"
      done
      ;;
    *) m_fail "Unsupported package managers requested: $1" ;;
  esac
}
