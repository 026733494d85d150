# shellcheck shell=sh
# Input: see module.yml. Results: repo, dest, key_filename.

deb822_repository_main() {
  deb822_name=$(m_put "$arg_name" | tr '[:upper:]' '[:lower:]' | sed 's/[ _]/-/g; s/[^a-z0-9-]//g')
  deb822_file=/etc/apt/sources.list.d/$deb822_name.sources
  deb822_key=/etc/apt/keyrings/$deb822_name.asc
  m_str dest "$deb822_file"
  if [ "$arg_state" = absent ]; then
    deb822_remove "$deb822_file"
    for m_one in /etc/apt/keyrings/"$deb822_name".asc /etc/apt/keyrings/"$deb822_name".gpg; do deb822_remove "$m_one"; done
    m_null repo
    m_null key_filename
    return 0
  fi
  deb822_text=
  deb822_flag Enabled "${arg_enabled:-}"
  deb822_flag Allow-Insecure "${arg_allow_insecure:-}"
  deb822_flag Allow-Weak "${arg_allow_weak:-}"
  deb822_flag Allow-Downgrade-To-Insecure "${arg_allow_downgrade_to_insecure:-}"
  deb822_words Architectures "${arg_architectures:-}"
  deb822_flag By-Hash "${arg_by_hash:-}"
  deb822_flag Check-Date "${arg_check_date:-}"
  deb822_flag Check-Valid-Until "${arg_check_valid_until:-}"
  deb822_words Components "${arg_components:-}"
  deb822_field Date-Max-Future "${arg_date_max_future:-}"
  deb822_field InRelease-Path "${arg_inrelease_path:-}"
  deb822_words Languages "${arg_languages:-}"
  deb822_flag PDiffs "${arg_pdiffs:-}"
  deb822_field X-Repolib-Name "$arg_name"
  if [ -n "${arg_signed_by:-}" ]; then deb822_signed_by; fi
  deb822_words Suites "${arg_suites:-}"
  deb822_words Targets "${arg_targets:-}"
  deb822_flag Trusted "${arg_trusted:-}"
  deb822_words Types "$arg_types"
  deb822_words URIs "${arg_uris:-}"
  m_str repo "$deb822_text"
  m_read_text "$deb822_file"
  if [ "$m_result" != "$deb822_text" ]; then m_write_text "$deb822_file" "$deb822_text" "$arg_mode"; fi
  m_stat "$deb822_file"
  [ "$m_type" = absent ] || m_attributes "$deb822_file"
}

deb822_remove() {
  [ -e "$1" ] || return 0
  m_changed=true
  [ "$m_check" = true ] || m_say=$(rm -f -- "$1" 2>&1) || m_fail_at "$1" "cannot remove $1: $m_say"
}

deb822_field() { [ -z "$2" ] || deb822_text="$deb822_text$1: $2$m_nl"; }

deb822_flag() {
  case $2 in
    true) deb822_field "$1" yes ;;
    false) deb822_field "$1" no ;;
  esac
}

deb822_words() {
  eval "set -- \"\$1\" $2"
  deb822_title=$1
  shift
  deb822_field "$deb822_title" "$*"
}

# A key's text and a key from a URL are kept in a file; a path or fingerprint stands there as it is.
deb822_signed_by() {
  case $arg_signed_by in
    http://* | https://* | ftp://* | file://*)
      deb822_temp=$(mktemp) || m_fail 'cannot make a temporary file'
      m_fetch "$arg_signed_by" "$deb822_temp" || {
        rm -f -- "$deb822_temp"
        m_fail "cannot fetch the key $arg_signed_by: $m_say"
      }
      IFS= read -r m_each <"$deb822_temp" 2>/dev/null
      case $m_each in
        '-----BEGIN PGP'*) ;;
        *) deb822_key=${deb822_key%.asc}.gpg ;;
      esac
      if ! cmp -s -- "$deb822_temp" "$deb822_key"; then
        m_changed=true
        if [ "$m_check" = false ]; then
          deb822_folder
          m_say=$(cat <"$deb822_temp" 2>&1 >"$deb822_key.new" && chmod -- "$arg_mode" "$deb822_key.new" && mv -f -- "$deb822_key.new" "$deb822_key" 2>&1) ||
            m_fail "cannot write $deb822_key: $m_say"
        fi
      fi
      rm -f -- "$deb822_temp"
      ;;
    *'-----BEGIN PGP'*)
      m_trim "$arg_signed_by"
      deb822_wanted=$m_result$m_nl
      m_read_text "$deb822_key"
      if [ "$m_result" != "$deb822_wanted" ]; then
        [ "$m_check" = true ] || deb822_folder
        m_write_text "$deb822_key" "$deb822_wanted" "$arg_mode"
      fi
      ;;
    *)
      deb822_field Signed-By "$arg_signed_by"
      m_null key_filename
      return 0
      ;;
  esac
  deb822_field Signed-By "$deb822_key"
  m_str key_filename "$deb822_key"
}

deb822_folder() {
  [ -d /etc/apt/keyrings ] || mkdir -m 0755 /etc/apt/keyrings || m_fail 'cannot make /etc/apt/keyrings'
}
