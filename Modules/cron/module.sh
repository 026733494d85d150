# shellcheck shell=sh
# Input: see module.yml. Results: jobs, envs, cron_file, backup.

cron_main() {
  cron_check
  cron_read
  cron_before=$cron_text
  if [ "$arg_env" = true ]; then cron_variable; else cron_job; fi
  if [ "$cron_text" != "$cron_before" ]; then
    [ "$arg_backup" = false ] || cron_keep
    cron_write
  fi
  cron_report
}

cron_check() {
  case $arg_name in
    *"$m_nl"*) m_fail 'name must be one line' ;;
  esac
  case ${arg_job:-} in
    *"$m_nl"*) m_fail 'job must be one line' ;;
  esac
  if [ "$arg_state" = present ] && [ -z "${arg_job+x}" ]; then
    m_fail "You must specify 'job' to install a new cron job or variable"
  fi
  if [ -n "${arg_special_time:-}" ] && [ "$arg_minute$arg_hour$arg_day$arg_month$arg_weekday" != '*****' ]; then
    m_fail 'You cannot combine special_time with any of the time or day/date parameters.'
  fi
  cron_path=
  if [ -n "${arg_cron_file:-}" ]; then
    cron_path=$arg_cron_file
    [ "$cron_path" != /etc/crontab ] || m_fail 'Will not manage /etc/crontab via cron_file, see documentation.'
    case $cron_path in
      /*) ;;
      *) cron_path=/etc/cron.d/$cron_path ;;
    esac
    if [ "$arg_env" = false ] && [ "$arg_state" = present ] && [ -z "${arg_user:-}" ]; then
      m_fail 'To use cron_file=... parameter you must specify user=... as well'
    fi
  fi
}

# cron_text is the crontab with a line break at the end of each line.
cron_read() {
  cron_text=
  if [ -n "$cron_path" ]; then
    m_read_text "$cron_path"
    cron_text=$m_result
  else
    m_need crontab cron
    m_plain_locale
    cron_words -l
    eval "m_capture crontab $m_result"
    case $m_rc:$m_err in
      0:*) cron_text=$m_out ;;
      *'no crontab'* | *"can't open"*) ;;
      *) m_fail "Unable to read crontab: ${m_err:-$m_out}" ;;
    esac
    [ -z "$cron_text" ] || cron_text=$cron_text$m_nl
  fi
  case $cron_text in
    '' | *"$m_nl") ;;
    *) cron_text=$cron_text$m_nl ;;
  esac
}

# m_result is the words for crontab; another user's crontab needs to be named.
cron_words() {
  if [ -n "${arg_user:-}" ] && [ "$arg_user" != "$(id -un)" ]; then m_words -u "$arg_user" "$1"; else m_result=$1; fi
}

cron_write() {
  if [ -n "$cron_path" ]; then
    # A file without anything but white space is removed.
    if [ "$arg_state" = absent ] && cron_is_blank; then
      m_changed=true
      m_diff_text "$cron_path" "$cron_path" "$cron_before" ''
      [ "$m_check" = false ] || return 0
      m_keep "$cron_path"
      rm -f -- "$cron_path"
      m_kept "$cron_path"
      return 0
    fi
    m_write_text "$cron_path" "$cron_text" 0644
    return 0
  fi
  m_changed=true
  m_diff_text crontab crontab "$cron_before" "$cron_text"
  [ "$m_check" = false ] || return 0
  cron_keep_before
  cron_words -
  m_say=$(m_put "$cron_text" | eval "crontab $m_result" 2>&1) || m_fail "Unable to install crontab: $m_say"
  [ -n "${m_keep_base:-}" ] || return 0
  cron_words -l
  m_kept crontab "$(eval "crontab $m_result" 2>/dev/null | cksum)"
}

# `martlet undo` puts the whole crontab back.
cron_keep_before() {
  m_keep_note=${arg_user:-$(id -un)}
  m_keep_open "the crontab of $m_keep_note" || return 0
  m_keep_was=crontab
  (umask 077 && m_put "$cron_before" >"$m_keep_base.before") || m_keep_was=lost m_keep_note='it could not be copied'
  m_keep_enter "$m_keep_path"
}

cron_is_blank() {
  case $cron_text in
    *[![:space:]]*) return 1 ;;
  esac
}

cron_keep() {
  [ "$m_check" = false ] || return 0
  cron_backup=$(umask 077 && mktemp "${TMPDIR:-/tmp}/crontab.XXXXXXXX") || m_fail 'cannot make a backup'
  m_put "$cron_before" >"$cron_backup"
  m_str backup_file "$cron_backup"
}

# cron_line is the job's line as it shall be.
cron_job_line() {
  cron_off=
  [ "$arg_disabled" = false ] || cron_off='#'
  cron_who=
  [ -z "$cron_path" ] || cron_who=" $arg_user"
  if [ -n "${arg_special_time:-}" ]; then
    cron_line="$cron_off@$arg_special_time$cron_who $arg_job"
  else
    cron_line="$cron_off$arg_minute $arg_hour $arg_day $arg_month $arg_weekday$cron_who $arg_job"
  fi
}

# The line after the job's comment is replaced or removed; a new job goes to the end.
cron_job() {
  [ "$arg_state" = absent ] || cron_job_line
  cron_new='' cron_found=false cron_rest=$cron_text
  while [ -n "$cron_rest" ]; do
    cron_one=${cron_rest%%"$m_nl"*}
    cron_rest=${cron_rest#*"$m_nl"}
    if [ "$cron_one" != "#Ansible: $arg_name" ]; then
      cron_new=$cron_new$cron_one$m_nl
      continue
    fi
    cron_rest=${cron_rest#*"$m_nl"}
    if [ "$arg_state" = present ] && [ "$cron_found" = false ]; then cron_new="$cron_new#Ansible: $arg_name$m_nl$cron_line$m_nl"; fi
    cron_found=true
  done
  if [ "$arg_state" = present ] && [ "$cron_found" = false ]; then cron_new="$cron_new#Ansible: $arg_name$m_nl$cron_line$m_nl"; fi
  cron_text=$cron_new
}

cron_variable() {
  cron_new='' cron_found=false cron_placed=false cron_rest=$cron_text
  cron_line="$arg_name=\"${arg_job:-}\""
  while [ -n "$cron_rest" ]; do
    cron_one=${cron_rest%%"$m_nl"*}
    cron_rest=${cron_rest#*"$m_nl"}
    case $cron_one in
      "$arg_name"=*)
        cron_found=true
        [ "$arg_state" = absent ] || cron_new=$cron_new$cron_line$m_nl
        continue
        ;;
    esac
    cron_new=$cron_new$cron_one$m_nl
  done
  if [ "$cron_found" = false ] && [ "$arg_state" = present ]; then cron_place_variable; fi
  cron_text=$cron_new
}

# A new variable goes to the beginning, or beside another one.
cron_place_variable() {
  if [ -z "${arg_insertafter:-}${arg_insertbefore:-}" ]; then
    cron_new=$cron_line$m_nl$cron_new
    return 0
  fi
  cron_rest=$cron_new cron_new=
  while [ -n "$cron_rest" ]; do
    cron_one=${cron_rest%%"$m_nl"*}
    cron_rest=${cron_rest#*"$m_nl"}
    case $cron_one in
      "${arg_insertbefore:-=}"=*)
        cron_new=$cron_new$cron_line$m_nl$cron_one$m_nl
        cron_placed=true
        ;;
      "${arg_insertafter:-=}"=*)
        cron_new=$cron_new$cron_one$m_nl$cron_line$m_nl
        cron_placed=true
        ;;
      *) cron_new=$cron_new$cron_one$m_nl ;;
    esac
  done
  [ "$cron_placed" = true ] || m_fail "Variable named '${arg_insertafter:-}${arg_insertbefore:-}' not found."
}

cron_report() {
  cron_jobs='' cron_envs=''
  cron_rest=$cron_text
  while [ -n "$cron_rest" ]; do
    cron_one=${cron_rest%%"$m_nl"*}
    cron_rest=${cron_rest#*"$m_nl"}
    case $cron_one in
      '#Ansible: '*)
        m_quote "${cron_one#\#Ansible: }"
        cron_jobs="$cron_jobs $m_result"
        ;;
      [A-Za-z_]*=*)
        case ${cron_one%%=*} in
          *[!A-Za-z0-9_]*) ;;
          *) cron_envs="$cron_envs ${cron_one%%=*}" ;;
        esac
        ;;
    esac
  done
  eval "m_strings jobs $cron_jobs"
  # shellcheck disable=SC2086
  m_strings envs $cron_envs
  [ -z "$cron_path" ] || m_str cron_file "$arg_cron_file"
}
