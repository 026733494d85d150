# shellcheck shell=sh
# Input: cmd, executable, chdir, creates, removes, strip_empty_ends; standard input is the command's.
# Results: as command's.
shell_main() {
  [ -n "${arg_cmd:-}" ] || m_fail 'one of the following is required: _raw_params, cmd, argv'
  [ -z "${arg_expand_argument_vars:-}" ] || m_fail 'Unsupported parameters for (shell) module: expand_argument_vars'
  command_prepare
  shell_run
}

shell_quick() {
  [ -n "${arg_cmd:-}" ] && [ -z "${arg_expand_argument_vars:-}${arg_executable:-}" ] && command_is_plain || return 1
  shell_run
}

shell_run() { command_run "${arg_executable:-}" "${arg_executable:-/bin/sh}" -c "$arg_cmd"; }
