# shellcheck shell=sh
# Input: see module.yml. Results: filename, privatekey, subject and others, backup_file, csr. The functions csr_… and ossl_key… serve other modules, too.

openssl_csr_main() {
  ossl_begin "$arg_path"
  m_str filename "$arg_path"
  if [ "$arg_state" = absent ]; then
    ossl_absent
    return 0
  fi
  csr_make
  if [ "$arg_force" = true ] || ! csr_is_same "$arg_path"; then
    m_changed=true
    if [ "$m_check" = false ]; then
      m_temporary "$arg_path"
      cat <"$ossl_dir/csr" >"$m_temp" || m_drop_temporary "$arg_path" 'no room'
      ossl_place
    fi
  fi
  ossl_permissions
  csr_report
  [ "$arg_return_content" = false ] || ossl_content csr
}

# ossl_key_file PATH CONTENT PASSPHRASE: ossl_key is the key's file; its passphrase goes by ossl_pass.
ossl_key_file() {
  ossl_scratch
  if [ -n "$1" ]; then
    ossl_key=$1
    [ -r "$ossl_key" ] || m_fail "The private key $ossl_key does not exist"
  else
    ossl_key=$ossl_dir/key
    (umask 077 && m_put "$2" >"$ossl_key") || m_fail 'cannot write a temporary file'
  fi
  ossl_pass=
  [ -z "$3" ] || m_export ossl_pass "$3"
}

# The request that the options come to, as $ossl_dir/csr. What is there already is compared with it.
csr_make() {
  ossl_key_file "${arg_privatekey_path:-}" "${arg_privatekey_content:-}" "${arg_privatekey_passphrase:-}"
  csr_subject
  csr_extensions
  {
    m_put "[req]${m_nl}prompt = no${m_nl}utf8 = yes${m_nl}string_mask = utf8only${m_nl}distinguished_name = names$m_nl"
    [ -z "$csr_lines" ] || m_put "req_extensions = extensions$m_nl"
    m_put "[names]$m_nl${csr_names}[extensions]$m_nl${csr_lines}[alternatives]$m_nl${csr_alternatives}[constraints]$m_nl$csr_constraints"
  } >"$ossl_dir/csr.conf"
  set --
  [ -n "$csr_names" ] || set -- -subj /
  ossl_must req -new -batch -key "$ossl_key" -passin "$(ossl_from)" -config "$ossl_dir/csr.conf" "-$arg_digest" "$@" -out "$ossl_dir/csr"
}

# csr_is_same FILE: it says what the new one says, for the same key, and its signature is right.
csr_is_same() {
  [ -s "$1" ] && openssl req -in "$1" -noout -verify </dev/null >/dev/null 2>&1 || return 1
  [ "$(csr_facts "$1")" = "$(csr_facts "$ossl_dir/csr")" ]
}

csr_facts() {
  openssl req -in "$1" -noout -pubkey </dev/null
  ossl_name req "$1" subject
  openssl req -in "$1" -noout -text </dev/null | ossl_extensions
}

# ossl_name req|x509 FILE subject|issuer: the name in one line.
ossl_name() { openssl "$1" -in "$2" -noout "-$3" -nameopt RFC2253,-esc_msb,utf8 </dev/null 2>/dev/null | sed 's/^[a-z]*= *//'; }

# The extensions of what openssl prints, a line each, sorted.
ossl_extensions() {
  awk '
    /Requested Extensions:|X509v3 extensions:/ { match($0, /^ */); base = RLENGTH; inside = 1; next }
    /^ *$/ { next }
    inside {
      match($0, /^ */)
      if (RLENGTH <= base) { inside = 0; next }
      deep = RLENGTH > base + 4; sub(/^ +/, ""); sub(/ +$/, "")
      if (deep) line = line "|" $0; else { if (line != "") print line; line = $0 }
    }
    END { if (line != "") print line }' | LC_ALL=C sort
}

# csr_quote TEXT: m_result is the text as a value in a configuration of openssl.
csr_quote() {
  case $1 in
    *"$m_nl"*) m_fail "a line break cannot be part of a request: $1" ;;
  esac
  m_replace "$1" "\\" "\\\\"
  m_replace "$m_result" '"' '\"'
  m_result="\"$m_result\""
}

# csr_names: lines of the subject; csr_pairs the same as words.
csr_subject() {
  csr_names='' csr_pairs='' csr_count=0
  if [ -n "${arg_subject_ordered:-}" ]; then
    eval "set -- $arg_subject_ordered"
    for csr_one in "$@"; do csr_add_pairs "$csr_one"; done
    return 0
  fi
  csr_add_name C "${arg_country_name:-}"
  csr_add_name ST "${arg_state_or_province_name:-}"
  csr_add_name L "${arg_locality_name:-}"
  csr_add_name O "${arg_organization_name:-}"
  csr_add_name OU "${arg_organizational_unit_name:-}"
  csr_add_name CN "${arg_common_name:-}"
  csr_add_name emailAddress "${arg_email_address:-}"
  csr_add_pairs "${arg_subject:-}"
}

