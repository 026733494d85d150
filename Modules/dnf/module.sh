# shellcheck shell=sh
# Input: see module.yml. Results: results, rc, msg. `package` calls these functions, too.

dnf_main() {
  m_plain_locale
  dnf_tool=
  case $arg_use_backend in
    dnf5) dnf_tool=dnf5 ;;
  esac
  for m_each in dnf dnf5 yum; do
    if [ -z "$dnf_tool" ] && m_has "$m_each"; then dnf_tool=$m_each; fi
  done
  [ -n "$dnf_tool" ] || m_fail 'the host has neither dnf nor yum'
  m_need rpm
  dnf_words
  case ${arg_state:-present} in
    present | installed) dnf_state=present ;;
    absent | removed) dnf_state=absent ;;
    *) dnf_state=latest ;;
  esac
  if [ "$arg_update_cache" = true ]; then
    if [ "$m_check" = false ]; then
      m_capture eval "$dnf_tool $dnf_options makecache"
      [ "$m_rc" = 0 ] || dnf_failed
    fi
  fi
  if [ -n "${arg_name:-}" ]; then dnf_packages; elif [ "$arg_autoremove" = true ]; then dnf_run autoremove; fi
  m_strings results "${dnf_said:-}"
  m_int rc 0
  m_str msg ''
}

# dnf_options are the words of every call, ready for eval.
dnf_words() {
  dnf_options='-y -q'
  dnf_each --enablerepo "$arg_enablerepo"
  dnf_each --disablerepo "$arg_disablerepo"
  dnf_each --exclude "$arg_exclude"
  dnf_each --disableplugin "$arg_disable_plugin"
  dnf_each --enableplugin "$arg_enable_plugin"
  [ "$arg_disable_gpg_check" = false ] || dnf_options="$dnf_options --nogpgcheck"
  [ "$arg_allowerasing" = false ] || dnf_options="$dnf_options --allowerasing"
  [ "$arg_skip_broken" = false ] || dnf_options="$dnf_options --skip-broken"
  [ "${arg_nobest:-false}" = false ] || dnf_options="$dnf_options --nobest"
  [ "${arg_best:-false}" = false ] || dnf_options="$dnf_options --best"
  [ "$arg_cacheonly" = false ] || dnf_options="$dnf_options --cacheonly"
  [ "$arg_install_weak_deps" = true ] || dnf_options="$dnf_options --setopt=install_weak_deps=False"
  [ "$arg_sslverify$arg_validate_certs" = truetrue ] || dnf_options="$dnf_options --setopt=sslverify=False"
  [ "$arg_download_only" = false ] || dnf_options="$dnf_options --downloadonly"
  [ -z "${arg_download_dir:-}" ] || dnf_value --downloaddir "$arg_download_dir"
  [ -z "${arg_conf_file:-}" ] || dnf_value --config "$arg_conf_file"
  [ -z "${arg_releasever:-}" ] || dnf_value --releasever "$arg_releasever"
  [ -z "${arg_disable_excludes:-}" ] || dnf_value --disableexcludes "$arg_disable_excludes"
  [ "$arg_installroot" = / ] || dnf_value --installroot "$arg_installroot"
}

# dnf_each OPTION WORDS: adds the option once for each word.
dnf_each() {
  dnf_option=$1
  eval "set -- $2"
  for m_one in "$@"; do
    m_quote "$dnf_option=$m_one"
    dnf_options="$dnf_options $m_result"
  done
}

# dnf_value OPTION VALUE: adds an option with its value.
dnf_value() {
  m_quote "$1=$2"
  dnf_options="$dnf_options $m_result"
}

dnf_packages() {
  eval "set -- $arg_name"
  dnf_wanted=
  for dnf_one in "$@"; do
    m_trim "$dnf_one"
    [ -z "$m_result" ] || dnf_consider "$m_result"
  done
  [ -n "$dnf_wanted" ] || return 0
  eval "set -- $dnf_wanted"
  case $dnf_state:$1 in
    absent:*) if [ "$arg_autoremove" = true ]; then dnf_run remove "$@"; else dnf_run --setopt=clean_requirements_on_remove=False remove "$@"; fi ;;
    latest:"*") dnf_upgrade upgrade ;;
    latest:*)
      if [ "$arg_update_only" = true ]; then dnf_upgrade upgrade "$@"; else dnf_latest "$@"; fi
      ;;
    # An older version that is named is taken by install itself.
    *) dnf_run install "$@" ;;
  esac
}

