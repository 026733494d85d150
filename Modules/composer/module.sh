# shellcheck shell=sh
# Input: see module.yml. Results: stdout, stderr, msg.

composer_main() {
  m_plain_locale
  case $arg_command in
    '' | *[[:space:]]*) m_fail "Use the 'arguments' param for passing arguments with the 'command'" ;;
  esac
  [ "$arg_global_command" = true ] || [ -n "${arg_working_dir:-}" ] || m_fail 'working_dir is needed unless global_command is set'
  composer_tool=${arg_composer_executable:-composer}
  m_need "$composer_tool"
  composer_options
  composer_dry=
  if [ "$m_check" = true ]; then
    case " $composer_known " in
      *' dry-run '*) composer_dry=--dry-run ;;
      *)
        m_changed=true
        m_str msg "in check mode, '$arg_command' is not run"
        return 0
        ;;
    esac
  fi
  # The words of `arguments` are a command line of the user's and are split.
  # shellcheck disable=SC2086
  m_capture composer_run $composer_dry $composer_flags "$arg_command" $arg_arguments
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  [ "$m_rc" = 0 ] || m_fail "$(m_put "$m_out$m_err" | tr '\n' ' ')"
  case $m_out$m_err in
    *'Nothing to install'* | *'Nothing to update'*) ;;
    *) m_changed=true ;;
  esac
  m_str msg "$(m_put "$m_out" | tr '\n' ' ')"
}

composer_run() {
  # An unattended run asks nothing.
  [ "$arg_global_command" = false ] || set -- global "$@"
  [ -z "${arg_working_dir:-}" ] || set -- --working-dir "$arg_working_dir" "$@"
  if [ -n "${arg_executable:-}" ]; then "$arg_executable" "$(command -v "$composer_tool")" "$@"; else "$composer_tool" "$@"; fi
}

# composer_known are the long options that the command has; composer_flags those to give.
composer_options() {
  composer_flags=
  composer_known=$(composer_run help "$arg_command" --no-interaction 2>/dev/null | sed -n 's/.*--\([a-z-]*\).*/\1/p' | tr '\n' ' ')
  for m_each in no-ansi no-interaction no-progress; do composer_flag "$m_each" true; done
  composer_flag prefer-source "$arg_prefer_source"
  composer_flag prefer-dist "$arg_prefer_dist"
  composer_flag no-dev "$arg_no_dev"
  composer_flag no-scripts "$arg_no_scripts"
  composer_flag no-plugins "$arg_no_plugins"
  composer_flag optimize-autoloader "$arg_optimize_autoloader"
  composer_flag classmap-authoritative "$arg_classmap_authoritative"
  composer_flag apcu-autoloader "$arg_apcu_autoloader"
  composer_flag ignore-platform-reqs "$arg_ignore_platform_reqs"
}

composer_flag() {
  [ "$2" = true ] || return 0
  case " $composer_known " in
    *" $1 "*) composer_flags="$composer_flags --$1" ;;
  esac
}
