# shellcheck shell=sh
# Input: see module.yml. Results: change_count, backupdest.

pamd_main() {
  pamd_file=${arg_path%/}/$arg_name
  [ -r "$pamd_file" ] || m_fail "Unable to open/read PAM module file $pamd_file."
  eval "set -- ${arg_module_arguments:-}"
  PAMD_ARGS=$* PAMD_HAS_ARGS=${arg_module_arguments+yes}
  case $arg_state:$PAMD_ARGS in
    args_present:*\[*) m_fail "Unable to process bracketed '[' complex arguments with 'args_present'. Please use 'updated'." ;;
  esac
  PAMD_TYPE=$arg_type PAMD_CONTROL=$arg_control PAMD_MODULE=$arg_module_path PAMD_STATE=$arg_state
  PAMD_NEW_TYPE=${arg_new_type:-} PAMD_NEW_CONTROL=${arg_new_control:-} PAMD_NEW_MODULE=${arg_new_module_path:-}
  export PAMD_ARGS PAMD_HAS_ARGS PAMD_TYPE PAMD_CONTROL PAMD_MODULE PAMD_STATE PAMD_NEW_TYPE PAMD_NEW_CONTROL PAMD_NEW_MODULE
  pamd_new=$(LC_ALL=C awk "$pamd_program" <"$pamd_file" && m_put x) || m_fail "${pamd_new:-awk could not work on $pamd_file}"
  pamd_new=${pamd_new%x}
  pamd_count=${pamd_new%%"$m_nl"*}
  pamd_new=${pamd_new#*"$m_nl"}
  case $pamd_count in '! '*) m_fail "${pamd_count#'! '}" ;; esac
  m_int change_count "$pamd_count"
  pamd_backup=
  if [ "$pamd_count" != 0 ]; then
    if [ "$arg_backup" = true ] && [ "$m_check" = false ]; then
      m_backup "$pamd_file"
      pamd_backup=$m_backup_file
    fi
    m_write_text "$(readlink -f -- "$pamd_file")" "$pamd_new"
  fi
  m_str backupdest "$pamd_backup"
}

