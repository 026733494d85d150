# shellcheck shell=sh
# Input: see module.yml. Results: filename, type, size, curve, fingerprint, backup_file, privatekey. The functions ossl_… are shared by all
# modules that work with openssl.

openssl_privatekey_main() {
  ossl_begin "$arg_path"
  m_str filename "$arg_path"
  key_is_new=false
  if [ "$arg_state" = absent ]; then
    ossl_absent
  else
    key_choose_form
    [ -z "${arg_passphrase:-}" ] || m_export ossl_pass "$arg_passphrase"
    key_choose
    ossl_permissions 0600
  fi
  key_report
}

# What is to be done with what is there.
# shellcheck disable=SC2016 # the words are Ansible's
key_choose() {
  if [ ! -e "$arg_path" ] || [ "$arg_force" = true ] || [ "$arg_regenerate" = always ]; then
    key_make
    return 0
  fi
  if ! key_look; then
    case $arg_regenerate in
      full_idempotence) key_make ;;
      *)
        m_fail 'Unable to read the key. The key is protected with a another passphrase / no passphrase or broken. Will not proceed. To force regeneration, call the module with `generate` set to `full_idempotence` or `always`, or with `force=true`.'
        ;;
    esac
  elif ! key_fits; then
    case $arg_regenerate in
      never) ;;
      fail) m_fail 'Key has wrong type and/or size. Will not proceed. To force regeneration, call the module with `generate` set to `partial_idempotence`, `full_idempotence` or `always`, or with `force=true`.' ;;
      *) key_make ;;
    esac
  elif ! key_has_form; then
    if [ "$arg_format_mismatch" = convert ]; then
      key_convert
    else
      case $arg_regenerate in
        never) ;;
        fail) m_fail 'Key has wrong format. Will not proceed. To force regeneration, call the module with `generate` set to `partial_idempotence`, `full_idempotence` or `always`, or with `force=true`. To convert the key, set `format_mismatch` to `convert`.' ;;
        *) key_make ;;
      esac
    fi
  fi
}

# Reads the file; sets key_type, key_size and key_curve. A passphrase must be needed if there is one.
key_look() {
  if [ -n "${arg_passphrase:-}" ] && ! grep -q ENCRYPTED "$arg_path" 2>/dev/null; then return 1; fi
  ossl_key_kind "$arg_path" || return 1
  key_type=$ossl_type key_size=$ossl_size key_curve=$ossl_curve
}

key_fits() {
  [ "$key_type" = "$arg_type" ] || return 1
  case $arg_type in
    RSA | DSA) [ "$key_size" = "$arg_size" ] ;;
    ECC) [ "$key_curve" = "$(key_curve_name)" ] ;;
  esac
}

# OpenSSL's name of a curve.
key_curve_name() {
  case $arg_curve in
    secp256r1) m_put prime256v1 ;;
    secp192r1) m_put prime192v1 ;;
    *) m_put "$arg_curve" ;;
  esac
}

# key_form is the form that the options come to.
key_choose_form() {
  case $arg_format:$arg_type in
    pkcs8:*) key_form=pkcs8 ;;
    *:RSA | *:DSA | *:ECC) key_form=pkcs1 ;;
    pkcs1:*) m_fail "a key of type $arg_type has no form pkcs1" ;;
    raw:*) m_fail 'keys in raw form are not made: they are not text' ;;
    *) key_form=pkcs8 ;;
  esac
}

key_has_form() {
  [ "$arg_format" != auto_ignore ] || return 0
  case $key_form:$(grep -m 1 '^-----BEGIN .*PRIVATE KEY' "$arg_path") in
    pkcs8:*'BEGIN PRIVATE KEY'* | pkcs8:*'BEGIN ENCRYPTED PRIVATE KEY'*) ;;
    pkcs1:*'BEGIN '[RDE]*[AC]' PRIVATE KEY'*) ;;
    *) return 1 ;;
  esac
}

key_make() {
  m_changed=true key_is_new=true
  [ "$m_check" = false ] || return 0
  case $arg_type in
    RSA) set -- -algorithm RSA -pkeyopt "rsa_keygen_bits:$arg_size" ;;
    ECC) set -- -algorithm EC -pkeyopt "ec_paramgen_curve:$(key_curve_name)" -pkeyopt ec_param_enc:named_curve ;;
    DSA)
      ossl_scratch
      ossl_must dsaparam -out "$ossl_dir/dsa" "$arg_size"
      set -- -paramfile "$ossl_dir/dsa"
      ;;
    *) set -- -algorithm "$arg_type" ;;
  esac
  ossl_scratch
  ossl_must genpkey "$@" -out "$ossl_dir/new"
  key_write "$ossl_dir/new"
}

key_convert() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  key_write "$arg_path"
}

# key_write FILE: puts a key in place, in its form and with its passphrase.
key_write() {
  set -- -in "$1"
  [ -z "${arg_passphrase:-}" ] || set -- "$@" -passin env:ossl_pass -aes256 -passout env:ossl_pass
  umask 077
  m_temporary "$arg_path"
  [ "$key_form" = pkcs8 ] || set -- "$@" -traditional
  ossl_must pkey "$@" -out "$m_temp"
  ossl_place
}

