# shellcheck shell=sh
# How a module answers. Results go to standard output as records that start with a mark which only this call knows, so that
# nothing a command prints can be taken for one. A record is: mark, one letter for its type, key, US, value.
#
# Set before a module runs: m_mark, m_us (0x1F), m_nl (a line break), m_check and m_diff (true or false), m_changed=false,
# and one variable arg_NAME for each option that has a value. Library functions and variables start with m_.

# mksh and ksh have print, but no printf of their own; the others have printf.
if [ -n "${KSH_VERSION:-}" ]; then
  m_put() { print -rn -- "$1"; }
else
  m_put() { printf '%s' "$1"; }
fi

# A record leaves at once, or, after m_hold, together with the others at m_release and at the module's end: each piece of output wakes
# sshd, has a packet of its own and wakes the controller. A module that holds reports nothing from a subshell or a pipe, where it
# would be lost.
m_record() { if [ -n "${m_holds:-}" ]; then m_held=$m_held$1; else m_put "$1"; fi; }
m_hold() { m_holds=true m_held=''; }
m_release() {
  if [ -n "${m_held:-}" ]; then
    m_put "$m_held"
    m_held=
  fi
}

# Results, by type: m_str KEY VALUE and so on. In a list the key is ''.
m_str() { m_record "${m_mark}s$1${m_us}$2"; }
m_int() { m_record "${m_mark}i$1${m_us}$2"; }
m_float() { m_record "${m_mark}f$1${m_us}$2"; }
m_bool() { m_record "${m_mark}b$1${m_us}$2"; }
m_null() { m_record "${m_mark}n$1${m_us}"; }
# The value is a JSON text, read on the controller.
m_json() { m_record "${m_mark}j$1${m_us}$2"; }
# Sums that do not fit every shell's numbers (mksh's have 32 bits) are left to the controller:
# the product or difference of two numbers, and a number of bytes in words, such as 20.00 GB, from a product.
m_product() { m_record "${m_mark}x$1${m_us}$2 $3"; }
m_difference() { m_record "${m_mark}d$1${m_us}$2 $3"; }
m_human_product() { m_record "${m_mark}h$1${m_us}$2 $3"; }
# The value is what the command prints: m_stream KEY COMMAND...
m_stream() {
  m_record "${m_mark}s$1${m_us}"
  m_release
  shift
  "$@"
}
# Opens a dict or a list; what follows belongs to it until m_close.
m_dict() { m_record "${m_mark}{$1${m_us}"; }
m_list() { m_record "${m_mark}[$1${m_us}"; }
m_close() { m_record "${m_mark}}${m_us}"; }
# A list of strings: m_strings KEY VALUE...
m_strings() {
  m_list "$1"
  shift
  for m_each in "$@"; do m_str '' "$m_each"; done
  m_close
}
m_warn() { m_record "${m_mark}w${m_us}$1"; }

# Endings. Each leaves the module; what is still open is closed.
m_done() { m_leave ok; }
m_fail() {
  m_record "${m_mark}!${m_us}"
  m_str msg "$1"
  m_leave failed
}
m_skip() {
  m_record "${m_mark}!${m_us}"
  m_str msg "$1"
  m_leave skipped
}
m_leave() {
  m_record "${m_mark}e${m_us}$1 $m_changed"
  m_release
  m_exit
}
m_exit() { [ -n "${m_is_quick:-}" ] || exit 0; }

# One side-by-side view for --diff: m_diff_text BEFORE_HEADER AFTER_HEADER BEFORE AFTER. Costs nothing without --diff.
m_diff_text() {
  [ "$m_diff" = true ] || return 0
  m_dict diff
  m_str before_header "$1"
  m_str after_header "$2"
  m_str before "$3"
  m_str after "$4"
  m_close
}
# A tool's own prepared text.
m_diff_prepared() {
  [ "$m_diff" = true ] || return 0
  m_dict diff
  m_str prepared "$1"
  m_close
}
# A state that changes from one word to another: m_diff_state KEY BEFORE AFTER, as in state: absent -> present.
m_diff_state() {
  [ "$m_diff" = true ] || return 0
  m_dict diff
  m_dict before
  m_str "$1" "$2"
  m_close
  m_dict after
  m_str "$1" "$3"
  m_close
  m_close
}
