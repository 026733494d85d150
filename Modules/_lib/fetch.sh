# shellcheck shell=sh
# Downloads by the host's curl or wget.

# m_curl_config: m_result is a configuration for curl made of the arg_ variables that modules which fetch have in common. It goes by
# standard input: passwords and headers show in no process list.
m_curl_config() {
  m_config=
  m_curl_line user-agent "${arg_http_agent:-ansible-httpget}"
  if [ -n "${arg_url_username:-}" ]; then
    m_curl_line user "$arg_url_username:${arg_url_password:-}"
    [ "${arg_force_basic_auth:-false}" = true ] || m_config="${m_config}anyauth$m_nl"
  elif [ "${arg_use_netrc:-true}" = true ]; then
    m_config="${m_config}netrc-optional$m_nl"
  fi
  [ "${arg_validate_certs:-true}" = true ] || m_config="${m_config}insecure$m_nl"
  [ "${arg_use_proxy:-true}" = true ] || m_curl_line noproxy '*'
  [ -z "${arg_client_cert:-}" ] || m_curl_line cert "$arg_client_cert"
  [ -z "${arg_client_key:-}" ] || m_curl_line key "$arg_client_key"
  [ "${arg_decompress:-true}" = false ] || m_config="${m_config}compressed$m_nl"
  eval "set -- ${arg_headers:-}"
  while [ $# -gt 1 ]; do
    m_curl_line header "$1: $2"
    shift 2
  done
  m_result=$m_config
}

# m_curl_line NAME VALUE: adds a line to m_config; quotes, backslashes and line breaks in the value are escaped.
m_curl_line() {
  m_replace "$2" "\\" "\\\\"
  m_replace "$m_result" '"' '\"'
  m_replace "$m_result" "$m_nl" '\n'
  m_config="$m_config$1 = \"$m_result\"$m_nl"
}

# m_mask_url URL: m_result is the URL as it may be shown, with stars for a name and a password in it.
m_mask_url() {
  m_result=$1
  m_url_rest=${1#*://}
  m_url_place=${m_url_rest%%/*}
  case $m_url_place in
    *:*@*) m_result="${1%%://*}://****:****@${m_url_rest#"${m_url_place%@*}@"}" ;;
    *@*) m_result="${1%%://*}://****@${m_url_rest#"${m_url_place%@*}@"}" ;;
  esac
}

# m_fetch URL FILE: downloads; sets m_status to what the server answered. False with m_say if it fails.
m_fetch() {
  m_status=200
  if m_has curl; then
    m_curl_config
    m_curl_line url "$1"
    m_curl_line output "$2"
    m_said=$(m_put "$m_config" | curl -K - -sS -L --connect-timeout "${arg_timeout:-10}" --speed-limit 1 --speed-time "${arg_timeout:-10}" \
      -w '%{http_code}' 2>&1)
    m_rc=$?
    m_status=${m_said##*"$m_nl"}
    case $m_rc:$m_status in
      0:2??) return 0 ;;
      0:000) m_status=200 ;;
      0:*)
        m_say="HTTP Error $m_status"
        return 1
        ;;
      *)
        m_say=${m_said%???}
        return 1
        ;;
    esac
    return 0
  fi
  m_has wget || m_fail 'the host has neither curl nor wget to download with'
  [ -z "${arg_url_username:-}${arg_headers:-}${arg_client_cert:-}" ] || m_fail 'names, headers and certificates need curl, and the host has only wget'
  set -- -q -O "$2" -T "${arg_timeout:-10}" -- "$1"
  [ "${arg_validate_certs:-true}" = true ] || set -- --no-check-certificate "$@"
  m_say=$(wget "$@" 2>&1) || {
    m_say="Request failed: ${m_say:-wget could not fetch it}"
    return 1
  }
}
