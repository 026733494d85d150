# shellcheck shell=sh
# Input: see module.yml. Results: filename, privatekey, csr, ca_cert, ca_privatekey, notBefore, notAfter, serial_number, backup_file, certificate.

x509_certificate_main() {
  ossl_begin "$arg_path"
  m_str filename "$arg_path"
  if [ "$arg_state" = absent ]; then
    ossl_absent
    return 0
  fi
  x509_begin
  if [ "$arg_force" = true ] || ! x509_fits; then
    m_changed=true
    [ "$m_check" = true ] || x509_sign
  fi
  ossl_permissions
  x509_report
  [ "$arg_return_content" = false ] || ossl_content certificate
}

# x509_key signs, x509_csr is the request; the options of the provider become x509_….
x509_begin() {
  ossl_scratch
  x509_ca=
  if [ "$arg_provider" = selfsigned ]; then
    ossl_key_file "${arg_privatekey_path:-}" "${arg_privatekey_content:-}" "${arg_privatekey_passphrase:-}"
    x509_digest=$arg_selfsigned_digest x509_identifier=$arg_selfsigned_create_subject_key_identifier
    x509_before=$arg_selfsigned_not_before x509_after=$arg_selfsigned_not_after
  else
    ossl_key_file "${arg_ownca_privatekey_path:-}" "${arg_ownca_privatekey_content:-}" "${arg_ownca_privatekey_passphrase:-}"
    x509_text_file "${arg_ownca_path:-}" "${arg_ownca_content:-}" ca "The CA certificate ${arg_ownca_path:-}"
    x509_ca=$x509_file
    x509_digest=$arg_ownca_digest x509_identifier=$arg_ownca_create_subject_key_identifier
    x509_before=$arg_ownca_not_before x509_after=$arg_ownca_not_after
  fi
  x509_time "$x509_before"
  x509_from=$m_result
  x509_time "$x509_after"
  x509_until=$m_result
  if [ -n "${arg_csr_path:-}${arg_csr_content:-}" ]; then
    x509_text_file "${arg_csr_path:-}" "${arg_csr_content:-}" request "The certificate signing request file ${arg_csr_path:-}"
  else
    x509_file=$ossl_dir/request
    m_put "[req]${m_nl}distinguished_name = names${m_nl}[names]$m_nl" >"$ossl_dir/request.conf"
    ossl_must req -new -batch -subj / -key "$ossl_key" -passin "$(ossl_from)" -config "$ossl_dir/request.conf" -out "$x509_file"
  fi
  x509_csr=$x509_file
  ossl_must req -in "$x509_csr" -noout -verify
  [ "$arg_provider" = ownca ] || [ "$(openssl req -in "$x509_csr" -noout -pubkey </dev/null)" = "$(ossl_pkey "$ossl_key" -pubout)" ] ||
    m_fail 'The provided CSR is not for the provided private key'
}

# x509_text_file PATH CONTENT NAME WORDS: x509_file is the path, or a file with the content.
x509_text_file() {
  x509_file=$1
  if [ -z "$1" ]; then
    x509_file=$ossl_dir/$3
    m_put "$2" >"$x509_file" || m_fail 'cannot write a temporary file'
  fi
  [ -r "$x509_file" ] || m_fail "$4 does not exist"
}

# x509_time TEXT: m_result is a time as YYYYMMDDHHMMSSZ. A time from now on is a sum of weeks, days, hours, minutes and seconds.
x509_time() {
  case $1 in
    [-+]*)
      x509_seconds=$(m_put "$1" | awk -v now="$(date +%s)" '{
        sign = substr($0, 1, 1) == "-" ? -1 : 1; text = substr($0, 2); sum = 0
        units = "wdhms"; split("604800 86400 3600 60 1", size, " ")
        for (i = 1; i <= 5; i++) if (match(text, "^[0-9]+" substr(units, i, 1))) { sum += substr(text, 1, RLENGTH - 1) * size[i]; text = substr(text, RLENGTH + 1) }
        if (text != "") exit 1
        printf "%.0f", now + sign * sum
      }') && m_result=$(date -u -d "@$x509_seconds" +%Y%m%d%H%M%SZ) || m_fail "the time spec \"$1\" is invalid"
      ;;
    ??????????????Z) m_result=$1 ;;
    ????????????Z) m_result=20$1 ;;
    *) m_fail "the time spec \"$1\" is invalid" ;;
  esac
  m_is_number "${m_result%Z}" || m_fail "the time spec \"$1\" is invalid"
}

