# shellcheck shell=sh
# Input: see module.yml. Results: cache_updated, cache_update_time, stdout, stderr, msg. `package` calls these functions, too.

apt_main() {
  m_need apt-get
  m_need dpkg-query dpkg
  m_plain_locale
  DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none NEEDRESTART_MODE=${NEEDRESTART_MODE:-l}
  export DEBIAN_FRONTEND DEBIAN_PRIORITY APT_LISTCHANGES_FRONTEND NEEDRESTART_MODE
  case $arg_state in
    installed) arg_state=present ;;
    removed) arg_state=absent ;;
  esac
  apt_words
  apt_update
  [ "$arg_clean" = false ] || apt_housekeeping clean
  if [ "$arg_upgrade" != no ]; then
    apt_upgrade
  elif [ -n "${arg_deb:-}" ]; then
    apt_file
  elif [ -n "${arg_name:-}" ]; then
    apt_packages
  else
    [ "$arg_autoremove" = false ] || apt_housekeeping autoremove
    [ "$arg_autoclean" = false ] || apt_housekeeping autoclean
  fi
  apt_report
}

# apt_options: words that every call of apt-get gets, ready for eval.
apt_words() {
  apt_options="-y -o DPkg::Lock::Timeout=$arg_lock_timeout"
  m_old_ifs=$IFS
  IFS=,
  # shellcheck disable=SC2086
  set -- $arg_dpkg_options
  IFS=$m_old_ifs
  for m_one in "$@"; do
    m_quote "Dpkg::Options::=--$m_one"
    apt_options="$apt_options -o $m_result"
  done
  [ "$m_check" = false ] || apt_options="$apt_options --simulate"
  [ "$arg_autoremove" = false ] || apt_options="$apt_options --auto-remove"
  [ "$arg_only_upgrade" = false ] || apt_options="$apt_options --only-upgrade"
  [ "$arg_fail_on_autoremove" = false ] || apt_options="$apt_options --no-remove"
  [ "$arg_allow_change_held_packages" = false ] || apt_options="$apt_options --allow-change-held-packages"
  [ "$arg_allow_downgrade" = false ] || apt_options="$apt_options --allow-downgrades"
  [ "$arg_allow_unauthenticated" = false ] || apt_options="$apt_options --allow-unauthenticated"
  [ "$arg_force" = false ] ||
    apt_options="$apt_options --allow-downgrades --allow-remove-essential --allow-change-held-packages --allow-unauthenticated"
  if [ -n "${arg_default_release:-}" ]; then
    m_quote "$arg_default_release"
    apt_options="$apt_options -t $m_result"
  fi
  case ${arg_install_recommends:-} in
    true) apt_options="$apt_options -o APT::Install-Recommends=yes" ;;
    false) apt_options="$apt_options -o APT::Install-Recommends=no" ;;
  esac
}

# Fetches the lists of packages where they are asked for and too old.
apt_update() {
  apt_cache_updated=false
  apt_cache_time=0
  [ "${arg_update_cache:-}" = true ] || [ "$arg_cache_valid_time" -gt 0 ] || return 0
  apt_read_cache_time
  if [ "$arg_cache_valid_time" -gt 0 ] && [ "${arg_update_cache:-true}" = true ]; then
    apt_now=$(date +%s)
    [ $((apt_cache_time + arg_cache_valid_time)) -lt "$apt_now" ] || return 0
  fi
  apt_cache_updated=true
  [ "$m_check" = false ] || return 0
  apt_try=1 apt_pause=1
  while :; do
    m_capture apt-get update -o "DPkg::Lock::Timeout=$arg_lock_timeout"
    [ "$m_rc" != 0 ] || break
    [ "$apt_try" -lt "$arg_update_cache_retries" ] || m_fail "Failed to update apt cache: ${m_err:-$m_out}"
    sleep "$apt_pause"
    apt_try=$((apt_try + 1)) apt_pause=$((apt_pause * 2))
    [ "$apt_pause" -le "$arg_update_cache_retry_max_delay" ] || apt_pause=$arg_update_cache_retry_max_delay
  done
  # Where no hook keeps the time of the last update, the lists' directory does.
  touch /var/lib/apt/lists 2>/dev/null
  apt_read_cache_time
}

apt_read_cache_time() {
  apt_cache_time=0
  for m_each in $(stat -c %Y /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists 2>/dev/null); do
    [ "$m_each" -le "$apt_cache_time" ] || apt_cache_time=$m_each
  done
}

