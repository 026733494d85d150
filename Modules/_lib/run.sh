# shellcheck shell=sh
# Running tools, and small work on text without forking.

# Makes tools speak English and sort by byte; for modules that read what tools print.
m_plain_locale() {
  LC_ALL=C LANGUAGE=C
  export LC_ALL LANGUAGE
}

# Runs a command with its output kept apart: sets m_out, m_err (without trailing line breaks) and m_rc.
m_capture() {
  m_both=$(
    {
      m_err=$("$@" 2>&1 >&3 3>&-)
      m_rc=$?
      m_put "$m_mark$m_rc$m_mark$m_err"
    } 3>&1
  )
  m_out=${m_both%%"$m_mark"*}
  m_both=${m_both#*"$m_mark"}
  m_rc=${m_both%%"$m_mark"*}
  m_err=${m_both#*"$m_mark"}
  m_trim_lines "$m_out"
  m_out=$m_result
}

# Runs a command that changes the host, unless this is check mode; fails with its words when it fails. Sets m_out.
m_must() {
  m_must_before=$m_changed
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture "$@"
  [ "$m_rc" != 0 ] || return 0
  m_changed=$m_must_before
  m_fail_command "$@"
}

# Fails with what the last captured command said.
m_fail_command() {
  m_said=${m_err:-$m_out}
  m_words "$@"
  m_int rc "$m_rc"
  m_str cmd "$m_result"
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  m_fail "$1 failed with exit status $m_rc: ${m_said:-no message}"
}

# True if a command is there; costs no fork.
m_has() { command -v "$1" >/dev/null 2>&1; }

# Fails unless a command is there: m_need COMMAND [PACKAGE].
m_need() {
  m_has "$1" || m_fail "the command '$1' is needed on the host and was not found${2:+; it comes with the package $2}"
}

# m_result is the text without trailing line breaks.
m_trim_lines() {
  m_result=$1
  while :; do
    case $m_result in
      *"$m_nl") m_result=${m_result%"$m_nl"} ;;
      *) return 0 ;;
    esac
  done
}

# m_result is the text without blanks at either end.
m_trim() {
  m_result=${1#"${1%%[![:space:]]*}"}
  m_result=${m_result%"${m_result##*[![:space:]]}"}
}

# m_result is one shell word that stands for the text.
m_quote() {
  case $1 in
    *\'*) ;;
    *[!A-Za-z0-9_@%+=:,./-]* | '')
      m_result="'$1'"
      return 0
      ;;
    *)
      m_result=$1
      return 0
      ;;
  esac
  m_quote_rest=$1
  m_result=
  while :; do
    case $m_quote_rest in
      *\'*)
        m_result="$m_result${m_quote_rest%%\'*}'\\''"
        m_quote_rest=${m_quote_rest#*\'}
        ;;
      *) break ;;
    esac
  done
  m_result="'$m_result$m_quote_rest'"
}

# m_result is the arguments as shell words.
m_words() {
  m_words_all=
  for m_each in "$@"; do
    m_quote "$m_each"
    m_words_all="$m_words_all${m_words_all:+ }$m_result"
  done
  m_result=$m_words_all
}

# m_contains NEEDLE WORD...: true if one of the words is the needle.
m_contains() {
  m_needle=$1
  shift
  for m_each in "$@"; do
    [ "$m_each" != "$m_needle" ] || return 0
  done
  return 1
}

# m_replace TEXT OLD NEW: m_result is the text with every OLD replaced.
m_replace() {
  m_replace_rest=$1
  m_result=
  while :; do
    case $m_replace_rest in
      *"$2"*)
        m_result="$m_result${m_replace_rest%%"$2"*}$3"
        m_replace_rest=${m_replace_rest#*"$2"}
        ;;
      *) break ;;
    esac
  done
  m_result=$m_result$m_replace_rest
}

# True for a text of digits only.
m_is_number() {
  case $1 in
    '' | *[!0-9]*) return 1 ;;
  esac
}

# m_export NAME VALUE…: puts variables into the environment of the commands to come.
m_export() {
  while [ $# -gt 1 ]; do
    case $1 in
      '' | *[!A-Za-z0-9_]* | [0-9]*) m_fail "no name of an environment variable: $1" ;;
    esac
    export "$1=$2"
    shift 2
  done
}