key_report() {
  m_str type "$arg_type"
  m_int size "$arg_size"
  [ -z "${arg_curve:-}" ] || m_str curve "$arg_curve"
  m_dict fingerprint
  if [ -e "$arg_path" ] && [ "$arg_state" = present ] && [ "$m_check:$key_is_new" != true:true ]; then
    ossl_digests ossl_pkey "$arg_path" -pubout -outform DER
  fi
  m_close
  if [ "$arg_return_content" = true ] && [ "$arg_state" = present ]; then ossl_content privatekey; fi
}

# ossl_begin PATH: the directory of what is to be written must be there.
ossl_begin() {
  m_plain_locale
  m_need openssl openssl
  [ -n "$1" ] || return 0
  m_parent "$1"
  [ -d "$m_result" ] || m_fail "The directory $m_result does not exist or the file is not a directory"
}

# ossl_dir is a private folder that goes with the module.
ossl_scratch() {
  [ -z "${ossl_dir:-}" ] || return 0
  ossl_dir=$(umask 077 && mktemp -d) || m_fail 'cannot make a temporary folder'
  trap 'rm -rf -- "$ossl_dir"' EXIT
}

# ossl_must WORD…: runs openssl, or fails with what it says.
ossl_must() {
  m_say=$(openssl "$@" 2>&1 </dev/null) || {
    [ -z "${m_temp:-}" ] || rm -f -- "$m_temp"
    m_fail "openssl $1 failed: $m_say"
  }
}

# m_temp takes the place of arg_path, with a copy if asked for.
ossl_place() {
  ossl_backup
  m_move_into_place "$arg_path"
}

ossl_backup() {
  if [ "$arg_backup" = true ] && [ -e "$arg_path" ]; then
    m_backup "$arg_path"
    m_str backup_file "$m_backup_file"
  fi
}

ossl_absent() {
  [ -e "$arg_path" ] || return 0
  m_changed=true
  [ "$m_check" = false ] || return 0
  ossl_backup
  m_keep "$arg_path"
  m_say=$(rm -f -- "$arg_path" 2>&1) || m_fail "cannot remove $arg_path: $m_say"
  m_kept "$arg_path"
}

# ossl_permissions [MODE]: owner, group and mode, which is MODE where none is asked for.
ossl_permissions() {
  [ -e "$arg_path" ] || return 0
  [ -z "${1:-}" ] || : "${arg_mode:=$1}"
  m_stat "$arg_path"
  m_attributes "$arg_path"
}

# ossl_content KEY: returns the file, if there is one that stays.
ossl_content() {
  if [ -e "$arg_path" ] && ! { [ "$m_check" = true ] && [ "$m_changed" = true ]; }; then
    m_read_text "$arg_path"
    m_str "$1" "$m_result"
  else
    m_null "$1"
  fi
}

# ossl_key_kind FILE [WORD…]: sets ossl_type, ossl_size and ossl_curve of a private key, or with -pubin of a public one. False if it cannot be read.
ossl_key_kind() {
  ossl_text=$(ossl_pkey "$@" -noout -text_pub 2>/dev/null) || return 1
  ossl_curve='' ossl_size=${ossl_text#*"("}
  ossl_size=${ossl_size%% *}
  case $ossl_text in
    ED25519*) ossl_type=Ed25519 ossl_size=256 ;;
    ED448*) ossl_type=Ed448 ossl_size=456 ;;
    X25519*) ossl_type=X25519 ossl_size=256 ;;
    X448*) ossl_type=X448 ossl_size=448 ;;
    *'ASN1 OID: '*)
      ossl_type=ECC ossl_curve=${ossl_text#*ASN1 OID: }
      ossl_curve=${ossl_curve%%"$m_nl"*}
      ;;
    *[Mm]odulus*) ossl_type=RSA ;;
    *) ossl_type=DSA ;;
  esac
}

# ossl_pkey FILE WORD…: with the passphrase if there is one; nothing is asked for.
ossl_pkey() {
  ossl_file=$1
  shift
  openssl pkey -in "$ossl_file" -passin "$(ossl_from)" "$@" </dev/null
}

ossl_from() { if [ -n "${ossl_pass:-}" ]; then m_put env:ossl_pass; else m_put pass:; fi; }

# ossl_digests COMMAND...: reports the fingerprints of what the command prints.
ossl_digests() {
  ossl_scratch
  "$@" >"$ossl_dir/print" 2>/dev/null </dev/null || return 0
  for ossl_one in md5 sha1 sha224 sha256 sha384 sha512 blake2b:blake2b512 blake2s:blake2s256 sha3_224:sha3-224 sha3_256:sha3-256 sha3_384:sha3-384 \
    sha3_512:sha3-512; do
    ossl_value=$(openssl dgst -c "-${ossl_one#*:}" "$ossl_dir/print" 2>/dev/null) || continue
    m_str "${ossl_one%%:*}" "${ossl_value##* }"
  done
}
