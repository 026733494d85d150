# shellcheck shell=sh
# Input: url, data, file, id, keyring, state, validate_certs. Results: key_file.

apt_key_main() {
  if [ "$arg_state" = absent ]; then
    apt_key_remove
    return 0
  fi
  apt_key_temp=$(umask 077 && mktemp) || m_fail 'cannot make a temporary file'
  if [ -n "${arg_url:-}" ]; then
    m_fetch "$arg_url" "$apt_key_temp" || apt_key_fail "Failed to download key at $arg_url: $m_say"
    apt_key_name=${arg_url##*/}
  elif [ -n "${arg_data:-}" ]; then
    m_put "$arg_data$m_nl" >"$apt_key_temp"
    apt_key_name=${arg_id:-}
    [ -n "$apt_key_name" ] || apt_key_fail 'data needs an id, or a keyring, to name the file of the key'
  elif [ -n "${arg_file:-}" ]; then
    cat <"$arg_file" >"$apt_key_temp" || apt_key_fail "cannot read $arg_file"
    apt_key_name=${arg_file##*/}
  else
    apt_key_fail 'one of url, data and file is needed'
  fi
  IFS= read -r m_each <"$apt_key_temp" 2>/dev/null
  case $m_each in
    '-----BEGIN PGP PUBLIC KEY BLOCK-----'*) apt_key_suffix=asc ;;
    '<'* | '') apt_key_fail 'what was given is no key' ;;
    *) apt_key_suffix=gpg ;;
  esac
  apt_key_place
  m_str key_file "$apt_key_file"
  if ! cmp -s -- "$apt_key_temp" "$apt_key_file"; then
    m_changed=true
    if [ "$m_check" = false ]; then
      m_say=$(cat <"$apt_key_temp" 2>&1 >"$apt_key_file.new" && chmod 0644 "$apt_key_file.new" && mv -f -- "$apt_key_file.new" "$apt_key_file" 2>&1) ||
        apt_key_fail "cannot write $apt_key_file: $m_say"
    fi
  fi
  rm -f -- "$apt_key_temp"
}

apt_key_fail() {
  rm -f -- "$apt_key_temp"
  m_fail "$1"
}

apt_key_place() {
  apt_key_file=${arg_keyring:-}
  [ -z "$apt_key_file" ] || return 0
  apt_key_name=${arg_id:-${apt_key_name%.*}}
  apt_key_name=$(m_put "$apt_key_name" | tr -c 'A-Za-z0-9._-' _)
  apt_key_file=/etc/apt/trusted.gpg.d/$apt_key_name.$apt_key_suffix
}

apt_key_remove() {
  [ -n "${arg_id:-}${arg_keyring:-}" ] || m_fail 'an id or a keyring is needed to remove a key'
  for m_one in "${arg_keyring:-}" /etc/apt/trusted.gpg.d/"${arg_id:-=}".asc /etc/apt/trusted.gpg.d/"${arg_id:-=}".gpg; do
    if [ -n "$m_one" ] && [ -e "$m_one" ]; then
      m_changed=true
      [ "$m_check" = true ] || rm -f -- "$m_one"
    fi
  done
}
