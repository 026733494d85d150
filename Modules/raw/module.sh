# shellcheck shell=sh
# Input: cmd, executable. Results: rc, stdout, stderr.
raw_main() {
  if [ "$m_check" = true ]; then
    m_put "${m_mark}e${m_us}skipped false"
    exit 0
  fi
  (exec "${arg_executable:-/bin/sh}" -c "$arg_cmd")
  raw_status=$?
  m_changed=true
  m_take_output keep
  m_int rc "$raw_status"
  [ "$raw_status" = 0 ] || m_fail 'non-zero return code'
}
