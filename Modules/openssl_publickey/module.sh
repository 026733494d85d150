# shellcheck shell=sh
# Input: see module.yml. Results: filename, privatekey, format, fingerprint, backup_file, publickey.

openssl_publickey_main() {
  ossl_begin "$arg_path"
  m_str filename "$arg_path"
  m_str format "$arg_format"
  if [ -n "${arg_privatekey_path:-}" ]; then m_str privatekey "$arg_privatekey_path"; else m_null privatekey; fi
  if [ "$arg_state" = absent ]; then
    ossl_absent
    m_dict fingerprint
    m_close
    return 0
  fi
  ossl_key_file "${arg_privatekey_path:-}" "${arg_privatekey_content:-}" "${arg_privatekey_passphrase:-}"
  publickey_text=$(publickey_of) || m_fail "cannot read the private key: $publickey_text"
  m_read_text "$arg_path"
  m_trim "$m_result"
  if [ "$arg_force" = true ] || [ "$m_result" != "$publickey_text" ]; then
    [ "$m_check" = true ] || ossl_backup
    m_write_text "$arg_path" "$publickey_text$m_nl"
  fi
  ossl_permissions
  m_dict fingerprint
  ossl_digests ossl_pkey "$ossl_key" -pubout -outform DER
  m_close
  [ "$arg_return_content" = false ] || m_str publickey "$publickey_text$m_nl"
}

# ssh-keygen reads its own form of keys, so openssl writes the key to it first.
publickey_of() {
  if [ "$arg_format" = PEM ]; then
    openssl pkey -in "$ossl_key" -passin "$(ossl_from)" -pubout 2>&1 </dev/null
    return
  fi
  [ -z "${ossl_pass:-}" ] || m_fail 'the form of OpenSSH is not written of keys with a passphrase'
  m_need ssh-keygen openssh-client
  (umask 077 && cat <"$ossl_key" >"$ossl_dir/plain") 2>&1 && ssh-keygen -y -P '' -f "$ossl_dir/plain" 2>&1 </dev/null
}
