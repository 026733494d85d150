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

# m_now: m_result is the uptime in seconds with hundredths, or nothing where the host does not tell.
m_now() {
  m_result=
  [ -z "$m_clock" ] || read -r m_result m_each </proc/uptime
}

# m_times START END: reports start, end and delta of a command from two results of m_now.
m_times() {
  [ -z "$m_clock" ] || m_put "${m_mark}t${m_us}$m_clock $1 $2"
}

# The plain output of this module, stdout and stderr, is what its result reports: m_take_output strip|keep.
m_take_output() { m_put "${m_mark}o${m_us}$1"; }
