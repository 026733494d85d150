# shellcheck shell=sh
# Input: see module.yml. Results: cert, expired, subject, issuer, not_before, not_after, serial_number, signature_algorithm, version.

get_certificate_main() {
  ossl_begin ''
  ossl_scratch
  get_place=$arg_host:$arg_port
  set -- -connect "$get_place" -servername "${arg_server_name:-$arg_host}" -showcerts
  [ -z "${arg_starttls:-}" ] || set -- "$@" -starttls "$arg_starttls"
  [ -z "${arg_proxy_host:-}" ] || set -- "$@" -proxy "$arg_proxy_host:$arg_proxy_port"
  if [ -n "${arg_ca_cert:-}" ]; then
    [ -r "$arg_ca_cert" ] || m_fail 'ca_cert file does not exist'
    set -- "$@" -CAfile "$arg_ca_cert" -verify_return_error
  fi
  if [ -n "${arg_ciphers:-}" ]; then
    get_ciphers=$(eval "set -- $arg_ciphers"; IFS=:; m_put "$*")
    set -- "$@" -cipher "$get_ciphers"
  fi
  m_capture timeout "$arg_timeout" openssl s_client "$@" </dev/null
  [ "$m_rc" != 124 ] && [ "$m_rc" != 143 ] || m_fail "Failed to get cert from $get_place, error: no answer within $arg_timeout s"
  get_shown=$m_out
  case $m_rc:$get_shown in
    0:*'-----BEGIN CERTIFICATE-----'*) ;;
    *) m_fail "Failed to get cert from $get_place, error: ${m_err:-it shows none}" ;;
  esac
  get_chain
  m_put "$get_first" >"$ossl_dir/pem"
  info_file=$ossl_dir/pem
  get_report
}

# get_first is the server's own certificate; with the chain all are told.
get_chain() {
  get_rest=$get_shown get_first=''
  [ "$arg_get_certificate_chain" = false ] || m_list unverified_chain
  while :; do
    case $get_rest in
      *'-----BEGIN CERTIFICATE-----'*) ;;
      *) break ;;
    esac
    get_rest=${get_rest#*-----BEGIN CERTIFICATE-----}
    get_one="-----BEGIN CERTIFICATE-----${get_rest%%-----END CERTIFICATE-----*}-----END CERTIFICATE-----$m_nl"
    get_rest=${get_rest#*-----END CERTIFICATE-----}
    [ -n "$get_first" ] || get_first=$get_one
    [ "$arg_get_certificate_chain" = true ] || break
    # s_client shows the first one again, below the chain.
    case $get_rest in
      *'-----BEGIN CERTIFICATE-----'*) m_str '' "$get_one" ;;
      *) [ "$get_one" = "$get_first" ] || m_str '' "$get_one" ;;
    esac
  done
  [ "$arg_get_certificate_chain" = false ] || m_close
}

get_report() {
  m_str cert "$get_first"
  info_validity
  info_dict subject
  info_dict issuer
  get_text=$(openssl x509 -in "$info_file" -noout -text </dev/null) || m_fail 'openssl cannot print the certificate'
  get_version=${get_text#*Version: }
  m_str version "v${get_version%% *}"
  get_algorithm=${get_text#*Signature Algorithm: }
  m_str signature_algorithm "${get_algorithm%%"$m_nl"*}"
}