# Adds a package to dnf_wanted if something may have to be done about it.
dnf_consider() {
  m_quote "$1"
  case $dnf_state:$1 in
    latest:*)
      dnf_wanted="$dnf_wanted $m_result"
      return 0
      ;;
    *:@*)
      dnf_group "${1#@}"
      return 0
      ;;
  esac
  dnf_name=$1
  case $1 in
    *.rpm)
      case $1 in
        *://*) dnf_wanted="$dnf_wanted $m_result" ;;
        *)
          dnf_name=$(rpm -qp --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}' "$1" 2>/dev/null) || m_fail "cannot read the package file $1"
          rpm -q "$dnf_name" >/dev/null 2>&1 || dnf_wanted="$dnf_wanted $m_result"
          ;;
      esac
      return 0
      ;;
  esac
  if rpm -q --whatprovides "$dnf_name" >/dev/null 2>&1 || rpm -q "$dnf_name" >/dev/null 2>&1; then
    dnf_is=true
  else
    dnf_is=false
    # Globs are rpm's own.
    case $dnf_name in
      *[*?[]*) [ -z "$(rpm -qa "$dnf_name" 2>/dev/null)" ] || dnf_is=true ;;
    esac
  fi
  m_quote "$1"
  case $dnf_state:$dnf_is in
    present:false) [ "$arg_update_only" = true ] || dnf_wanted="$dnf_wanted $m_result" ;;
    absent:true) dnf_wanted="$dnf_wanted $m_result" ;;
  esac
}

dnf_group() {
  m_capture eval "$dnf_tool $dnf_options group list --installed --hidden"
  dnf_is=false
  case $m_out in
    *"$1"*) dnf_is=true ;;
  esac
  m_quote "@$1"
  case $dnf_state:$dnf_is in
    present:false | absent:true) dnf_wanted="$dnf_wanted $m_result" ;;
  esac
}

# check-update ends with 100 where there is something newer.
dnf_upgrade() {
  dnf_verb=$1
  shift
  m_words "$@"
  dnf_names=$m_result
  dnf_kind=
  [ "$arg_security" = false ] || dnf_kind="$dnf_kind --security"
  [ "$arg_bugfix" = false ] || dnf_kind="$dnf_kind --bugfix"
  m_capture eval "$dnf_tool $dnf_options $dnf_kind check-update $dnf_names"
  case $m_rc in
    0) return 0 ;;
    100) ;;
    *) dnf_failed ;;
  esac
  eval "dnf_run $dnf_kind $dnf_verb $dnf_names"
}

# The newest of some packages: those that are missing are installed, the others upgraded if there is something newer.
dnf_latest() {
  dnf_missing='' dnf_there=
  for dnf_one in "$@"; do
    m_quote "$dnf_one"
    if rpm -q --whatprovides "$dnf_one" >/dev/null 2>&1; then dnf_there="$dnf_there $m_result"; else dnf_missing="$dnf_missing $m_result"; fi
  done
  [ -z "$dnf_missing" ] || eval "dnf_run install $dnf_missing"
  [ -z "$dnf_there" ] || eval "dnf_upgrade upgrade $dnf_there"
}

dnf_run() {
  m_changed=true
  m_words "$@"
  dnf_said="${dnf_said:-}${dnf_said:+, }$m_result"
  [ "$m_check" = false ] || return 0
  m_capture eval "$dnf_tool $dnf_options $m_result"
  [ "$m_rc" = 0 ] || dnf_failed
}

dnf_failed() {
  m_int rc "$m_rc"
  m_strings results
  case $m_err in
    *'Unable to find a match'* | *'No match for argument'*)
      m_result=${m_err#*: }
      m_fail "Failed to install some of the specified packages: ${m_result%%"$m_nl"*}"
      ;;
  esac
  m_fail "$dnf_tool failed with exit status $m_rc: ${m_err:-$m_out}"
}