# What is there is a certificate for the request, of who signs now.
x509_fits() {
  [ -s "$arg_path" ] || return 1
  x509_has=$(openssl x509 -in "$arg_path" -noout -pubkey </dev/null 2>/dev/null) || return 1
  [ "$x509_has" = "$(openssl req -in "$x509_csr" -noout -pubkey </dev/null)" ] || return 1
  [ "$(ossl_name x509 "$arg_path" subject)" = "$(ossl_name req "$x509_csr" subject)" ] || return 1
  if [ "$arg_provider" = selfsigned ]; then
    [ "$(ossl_name x509 "$arg_path" issuer)" = "$(ossl_name x509 "$arg_path" subject)" ] || return 1
  else
    x509_is_signed || return 1
  fi
  x509_extensions_fit || return 1
  [ "$arg_ignore_timestamps" = true ] && return 0
  x509_read "$arg_path"
  [ "$x509_not_before" = "$x509_from" ] && [ "$x509_not_after" = "$x509_until" ]
}

# An authority that says of itself that it is none (error 24) has signed all the same.
x509_is_signed() {
  [ "$(ossl_name x509 "$arg_path" issuer)" = "$(ossl_name x509 "$x509_ca" subject)" ] || return 1
  case $(openssl verify -partial_chain -no_check_time -trusted "$x509_ca" "$arg_path" 2>&1 </dev/null) in
    *'error 7 '* | *'error 20 '* | *'error 2 '* | *'rror loading'*) return 1 ;;
  esac
}

# Identifiers of keys are made when it is signed; all else stands in the request.
x509_extensions_fit() {
  x509_asked=$(openssl req -in "$x509_csr" -noout -text </dev/null | ossl_extensions)
  x509_found=$(openssl x509 -in "$arg_path" -noout -text </dev/null | ossl_extensions)
  case $x509_identifier:$x509_asked in
    never_create:*'Subject Key Identifier'*) ;;
    never_create:*)
      case $x509_found in *'Subject Key Identifier'*) return 1 ;; esac
      ;;
    *)
      case $x509_found in *'Subject Key Identifier'*) ;; *) return 1 ;; esac
      ;;
  esac
  [ "$(x509_others "$x509_asked")" = "$(x509_others "$x509_found")" ] && x509_identifier_fits
}

x509_others() { m_put "$1$m_nl" | grep -v 'Subject Key Identifier\|Authority Key Identifier'; }

# An identifier that the request has stays, unless one is always to be made.
x509_identifier_fits() {
  [ "$x509_identifier" != always_create ] || return 0
  x509_line=$(m_put "$x509_asked$m_nl" | grep 'Subject Key Identifier') || return 0
  [ "$x509_line" = "$(m_put "$x509_found$m_nl" | grep 'Subject Key Identifier')" ]
}

