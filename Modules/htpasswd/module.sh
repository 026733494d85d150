# shellcheck shell=sh
# Input: see module.yml. Results: msg.

htpasswd_main() {
  case $arg_name in
    *:* | *"$m_nl"* | '') m_fail "no name of a user: $arg_name" ;;
  esac
  m_read_text "$arg_path"
  htpasswd_old=$m_result
  htpasswd_split
  "htpasswd_$arg_state"
  if [ -e "$arg_path" ]; then
    htpasswd_before=$m_changed
    m_changed=false
    m_stat "$arg_path"
    m_attributes "$arg_path"
    if [ "$m_changed" = true ]; then
      [ "$htpasswd_before" = false ] || htpasswd_msg="$htpasswd_msg and "
      [ "$htpasswd_before" = true ] || htpasswd_msg=
      htpasswd_msg="${htpasswd_msg}ownership, perms or SE linux context changed"
    fi
    m_changed=$htpasswd_before$m_changed
    case $m_changed in
      *true*) m_changed=true ;;
      *) m_changed=false ;;
    esac
  fi
  m_str msg "$htpasswd_msg"
}

# htpasswd_head and htpasswd_tail are the lines around the user's, htpasswd_hash what it has; empty lines go.
htpasswd_split() {
  htpasswd_head='' htpasswd_tail='' htpasswd_hash='' htpasswd_found=false
  while IFS= read -r htpasswd_line; do
    case $htpasswd_line in
      '') ;;
      "$arg_name:"*)
        htpasswd_found=true
        htpasswd_hash=${htpasswd_line#*:}
        ;;
      *) if [ "$htpasswd_found" = true ]; then htpasswd_tail=$htpasswd_tail$htpasswd_line$m_nl; else htpasswd_head=$htpasswd_head$htpasswd_line$m_nl; fi ;;
    esac
  done <<HTPASSWD_END
$htpasswd_old
HTPASSWD_END
}

htpasswd_present() {
  htpasswd_msg="Add/update $arg_name"
  if [ ! -e "$arg_path" ]; then
    [ "$arg_create" = true ] || m_fail "Destination $arg_path does not exist"
    htpasswd_msg="Created $arg_path and added $arg_name"
    [ "$m_check" = false ] || htpasswd_msg="Create $arg_path"
    m_parent "$arg_path"
    if [ "$m_check" = false ]; then mkdir -p -- "$m_result" || m_fail "cannot make $m_result"; fi
  elif [ "$htpasswd_found" = true ] && htpasswd_fits; then
    htpasswd_msg="$arg_name already present"
    return 0
  fi
  m_changed=true
  [ "$m_check" = false ] || return 0
  htpasswd_make
  htpasswd_write "$htpasswd_head$arg_name:$htpasswd_new$m_nl$htpasswd_tail"
}

htpasswd_absent() {
  htpasswd_msg="$arg_name not present"
  if [ ! -e "$arg_path" ]; then
    m_warn "$arg_path does not exist"
    return 0
  fi
  [ "$htpasswd_found" = true ] || return 0
  m_changed=true htpasswd_msg="Remove $arg_name"
  [ "$m_check" = true ] || htpasswd_write "$htpasswd_head$htpasswd_tail"
}

# Hashes are in no difference that is shown.
htpasswd_write() {
  m_diff=false
  m_write_text "$arg_path" "$1"
}

# htpasswd_crypt WORD…: openssl passwd of the password, which goes by standard input.
htpasswd_crypt() { m_put "$arg_password$m_nl" | openssl passwd "$@" -stdin; }

htpasswd_sha1() { m_put "$arg_password" | openssl dgst -sha1 -binary | openssl base64 -A; }

# Whether the password is the hash's.
# shellcheck disable=SC2016
htpasswd_fits() {
  htpasswd_salt=${htpasswd_hash#?*"$"}
  htpasswd_salt=${htpasswd_salt%"$"*}
  case $htpasswd_hash in
    '$apr1$'*) [ "$(htpasswd_crypt -apr1 -salt "${htpasswd_salt%%"$"*}")" = "$htpasswd_hash" ] ;;
    '$1$'*) [ "$(htpasswd_crypt -1 -salt "${htpasswd_salt%%"$"*}")" = "$htpasswd_hash" ] ;;
    '$5$'*) [ "$(htpasswd_crypt -5 -salt "$htpasswd_salt")" = "$htpasswd_hash" ] ;;
    '$6$'*) [ "$(htpasswd_crypt -6 -salt "$htpasswd_salt")" = "$htpasswd_hash" ] ;;
    '$2'?'$'*)
      m_need htpasswd apache2-utils
      m_put "$arg_password$m_nl" | htpasswd -v -i "$arg_path" "$arg_name" >/dev/null 2>&1
      ;;
    '{SHA}'*) [ "{SHA}$(htpasswd_sha1)" = "$htpasswd_hash" ] ;;
    *) [ "$arg_hash_scheme" = plaintext ] && [ "$arg_password" = "$htpasswd_hash" ] ;;
  esac
}

# htpasswd_new is a new hash.
htpasswd_make() {
  [ "$arg_hash_scheme" = plaintext ] || m_need openssl openssl
  case $arg_hash_scheme in
    plaintext) htpasswd_new=$arg_password ;;
    ldap_sha1) htpasswd_new="{SHA}$(htpasswd_sha1)" ;;
    md5_crypt) htpasswd_new=$(htpasswd_crypt -1 -salt "$(openssl rand -hex 4)") ;;
    sha256_crypt) htpasswd_new=$(htpasswd_crypt -5 -salt "$(openssl rand -hex 8)") ;;
    sha512_crypt) htpasswd_new=$(htpasswd_crypt -6 -salt "$(openssl rand -hex 8)") ;;
    bcrypt)
      m_need htpasswd apache2-utils
      htpasswd_new=$(m_put "$arg_password$m_nl" | htpasswd -n -i -B user) && htpasswd_new=${htpasswd_new#user:}
      ;;
    *) htpasswd_new=$(htpasswd_crypt -apr1 -salt "$(openssl rand -hex 4)") ;;
  esac
  [ -n "$htpasswd_new" ] || m_fail "the password cannot be hashed as $arg_hash_scheme"
}
