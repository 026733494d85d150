# shellcheck shell=sh
# Input: see module.yml. Results: packages, cache_updated, msg.

pacman_main() {
  m_plain_locale
  m_need "$arg_executable"
  [ "${arg_update_cache:-false}" = false ] || pacman_update
  if [ "${arg_upgrade:-false}" = true ]; then
    pacman_upgrade
  elif [ -n "${arg_name:-}" ]; then
    case $arg_state in
      absent | removed) pacman_remove ;;
      *) pacman_install ;;
    esac
  else
    m_str msg 'Updated package databases'
  fi
}

# pacman_run WORDS…: without questions. The words of extra_args are the user's command line and are split.
pacman_run() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture "$arg_executable" --noconfirm --noprogressbar "$@"
  [ "$m_rc" = 0 ] || m_fail_command "$arg_executable" "$@"
}

pacman_update() {
  set -- --sync --refresh
  [ "$arg_force" = false ] || set -- "$@" --refresh
  # shellcheck disable=SC2086
  pacman_run "$@" $arg_update_cache_extra_args
  m_bool cache_updated true
}

pacman_upgrade() {
  m_capture "$arg_executable" --query --upgrades
  if [ -z "$m_out" ]; then
    m_str msg 'Nothing to upgrade'
    return 0
  fi
  m_list packages
  while read -r m_each pacman_rest; do m_str '' "$m_each"; done <<PACMAN_END
$m_out
PACMAN_END
  m_close
  # shellcheck disable=SC2086
  pacman_run --sync --sysupgrade --quiet $arg_upgrade_extra_args
  m_str msg 'System upgraded'
}

# pacman_is NAME: it is a package, or a group all of whose packages are there.
pacman_is() {
  case $1 in
    *://* | *.pkg.tar*)
      m_out=$("$arg_executable" --query --file --quiet -- "$1" 2>/dev/null) && "$arg_executable" --query -- "$m_out" >/dev/null 2>&1
      return
      ;;
  esac
  "$arg_executable" --query -- "$1" >/dev/null 2>&1 && return 0
  m_out=$("$arg_executable" --sync --groups --quiet -- "$1" 2>/dev/null) && [ -n "$m_out" ] || return 1
  # shellcheck disable=SC2086
  "$arg_executable" --query -- $m_out >/dev/null 2>&1
}

pacman_install() {
  eval "set -- $arg_name"
  pacman_wanted='' pacman_files=''
  for pacman_one in "$@"; do
    m_quote "$pacman_one"
    pacman_word=$m_result
    if pacman_is "$pacman_one" && ! { [ "$arg_state" = latest ] && pacman_outdated "$pacman_one"; }; then continue; fi
    case $pacman_one in
      *://* | *.pkg.tar*) pacman_files="$pacman_files $pacman_word" ;;
      *) pacman_wanted="$pacman_wanted $pacman_word" ;;
    esac
  done
  eval "set -- $pacman_wanted $pacman_files"
  m_strings packages "$@"
  # shellcheck disable=SC2086
  if [ -n "$pacman_wanted" ]; then eval "pacman_run --sync \$arg_extra_args -- $pacman_wanted"; fi
  # shellcheck disable=SC2086
  if [ -n "$pacman_files" ]; then eval "pacman_run --upgrade \$arg_extra_args -- $pacman_files"; fi
  pacman_reasons "$@"
  if [ $# = 0 ]; then m_str msg 'package(s) already installed'; else m_str msg "Installed $# package(s)"; fi
}

# The newest version in the lists is not the one that is there.
pacman_outdated() {
  case $1 in
    *://* | *.pkg.tar*) return 1 ;;
  esac
  m_capture "$arg_executable" --query --upgrades -- "$1"
  [ -n "$m_out" ]
}

pacman_reasons() {
  [ -n "${arg_reason:-}" ] || return 0
  if [ "$arg_reason_for" = all ]; then eval "set -- $arg_name"; fi
  if [ "$arg_reason" = explicit ]; then pacman_flags='explicit --deps'; else pacman_flags='deps --explicit'; fi
  for pacman_one in "$@"; do
    # A package that has the other reason, or is new.
    if "$arg_executable" --query "${pacman_flags#* }" --quiet -- "$pacman_one" >/dev/null 2>&1; then
      pacman_run --database "--as${pacman_flags%% *}" -- "$pacman_one"
    fi
  done
}

pacman_remove() {
  eval "set -- $arg_name"
  pacman_gone=
  for pacman_one in "$@"; do
    if "$arg_executable" --query -- "$pacman_one" >/dev/null 2>&1; then
      m_quote "$pacman_one"
      pacman_gone="$pacman_gone $m_result"
    fi
  done
  if [ -z "$pacman_gone" ]; then
    m_str msg 'package(s) already absent'
    return 0
  fi
  eval "set -- $pacman_gone"
  m_strings packages "$@"
  pacman_count=$#
  set --
  [ "$arg_force" = false ] || set -- "$@" --nodeps --nodeps
  [ "$arg_remove_nosave" = false ] || set -- "$@" --nosave
  # shellcheck disable=SC2086
  eval "pacman_run --remove \"\$@\" \$arg_extra_args -- $pacman_gone"
  m_str msg "Removed $pacman_count package(s)"
}
