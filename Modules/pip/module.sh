# shellcheck shell=sh
# Input: see module.yml. Results: cmd, name, state, version, virtualenv, requirements, stdout, stderr.

pip_main() {
  m_plain_locale
  if [ -n "${arg_chdir:-}" ]; then cd -- "$arg_chdir" 2>/dev/null || m_fail "cannot enter $arg_chdir"; fi
  if [ -n "${arg_umask:-}" ]; then umask "$arg_umask"; fi
  eval "set -- ${arg_name:-}"
  if [ -n "${arg_version:-}" ] && [ $# != 1 ]; then m_fail "'version' argument is ambiguous when installing multiple package distributions."; fi
  if [ "$arg_state" = absent ] && [ -n "${arg_requirements:-}" ] && [ ! -e "$arg_requirements" ]; then m_fail "there is no file $arg_requirements"; fi
  pip_environment
  pip_find
  pip_decide "$@"
  m_str state "$arg_state"
  m_strings name "$@"
  [ -z "${arg_virtualenv:-}" ] || m_str virtualenv "$arg_virtualenv"
  [ -z "${arg_version:-}" ] || m_str version "$arg_version"
  [ -z "${arg_requirements:-}" ] || m_str requirements "$arg_requirements"
}

# Makes the virtual environment where it is missing.
pip_environment() {
  [ -n "${arg_virtualenv:-}" ] && [ ! -x "$arg_virtualenv/bin/python" ] || return 0
  m_changed=true
  [ "$m_check" = false ] || return 0
  set --
  [ "$arg_virtualenv_site_packages" = false ] || set -- --system-site-packages
  if [ -n "${arg_virtualenv_python:-}" ] && m_has "${arg_virtualenv_command%% *}"; then set -- "$@" -p "$arg_virtualenv_python"; fi
  # The command may have words of its own, such as python3 -m venv.
  if m_has "${arg_virtualenv_command%% *}"; then
    # shellcheck disable=SC2086
    m_must $arg_virtualenv_command "$@" "$arg_virtualenv"
  else
    m_must "${arg_virtualenv_python:-python3}" -m venv "$@" "$arg_virtualenv"
  fi
}

# pip_tool are the words that call pip.
pip_find() {
  if [ -n "${arg_virtualenv:-}" ]; then
    m_quote "$arg_virtualenv/bin/python"
    pip_tool="$m_result -m pip"
  elif [ -n "${arg_executable:-}" ]; then
    m_quote "$arg_executable"
    pip_tool=$m_result
  elif m_has pip3; then
    pip_tool=pip3
  elif m_has pip; then
    pip_tool=pip
  elif m_has python3; then
    pip_tool='python3 -m pip'
  else
    m_fail 'Unable to find any of pip3, pip to use.  pip needs to be installed.'
  fi
}

pip_decide() {
  pip_wanted=
  if [ -n "${arg_virtualenv:-}" ] && [ ! -x "$arg_virtualenv/bin/python" ]; then
    # Check mode of an environment that is not there yet.
    return 0
  fi
  pip_has=$m_nl
  if [ -z "${arg_requirements:-}" ] && [ "$arg_state" != latest ] && [ "$arg_state" != forcereinstall ]; then
    m_capture eval "$pip_tool list --format=freeze --disable-pip-version-check"
    [ "$m_rc" = 0 ] || m_fail "cannot list packages: ${m_err:-$m_out}"
    pip_has=$m_nl$(m_put "$m_out" | tr '[:upper:]_' '[:lower:]-')$m_nl
  fi
  for pip_one in "$@"; do pip_consider "$pip_one"; done
  case $arg_state in
    absent) set -- uninstall -y ;;
    latest) set -- install -U ;;
    forcereinstall) set -- install -U --force-reinstall ;;
    *) set -- install ;;
  esac
  [ "$arg_editable" = false ] || set -- "$@" -e
  [ -z "${arg_requirements:-}" ] || set -- "$@" -r "$arg_requirements"
  [ -n "$pip_wanted${arg_requirements:-}" ] || return 0
  [ "$arg_break_system_packages" = false ] || { PIP_BREAK_SYSTEM_PACKAGES=1 && export PIP_BREAK_SYSTEM_PACKAGES; }
  m_words "$@"
  pip_command="$pip_tool $m_result ${arg_extra_args:-}$pip_wanted"
  m_str cmd "$pip_command"
  if [ "$m_check" = true ]; then
    # Only pip itself could tell whether requirements and newest versions are there.
    m_changed=true
    return 0
  fi
  m_capture eval "$pip_command"
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  [ "$m_rc" = 0 ] || m_fail "stdout: $m_out${m_nl}:stderr: $m_err"
  case $m_out in
    *'Successfully installed'* | *'Successfully uninstalled'*) m_changed=true ;;
  esac
}

# pip_consider NAME: adds a package to pip_wanted if it is not as it shall be.
pip_consider() {
  pip_spec=$1
  [ -z "${arg_version:-}" ] || pip_spec=$1==$arg_version
  m_quote "$pip_spec"
  pip_word=$m_result
  pip_key=$(m_put "${pip_spec%%[=<>!~;@ []*}" | tr '[:upper:]_' '[:lower:]-')
  case $pip_has in
    *"$m_nl$pip_key=="*)
      pip_version=${pip_has#*"$m_nl$pip_key=="}
      pip_version=${pip_version%%"$m_nl"*}
      ;;
    *) pip_version= ;;
  esac
  case $arg_state:$pip_spec in
    absent:*)
      m_quote "${pip_spec%%[=<>!~; []*}"
      [ -z "$pip_version" ] || pip_wanted="$pip_wanted $m_result"
      ;;
    present:*==*) [ "$pip_version" = "$(m_put "${pip_spec#*==}" | tr '[:upper:]' '[:lower:]')" ] || pip_wanted="$pip_wanted $pip_word" ;;
    # Ranges and sources are pip's business: it says whether it did anything.
    present:*[\<\>!~@/]*) pip_wanted="$pip_wanted $pip_word" ;;
    present:*) [ -n "$pip_version" ] || pip_wanted="$pip_wanted $pip_word" ;;
    *) pip_wanted="$pip_wanted $pip_word" ;;
  esac
}
