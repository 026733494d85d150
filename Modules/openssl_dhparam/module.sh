# shellcheck shell=sh
# Input: see module.yml. Results: filename, size, backup_file, dhparams.

openssl_dhparam_main() {
  ossl_begin "$arg_path"
  m_str filename "$arg_path"
  m_int size "$arg_size"
  if [ "$arg_state" = absent ]; then
    ossl_absent
    return 0
  fi
  if [ "$arg_force" = true ] || ! dhparam_fits; then
    m_changed=true
    if [ "$m_check" = false ]; then
      m_temporary "$arg_path"
      ossl_must dhparam -out "$m_temp" "$arg_size"
      ossl_place
    fi
  fi
  ossl_permissions
  [ "$arg_return_content" = false ] || ossl_content dhparams
}

dhparam_fits() {
  [ -s "$arg_path" ] || return 1
  dhparam_text=$(openssl dhparam -in "$arg_path" -check -noout -text 2>&1 </dev/null) || return 1
  case $dhparam_text in
    *WARNING*) return 1 ;;
    *"($arg_size bit)"*) ;;
    *) return 1 ;;
  esac
}
