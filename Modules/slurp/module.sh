# shellcheck shell=sh
# Input: src. Results: content (base64), encoding, source.
slurp_main() {
  if [ ! -e "$arg_src" ]; then m_fail "File not found: $arg_src"; fi
  if [ -d "$arg_src" ]; then m_fail "Source is a directory and must be a file: $arg_src"; fi
  if [ ! -r "$arg_src" ]; then m_fail "File is not readable: $arg_src"; fi
  m_put "${m_mark}Bcontent$m_us"
  cat <"$arg_src"
  m_str encoding base64
  m_str source "$arg_src"
}
