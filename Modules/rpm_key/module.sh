# shellcheck shell=sh
# Input: key, state, fingerprint, validate_certs. Results: none.

rpm_key_main() {
  m_plain_locale
  m_need rpm
  rpm_key_gpg=gpg
  m_has gpg || rpm_key_gpg=gpg2
  m_need "$rpm_key_gpg"
  rpm_key_file='' rpm_key_temporary=
  rpm_key_find
  case $rpm_key_id in
    0[xX]*) rpm_key_id=${rpm_key_id#??} ;;
  esac
  rpm_key_id=$(m_put "$rpm_key_id" | tr a-f A-F)
  rpm_key_is_imported
  case $arg_state:$rpm_key_is in
    present:false) rpm_key_import ;;
    absent:true)
      rpm_key_short=$(m_put "${rpm_key_id#"${rpm_key_id%????????}"}" | tr A-F a-f)
      m_must rpm --erase --allmatches "gpg-pubkey-$rpm_key_short"
      ;;
  esac
  rpm_key_clean
}

rpm_key_fail() {
  rpm_key_clean
  m_fail "$1"
}

rpm_key_clean() { [ -z "$rpm_key_temporary" ] || rm -f -- "$rpm_key_temporary"; }

# Sets rpm_key_id and, unless the key is only named, rpm_key_file.
rpm_key_find() {
  case $arg_key in
    *://*)
      rpm_key_temporary=$(mktemp) || m_fail 'cannot make a temporary file'
      m_fetch "$arg_key" "$rpm_key_temporary" || rpm_key_fail "failed to fetch key at $arg_key , error was: $m_say"
      grep -q 'BEGIN PGP PUBLIC KEY BLOCK' "$rpm_key_temporary" || rpm_key_fail "Not a public key: $arg_key"
      rpm_key_file=$rpm_key_temporary
      ;;
    [0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]* | 0[xX][0-9a-fA-F]*)
      rpm_key_id=$arg_key
      return 0
      ;;
    *)
      [ -f "$arg_key" ] || m_fail "Not a valid key $arg_key"
      rpm_key_file=$arg_key
      ;;
  esac
  m_capture "$rpm_key_gpg" --no-tty --batch --with-colons --fixed-list-mode "$rpm_key_file"
  [ "$m_rc" = 0 ] || rpm_key_fail "$m_err"
  rpm_key_field pub 5
  [ -n "$m_result" ] || rpm_key_fail 'Unexpected gpg output'
  rpm_key_id=${m_result%%"$m_nl"*}
}

# rpm_key_field KIND NUMBER: m_result is that field of every line of its kind in m_out.
rpm_key_field() { m_result=$(m_put "$m_out$m_nl" | awk -F: -v kind="$1" -v field="$2" '$1 == kind { print $field }'); }

rpm_key_is_imported() {
  rpm_key_is=false
  m_capture rpm -q gpg-pubkey --qf '%{description}'
  [ "$m_rc" = 0 ] || return 0
  m_out=$(m_put "$m_out$m_nl" | "$rpm_key_gpg" --no-tty --batch --with-colons --fixed-list-mode - 2>/dev/null)
  m_out=$(m_put "$m_out$m_nl" | cut -d: -f5)
  case $m_out in
    *"$rpm_key_id"*) rpm_key_is=true ;;
  esac
}

rpm_key_import() {
  [ -n "$rpm_key_file" ] || m_fail 'When importing a key, a valid file must be given'
  if [ -n "${arg_fingerprint:-}" ]; then
    m_capture "$rpm_key_gpg" --no-tty --batch --with-colons --fixed-list-mode --import --import-options show-only --dry-run "$rpm_key_file"
    [ "$m_rc" = 0 ] || rpm_key_fail "$m_err"
    rpm_key_field fpr 10
    rpm_key_found=$m_nl$m_result$m_nl
    eval "set -- $arg_fingerprint"
    for m_each in "$@"; do
      m_each=$(m_put "$m_each" | tr -d ' ' | tr a-f A-F)
      case $rpm_key_found in
        *"$m_nl$m_each$m_nl"*) ;;
        *)
          m_trim "$rpm_key_found"
          rpm_key_fail "The specified fingerprint, '$m_each', does not match any key fingerprints in '$m_result'"
          ;;
      esac
    done
  fi
  m_must rpm --import "$rpm_key_file"
}
