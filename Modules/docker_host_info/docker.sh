# shellcheck shell=sh
# What the docker modules share: the docker command with its options, and JSON as it prints it.

# Sets docker_flags (quoted words) from the options that all docker modules have.
docker_begin() {
  m_plain_locale
  m_need docker docker.io
  docker_flags=
  [ -z "${arg_docker_host:-}" ] || docker_flag --host "$arg_docker_host"
  if [ "${arg_validate_certs:-false}" = true ]; then
    docker_flag --tlsverify
  elif [ "${arg_tls:-false}" = true ]; then
    docker_flag --tls
  fi
  [ -z "${arg_ca_path:-}" ] || docker_flag --tlscacert "$arg_ca_path"
  [ -z "${arg_client_cert:-}" ] || docker_flag --tlscert "$arg_client_cert"
  [ -z "${arg_client_key:-}" ] || docker_flag --tlskey "$arg_client_key"
  [ -z "${arg_cli_context:-}" ] || docker_flag --context "$arg_cli_context"
  if [ "${arg_api_version:-auto}" != auto ]; then m_export DOCKER_API_VERSION "$arg_api_version"; fi
}

docker_flag() {
  for m_each in "$@"; do
    m_quote "$m_each"
    docker_flags="$docker_flags $m_result"
  done
}

# docker_run WORDS…: the docker command.
docker_run() {
  # shellcheck disable=SC2154
  eval "docker $docker_flags \"\$@\""
}

# docker_ask WORDS…: m_out is what it answers; false if there is no such thing. Fails if the daemon does not answer.
docker_ask() {
  m_capture docker_run "$@"
  [ "$m_rc" != 0 ] || return 0
  case $m_err in
    *[Nn]'o such '* | *'not found'* | *'found no '*) return 1 ;;
  esac
  m_int rc "$m_rc"
  m_fail "Error connecting: ${m_err:-the docker command failed with exit status $m_rc}"
}

# docker_do FAILING WORDS…: changes something, unless this is check mode. FAILING begins the text of a failure.
docker_do() {
  docker_failing=$1
  shift
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture docker_run "$@"
  [ "$m_rc" = 0 ] || m_fail "$docker_failing: ${m_err:-$m_out}"
}

# docker_json TEXT: m_result is the text as docker prints it in JSON.
docker_json() {
  m_result=$1
  case $m_result in
    *\\*) m_replace "$m_result" "\\" "\\\\" ;;
  esac
  case $m_result in
    *\"*) m_replace "$m_result" '"' '\"' ;;
  esac
  case $m_result in
    *[[:cntrl:]]*)
      m_replace "$m_result" "$m_nl" '\n'
      m_replace "$m_result" "$(printf '\t')" '\t'
      m_replace "$m_result" "$(printf '\r')" '\r'
      ;;
  esac
  m_result="\"$m_result\""
}

# docker_json_list WORD…: m_result is a JSON list of the words.
docker_json_list() {
  docker_all=
  for docker_each in "$@"; do
    docker_json "$docker_each"
    docker_all="$docker_all${docker_all:+,}$m_result"
  done
  m_result="[$docker_all]"
}

