# shellcheck shell=sh
# Distribution, its family and package manager, from os-release and what distributions keep beside it.

setup_distribution() {
  setup_id='' setup_os_name='' setup_version='' setup_codename='' setup_pretty=''
  for setup_file in /etc/os-release /usr/lib/os-release; do
    [ -r "$setup_file" ] || continue
    while IFS= read -r m_each; do
      setup_value=${m_each#*=}
      setup_value=${setup_value#[\"\']}
      setup_value=${setup_value%[\"\']}
      case $m_each in
        ID=*) setup_id=$setup_value ;;
        NAME=*) setup_os_name=$setup_value ;;
        VERSION_ID=*) setup_version=$setup_value ;;
        VERSION_CODENAME=*) setup_codename=$setup_value ;;
        PRETTY_NAME=*) setup_pretty=$setup_value ;;
        VERSION=*)
          # CentOS and its like: the code name in brackets.
          case $setup_value in
            *'('*')'*)
              setup_bracket=${setup_value#*\(}
              setup_bracket=${setup_bracket%%\)*}
              ;;
          esac
          ;;
      esac
    done <"$setup_file"
    break
  done
  [ -n "$setup_codename" ] || setup_codename=${setup_bracket:-NA}
  setup_name_family
  setup_versions
  setup_find_pkg_mgr
}

setup_name_family() {
  case $setup_id in
    debian) setup_distro=Debian setup_family=Debian ;;
    raspbian) setup_distro=Debian setup_family=Debian ;;
    ubuntu) setup_distro=Ubuntu setup_family=Debian ;;
    linuxmint) setup_distro='Linux Mint' setup_family=Debian ;;
    kali) setup_distro=Kali setup_family=Debian ;;
    devuan) setup_distro=Devuan setup_family=Debian ;;
    pop) setup_distro='Pop!_OS' setup_family=Debian ;;
    rhel) setup_distro=RedHat setup_family=RedHat ;;
    centos) setup_distro=CentOS setup_family=RedHat ;;
    fedora) setup_distro=Fedora setup_family=RedHat ;;
    rocky) setup_distro=Rocky setup_family=RedHat ;;
    almalinux) setup_distro=AlmaLinux setup_family=RedHat ;;
    ol) setup_distro=OracleLinux setup_family=RedHat ;;
    amzn) setup_distro=Amazon setup_family=RedHat ;;
    openEuler) setup_distro=openEuler setup_family=RedHat ;;
    opensuse-leap) setup_distro='openSUSE Leap' setup_family=Suse ;;
    opensuse-tumbleweed) setup_distro='openSUSE Tumbleweed' setup_family=Suse ;;
    sles) setup_distro=SLES setup_family=Suse ;;
    sled) setup_distro=SLED setup_family=Suse ;;
    alpine) setup_distro=Alpine setup_family=Alpine ;;
    arch) setup_distro=Archlinux setup_family=Archlinux ;;
    manjaro | manjaro-arm) setup_distro=Manjaro setup_family=Archlinux ;;
    gentoo) setup_distro=Gentoo setup_family=Gentoo ;;
    nixos) setup_distro=NixOS setup_family=NixOS ;;
    void) setup_distro=Void setup_family=Void ;;
    '') setup_distro='OtherLinux' setup_family='OtherLinux' ;;
    *) setup_distro=${setup_os_name:-$setup_id} setup_family=${setup_os_name:-$setup_id} ;;
  esac
}

setup_versions() {
  case $setup_distro in
    Debian)
      # Debian tells its point release elsewhere; testing has none.
      if fact_first /etc/debian_version; then
        case $m_result in
          [0-9]*) setup_version=$m_result ;;
          */sid) [ -n "$setup_version" ] || setup_version=${m_result%/sid} ;;
        esac
      fi
      ;;
    Alpine) if fact_first /etc/alpine-release; then setup_version=$m_result; fi ;;
    CentOS | Rocky | AlmaLinux | RedHat)
      if fact_first /etc/redhat-release; then
        case $m_result in
          *[0-9].[0-9]*)
            setup_value=${m_result#*release }
            setup_version=${setup_value%% *}
            ;;
        esac
        [ "$setup_distro" != CentOS ] || setup_codename=${setup_codename:-NA}
      fi
      ;;
    Archlinux | Gentoo) setup_version=${setup_version:-NA} ;;
  esac
  setup_major=${setup_version%%.*}
  setup_minor_version=
  case $setup_version in
    *.*)
      setup_minor_version=${setup_version#*.}
      setup_minor_version=${setup_minor_version%%.*}
      ;;
  esac
}

setup_find_pkg_mgr() {
  setup_pkg_mgr=unknown
  for m_each in apk:/sbin/apk pacman:/usr/bin/pacman zypper:/usr/bin/zypper xbps:/usr/bin/xbps-install portage:/usr/bin/emerge \
    yum:/usr/bin/yum dnf:/usr/bin/dnf dnf5:/usr/bin/dnf5 atomic_container:/run/ostree-booted apt:/usr/bin/apt-get; do
    if [ -e "${m_each#*:}" ]; then
      # A Fedora host may have apt, and a Debian host dnf: the family decides.
      case $setup_family:${m_each%%:*} in
        RedHat:apt | Debian:dnf | Debian:yum | Debian:dnf5 | Suse:dnf | Suse:yum) continue ;;
      esac
      setup_pkg_mgr=${m_each%%:*}
    fi
  done
}

setup_report_distribution() {
  fact_str distribution "$setup_distro"
  fact_str distribution_version "$setup_version"
  fact_str distribution_major_version "$setup_major"
  [ -z "$setup_minor_version" ] || fact_str distribution_minor_version "$setup_minor_version"
  fact_str distribution_release "$setup_codename"
  fact_str os_family "$setup_family"
  fact_bool distribution_file_parsed true
  fact_str distribution_file_path /etc/os-release
  fact_str distribution_file_variety "$setup_family"
}

setup_lsb() {
  fact_dict lsb || return 0
  if [ -r /etc/lsb-release ]; then
    while IFS='=' read -r m_each setup_value; do
      setup_value=${setup_value#\"}
      setup_value=${setup_value%\"}
      case $m_each in
        DISTRIB_ID) m_str id "$setup_value" ;;
        DISTRIB_RELEASE)
          m_str release "$setup_value"
          m_str major_release "${setup_value%%.*}"
          ;;
        DISTRIB_CODENAME) m_str codename "$setup_value" ;;
        DISTRIB_DESCRIPTION) m_str description "$setup_value" ;;
      esac
    done </etc/lsb-release
  elif m_has lsb_release; then
    # What the program would say, without the time that it takes.
    m_str id "$setup_distro"
    m_str release "${setup_version%%.*}"
    m_str major_release "$setup_major"
    m_str codename "$setup_codename"
    m_str description "$setup_pretty"
  fi
  m_close
}