csr_add_pairs() {
  eval "set -- $1"
  while [ $# -gt 1 ]; do
    csr_add_name "$1" "$2"
    shift 2
  done
}

csr_add_name() {
  [ -n "$2" ] || return 0
  case $1 in
    *[!A-Za-z0-9.]*) m_fail "no name of a part of the subject: $1" ;;
  esac
  csr_quote "$2"
  csr_names="$csr_names$csr_count.$1 = $m_result$m_nl"
  csr_count=$((csr_count + 1))
  m_words "$1" "$2"
  csr_pairs="$csr_pairs $m_result"
}

# csr_lines, csr_alternatives and csr_constraints: what the extensions come to.
csr_extensions() {
  csr_lines='' csr_alternatives='' csr_constraints=''
  csr_sans=${arg_subject_alt_name:-}
  if [ -z "$csr_sans" ] && [ "$arg_use_common_name_for_san" = true ] && [ -n "${arg_common_name:-}" ]; then
    m_quote "DNS:$arg_common_name"
    csr_sans=$m_result
  fi
  csr_section=
  csr_names_of '' "$csr_sans"
  csr_alternatives=$csr_section
  [ -z "$csr_section" ] || csr_line subjectAltName "$arg_subject_alt_name_critical" @alternatives
  csr_list keyUsage "$arg_key_usage_critical" "${arg_key_usage:-}"
  csr_list extendedKeyUsage "$arg_extended_key_usage_critical" "${arg_extended_key_usage:-}"
  csr_list basicConstraints "$arg_basic_constraints_critical" "${arg_basic_constraints:-}"
  [ "$arg_ocsp_must_staple" = false ] || csr_line tlsfeature "$arg_ocsp_must_staple_critical" status_request
  csr_section=
  csr_names_of 'permitted;' "${arg_name_constraints_permitted:-}"
  csr_names_of 'excluded;' "${arg_name_constraints_excluded:-}"
  csr_constraints=$csr_section
  [ -z "$csr_section" ] || csr_line nameConstraints "$arg_name_constraints_critical" @constraints
  if [ "$arg_create_subject_key_identifier" = true ]; then
    csr_line subjectKeyIdentifier false hash
  elif [ -n "${arg_subject_key_identifier:-}" ]; then
    csr_line subjectKeyIdentifier false "$arg_subject_key_identifier"
  fi
}

# csr_line NAME CRITICAL VALUE
csr_line() {
  if [ "$2" = true ]; then csr_quote "critical,$3"; else csr_quote "$3"; fi
  csr_lines="$csr_lines$1 = $m_result$m_nl"
}

# csr_list NAME CRITICAL WORDS
csr_list() {
  [ -n "$3" ] || return 0
  csr_name=$1 csr_critical=$2 csr_joined=
  eval "set -- $3"
  for m_each in "$@"; do csr_joined="$csr_joined${csr_joined:+, }$m_each"; done
  csr_line "$csr_name" "$csr_critical" "$csr_joined"
}

# csr_names_of PREFIX WORDS: adds names such as DNS:x to csr_section.
csr_names_of() {
  csr_prefix=$1 csr_number=0
  eval "set -- $2"
  for csr_one in "$@"; do
    case $csr_one in
      DNS:* | IP:* | email:* | URI:* | RID:* | otherName:*) ;;
      *) m_fail "Cannot parse Subject Alternative Name \"$csr_one\" (potentially unsupported by this module)" ;;
    esac
    csr_quote "${csr_one#*:}"
    csr_number=$((csr_number + 1))
    csr_section="$csr_section$csr_prefix${csr_one%%:*}.$csr_number = $m_result$m_nl"
  done
}

csr_report() {
  if [ -n "${arg_privatekey_path:-}" ]; then m_str privatekey "$arg_privatekey_path"; else m_null privatekey; fi
  m_list subject
  eval "set -- $csr_pairs"
  while [ $# -gt 1 ]; do
    m_strings '' "$1" "$2"
    shift 2
  done
  m_close
  csr_strings subjectAltName "$csr_sans"
  csr_strings keyUsage "${arg_key_usage:-}"
  csr_strings extendedKeyUsage "${arg_extended_key_usage:-}"
  csr_strings basicConstraints "${arg_basic_constraints:-}"
  m_bool ocspMustStaple "$arg_ocsp_must_staple"
  csr_strings name_constraints_permitted "${arg_name_constraints_permitted:-}"
  csr_strings name_constraints_excluded "${arg_name_constraints_excluded:-}"
}

# csr_strings KEY WORDS: null where there are none.
csr_strings() {
  if [ -z "$2" ]; then m_null "$1"; else eval "m_strings \"\$1\" $2"; fi
}
