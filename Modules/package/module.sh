# shellcheck shell=sh
# Input: name, state, use, and what the package manager's module takes. Results: those of that module.

package_main() {
  package_manager=$arg_use
  [ "$package_manager" != auto ] || package_detect
  package_manager=${package_manager##*.}
  case $package_manager in
    dnf5 | yum) package_manager=dnf ;;
  esac
  case $package_manager in
    apt) package_apt ;;
    dnf) package_dnf ;;
    *) m_fail "no module for the package manager '$package_manager' of this host" ;;
  esac
}

package_detect() {
  for m_each in apt-get:apt dnf5:dnf dnf:dnf yum:dnf zypper:zypper pacman:pacman apk:apk; do
    if m_has "${m_each%%:*}"; then
      package_manager=${m_each#*:}
      return 0
    fi
  done
  m_fail 'Could not detect which package manager to use. Try gathering facts or setting the "use" option.'
}

# What apt's module has and this one does not, as it is there by default.
package_apt() {
  arg_update_cache_retries=5 arg_update_cache_retry_max_delay=12 arg_upgrade=no arg_clean=false arg_autoclean=false
  arg_force=false arg_allow_unauthenticated=false arg_allow_change_held_packages=false arg_only_upgrade=false
  arg_fail_on_autoremove=false arg_dpkg_options=force-confdef,force-confold
  case $arg_state in
    installed | removed | absent | build-dep | latest | present | fixed) ;;
    *) m_fail "value of state must be one of: absent, build-dep, latest, present, fixed, got: $arg_state" ;;
  esac
  apt_main
}

# The same for dnf.
package_dnf() {
  case $arg_state in
    installed | removed | absent | latest | present) ;;
    *) m_fail "value of state must be one of: absent, present, installed, removed, latest, got: $arg_state" ;;
  esac
  arg_enablerepo=${arg_enablerepo:-} arg_disablerepo=${arg_disablerepo:-} arg_update_cache=${arg_update_cache:-false}
  arg_exclude='' arg_disable_plugin='' arg_enable_plugin='' arg_allowerasing=false arg_skip_broken=false arg_cacheonly=false
  arg_install_weak_deps=true arg_sslverify=true arg_validate_certs=true arg_download_only=false arg_installroot=/
  arg_security=false arg_bugfix=false arg_update_only=false arg_use_backend=auto
  dnf_main
}