# docker_json_dict KEY VALUE…: m_result is a JSON object of texts.
docker_json_dict() {
  docker_all=
  while [ $# -gt 1 ]; do
    docker_json "$1"
    docker_key=$m_result
    docker_json "$2"
    docker_all="$docker_all${docker_all:+,}$docker_key:$m_result"
    shift 2
  done
  m_result="{$docker_all}"
}

# docker_inner TEXT: m_result is what stands in the list that `docker inspect` prints of one thing.
docker_inner() {
  m_result=${1#"${1%%[!"$m_nl"]*}"}
  m_result=${m_result#[}
  m_result=${m_result%]}
}

# docker_bytes TEXT: m_result is a number of bytes: 512m, 1G, 2MB, 0.
docker_bytes() {
  m_result=$(m_put "$1$m_nl" | awk '{
    if (!match($0, /^[0-9]+(\.[0-9]+)?/)) exit 1
    number = substr($0, 1, RLENGTH); unit = toupper(substr($0, RLENGTH + 1)); gsub(/ /, "", unit); sub(/I?B$/, "", unit)
    at = unit == "" ? 1 : index("_KMGTPEZY", unit); if (at == 0 || length(unit) > 1) exit 1
    while (at-- > 1) number *= 1024
    printf "%.0f", number
  }') || m_fail "Failed to convert $2 to bytes: '$1' is no number of bytes such as 512M"
}

# docker_is_words TEXT: true for a list as Martlet passes it; only such a text may be given to eval.
docker_is_words() {
  docker_rest=$1
  while [ -n "$docker_rest" ]; do
    case $docker_rest in
      \'*\'*)
        docker_rest=${docker_rest#\'}
        docker_rest=${docker_rest#*\'}
        ;;
      \\\'*) docker_rest=${docker_rest#??} ;;
      [A-Za-z0-9_/.:,\ -]*) docker_rest=${docker_rest#?} ;;
      *) return 1 ;;
    esac
  done
}

# docker_pull IMAGE [PLATFORM]: sets docker_pulled to true if something new came.
docker_pull() {
  set -- "$1" ${2:+"$2"}
  if [ -n "${2:-}" ]; then
    m_capture docker_run pull --platform "$2" -- "$1"
  else
    m_capture docker_run pull -- "$1"
  fi
  [ "$m_rc" = 0 ] || m_fail "Error pulling $1 - ${m_err:-$m_out}"
  docker_pulled=true
  case $m_out in
    *'up to date'*) docker_pulled=false ;;
  esac
}

# docker_line KEY: for answers (docker_has) that are lines of a name and JSON each; m_result is the JSON, null without it.
docker_line() {
  m_result=null
  case $docker_has in
    *"$m_nl$1 "*)
      m_result=${docker_has#*"$m_nl$1 "}
      m_result=${m_result%%"$m_nl"*}
      ;;
  esac
}

# docker_has_line TEXT: true if there is this very line.
docker_has_line() {
  case $docker_has in
    *"$m_nl$1$m_nl"*) return 0 ;;
  esac
  return 1
}

# docker_differs NAME WANTED FOUND: JSON, for --diff.
docker_differs() {
  docker_after="${docker_after:-}${docker_after:+,}\"$1\":$2"
  docker_before="${docker_before:-}${docker_before:+,}\"$1\":$3"
}

# docker_word WORD…: words of the command that makes a thing go to docker_words, quoted.
docker_word() {
  for m_each in "$@"; do
    m_quote "$m_each"
    docker_words="$docker_words $m_result"
  done
}

# docker_pairs OPTION FLAG KEY WORDS: each pair is asked for by FLAG and must be there, as a line of KEY; more may be. docker_there
# says whether the thing is there, docker_different becomes true where a pair is missing.
docker_pairs() {
  docker_option=$1 docker_word_flag=$2 docker_key=$3
  eval "set -- $4"
  while [ $# -gt 1 ]; do
    docker_word "$docker_word_flag" "$1=$2"
    docker_json "$1"
    docker_pair=$m_result
    docker_json "$2"
    if [ "$docker_there" = true ] && ! docker_has_line "$docker_key $docker_pair:$m_result"; then
      docker_differs "$docker_option.$1" "$m_result" null
      docker_different=true
    fi
    shift 2
  done
}

# docker_action TEXT: one of the things that are done.
docker_action() {
  docker_json "$1"
  docker_actions="${docker_actions:-}${docker_actions:+,}$m_result"
  m_changed=true
}

# Reports actions (in check mode and with debug) and the difference.
docker_report() {
  if [ "$m_check" = true ] || [ "${arg_debug:-false}" = true ]; then m_json actions "[${docker_actions:-}]"; fi
  [ "$m_diff" = true ] || return 0
  m_dict diff
  m_json before "{${docker_before:-}}"
  m_json after "{${docker_after:-}}"
  m_close
}
