# shellcheck shell=sh
# Input: manager, strategy. Results: ansible_facts.packages.

package_facts_main() {
  m_plain_locale
  facts_found=false facts_trouble=
  m_dict ansible_facts
  # Lines of name, version, release, epoch, arch and more, that the controller puts together by name.
  m_put "${m_mark}Kpackages$m_us"
  eval "set -- $arg_manager"
  for facts_one in "$@"; do
    if [ "$arg_strategy" = all ] || [ "$facts_found" = false ]; then facts_from "$facts_one"; fi
  done
  m_close
  # Warnings wait until the list of packages has ended.
  facts_requested=$arg_manager
  eval "set -- $facts_trouble"
  for facts_one in "$@"; do m_warn "$facts_one"; done
  [ "$facts_found" = false ] || return 0
  eval "set -- $facts_requested"
  m_words "$@"
  m_fail "Could not detect a supported package manager from the following list: $m_result. Check warnings for details."
}

facts_say() {
  m_quote "$1"
  facts_trouble="$facts_trouble $m_result"
}

# facts_have COMMAND MANAGER: false where the command is not there, which is said of a manager that was asked for.
facts_have() {
  m_has "$1" && return 0
  eval "set -- \"\$1\" \"\$2\" $arg_manager"
  facts_command=$1 facts_name=$2
  shift 2
  for m_each in "$@"; do
    [ "$m_each" != "$facts_name" ] ||
      facts_say "Requested package manager $facts_name was not usable by this module: the command $facts_command is not on the host"
  done
  return 1
}

# facts_list MANAGER COMMAND…: m_out is what the command lists; false where it lists nothing, and says so.
facts_list() {
  facts_name=$1
  shift
  m_capture "$@"
  [ "$m_rc" = 0 ] || facts_say "Failed to retrieve packages with $facts_name: Unable to list packages rc=$m_rc : $m_err"
  if [ "$m_rc" != 0 ] || [ -z "$m_out" ]; then
    facts_say "Found \"$facts_name\" but no associated packages"
    return 1
  fi
  facts_found=true
}

facts_from() {
  case $1 in
    auto) for facts_each in apt apk pacman rpm; do
      if [ "$facts_found" = false ] || [ "$arg_strategy" = all ]; then facts_from "$facts_each"; fi
    done ;;
    apt)
      facts_have dpkg-query apt || return 0
      # shellcheck disable=SC2016
      facts_list apt dpkg-query -W -f='${db:Status-Status}\tapt\t${Package}\t${Version}\t\t\t${Architecture}\t${Section}\n' || return 0
      m_put "$m_out$m_nl"
      ;;
    rpm | dnf | dnf5 | yum | zypper)
      # A host of another family may have a command of this name; it knows no packages then.
      facts_have rpm "$1" || return 0
      facts_list rpm rpm -qa --qf 'installed\trpm\t%{NAME}\t%{VERSION}\t%{RELEASE}\t%{EPOCH}\t%{ARCH}\t\n' || return 0
      m_put "$m_out$m_nl"
      ;;
    apk)
      facts_have apk apk || return 0
      facts_list apk apk list -I || return 0
      m_put "$m_out$m_nl" | while read -r facts_name facts_arch m_each; do
        facts_release=${facts_name##*-}
        facts_name=${facts_name%-*}
        m_put "installed	apk	${facts_name%-*}	${facts_name##*-}	$facts_release		$facts_arch	$m_nl"
      done
      ;;
    pacman)
      facts_have pacman pacman || return 0
      facts_list pacman pacman -Q || return 0
      m_put "$m_out$m_nl" | while read -r facts_name facts_version; do
        m_put "installed	pacman	$facts_name	$facts_version				$m_nl"
      done
      ;;
    *) m_fail "Unsupported package managers requested: $1" ;;
  esac
}
