# shellcheck shell=sh
# Input: see module.yml. Results: summary, snapshot_id, removed, stdout. `backup_verify` calls restic_begin and restic_run.

restic_main() {
  restic_begin
  case $arg_action in
    init) restic_init ;;
    backup) restic_backup ;;
    forget) restic_forget ;;
    check) restic_check ;;
    restore) restic_restore ;;
  esac
}

# The password and what else restic needs are in its environment, which only its user and root can read.
restic_begin() {
  m_plain_locale
  : "${arg_executable:=restic}"
  m_need "$arg_executable" restic
  RESTIC_REPOSITORY=$arg_repository RESTIC_PROGRESS_FPS=0.001
  export RESTIC_REPOSITORY RESTIC_PROGRESS_FPS
  unset RESTIC_PASSWORD RESTIC_PASSWORD_FILE RESTIC_PASSWORD_COMMAND
  if [ -n "${arg_password:-}" ]; then
    RESTIC_PASSWORD=$arg_password
    export RESTIC_PASSWORD
  else
    RESTIC_PASSWORD_FILE=${arg_password_file:-}
    export RESTIC_PASSWORD_FILE
  fi
  eval "m_export ${arg_environment:-}"
}

restic_run() {
  m_capture "$arg_executable" "$@"
  [ "$m_rc" = 0 ] || m_fail_command restic "$@"
}

# A repository that is there opens with the password. Anything but its absence is an error, so that a typing mistake makes no second one.
restic_init() {
  m_capture "$arg_executable" cat config
  [ "$m_rc" != 0 ] || return 0
  case $m_err in
    *'Is there a repository at the following location'* | *'does not exist'* | *'no such file'*) ;;
    *) m_fail_command restic cat config ;;
  esac
  m_must "$arg_executable" init
}

# restic_each WORD LIST: adds `WORD element` to restic_words for each element.
restic_each() {
  restic_word=$1
  eval "set -- $2"
  for m_one in "$@"; do
    m_words "$restic_word" "$m_one"
    restic_words="$restic_words $m_result"
  done
}

restic_backup() {
  m_changed=true
  restic_words=
  restic_each --exclude "${arg_exclude:-}"
  restic_each --tag "${arg_tags:-}"
  [ "$arg_one_file_system" = false ] || restic_words="$restic_words --one-file-system"
  [ "$m_check" = false ] || restic_words="$restic_words --dry-run"
  if [ -n "${arg_host:-}" ]; then
    m_words --host "$arg_host"
    restic_words="$restic_words $m_result"
  fi
  eval "set -- backup --json --quiet $restic_words -- $arg_paths"
  m_capture "$arg_executable" "$@"
  # 3: some files could not be read; a snapshot was taken, but it is not whole.
  [ "$m_rc" != 3 ] || m_fail "restic backup could not read every file: $m_err"
  [ "$m_rc" = 0 ] || m_fail_command restic "$@"
  restic_summary=${m_out##*"$m_nl"}
  case $restic_summary in
    *'"message_type":"summary"'*)
      m_json summary "$restic_summary"
      restic_id=${restic_summary##*'"snapshot_id":"'}
      [ "$restic_id" = "$restic_summary" ] || m_str snapshot_id "${restic_id%%\"*}"
      ;;
    *) [ "$m_check" = true ] || m_fail "restic backup ended without its summary: $m_out" ;;
  esac
}

restic_forget() {
  restic_words=
  restic_each --tag "${arg_tags:-}"
  if [ -n "${arg_host:-}" ]; then
    m_words --host "$arg_host"
    restic_words="$restic_words $m_result"
  fi
  eval "set -- $arg_keep"
  [ $# -gt 0 ] || m_fail 'keep is empty: forget would keep nothing'
  while [ $# -gt 1 ]; do
    case $1 in
      last | hourly | daily | weekly | monthly | yearly | within | tag) m_words "--keep-$1" "$2" ;;
      *) m_fail "keep has no $1; it has last, hourly, daily, weekly, monthly, yearly, within, tag" ;;
    esac
    restic_words="$restic_words $m_result"
    shift 2
  done
  # What would go is asked first: a second run then finds nothing, and check mode is this same question.
  eval "set -- $restic_words"
  restic_run forget --json --dry-run "$@"
  restic_removed=$(m_put "$m_out" | awk '{
    parts = split($0, part, "\"remove\":")
    for (i = 2; i <= parts; i++) { sub(/"reasons":.*/, "", part[i]); count += gsub(/"short_id":/, "", part[i]) }
  } END { print count + 0 }')
  m_int removed "$restic_removed"
  [ "$restic_removed" != 0 ] || return 0
  [ "$arg_prune" = false ] || set -- "$@" --prune
  m_must "$arg_executable" forget --quiet "$@"
}

restic_check() {
  set -- check
  case ${arg_read_data:-} in
    '') ;;
    all) set -- "$@" --read-data ;;
    *) set -- "$@" "--read-data-subset=$arg_read_data" ;;
  esac
  restic_run "$@"
  m_str stdout "$m_out"
}

restic_restore() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  restic_words=
  restic_each --include "${arg_include:-}"
  restic_each --tag "${arg_tags:-}"
  if [ -n "${arg_host:-}" ]; then
    m_words --host "$arg_host"
    restic_words="$restic_words $m_result"
  fi
  eval "set -- restore $restic_words"
  set -- "$@" --target "$arg_target" -- "$arg_snapshot"
  restic_run "$@"
  m_str stdout "$m_out"
}
