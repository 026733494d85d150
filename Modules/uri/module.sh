# shellcheck shell=sh
# Input: see module.yml; the body comes by standard input. Results: status, url, redirected, content, json, msg, the answer's headers.

uri_main() {
  if [ "$m_check" = true ]; then m_skip 'remote module (ansible.builtin.uri) does not support check mode'; fi
  if [ -n "${arg_creates:-}" ] && [ -e "$arg_creates" ]; then
    m_str stdout "skipped, since '$arg_creates' exists"
    return 0
  fi
  if [ -n "${arg_removes:-}" ] && [ ! -e "$arg_removes" ]; then
    m_str stdout "skipped, since '$arg_removes' does not exist"
    return 0
  fi
  [ "$arg_body_format" != form-multipart ] || m_fail 'body_format form-multipart is not supported: run curl -F by the command module'
  case $arg_url in
    *:*) ;;
    *) m_fail "unknown url type: '$arg_url'" ;;
  esac
  m_need curl
  uri_folder=$(umask 077 && mktemp -d) || m_fail 'cannot make a temporary directory'
  uri_configure
  uri_send
  uri_answer
  rm -rf -- "$uri_folder"
}

uri_configure() {
  if [ -n "${arg_src:-}" ]; then
    [ "$arg_remote_src" = true ] || m_fail 'src on the controller is not supported: copy the file first and set remote_src'
    cat <"$arg_src" >"$uri_folder/body" || uri_give_up "cannot read $arg_src"
  else
    cat >"$uri_folder/body"
  fi
  case $arg_body_format in
    json) uri_type=application/json ;;
    form-urlencoded) uri_type=application/x-www-form-urlencoded ;;
    *) uri_type= ;;
  esac
  case $(m_put "$arg_headers" | tr '[:upper:]' '[:lower:]') in
    *content-type*) uri_type= ;;
  esac
  m_curl_config
  m_curl_line url "$arg_url"
  m_curl_line request "$arg_method"
  m_curl_line dump-header "$uri_folder/headers"
  m_curl_line output "$uri_folder/content"
  m_curl_line max-time "$arg_timeout"
  m_curl_line write-out '%{http_code} %{num_redirects} %{url_effective}'
  [ -z "${arg_ca_path:-}" ] || m_curl_line cacert "$arg_ca_path"
  [ -z "${arg_unix_socket:-}" ] || m_curl_line unix-socket "$arg_unix_socket"
  [ "$arg_force" = false ] || m_curl_line header 'cache-control: no-cache'
  if [ -s "$uri_folder/body" ]; then
    m_curl_line data-binary "@$uri_folder/body"
    # curl would name a form's type by itself.
    m_curl_line header "Content-Type:${uri_type:+ $uri_type}"
    case $(m_put "$arg_headers" | tr '[:upper:]' '[:lower:]') in
      *content-type*) m_config=${m_config%header = \"Content-Type:\""$m_nl"} ;;
    esac
  fi
  [ "$arg_method" != HEAD ] || m_config="${m_config}head$m_nl"
  case $arg_follow_redirects:$arg_method in
    none:* | no:*) ;;
    safe:GET | safe:HEAD | all:* | yes:* | urllib2:*) m_config="${m_config}location$m_nl" ;;
  esac
}

uri_send() {
  m_now
  uri_started=$m_result
  : >"$uri_folder/content"
  uri_said=$(m_put "$m_config" | curl -K - -sS 2>"$uri_folder/error")
  uri_rc=$?
}

uri_give_up() {
  rm -rf -- "$uri_folder"
  m_fail "$1"
}

uri_answer() {
  uri_status=${uri_said%% *}
  uri_rest=${uri_said#* }
  m_int elapsed 0
  if [ "$uri_rc" != 0 ]; then
    m_read_text "$uri_folder/error"
    m_trim_lines "$m_result"
    m_int status -1
    m_str url "$arg_url"
    m_bool redirected false
    uri_give_up "Status code was -1 and not [$(uri_wanted)]: Request failed: <urlopen error $m_result>"
  fi
  case $uri_status in
    0*) uri_status=${uri_status#0} ;;
  esac
  case $uri_status in
    0*) uri_status=200 ;;
  esac
  m_int status "$uri_status"
  m_str url "${uri_rest#* }"
  if [ "${uri_rest%% *}" = 0 ]; then m_bool redirected false; else m_bool redirected true; fi
  m_put "${m_mark}H$m_us"
  cat <"$uri_folder/headers"
  uri_right=false
  eval "set -- $arg_status_code"
  if m_contains "$uri_status" "$@"; then uri_right=true; fi
  if [ -n "${arg_dest:-}" ] && [ "$uri_right" = true ]; then uri_keep; fi
  if [ "$arg_return_content" = true ] || [ "$uri_right" = false ]; then m_stream content cat "$uri_folder/content"; fi
  case $(tr '[:upper:]' '[:lower:]' <"$uri_folder/headers" | grep '^content-type:' | tail -n 1) in
    *json*)
      m_put "${m_mark}jjson$m_us"
      cat <"$uri_folder/content"
      ;;
  esac
  if [ "$uri_right" = false ]; then
    uri_give_up "Status code was $uri_status and not [$(uri_wanted)]: HTTP Error $uri_status"
  fi
  m_str msg "OK"
}

uri_wanted() {
  eval "set -- $arg_status_code"
  uri_list=$1
  shift
  for m_each in "$@"; do uri_list="$uri_list, $m_each"; done
  m_put "$uri_list"
}

# The content goes to a file; the same content changes nothing.
uri_keep() {
  uri_dest=$arg_dest
  if [ -d "$uri_dest" ]; then
    uri_name=${arg_url%%\?*}
    uri_dest=${uri_dest%/}/${uri_name##*/}
  fi
  m_checksum "$uri_folder/content"
  uri_sum=$m_result
  if [ ! -e "$uri_dest" ] || ! m_checksum "$uri_dest" || [ "$m_result" != "$uri_sum" ]; then
    m_changed=true
    m_temporary "$uri_dest"
    cat <"$uri_folder/content" >"$m_temp" || uri_give_up "cannot write $uri_dest"
    m_move_into_place "$uri_dest"
  fi
  m_str path "$uri_dest"
  m_stat "$uri_dest"
  m_attributes "$uri_dest"
  m_stat_fields_known
}
