# shellcheck shell=sh
# Input: see module.yml. Results: dest, url, checksum_dest, checksum_src, status_code, msg, backup_file and what is told of a path.

get_url_main() {
  url_dest=$arg_dest
  if [ -d "$url_dest" ]; then
    url_name=${arg_url%%\?*}
    url_name=${url_name##*/}
    [ -n "$url_name" ] || url_name=index.html
    url_dest=${url_dest%/}/$url_name
  fi
  m_str url "$arg_url"
  m_str dest "$url_dest"
  url_want_checksum
  url_before=
  if [ -e "$url_dest" ]; then
    if m_checksum "$url_dest"; then url_before=$m_result; fi
    if url_is_right; then
      m_str msg 'file already exists'
      url_attributes
      return 0
    fi
  fi
  if [ -n "$url_before" ]; then m_str checksum_dest "$url_before"; else m_null checksum_dest; fi
  m_parent "$url_dest"
  [ -d "$m_result" ] || m_fail "Destination $m_result does not exist"
  if [ "$m_check" = true ]; then
    m_changed=true
    m_str msg 'OK (not downloaded in check mode)'
    return 0
  fi
  url_download
  url_attributes
}

# Sets url_algorithm and url_digest from checksum; a file of checksums is fetched and searched for the name.
url_want_checksum() {
  url_algorithm=
  [ -n "$arg_checksum" ] || return 0
  case $arg_checksum in
    *:*) ;;
    *) m_fail 'The checksum parameter has to be in format <algorithm>:<checksum>' ;;
  esac
  url_algorithm=${arg_checksum%%:*}
  url_digest=${arg_checksum#*:}
  case $url_algorithm in
    md5 | sha1 | sha224 | sha256 | sha384 | sha512) ;;
    *) m_fail "the checksum algorithm '$url_algorithm' is not known: use md5, sha1, sha224, sha256, sha384 or sha512" ;;
  esac
  case $url_digest in
    *://*) url_find_digest ;;
  esac
  url_digest=$(m_put "$url_digest" | tr 'A-F' 'a-f')
}

url_find_digest() {
  url_sums=$(mktemp) || m_fail 'cannot make a temporary file'
  m_fetch "$url_digest" "$url_sums" || {
    rm -f -- "$url_sums"
    m_fail "Unable to fetch the checksums $url_digest: $m_say"
  }
  url_name=${arg_url%%\?*}
  url_name=${url_name##*/}
  url_digest=
  while read -r m_each url_file; do
    url_file=${url_file#\*}
    case ${url_file#./} in
      "$url_name" | */"$url_name") url_digest=$m_each ;;
      '') [ -n "$url_digest" ] || url_digest=$m_each ;;
    esac
  done <"$url_sums"
  rm -f -- "$url_sums"
  [ -n "$url_digest" ] || m_fail "Unable to find a checksum for file '$url_name' in '${arg_checksum#*:}'"
}

url_is_right() {
  if [ -n "$url_algorithm" ]; then
    m_checksum "$url_dest" "$url_algorithm" && [ "$m_result" = "$url_digest" ]
    return
  fi
  [ "$arg_force" = false ]
}

url_download() {
  m_temporary "$url_dest"
  if ! m_fetch "$arg_url" "$m_temp"; then
    rm -f -- "$m_temp"
    case $m_status in
      [1-5]??) m_int status_code "$m_status" ;;
    esac
    m_fail "Request failed: $m_say"
  fi
  m_int status_code "$m_status"
  m_checksum "$m_temp" && m_str checksum_src "$m_result"
  url_after=$m_result
  if [ -n "$url_algorithm" ] && m_checksum "$m_temp" "$url_algorithm" && [ "$m_result" != "$url_digest" ]; then
    rm -f -- "$m_temp"
    url_found=$m_result
    [ ! -e "$url_dest" ] || m_stat_fields "$url_dest"
    m_fail "The checksum for $url_dest did not match $url_digest; it was $url_found."
  fi
  if [ "$url_after" = "$url_before" ] && [ -n "$url_before" ]; then
    rm -f -- "$m_temp"
    m_str msg 'OK (the same)'
    return 0
  fi
  m_changed=true
  if [ "$arg_backup" = true ] && [ -e "$url_dest" ]; then
    m_backup "$url_dest"
    m_str backup_file "$m_backup_file"
  fi
  m_move_into_place "$url_dest"
  m_stat_through "$url_dest"
  m_str msg "OK ($m_size bytes)"
}

url_attributes() {
  m_stat_through "$url_dest"
  m_attributes "$url_dest"
  m_stat_fields_known
}