x509_sign() {
  x509_copy=copyall
  [ "$x509_identifier" != always_create ] || x509_copy=copy
  : >"$ossl_dir/index"
  {
    m_put "[ca]${m_nl}default_ca = own${m_nl}[own]${m_nl}rand_serial = yes${m_nl}new_certs_dir = $ossl_dir${m_nl}database = $ossl_dir/index${m_nl}policy = policy$m_nl"
    m_put "unique_subject = no${m_nl}email_in_dn = yes${m_nl}copy_extensions = $x509_copy${m_nl}string_mask = utf8only$m_nl"
    m_put "x509_extensions = extensions${m_nl}[policy]${m_nl}commonName = optional${m_nl}[extensions]$m_nl"
    x509_identifiers
  } >"$ossl_dir/ca.conf"
  if [ -n "$x509_ca" ]; then set -- -cert "$x509_ca"; else set -- -selfsign; fi
  ossl_must ca -batch -notext -preserveDN -utf8 -config "$ossl_dir/ca.conf" -keyfile "$ossl_key" -passin "$(ossl_from)" -md "$x509_digest" \
    -startdate "$x509_from" -enddate "$x509_until" -in "$x509_csr" -out "$ossl_dir/certificate" "$@"
  m_temporary "$arg_path"
  cat <"$ossl_dir/certificate" >"$m_temp" || m_drop_temporary "$arg_path" 'no room'
  ossl_place
}

# OpenSSL 3 puts in identifiers unless it is told not to; its predecessors do not know that word.
x509_identifiers() {
  x509_none=none
  case $(openssl version) in
    'OpenSSL 1'* | LibreSSL*) x509_none= ;;
  esac
  x509_subject_identifier=hash x509_authority_identifier=keyid
  [ "$x509_identifier" != never_create ] || x509_subject_identifier=$x509_none
  [ -n "$x509_ca" ] && [ "$arg_ownca_create_authority_key_identifier" = true ] || x509_authority_identifier=$x509_none
  [ -z "$x509_subject_identifier" ] || m_put "subjectKeyIdentifier = $x509_subject_identifier$m_nl"
  [ -z "$x509_authority_identifier" ] || m_put "authorityKeyIdentifier = $x509_authority_identifier$m_nl"
}

# x509_read FILE: x509_not_before and x509_not_after as YYYYMMDDHHMMSSZ, x509_serial in decimal.
x509_read() {
  x509_lines=$(openssl x509 -in "$1" -noout -startdate -enddate -serial </dev/null 2>/dev/null | awk '
    function pad(n) { return n < 10 ? "0" n + 0 : n }
    function time(text,   w, c) {
      sub(/^[^=]*=/, "", text); split(text, w, " "); split(w[3], c, ":")
      return w[4] pad((index("JanFebMarAprMayJunJulAugSepOctNovDec", w[1]) + 2) / 3) pad(w[2]) c[1] c[2] c[3] "Z"
    }
    function decimal(hex,   i, j, many, digits, carry, out) {
      many = 1; digits[1] = 0
      for (i = 1; i <= length(hex); i++) {
        carry = index("0123456789ABCDEF", substr(hex, i, 1)) - 1
        for (j = 1; j <= many; j++) { carry += digits[j] * 16; digits[j] = carry % 1000000; carry = int(carry / 1000000) }
        if (carry) digits[++many] = carry
      }
      out = digits[many] ""
      for (j = many - 1; j >= 1; j--) out = out substr("000000" digits[j], length(digits[j]) + 1)
      return out
    }
    /^not/ { print time($0) }
    /^serial=/ { print decimal(substr($0, 8)) }')
  x509_not_before=${x509_lines%%"$m_nl"*}
  x509_serial=${x509_lines##*"$m_nl"}
  x509_not_after=${x509_lines#*"$m_nl"}
  x509_not_after=${x509_not_after%%"$m_nl"*}
}

x509_report() {
  x509_path privatekey "${arg_privatekey_path:-}"
  x509_path csr "${arg_csr_path:-}"
  if [ -n "$x509_ca" ]; then
    x509_path ca_cert "${arg_ownca_path:-}"
    x509_path ca_privatekey "${arg_ownca_privatekey_path:-}"
  fi
  if [ "$m_changed:$m_check" = true:true ]; then
    m_str notBefore "$x509_from"
    m_str notAfter "$x509_until"
    m_null serial_number
  else
    x509_read "$arg_path"
    m_str notBefore "$x509_not_before"
    m_str notAfter "$x509_not_after"
    m_str serial_number "$x509_serial"
  fi
}

x509_path() { if [ -n "$2" ]; then m_str "$1" "$2"; else m_null "$1"; fi; }
