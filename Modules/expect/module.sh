# shellcheck shell=sh
# Input: see module.yml. Results: cmd, rc, stdout, start, end, delta.

expect_main() {
  eval "set -- $arg_command"
  [ $# -gt 0 ] || {
    m_int rc 256
    m_fail 'no command given'
  }
  m_words "$@"
  m_str cmd "$m_result"
  [ -z "${arg_creates:-}" ] || [ ! -e "$arg_creates" ] || expect_leave "skipped, since $arg_creates exists"
  [ -z "${arg_removes:-}" ] || [ -e "$arg_removes" ] || expect_leave "skipped, since $arg_removes does not exist"
  [ -z "${arg_chdir:-}" ] || cd -- "$arg_chdir" 2>/dev/null || m_fail "cannot change to the directory $arg_chdir"
  case ${arg_timeout:-} in
    '') arg_timeout=-1 ;;
    *) m_is_number "$arg_timeout" || m_fail "argument 'timeout' is no number of seconds: $arg_timeout" ;;
  esac
  m_need expect expect
  expect_compose "$@"
  m_now
  expect_start=$m_result
  m_capture expect_run
  m_now
  expect_end=$m_result
  [ "$m_rc" = 0 ] || m_fail "expect failed with exit status $m_rc: ${m_err:-$m_out}"
  expect_report "$1"
}

expect_leave() {
  m_str stdout "$1"
  m_int rc 0
  m_done
}

# expect reads and sends UTF-8; the command keeps its own locale.
expect_run() { m_put "$expect_script" | LC_ALL=C.UTF-8 expect -f -; }

# expect_tcl TEXT: m_result is a word of Tcl that stands for the text.
expect_tcl() {
  m_replace "$1" "\\" "\\\\"
  m_replace "$m_result" '"' '\"'
  m_replace "$m_result" '$' '\$'
  m_replace "$m_result" '[' '\['
  m_result="\"$m_result\""
}

# expect_list TEXT...: m_result is a list of Tcl.
expect_list() {
  expect_words=
  for expect_one in "$@"; do
    expect_tcl "$expect_one"
    expect_words="$expect_words $m_result"
  done
  m_result="[list$expect_words]"
}

# expect_compose WORD...: what expect is to do. It prints how it ended in a first line, and then what the command wrote.
expect_compose() {
  expect_list "$@"
  expect_script="log_user 0; match_max 65536; set timeout $arg_timeout; set words $m_result; set answers {}; set patterns {}$m_nl"
  if [ -n "${LC_ALL+x}" ]; then
    expect_tcl "$LC_ALL"
    expect_script="${expect_script}set env(LC_ALL) $m_result$m_nl"
  else
    expect_script="${expect_script}unset env(LC_ALL)$m_nl"
  fi
  [ "$arg_echo" = true ] || expect_script="${expect_script}set stty_init -echo$m_nl"
  eval "set -- $arg_responses"
  while [ $# -gt 1 ]; do
    expect_tcl "$1"
    expect_script="${expect_script}lappend patterns $m_result$m_nl"
    expect_answers "$2"
    shift 2
  done
  expect_script="$expect_script$expect_program"
}

expect_answers() {
  eval "set -- $1"
  expect_list "$@"
  expect_script="${expect_script}lappend answers $m_result$m_nl"
}

# shellcheck disable=SC2016 # the words are Tcl's
expect_program='
set out ""; set ending ended; set clauses {}
proc finish {how} { puts $how; puts -nonewline $::out; flush stdout; exit 0 }
proc answer {number} {
  global answers out spawn_id
  append out $::expect_out(buffer)
  set list [lindex $answers $number]
  set word [lindex $list 0]
  if {[llength $list] == 0} { finish "exhausted $number" }
  if {[llength $list] > 1} { lset answers $number [lrange $list 1 end] } elseif {[info exists ::several($number)]} { lset answers $number {} }
  send -- "[string trimright $word \n]\r"
}
for {set i 0} {$i < [llength $patterns]} {incr i} {
  if {[catch {regexp -- [lindex $patterns $i] ""} why]} { set out $why; finish "pattern $i" }
  if {[llength [lindex $answers $i]] > 1} { set several($i) 1 }
  # expect itself passes over a prompt in other letters where the pattern says (?i).
  set pattern [lindex $patterns $i]
  if {[string range $pattern 0 3] eq "(?i)"} { set pattern [string range $pattern 4 end]; lappend clauses -nocase }
  lappend clauses -re $pattern "answer $i"
}
lappend clauses timeout { set ending timeout; break } eof { append out $expect_out(buffer); break }
if {[catch {eval spawn -noecho $words} why]} { set out $why; finish missing }
while {1} { set expect_out(buffer) ""; eval expect $clauses }
if {$ending eq "timeout"} {
  set timeout 0
  expect -re {.+} { append out $expect_out(buffer) }
  catch {close}; catch {exec kill -- -[exp_pid]}
  finish timeout
}
set status [wait]
if {[llength $status] > 4} { finish "signal [lindex $status 5]" }
finish "ended [lindex $status 3]"
'

# expect_report COMMAND: from what expect printed.
expect_report() {
  expect_ending=${m_out%%"$m_nl"*}
  case $m_out in
    *"$m_nl"*) expect_output=${m_out#*"$m_nl"} ;;
    *) expect_output= ;;
  esac
  expect_which=${expect_ending#* }
  case $expect_ending in
    missing) m_fail "The command was not found or was not executable: $1." ;;
    pattern*)
      expect_pattern "$expect_which"
      m_fail "expect does not understand the pattern '$m_result': ${expect_output#*: }"
      ;;
  esac
  m_changed=true
  m_times "$expect_start" "$expect_end"
  m_str stdout "${expect_output%"${expect_output##*[!"$m_nl$expect_cr"]}"}"
  case $expect_ending in
    'ended 0') m_int rc 0 ;;
    ended*)
      m_int rc "$expect_which"
      m_fail 'non-zero return code'
      ;;
    exhausted*)
      expect_pattern "$expect_which"
      m_fail "No remaining responses for '$m_result', output was '$expect_output'"
      ;;
    timeout) m_fail "command exceeded timeout: no prompt that is answered, and no end, for $arg_timeout s" ;;
    *) m_fail "the command was ended by $expect_ending" ;;
  esac
}

expect_cr=$(printf '\r')

# expect_pattern NUMBER: m_result is the pattern of that number, from 0.
expect_pattern() {
  expect_which=$1
  eval "set -- $arg_responses"
  shift $((expect_which * 2))
  m_result=$1
}
