# shellcheck shell=sh
# Input: cmd, executable, chdir, creates, removes, strip_empty_ends; standard input is the command's.
# Results: as command's.
shell_main() {
  [ -n "${arg_cmd:-}" ] || m_fail 'one of the following is required: _raw_params, cmd, argv'
  [ -z "${arg_expand_argument_vars:-}" ] || m_fail 'Unsupported parameters for (shell) module: expand_argument_vars'
  command_prepare
  m_now
  command_start=$m_result
  (exec "${arg_executable:-/bin/sh}" -c "$arg_cmd")
  command_report $? "${arg_executable:-}"
}