# Runs apt-get with the options and these words; what it prints is kept for the result and the diff.
apt_get() {
  m_words "$@"
  eval "set -- $apt_options $m_result"
  apt_policy
  m_capture apt-get "$@"
  apt_policy_end
  apt_ran=true apt_stdout=$m_out apt_stderr=$m_err
  [ "$m_rc" = 0 ] || apt_failed "$@"
  case $m_nl$m_out in
    *"${m_nl}0 upgraded, 0 newly installed, 0 to remove"*) ;;
    *"${m_nl}0 upgraded, 0 newly installed, "*" downgraded, 0 to remove"*) m_changed=true ;;
    *" upgraded, "*" newly installed, "*" to remove"*) m_changed=true ;;
  esac
  apt_diff
}

apt_failed() {
  case $m_err in
    *'Unable to locate package '*)
      m_result=${m_err#*'Unable to locate package '}
      m_fail "No package matching '${m_result%%"$m_nl"*}' is available"
      ;;
    *"Version '"*"' for '"*"' was not found"*)
      m_result=${m_err#*"Version '"}
      m_version=${m_result%%"'"*}
      m_result=${m_result#*"' for '"}
      m_fail "no available installation candidate for ${m_result%%"'"*}=$m_version"
      ;;
  esac
  m_int rc "$m_rc"
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  m_words "$@"
  m_fail "'apt-get $m_result' failed: $m_err$m_nl"
}

# The lists that apt-get prints of what it installs, upgrades and removes.
apt_diff() {
  [ "$m_diff" = true ] && [ "$m_changed" = true ] || return 0
  apt_prepared=
  apt_take=false
  while IFS= read -r m_each; do
    case $m_each in
      'The following '*) apt_take=true ;;
      ' '*) ;;
      [0-9]*' upgraded, '*) apt_take=true ;;
      *) apt_take=false ;;
    esac
    [ "$apt_take" = false ] || apt_prepared=$apt_prepared$m_each$m_nl
  done <<APT_END
$m_out
APT_END
  [ -z "$apt_prepared" ] || m_diff_prepared "$apt_prepared"
}

# Keeps services from starting while packages are installed, if asked to.
apt_policy() {
  [ -n "${arg_policy_rc_d:-}" ] && [ "$m_check" = false ] || return 0
  apt_policy_kept=
  if [ -e /usr/sbin/policy-rc.d ]; then
    apt_policy_kept=/usr/sbin/policy-rc.d.martlet.$$
    m_say=$(mv -f /usr/sbin/policy-rc.d "$apt_policy_kept" 2>&1) || m_fail "cannot set policy-rc.d aside: $m_say"
  fi
  m_put "#!/bin/sh${m_nl}exit $arg_policy_rc_d$m_nl" >/usr/sbin/policy-rc.d || m_fail 'cannot write /usr/sbin/policy-rc.d'
  chmod 0755 /usr/sbin/policy-rc.d
}

apt_policy_end() {
  [ -n "${arg_policy_rc_d:-}" ] && [ "$m_check" = false ] || return 0
  if [ -n "$apt_policy_kept" ]; then mv -f "$apt_policy_kept" /usr/sbin/policy-rc.d; else rm -f /usr/sbin/policy-rc.d; fi
}

apt_report() {
  if [ "${apt_ran:-false}" = true ]; then
    m_str stdout "$apt_stdout"
    m_str stderr "$apt_stderr"
  elif [ "$apt_cache_updated" = true ] && [ -z "${arg_name:-}${arg_deb:-}" ]; then
    m_changed=true
  fi
  [ "$apt_cache_time" != 0 ] || apt_read_cache_time
  m_bool cache_updated "$apt_cache_updated"
  m_int cache_update_time "$apt_cache_time"
}

apt_housekeeping() {
  apt_get "$1"
  case $1:$m_out in
    clean:* | autoclean:*'Del '*) m_changed=true ;;
  esac
}

apt_upgrade() {
  case $arg_upgrade in
    dist | full) apt_get dist-upgrade ;;
    *) apt_get upgrade --with-new-pkgs ;;
  esac
  m_str msg "$m_out"
}

