# shellcheck shell=sh
# Input: see module.yml. Results: packages, stdout, stderr, msg.

apk_main() {
  m_plain_locale
  m_need apk
  apk_words=
  [ "$arg_no_cache" = false ] || apk_words=' --no-cache'
  eval "set -- ${arg_repository:-}"
  for m_one in "$@"; do
    m_quote "$m_one"
    apk_words="$apk_words --repository $m_result"
  done
  [ $# = 0 ] || apk_words="$apk_words --repositories-file /dev/null"
  [ "$arg_update_cache" = false ] || apk_update
  if [ "$arg_upgrade" = true ]; then
    apk_upgrade
  elif [ -n "${arg_name:-}" ]; then
    case $arg_state in
      absent | removed) apk_remove ;;
      *) apk_install ;;
    esac
  else
    m_str msg 'updated repository indexes'
  fi
}

apk_update() {
  [ -n "${arg_name:-}" ] || [ "$arg_upgrade" = true ] || m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture eval "apk update$apk_words"
  [ "$m_rc" = 0 ] || apk_failed 'could not update package db'
}

# apk_run TEXT WORDS: runs apk, in check mode with --simulate, and reports what it says it does.
apk_run() {
  apk_simulated=
  [ "$m_check" = false ] || apk_simulated=' --simulate'
  m_capture eval "apk $2$apk_words$apk_simulated"
  [ "$m_rc" = 0 ] || apk_failed "failed to $1"
  m_list packages
  while IFS= read -r m_each; do
    # (1/2) Installing musl (1.2.4-r2)
    case $m_each in
      '('*') '[A-Z]*'ing '*)
        m_each=${m_each#*ing }
        m_str '' "${m_each%% *}"
        ;;
    esac
  done <<APK_END
$m_out
APK_END
  m_close
  m_str stdout "$m_out"
  m_str stderr "$m_err"
}

apk_failed() {
  m_str stdout "$m_out"
  m_str stderr "$m_err"
  m_fail "$1: ${m_err:-$m_out}"
}

apk_upgrade() {
  apk_verb=upgrade
  [ "$arg_available" = false ] || apk_verb='upgrade --available'
  m_capture eval "apk $apk_verb$apk_words --simulate"
  [ "$m_rc" = 0 ] || apk_failed 'failed to upgrade packages'
  case $m_out in
    *'Upgrading '* | *'Installing '* | *'Purging '* | *'Downgrading '* | *'Replacing '*) ;;
    *)
      m_str msg 'packages already upgraded'
      return 0
      ;;
  esac
  m_changed=true
  apk_run 'upgrade packages' "$apk_verb"
  m_str msg 'upgraded packages'
}

apk_install() {
  eval "set -- $arg_name"
  apk_wanted=
  for apk_one in "$@"; do
    m_quote "$apk_one"
    apk_quoted=$m_result
    if ! apk info -e -- "$apk_one" >/dev/null 2>&1 || ! apk_asked_for "$apk_one"; then
      apk_wanted="$apk_wanted $apk_quoted"
    elif [ "$arg_state" = latest ] && apk_outdated "$apk_one"; then
      apk_wanted="$apk_wanted $apk_quoted"
    fi
  done
  m_words "$@"
  if [ -z "$apk_wanted" ]; then
    m_str msg 'package(s) already installed'
    return 0
  fi
  m_changed=true
  if [ "$arg_state" = latest ]; then apk_verb='add --upgrade'; else apk_verb=add; fi
  apk_run "install$apk_wanted" "$apk_verb --$apk_wanted"
  m_str msg "installed$apk_wanted package(s)"
}

# What is there only because another package needs it goes with that: a package asked for stands in the world file.
apk_asked_for() {
  [ -r "$arg_world" ] || return 0
  apk_plain=${1%%[=<>~@]*}
  while IFS= read -r m_each; do
    if [ "${m_each%%[=<>~@]*}" = "$apk_plain" ]; then return 0; fi
  done <"$arg_world"
  return 1
}

# apk version prints `NAME-VERSION < NEWER` for what is outdated.
apk_outdated() {
  m_capture apk version -l '<' -- "${1%%[=<>~@]*}"
  case $m_out in
    *' < '*) return 0 ;;
  esac
  return 1
}

apk_remove() {
  eval "set -- $arg_name"
  apk_gone=
  for apk_one in "$@"; do
    if apk info -e -- "$apk_one" >/dev/null 2>&1; then
      m_quote "$apk_one"
      apk_gone="$apk_gone $m_result"
    fi
  done
  if [ -z "$apk_gone" ]; then
    m_str msg 'package(s) already removed'
    return 0
  fi
  m_changed=true
  apk_run "remove$apk_gone" "del --purge --$apk_gone"
  m_str msg "removed$apk_gone package(s)"
}
