# shellcheck shell=sh
# Input: see module.yml. Results: csr, and what openssl_csr returns.

openssl_csr_pipe_main() {
  ossl_begin ''
  csr_make
  m_put "${arg_content:-}" >"$ossl_dir/given"
  if csr_is_same "$ossl_dir/given"; then
    m_str csr "$arg_content"
  else
    m_changed=true
    if [ "$m_check" = true ]; then
      m_null csr
    else
      m_read_text "$ossl_dir/csr"
      m_str csr "$m_result"
    fi
  fi
  csr_report
}
