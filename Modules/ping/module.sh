# shellcheck shell=sh
# Input: data. Result: ping.
ping_main() {
  if [ "$arg_data" = crash ]; then
    echo boom >&2
    exit 1
  fi
  m_str ping "$arg_data"
}
