# shellcheck shell=sh
# Input: see module.yml. Results: what the certificate says.

x509_certificate_info_main() {
  ossl_begin ''
  ossl_scratch
  info_file=${arg_path:-}
  if [ -z "$info_file" ]; then
    info_file=$ossl_dir/given
    m_put "$arg_content" >"$info_file" || m_fail 'cannot write a temporary file'
  fi
  [ -r "$info_file" ] || m_fail "Failed to read certificate file: $info_file"
  # What is DER becomes PEM.
  openssl x509 -in "$info_file" -out "$ossl_dir/pem" 2>/dev/null </dev/null ||
    openssl x509 -inform DER -in "$info_file" -out "$ossl_dir/pem" 2>/dev/null </dev/null || m_fail "cannot read a certificate in $info_file"
  info_file=$ossl_dir/pem
  info_report
}

# What the certificate in info_file says of its time.
info_validity() {
  x509_read "$info_file"
  m_str not_before "$x509_not_before"
  m_str not_after "$x509_not_after"
  m_str serial_number "$x509_serial"
  x509_time +0s
  if info_is_later "$m_result" "$x509_not_after"; then m_bool expired true; else m_bool expired false; fi
}

info_report() {
  info_validity
  info_valid_at
  info_name subject
  info_name issuer
  info_text=$(openssl x509 -in "$info_file" -noout -text -nameopt RFC2253,-esc_msb,utf8 </dev/null) || m_fail 'openssl cannot print the certificate'
  info_version=${info_text#*Version: }
  m_int version "${info_version%% *}"
  info_algorithm=${info_text#*Signature Algorithm: }
  m_str signature_algorithm "${info_algorithm%%"$m_nl"*}"
  info_key
  info_lines=$(m_put "$info_text$m_nl" | ossl_extensions)
  info_extensions
}

# True if the first time is later; both are YYYYMMDDHHMMSSZ.
info_is_later() { awk -v a="${1%Z}" -v b="${2%Z}" 'BEGIN { exit !(a "" > b "") }'; }

info_valid_at() {
  m_dict valid_at
  eval "set -- ${arg_valid_at:-}"
  while [ $# -gt 1 ]; do
    x509_time "$2"
    if info_is_later "$x509_not_before" "$m_result" || info_is_later "$m_result" "$x509_not_after"; then m_bool "$1" false; else m_bool "$1" true; fi
    shift 2
  done
  m_close
}

# info_name subject|issuer: openssl prints a line for each part, by its long name.
info_name() {
  info_pairs "$1"
  info_key=$1
  eval "set -- $info_pairs"
  m_list "${info_key}_ordered"
  while [ $# -gt 1 ]; do
    m_strings '' "$1" "$2"
    shift 2
  done
  m_close
  info_dict_known "$info_key"
}

info_dict() {
  info_pairs "$1"
  info_dict_known "$1"
}

info_dict_known() {
  m_dict "$1"
  eval "set -- $info_pairs"
  while [ $# -gt 1 ]; do
    m_str "$1" "$2"
    shift 2
  done
  m_close
}

info_pairs() {
  info_pairs=
  info_parts=$(openssl x509 -in "$info_file" -noout "-$1" -nameopt multiline,-esc_msb,utf8,-align </dev/null)
  while IFS= read -r info_one; do
    case $info_one in
      '    '*' = '*)
        info_one=${info_one#"    "}
        m_words "${info_one%%" = "*}" "${info_one#*" = "}"
        info_pairs="$info_pairs $m_result"
        ;;
    esac
  done <<INFO_END
$info_parts
INFO_END
}

info_key() {
  openssl x509 -in "$info_file" -noout -pubkey </dev/null >"$ossl_dir/public"
  m_read_text "$ossl_dir/public"
  m_str public_key "$m_result"
  ossl_key_kind "$ossl_dir/public" -pubin || m_fail 'openssl cannot read the key'
  m_str public_key_type "$ossl_type"
  m_dict public_key_data
  case $ossl_type in
    RSA | DSA) m_int size "$ossl_size" ;;
    ECC)
      case $ossl_curve in
        prime256v1) ossl_curve=secp256r1 ;;
        prime192v1) ossl_curve=secp192r1 ;;
      esac
      m_str curve "$ossl_curve"
      m_int exponent_size "$ossl_size"
      ;;
  esac
  m_close
  m_dict public_key_fingerprints
  ossl_digests ossl_pkey "$ossl_dir/public" -pubin -pubout -outform DER
  m_close
  m_dict fingerprints
  ossl_digests openssl x509 -in "$info_file" -outform DER
  m_close
}

# info_find NAME: info_value is what the extension says, info_critical whether it must be understood. False where there is none.
info_find() {
  info_value='' info_critical=false
  case $m_nl$info_lines in
    *"$m_nl$1: critical|"*)
      info_critical=true
      info_value=${info_lines#*"$1: critical|"}
      ;;
    *"$m_nl$1:|"*) info_value=${info_lines#*"$1:|"} ;;
    *) return 1 ;;
  esac
  info_value=${info_value%%"$m_nl"*}
}

# info_list KEY NAME: the extension's words.
info_list() {
  if ! info_find "$2"; then
    m_null "$1"
    m_bool "$1_critical" false
    return 0
  fi
  m_bool "$1_critical" "$info_critical"
  m_list "$1"
  info_rest="$info_value, "
  while [ -n "$info_rest" ]; do
    info_one=${info_rest%%", "*}
    info_rest=${info_rest#*", "}
    case $info_one in
      'IP Address:'*) info_one=IP:${info_one#*:} ;;
      'Registered ID:'*) info_one=RID:${info_one#*:} ;;
    esac
    m_str '' "$info_one"
  done
  m_close
}

info_extensions() {
  info_list subject_alt_name 'X509v3 Subject Alternative Name'
  info_list key_usage 'X509v3 Key Usage'
  info_list extended_key_usage 'X509v3 Extended Key Usage'
  info_list basic_constraints 'X509v3 Basic Constraints'
  if info_find 'TLS Feature'; then m_bool ocsp_must_staple true; else m_null ocsp_must_staple; fi
  m_bool ocsp_must_staple_critical "$info_critical"
  info_identifier subject_key_identifier 'X509v3 Subject Key Identifier'
  info_identifier authority_key_identifier 'X509v3 Authority Key Identifier'
  m_null authority_cert_issuer
  m_null authority_cert_serial_number
  info_find 'Authority Information Access'
  info_uri ocsp_uri 'OCSP - URI:'
  info_uri issuer_uri 'CA Issuers - URI:'
}

info_identifier() {
  if info_find "$2"; then
    info_value=${info_value#keyid:}
    m_str "$1" "$(m_put "${info_value%%"|"*}" | tr '[:upper:]' '[:lower:]')"
  else
    m_null "$1"
  fi
}

info_uri() {
  case $info_value in
    *"$2"*)
      info_one=${info_value#*"$2"}
      m_str "$1" "${info_one%%"|"*}"
      ;;
    *) m_null "$1" ;;
  esac
}
