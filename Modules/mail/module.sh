# shellcheck shell=sh
# Input: see module.yml. Results: msg, result.

mail_main() {
  [ "$m_check" = false ] || m_skip 'remote module (mail) does not support check mode'
  m_need curl
  eval "set -- $arg_attach"
  for mail_each in "$@"; do
    [ -r "$mail_each" ] || m_fail "Failed to send community.general.mail: can't attach file $mail_each: no such file"
    mail_one_line "$mail_each"
  done
  mail_file=$(umask 077 && mktemp "${TMPDIR:-/tmp}/martlet-mail.XXXXXX") || m_fail 'cannot make a temporary file for the mail'
  trap 'rm -f -- "$mail_file"' EXIT
  mail_compose
  mail_options
  m_capture mail_send
  rm -f -- "$mail_file"
  trap - EXIT
  if [ "$m_rc" != 0 ]; then
    m_int rc 1
    case $m_rc in
      6 | 7 | 28) m_fail "Unable to Connect $arg_host:$arg_port: $m_err" ;;
      64) m_fail "StartTLS is not offered on server $arg_host:$arg_port" ;;
      67) m_fail "Authentication to $arg_host:$arg_port failed, please check your username and/or password" ;;
      *) m_fail "Failed to send mail to '$mail_all': $m_err" ;;
    esac
  fi
  m_str msg 'Mail sent successfully'
  m_json result '{}'
}

mail_send() { m_put "$m_config" | curl -K - -sS --upload-file "$mail_file"; }

# mail_address TEXT: m_result is the address alone.
mail_address() {
  m_result=$1
  case $m_result in
    *\<*\>*)
      m_result=${m_result#*\<}
      m_result=${m_result%%\>*}
      ;;
  esac
  m_trim "$m_result"
}

# mail_one_line TEXT: no value may add a header of its own.
mail_one_line() {
  case $1 in
    *"$m_nl"* | *"$(printf '\r')"*) m_fail "a header of a mail is one line: $1" ;;
  esac
}

mail_options() {
  m_config='' mail_scheme=smtp
  case $arg_secure:$arg_port in
    always:* | try:465) mail_scheme=smtps ;;
    starttls:*) m_config="ssl-reqd$m_nl" ;;
    try:*) m_config="ssl$m_nl" ;;
  esac
  m_curl_line url "$mail_scheme://$arg_host:$arg_port/${arg_ehlohost:-}"
  m_curl_line connect-timeout "$arg_timeout"
  m_curl_line max-time "$((arg_timeout * 10))"
  mail_address "$arg_sender"
  m_curl_line mail-from "$m_result"
  mail_all=
  eval "set -- $arg_to $arg_cc $arg_bcc"
  for mail_each in "$@"; do
    mail_one_line "$mail_each"
    mail_address "$mail_each"
    mail_all="$mail_all${mail_all:+, }$m_result"
    m_curl_line mail-rcpt "$m_result"
  done
  [ -z "${arg_username:-}" ] || m_curl_line user "$arg_username:${arg_password:-}"
}

# mail_words TEXT: m_result is a header's text; what is not ASCII is encoded.
mail_words() {
  mail_one_line "$1"
  m_result=$1
  case $(m_put "$1" | LC_ALL=C tr -d '\040-\176') in
    '') ;;
    *) m_result="=?utf-8?b?$(m_put "$1" | base64 | tr -d '\n')?=" ;;
  esac
}

# mail_person TEXT: the name before an address is encoded if need be.
mail_person() {
  mail_one_line "$1"
  case $1 in
    *\<*\>*)
      mail_words "${1%%\<*}"
      m_trim "$m_result"
      m_result="$m_result <${1#*\<}"
      ;;
    *) m_result=$1 ;;
  esac
}

# mail_people WORD…
mail_people() {
  mail_list=
  for mail_each in "$@"; do
    m_trim "$mail_each"
    mail_person "$m_result"
    mail_list="$mail_list${mail_list:+, }$m_result"
  done
  m_result=$mail_list
}

mail_header() { mail_text="$mail_text$1: $2$m_nl"; }

mail_compose() {
  mail_text=
  mail_person "$arg_sender"
  mail_header From "$m_result"
  mail_header Date "$(LC_ALL=C date '+%a, %d %b %Y %H:%M:%S %z')"
  mail_words "$arg_subject"
  mail_header Subject "$m_result"
  mail_id=$(date +%s).$$
  mail_header Message-ID "<$mail_id@$arg_message_id_domain>"
  eval "mail_people $arg_to"
  mail_header To "$m_result"
  if [ -n "$arg_cc" ]; then
    eval "mail_people $arg_cc"
    mail_header Cc "$m_result"
  fi
  mail_header MIME-Version 1.0
  mail_mailer=true
  eval "set -- $arg_headers"
  for mail_each in "$@"; do mail_more "$mail_each|"; done
  [ "$mail_mailer" = false ] || mail_header X-Mailer 'Ansible mail module'
  mail_boundary="martlet-$mail_id"
  {
    m_put "$mail_text"
    mail_body
  } | sed "s/\$/$(printf '\r')/" >"$mail_file" || m_fail 'cannot write the mail'
}

# mail_more NAME=VALUE|NAME=VALUE|
mail_more() {
  mail_rest=$1
  while [ -n "$mail_rest" ]; do
    m_trim "${mail_rest%%"|"*}"
    mail_rest=${mail_rest#*"|"}
    case $m_result in
      '') ;;
      [A-Za-z]*=*)
        mail_key=${m_result%%=*}
        mail_words "${m_result#*=}"
        [ "$mail_key" != X-Mailer ] || mail_mailer=false
        mail_header "$mail_key" "$m_result"
        ;;
      *) m_warn "Skipping header '$m_result', unable to parse" ;;
    esac
  done
}

mail_body() {
  if [ -z "$arg_attach" ]; then
    mail_part
    return 0
  fi
  m_put "Content-Type: multipart/mixed; boundary=\"$mail_boundary\"$m_nl$m_nl--$mail_boundary$m_nl"
  mail_part
  eval "set -- $arg_attach"
  for mail_each in "$@"; do
    m_base "$mail_each"
    m_put "$m_nl--$mail_boundary${m_nl}Content-Type: application/octet-stream${m_nl}Content-Transfer-Encoding: base64$m_nl"
    m_put "Content-Disposition: attachment; filename=\"$m_result\"$m_nl$m_nl"
    base64 <"$mail_each"
  done
  m_put "$m_nl--$mail_boundary--$m_nl"
}

mail_part() {
  m_put "Content-Type: text/$arg_subtype; charset=\"utf-8\"${m_nl}Content-Transfer-Encoding: base64$m_nl$m_nl"
  m_put "${arg_body:-$arg_subject}$m_nl$m_nl" | base64
}
