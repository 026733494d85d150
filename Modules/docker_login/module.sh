# shellcheck shell=sh
# Input: see module.yml. Results: login_result.

docker_login_main() {
  docker_begin
  m_base "$arg_config_path"
  case $m_result in
    config.json) ;;
    *) m_fail "config_path must end in config.json, as the docker command looks for it: $arg_config_path" ;;
  esac
  m_parent "$arg_config_path"
  docker_folder=$m_result
  docker_login_look
  if [ "$arg_state" = absent ]; then
    if [ "$docker_login_there" = true ]; then docker_do "Logging out of $arg_registry_url failed" --config "$docker_folder" logout "$arg_registry_url"; fi
    m_json login_result '{}'
    return 0
  fi
  if [ "$docker_login_same" = true ] && [ "$arg_reauthorize" = false ]; then
    docker_login_result ''
    return 0
  fi
  m_changed=true
  if [ "$m_check" = false ]; then
    m_capture docker_login_run
    [ "$m_rc" = 0 ] || m_fail "Logging into $arg_registry_url for user $arg_username failed - ${m_err:-$m_out}"
  fi
  docker_login_result 'Login Succeeded'
}

docker_login_run() {
  m_put "$arg_password" | docker_run --config "$docker_folder" login --username "$arg_username" --password-stdin "$arg_registry_url"
}

docker_login_result() {
  m_dict login_result
  m_str username "$arg_username"
  m_str serveraddress "$arg_registry_url"
  [ -z "$1" ] || m_str Status "$1"
  m_close
}

# docker_login_there: there is a login for the registry. docker_login_same: with this name and password.
docker_login_look() {
  docker_login_there=false docker_login_same=false
  [ -e "$arg_config_path" ] || return 0
  m_read_text "$arg_config_path"
  docker_config=$m_result
  docker_helper=$(m_put "$docker_config" | tr -d '\n' | sed -n 's/.*"credsStore"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p')
  if [ -n "$docker_helper" ] && m_has "docker-credential-$docker_helper"; then
    docker_said=$(m_put "$arg_registry_url" | "docker-credential-$docker_helper" get 2>/dev/null) || return 0
    docker_login_there=true
    docker_json "${arg_username:-}"
    docker_user=$m_result
    docker_json "${arg_password:-}"
    case $docker_said in
      *"\"Username\":$docker_user"*"\"Secret\":$m_result"* | *"\"Secret\":$m_result"*"\"Username\":$docker_user"*) docker_login_same=true ;;
    esac
    return 0
  fi
  # "registry": { "auth": "…" }, in auths. Addresses without a scheme are kept with none.
  for docker_each in "$arg_registry_url" "${arg_registry_url#https://}" "${arg_registry_url%/}"; do
    docker_json "$docker_each"
    docker_auth=$(m_put "$docker_config$m_nl" | tr -d '\n\t ' | awk -v key="$m_result:{" '{
      at = index($0, key); if (!at) exit 1
      rest = substr($0, at + length(key)); rest = substr(rest, 1, index(rest, "}")); if (!match(rest, /"auth":"[^"]*"/)) exit 1
      print substr(rest, RSTART + 8, RLENGTH - 9)
    }') || continue
    docker_login_there=true
    docker_given=$(m_put "${arg_username:-}:${arg_password:-}" | base64 | tr -d '\n')
    [ "$docker_auth" != "$docker_given" ] || docker_login_same=true
    return 0
  done
}
