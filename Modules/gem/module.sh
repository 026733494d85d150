# shellcheck shell=sh
# Input: see module.yml. Results: name, state, version.

gem_main() {
  m_plain_locale
  gem_tool=${arg_executable:-gem}
  m_need "${gem_tool%% *}" ruby
  case $arg_state:${arg_version:-}:${arg_gem_source:-} in
    latest:?*:*) m_fail 'Cannot specify version when state=latest' ;;
    latest::?*) m_fail 'Cannot maintain state=latest when installing from local source' ;;
  esac
  [ "$arg_user_install" = false ] || [ -z "${arg_install_dir:-}" ] || m_fail 'install_dir requires user_install=false'
  [ -z "${arg_install_dir:-}" ] || m_export GEM_HOME "$arg_install_dir"
  m_str name "$arg_name"
  gem_look
  case $arg_state:$gem_there in
    absent:true) gem_uninstall ;;
    absent:false | *:true) ;;
    *) gem_install ;;
  esac
  m_str state "$arg_state"
  [ -z "${arg_version:-}" ] || m_str version "$arg_version"
}

gem_run() {
  # shellcheck disable=SC2086
  $gem_tool "$@"
}

# gem_versions [--remote]: m_result are the versions, the newest first, from a line such as: puma (6.4.2, 6.4.1 ruby, default: 5.0).
gem_versions() {
  set -- query ${gem_norc:+"$gem_norc"} "$@" -n "^$arg_name\$"
  m_capture gem_run "$@"
  [ "$m_rc" = 0 ] || m_fail_command "$gem_tool" "$@"
  m_result=$(m_put "$m_out$m_nl" | sed -n 's/^[^[:space:]]*[[:space:]]*(\(.*\)).*/\1/p' | tr ',' '\n' | sed 's/^ *//; s/^default: //; s/ .*//')
}

gem_look() {
  gem_norc=
  [ "$arg_norc" = false ] || gem_norc=--norc
  if [ "$arg_state" = latest ]; then
    gem_versions --remote ${arg_repository:+--source "$arg_repository"}
    arg_version=${m_result%%"$m_nl"*}
  fi
  gem_versions
  gem_there=false
  case ${arg_version:-}:$m_nl$m_result$m_nl in
    :"$m_nl$m_nl") ;;
    :*) gem_there=true ;;
    *:*"$m_nl${arg_version:-}$m_nl"*) gem_there=true ;;
  esac
}

gem_install() {
  set -- install ${gem_norc:+"$gem_norc"}
  [ -z "${arg_version:-}" ] || set -- "$@" --version "$arg_version"
  [ -z "${arg_repository:-}" ] || set -- "$@" --source "$arg_repository"
  [ "$arg_include_dependencies" = true ] || set -- "$@" --ignore-dependencies
  if [ "$arg_user_install" = true ]; then set -- "$@" --user-install; else set -- "$@" --no-user-install; fi
  [ -z "${arg_install_dir:-}" ] || set -- "$@" --install-dir "$arg_install_dir"
  [ -z "${arg_bindir:-}" ] || set -- "$@" --bindir "$arg_bindir"
  [ "$arg_pre_release" = false ] || set -- "$@" --pre
  [ "$arg_include_doc" = true ] || set -- "$@" --no-document
  [ "$arg_env_shebang" = false ] || set -- "$@" --env-shebang
  [ "$arg_force" = false ] || set -- "$@" --force
  set -- "$@" "${arg_gem_source:-$arg_name}"
  [ -z "${arg_build_flags:-}" ] || set -- "$@" -- "$arg_build_flags"
  m_must gem_run "$@"
}

gem_uninstall() {
  set -- uninstall ${gem_norc:+"$gem_norc"}
  [ -z "${arg_install_dir:-}" ] || set -- "$@" --install-dir "$arg_install_dir"
  [ -z "${arg_bindir:-}" ] || set -- "$@" --bindir "$arg_bindir"
  if [ -n "${arg_version:-}" ]; then set -- "$@" --version "$arg_version"; else set -- "$@" --all; fi
  set -- "$@" --executable
  [ "$arg_force" = false ] || set -- "$@" --force
  m_must gem_run "$@" "$arg_name"
  [ "$m_check" = false ] || return 0
  gem_look
  [ "$gem_there" = false ] ||
    m_fail "Failed to uninstall gem '$arg_name': it is still present after 'gem uninstall'. This usually happens with default or system gems provided by the OS, which cannot be removed with the gem command."
}
