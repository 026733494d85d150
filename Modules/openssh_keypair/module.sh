# shellcheck shell=sh
# Input: see module.yml. Results: filename, type, size, fingerprint, public_key, comment.

openssh_keypair_main() {
  m_plain_locale
  m_need ssh-keygen openssh-client
  keypair_begin
  m_str filename "$arg_path"
  keypair_public='' keypair_print='' keypair_comment=${arg_comment:-}
  if [ "$arg_state" = absent ]; then
    keypair_remove "$arg_path"
    keypair_remove "$arg_path.pub"
  else
    keypair_choose
    [ "$m_check" = true ] && [ -z "$keypair_public" ] || keypair_public_file
    keypair_permissions
  fi
  m_str type "$arg_type"
  m_int size "$keypair_size"
  m_str fingerprint "$keypair_print"
  m_str public_key "$keypair_public"
  m_str comment "$keypair_comment"
}

keypair_begin() {
  [ ! -d "$arg_path" ] || m_fail "$arg_path is a directory. Please specify a path to a file."
  m_parent "$arg_path"
  [ -d "$m_result" ] || m_fail "The directory $m_result does not exist or the file is not a directory"
  case $arg_type:${arg_size:-} in
    rsa:) keypair_size=4096 ;;
    dsa: | rsa1:) keypair_size=1024 ;;
    ecdsa: | ed25519:*) keypair_size=256 ;;
    ecdsa:256 | ecdsa:384 | ecdsa:521) keypair_size=$arg_size ;;
    ecdsa:*) m_fail 'For ECDSA keys, size determines the key length by selecting from one of three elliptic curve sizes: 256, 384 or 521 bits.' ;;
    *) keypair_size=$arg_size ;;
  esac
  keypair_asking
}

# ssh-keygen asks a program for passphrases: for none at all where there is none, so that it never waits.
keypair_asking() {
  keypair_dir=$(umask 077 && mktemp -d) || m_fail 'cannot make a temporary folder'
  trap 'rm -rf -- "$keypair_dir"' EXIT
  # shellcheck disable=SC2016
  m_put '#!/bin/sh
printf "%s\n" "$keypair_passphrase"
' >"$keypair_dir/ask" && chmod 700 "$keypair_dir/ask" || m_fail 'cannot write a temporary file'
  m_export keypair_passphrase "${arg_passphrase:-}" SSH_ASKPASS "$keypair_dir/ask" SSH_ASKPASS_REQUIRE force DISPLAY "${DISPLAY:-:0}"
}

# keypair_run WORD…: without a passphrase it is given as none, which is no secret.
keypair_run() {
  m_capture ssh-keygen "$@" </dev/null
}

# shellcheck disable=SC2016 # the words are Ansible's
keypair_choose() {
  if [ ! -e "$arg_path" ] || [ "$arg_force" = true ] || [ "$arg_regenerate" = always ]; then
    keypair_make
    return 0
  fi
  if ! keypair_look; then
    [ "$arg_regenerate" = full_idempotence ] ||
      m_fail 'Unable to read the key. The key is protected with a passphrase or broken. Will not proceed. To force regeneration, call the module with `generate` set to `full_idempotence` or `always`, or with `force=true`.'
    keypair_make
  elif ! keypair_fits; then
    case $arg_regenerate in
      never) ;;
      fail) m_fail 'Key has wrong type and/or size. Will not proceed. To force regeneration, call the module with `generate` set to `partial_idempotence`, `full_idempotence` or `always`, or with `force=true`.' ;;
      *) keypair_make ;;
    esac
  fi
}

# keypair_public, keypair_print, keypair_bits and keypair_kind of the private key. One with a passphrase must need it.
keypair_look() {
  if [ -n "${arg_passphrase:-}" ] && ssh-keygen -y -P '' -f "$arg_path" >/dev/null 2>&1 </dev/null; then return 1; fi
  if [ -n "${arg_passphrase:-}" ]; then keypair_run -y -f "$arg_path"; else keypair_run -y -P '' -f "$arg_path"; fi
  [ "$m_rc" = 0 ] || return 1
  keypair_first=${m_out%% *} keypair_rest=${m_out#* }
  keypair_public="$keypair_first ${keypair_rest%% *}"
  m_put "$keypair_public$m_nl" >"$keypair_dir/public"
  keypair_run -l -f "$keypair_dir/public"
  [ "$m_rc" = 0 ] || return 1
  keypair_bits=${m_out%% *}
  keypair_print=${m_out#* }
  keypair_print=${keypair_print%% *}
  keypair_kind=${m_out##*"("}
  keypair_kind=$(m_put "${keypair_kind%")"}" | tr '[:upper:]' '[:lower:]')
}

keypair_fits() { [ "$keypair_kind" = "$arg_type" ] && [ "$keypair_bits" = "$keypair_size" ]; }

keypair_make() {
  m_changed=true keypair_public='' keypair_print=''
  [ "$m_check" = false ] || return 0
  set -- -q -t "$arg_type" -b "$keypair_size" -C "${arg_comment:-}" -f "$keypair_dir/key"
  [ -n "${arg_passphrase:-}" ] || set -- "$@" -N ''
  keypair_run "$@"
  [ "$m_rc" = 0 ] || m_fail "ssh-keygen failed: ${m_err:-$m_out}"
  umask 077
  m_temporary "$arg_path"
  cat <"$keypair_dir/key" >"$m_temp" || m_drop_temporary "$arg_path" 'no room'
  m_move_into_place "$arg_path"
  rm -f -- "$arg_path.pub"
  keypair_look || m_fail 'the new key cannot be read'
}

# The public key's file says what the private key does, with the comment.
keypair_public_file() {
  m_read_text "$arg_path.pub"
  m_trim "$m_result"
  keypair_was=$m_result
  case $keypair_was in
    "$keypair_public "*) [ -n "${arg_comment+x}" ] || keypair_comment=${keypair_was#"$keypair_public "} ;;
  esac
  keypair_wanted="$keypair_public${keypair_comment:+ $keypair_comment}"
  [ "$keypair_was" != "$keypair_wanted" ] || return 0
  case $keypair_was in
    "$keypair_public"*) keypair_recomment ;;
  esac
  umask 022
  m_write_text "$arg_path.pub" "$keypair_wanted$m_nl" 0644
}

# The private key's own comment. Old forms of it have none.
keypair_recomment() {
  [ "$m_check" = false ] || return 0
  if [ -n "${arg_passphrase:-}" ]; then
    keypair_run -c -C "$keypair_comment" -f "$arg_path"
  else
    keypair_run -c -P '' -C "$keypair_comment" -f "$arg_path"
  fi
  [ "$m_rc" = 0 ] || m_warn "the private key keeps its comment: ${m_err:-$m_out}"
}

keypair_permissions() {
  keypair_mode=${arg_mode:-}
  if [ -e "$arg_path" ]; then
    arg_mode=${keypair_mode:-0600}
    m_stat "$arg_path"
    m_attributes "$arg_path"
  fi
  if [ -e "$arg_path.pub" ]; then
    arg_mode=$keypair_mode
    m_stat "$arg_path.pub"
    m_attributes "$arg_path.pub"
  fi
}

keypair_remove() {
  [ -e "$1" ] || return 0
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_keep "$1"
  m_say=$(rm -f -- "$1" 2>&1) || m_fail "cannot remove $1: $m_say"
  m_kept "$1"
}