# A package file: installed if its version is not there yet.
apt_file() {
  apt_deb=$arg_deb
  case $apt_deb in
    *://*)
      apt_deb=$(mktemp -d) || m_fail 'cannot make a temporary directory'
      apt_deb=$apt_deb/${arg_deb##*/}
      m_capture /usr/lib/apt/apt-helper download-file "$arg_deb" "$apt_deb"
      [ "$m_rc" = 0 ] || m_fail "cannot fetch $arg_deb: ${m_err:-$m_out}"
      ;;
    /*) ;;
    *) apt_deb=./$apt_deb ;;
  esac
  [ -e "$apt_deb" ] || m_fail "there is no package file $arg_deb on the host"
  # shellcheck disable=SC2016
  apt_has=$(dpkg-deb -W --showformat='${Package} ${Version}' "$apt_deb" 2>&1) || m_fail "cannot read the package file $arg_deb: $apt_has"
  apt_query "${apt_has%% *}"
  if [ "$apt_status" != installed ] || [ "$apt_version" != "${apt_has#* }" ] || [ "$arg_force" = true ]; then
    apt_get install --reinstall "$apt_deb"
  fi
  [ "$apt_deb" = "$arg_deb" ] || [ "${apt_deb#/}" = "$apt_deb" ] || rm -rf -- "${apt_deb%/*}"
}

apt_packages() {
  eval "set -- $arg_name"
  apt_wanted=
  apt_read_database "$@"
  for apt_name in "$@"; do
    m_trim "$apt_name"
    apt_name=$m_result
    case $apt_name in
      '') ;;
      '*') m_fail "name '*' does not name packages; use upgrade: dist to upgrade all" ;;
      *) apt_consider "$apt_name" ;;
    esac
  done
  eval "set -- $apt_wanted"
  [ $# -gt 0 ] || return 0
  case $arg_state in
    absent) if [ "$arg_purge" = true ]; then apt_get remove --purge "$@"; else apt_get remove "$@"; fi ;;
    build-dep) apt_get build-dep "$@" ;;
    fixed) apt_get install --fix-broken "$@" ;;
    *) apt_get install "$@" ;;
  esac
}

# One look at dpkg's database for all packages; globs are its own.
apt_read_database() {
  apt_asked=
  for m_one in "$@"; do
    m_trim "$m_one"
    m_one=${m_result%%=*}
    m_quote "${m_one%%/*}"
    [ -z "$m_one" ] || apt_asked="$apt_asked $m_result"
  done
  eval "set -- $apt_asked"
  # shellcheck disable=SC2016
  apt_database=$m_nl$(dpkg-query -W -f='${Package} ${Architecture} ${db:Status-Abbrev}|${Version}\n' -- "$@" 2>/dev/null)$m_nl
}

# Sets apt_status (installed, config, absent) and apt_version of a package from what apt_read_database found.
apt_lookup() {
  apt_status=absent apt_version=
  case $1 in
    *:*) apt_key="$m_nl${1%%:*} ${1#*:} " ;;
    *) apt_key="$m_nl$1 " ;;
  esac
  m_rest=$apt_database
  while :; do
    case $m_rest in
      *"$apt_key"*) ;;
      *) return 0 ;;
    esac
    m_rest=${m_rest#*"$apt_key"}
    apt_line=${m_rest%%"$m_nl"*}
    m_rest=$m_nl${m_rest#*"$m_nl"}
    case $apt_line in
      *i\ \|*) apt_status=installed apt_version=${apt_line#*\|} ;;
      *c\ \|*) [ "$apt_status" = installed ] || apt_status=config ;;
    esac
  done
}

apt_query() {
  apt_read_database "$1"
  apt_lookup "$1"
}

# Adds a package to apt_wanted if something must be done about it.
apt_consider() {
  case $1 in
    *=*)
      apt_lookup "${1%%=*}"
      apt_pattern=${1#*=}
      case $arg_state:$apt_status in
        absent:installed) apt_want "${1%%=*}" ;;
        absent:*) ;;
        *)
          # shellcheck disable=SC2254
          case $apt_status:$apt_version in
            installed:$apt_pattern) return 0 ;;
          esac
          [ "$arg_only_upgrade" = false ] || [ "$apt_status" = installed ] || return 0
          apt_want "$1"
          ;;
      esac
      return 0
      ;;
    */*)
      apt_want "$1"
      return 0
      ;;
    *[*?[]*)
      apt_consider_glob "$1"
      return 0
      ;;
  esac
  apt_lookup "$1"
  case $arg_state:$apt_status in
    present:installed | absent:absent) ;;
    absent:config) [ "$arg_purge" = false ] || apt_want "$1" ;;
    present:* | latest:*)
      if [ "$arg_only_upgrade" = false ] || [ "$apt_status" = installed ]; then apt_want "$1"; fi
      ;;
    *) apt_want "$1" ;;
  esac
}

# A glob stands for the packages it matches: those that are installed when removing, those that there are when installing.
apt_consider_glob() {
  if [ "$arg_state" = absent ]; then
    while IFS= read -r m_each; do
      # shellcheck disable=SC2254
      case ${m_each%% *} in
        '') ;;
        $1) case $m_each in *i\ \|*) apt_want "${m_each%% *}" ;; esac ;;
      esac
    done <<APT_END
$apt_database
APT_END
    return 0
  fi
  apt_found=false
  while IFS= read -r m_each; do
    # shellcheck disable=SC2254
    case $m_each in
      $1)
        apt_found=true
        apt_lookup "$m_each"
        [ "$arg_state:$apt_status" = present:installed ] || apt_want "$m_each"
        ;;
    esac
  done <<APT_END
$(apt-cache pkgnames 2>/dev/null)
APT_END
  [ "$apt_found" = true ] || m_fail "No package(s) matching '$1' available"
}

apt_want() {
  m_quote "$1"
  apt_wanted="$apt_wanted $m_result"
}