# Prints how many rules changed and then the file; or a line that begins with ! and says which rule is none.
# shellcheck disable=SC2016
pamd_program='
# A control in brackets has single blanks; the other words are as they are.
function plain(control) {
  if (control !~ /^\[/) return control
  gsub(/ = /, "=", control); gsub(/[][]/, "", control)
  return "[" control "]"
}
# Splits arguments: what is in brackets is one.
function split_args(text, into,   n, part) {
  n = 0
  while (match(text, /[^ \t]/)) {
    text = substr(text, RSTART)
    if (substr(text, 1, 1) == "[" && match(text, /\[.*\]/)) part = substr(text, 1, RLENGTH); else { match(text, /^[^ \t]+/); part = substr(text, 1, RLENGTH) }
    into[++n] = part
    text = substr(text, length(part) + 1)
  }
  return n
}
function parse(line) {
  kind = control = module = args = ""
  sub(/^[ \t]+/, "", line)
  if (line == "" || line ~ /^#/ || line ~ /^@include/) return 0
  match(line, /^[^ \t]+/); kind = substr(line, 1, RLENGTH); line = substr(line, RLENGTH + 1); sub(/^[ \t]+/, "", line)
  if (line ~ /^\[/ && match(line, /^\[.*\]/)) control = substr(line, 1, RLENGTH); else { match(line, /^[^ \t]*/); control = substr(line, 1, RLENGTH) }
  line = substr(line, length(control) + 1); sub(/^[ \t]+/, "", line)
  match(line, /^[^ \t]*/); module = substr(line, 1, RLENGTH); args = substr(line, RLENGTH + 1)
  sub(/^[ \t]+/, "", args); sub(/[ \t]+$/, "", args)
  control = plain(control)
  return 1
}
function rule(kind, control, module, args) { return sprintf("%-11s%s %s%s", kind, control, module, args == "" ? "" : " " args) }
function join(list, n,   i, text) { for (i = 1; i <= n; i++) text = text (i > 1 ? " " : "") list[i]; return text }
function meant() { return kind == ENVIRON["PAMD_TYPE"] && control == ENVIRON["PAMD_CONTROL"] && module == ENVIRON["PAMD_MODULE"] }
function is_new() { return kind == ENVIRON["PAMD_NEW_TYPE"] && control == plain(ENVIRON["PAMD_NEW_CONTROL"]) && module == ENVIRON["PAMD_NEW_MODULE"] }
function check(line,   n, i, words, pair) {
  if (!parse(line)) return
  if (kind !~ /^-?(account|auth|password|session)$/) refuse("Rule type, " kind ", is not valid in rule " line)
  if (control !~ /^\[/) {
    if (control !~ /^(required|requisite|sufficient|optional|include|substack|definitive)$/) refuse("Rule control, " control ", is not valid in rule " line)
    return
  }
  n = split(substr(control, 2, length(control) - 2), words, " ")
  for (i = 1; i <= n; i++) {
    split(words[i], pair, "=")
    if (index(values, " " pair[1] " ") == 0) refuse("Rule control value, " pair[1] ", is not valid in rule " line)
    if (pair[2] !~ /^(ignore|bad|die|ok|done|reset|[0-9]+)$/) refuse("Rule control action, " pair[2] ", is not valid in rule " line)
  }
}
function refuse(text) { if (refused == "") refused = text }
# The rule beside line i, past comments and empty lines; false if there is none.
function beside(i, step) { for (i += step; i >= 1 && i <= NR; i += step) if (lines[i] !~ /^[ \t]*(#.*)?$/) { parse(lines[i]); return 1 } return 0 }
function changed_rule(i,   n, m, have, want, k, j, key, found, was) {
  was = args
  n = split_args(args, have); m = split_args(ENVIRON["PAMD_ARGS"], want)
  if (state == "updated") {
    was = kind " " control " " module " " join(have, n)
    if (ENVIRON["PAMD_NEW_TYPE"] != "") kind = ENVIRON["PAMD_NEW_TYPE"]
    if (ENVIRON["PAMD_NEW_CONTROL"] != "") control = plain(ENVIRON["PAMD_NEW_CONTROL"])
    if (ENVIRON["PAMD_NEW_MODULE"] != "") module = ENVIRON["PAMD_NEW_MODULE"]
    if (ENVIRON["PAMD_HAS_ARGS"] != "") { args = join(want, m) } else args = join(have, n)
    if (kind " " control " " module " " args == was) return
  } else if (state == "args_absent") {
    args = ""
    for (k = 1; k <= n; k++) { found = 0; for (j = 1; j <= m; j++) if (have[k] == want[j]) found = 1; if (!found) args = args (args == "" ? "" : " ") have[k] }
    if (args == join(have, n)) return
  } else {
    for (j = 1; j <= m; j++) {
      found = 0; key = want[j]; sub(/=.*/, "=", key)
      for (k = 1; k <= n; k++) {
        if (have[k] == want[j]) found = 1
        else if (key ~ /=$/ && index(have[k], key) == 1) { have[k] = want[j]; found = 1 }
      }
      if (!found) have[++n] = want[j]
    }
    args = join(have, n)
    split_args(was, want)
    if (args == was) return
  }
  lines[i] = rule(kind, control, module, args)
  count++
}
BEGIN {
  state = ENVIRON["PAMD_STATE"]
  values = " success open_err symbol_err service_err system_err buf_err perm_denied auth_err cred_insufficient authinfo_unavail user_unknown " \
    "maxtries new_authtok_reqd acct_expired session_err cred_unavail cred_expired cred_err no_module_data conv_err authtok_err " \
    "authtok_recover_err authtok_lock_busy authtok_disable_aging try_again ignore abort authtok_expired module_unknown bad_item conv_again " \
    "incomplete default "
  count = 0
}
{ lines[NR] = $0 }
END {
  fresh = rule(ENVIRON["PAMD_NEW_TYPE"], plain(ENVIRON["PAMD_NEW_CONTROL"]), ENVIRON["PAMD_NEW_MODULE"], ENVIRON["PAMD_ARGS"])
  for (i = 1; i <= NR; i++) {
    if (!parse(lines[i]) || !meant()) continue
    if (state == "absent") { gone[i] = 1; count++ }
    else if (state == "before") { if (!beside(i, -1) || !is_new()) { before[i] = 1; count++ } }
    else if (state == "after") { if (!beside(i, 1) || !is_new()) { after[i] = 1; count++ } }
    else changed_rule(i)
  }
  if (state ~ /^(before|after)$/ && count) check(fresh)
  for (i = 1; i <= NR; i++) if (!(i in gone)) check(lines[i])
  if (refused != "") { print "! " refused; exit }
  print count
  for (i = 1; i <= NR; i++) {
    if (i in before) print fresh
    if (!(i in gone)) print lines[i]
    if (i in after) print fresh
  }
}'
