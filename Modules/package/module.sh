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
    *) m_fail "Could not find a matching action for the \"$package_manager\" package manager." ;;
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

# What apt's module has, as it is there by default, where it was not asked for.
package_apt() {
  : "${arg_state:=present}" "${arg_cache_valid_time:=0}" "${arg_lock_timeout:=60}"
  : "${arg_update_cache_retries:=5}" "${arg_update_cache_retry_max_delay:=12}" "${arg_upgrade:=no}"
  : "${arg_dpkg_options:=force-confdef,force-confold}"
  for package_flag in purge autoremove autoclean clean force allow_unauthenticated allow_downgrade \
    allow_change_held_packages only_upgrade fail_on_autoremove; do
    package_default_false "$package_flag"
  done
  case $arg_state in
    installed | removed | absent | build-dep | latest | present | fixed) ;;
    *) m_fail "value of state must be one of: absent, build-dep, latest, present, fixed, got: $arg_state" ;;
  esac
  apt_main
}

# The same for dnf.
package_dnf() {
  : "${arg_state:=present}" "${arg_lock_timeout:=30}" "${arg_installroot:=/}" "${arg_use_backend:=auto}"
  : "${arg_enablerepo:=}" "${arg_disablerepo:=}" "${arg_exclude:=}" "${arg_disable_plugin:=}" "${arg_enable_plugin:=}"
  : "${arg_install_weak_deps:=true}" "${arg_sslverify:=true}" "${arg_validate_certs:=true}"
  for package_flag in update_cache disable_gpg_check autoremove security bugfix allow_downgrade allowerasing skip_broken \
    update_only cacheonly download_only; do
    package_default_false "$package_flag"
  done
  case $arg_state in
    installed | removed | absent | latest | present) ;;
    *) m_fail "value of state must be one of: absent, present, installed, removed, latest, got: $arg_state" ;;
  esac
  dnf_main
}

# A name of an option, from the lists above.
package_default_false() {
  eval ": \"\${arg_$1:=false}\""
}
