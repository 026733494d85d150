# shellcheck shell=sh
# Input: see module.yml. Results: archive, summary, removed. `backup_verify` calls borg_begin, borg_last and borg_extract.

borg_main() {
  borg_begin
  case $arg_action in
    init) borg_init ;;
    backup) borg_backup ;;
    prune) borg_prune ;;
    check) borg_check ;;
    restore) borg_restore ;;
  esac
}

# The passphrase is in borg's environment, which only its user and root can read. Questions are answered by no.
borg_begin() {
  m_plain_locale
  : "${arg_executable:=borg}"
  m_need "$arg_executable" borgbackup
  BORG_REPO=$arg_repository BORG_PASSPHRASE=${arg_passphrase:-}
  export BORG_REPO BORG_PASSPHRASE
  eval "m_export ${arg_environment:-}"
}

borg_run() {
  m_capture "$arg_executable" "$@"
  [ "$m_rc" = 0 ] || m_fail_command borg "$@"
}

borg_init() {
  m_capture "$arg_executable" info
  [ "$m_rc" != 0 ] || return 0
  case $m_err in
    *'does not exist'*) ;;
    *) m_fail_command borg info ;;
  esac
  m_must "$arg_executable" init --encryption "$arg_encryption" --make-parent-dirs
}

borg_backup() {
  m_changed=true
  borg_words=
  eval "set -- ${arg_exclude:-}"
  for m_one in "$@"; do
    m_words --exclude "$m_one"
    borg_words="$borg_words $m_result"
  done
  [ "$arg_one_file_system" = false ] || borg_words="$borg_words --one-file-system"
  if [ -n "${arg_compression:-}" ]; then
    m_words --compression "$arg_compression"
    borg_words="$borg_words $m_result"
  fi
  borg_name=${arg_archive:-'{hostname}-{now}'}
  if [ "$m_check" = true ]; then
    eval "borg_run create --dry-run $borg_words -- \"::\$borg_name\" $arg_paths"
    return 0
  fi
  eval "set -- create --json $borg_words -- \"::\$borg_name\" $arg_paths"
  m_capture "$arg_executable" "$@"
  # 1: warnings, such as files that could not be read: the archive is there, but it is not whole.
  [ "$m_rc" != 1 ] || m_fail "borg could not read everything: $m_err"
  [ "$m_rc" = 0 ] || m_fail_command borg "$@"
  m_json summary "$m_out"
  borg_last
  m_str archive "$borg_archive"
}

# borg_archive is the last archive, or the one that is named.
borg_last() {
  borg_archive=${arg_archive:-}
  [ -z "$borg_archive" ] || return 0
  set -- list --last 1 --format '{archive}'
  [ -z "${arg_prefix:-}" ] || set -- "$@" --glob-archives "$arg_prefix*"
  borg_run "$@"
  borg_archive=$m_out
  [ -n "$borg_archive" ] || m_fail "there is no archive in $arg_repository"
}

borg_prune() {
  eval "set -- $arg_keep"
  [ $# -gt 0 ] || m_fail 'keep is empty: prune would keep nothing'
  borg_words=
  while [ $# -gt 1 ]; do
    case $1 in
      last | hourly | daily | weekly | monthly | yearly | within) m_words "--keep-$1" "$2" ;;
      *) m_fail "keep has no $1; it has last, hourly, daily, weekly, monthly, yearly, within" ;;
    esac
    borg_words="$borg_words $m_result"
    shift 2
  done
  if [ -n "${arg_prefix:-}" ]; then
    m_words --glob-archives "$arg_prefix*"
    borg_words="$borg_words $m_result"
  fi
  eval "set -- $borg_words"
  borg_run prune --dry-run --list "$@"
  borg_removed=$(m_put "$m_out$m_nl$m_err" | grep -c -E '^(Would prune|Pruning archive)')
  m_int removed "$borg_removed"
  [ "$borg_removed" != 0 ] || return 0
  m_must "$arg_executable" prune "$@"
  # Since version 1.2 space is given back by a step of its own.
  m_must "$arg_executable" compact
}

borg_check() {
  set -- check
  [ "$arg_read_data" = false ] || set -- "$@" --verify-data
  borg_run "$@"
}

borg_restore() {
  m_changed=true
  borg_last
  m_str archive "$borg_archive"
  [ "$m_check" = false ] || return 0
  eval "borg_extract ${arg_include:-}"
}

# borg_extract PATH...: extracts borg_archive, or these parts of it, into arg_target.
borg_extract() {
  m_say=$(mkdir -p -- "$arg_target" 2>&1) || m_fail "cannot make $arg_target: $m_say"
  cd -- "$arg_target" || m_fail "cannot enter $arg_target"
  borg_run extract -- "::$borg_archive" "$@"
}
