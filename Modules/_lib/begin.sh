# shellcheck shell=sh
# What happens before a module's own work, and times without forking.

# Wall clock and uptime as this shell saw them when it started: the times of commands are told from these.
m_clock=
if [ -r /proc/uptime ]; then
  read -r m_uptime m_each </proc/uptime
  m_clock="$(date '+%s %z') $m_uptime"
fi

# Modules find the system's tools also where a login without a profile has a short PATH.
m_begin() {
  case :$PATH: in
    *:/usr/sbin:*) ;;
    *) PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin ;;
  esac
  # A PATH that a task sets by mistake, such as an unexpanded ${PATH}, hides no tools.
  case :$PATH: in
    *:/usr/bin:*) ;;
    *) PATH=$PATH:/usr/bin:/bin ;;
  esac
}

# m_quick FUNCTION ARGUMENT...: runs a function in the shell that all steps of the host share, without a fork. It may look at things
# and report them; it leaves nothing behind but variables that m_forget knows, and endings do not leave it. False, with nothing said,
# where it does: then the module itself is to run, in a fork of its own.
m_quick() {
  m_is_quick=true
  m_hold
  if "$@"; then
    m_release
    m_is_quick='' m_holds=''
    return 0
  fi
  m_is_quick='' m_holds='' m_held='' m_changed=false
  return 1
}

# m_forget NAME...: unsets those variables and what a quick look leaves; the status stays what it was.
m_forget() {
  m_status=$?
  unset "$@" m_undo m_undo_step m_type m_bits m_uid m_gid m_size m_nlink m_inode m_device m_atime m_mtime m_ctime m_owner m_group m_result
  return "$m_status"
}

# m_now: m_result is the uptime in seconds with hundredths, or nothing where the host does not tell.
m_now() {
  m_result=
  [ -z "$m_clock" ] || read -r m_result m_each </proc/uptime
}

# m_times START END: reports start, end and delta of a command from two results of m_now.
m_times() {
  [ -z "$m_clock" ] || m_record "${m_mark}t${m_us}$m_clock $1 $2"
}

# The plain output of this module, stdout and stderr, is what its result reports: m_take_output strip|keep.
m_take_output() { m_record "${m_mark}o${m_us}$1"; }
