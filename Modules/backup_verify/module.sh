# shellcheck shell=sh
# Input: see module.yml. Results: compared, changed_since, bytes, missing, different.

backup_verify_main() {
  m_plain_locale
  m_need sha256sum
  [ "$m_check" = false ] || m_skip 'nothing is restored in check mode'
  case $arg_scratch in
    /*/*) ;;
    *) m_fail "scratch must be a folder below another, as /var/tmp/backup-verify; it is $arg_scratch" ;;
  esac
  # It is removed at the end, so it must be ours.
  [ ! -e "$arg_scratch" ] || m_fail "$arg_scratch is there already: name another scratch folder, or remove it"
  umask 077
  m_say=$(mkdir -p -- "$arg_scratch/tree" 2>&1) || m_fail "cannot make $arg_scratch: $m_say"
  trap 'verify_end' EXIT
  m_say=$(touch -d "$arg_since" -- "$arg_scratch/since" 2>&1) || m_fail "since is no time: $m_say"
  "verify_$arg_tool"
  verify_compare
}

verify_end() {
  [ "$arg_keep" = true ] || rm -rf -- "$arg_scratch"
}

verify_restic() {
  restic_begin
  restic_run restore --target "$arg_scratch/tree" -- "$arg_snapshot"
}

verify_borg() {
  arg_passphrase=${arg_password:-}
  arg_target=$arg_scratch/tree
  if [ "$arg_snapshot" = latest ]; then arg_archive=; else arg_archive=$arg_snapshot; fi
  borg_begin
  borg_last
  borg_extract
}

# verify_tests are find's words for what is excluded, ready for eval.
verify_exclude() {
  verify_tests=
  eval "set -- ${arg_exclude:-}"
  for m_one in "$@"; do
    m_quote "$m_one"
    verify_tests="$verify_tests ! -path $m_result"
  done
}

# Sums of what was restored, under the paths that the files had; sums of what is on the host and has not changed since. A name with a
# line break or a backslash is written escaped on both sides.
verify_compare() {
  verify_exclude
  (cd -- "$arg_scratch/tree" && find . -type f -exec sha256sum {} +) 2>"$arg_scratch/errors" |
    sed 's|^\(\\\{0,1\}[0-9a-f]*\)  \./|\1  /|' >"$arg_scratch/restored"
  eval "find $arg_paths -type f $verify_tests ! -cnewer \"\$arg_scratch/since\" -exec sha256sum {} +" 2>>"$arg_scratch/errors" >"$arg_scratch/here"
  eval "find $arg_paths -type f $verify_tests -cnewer \"\$arg_scratch/since\" -printf x" 2>>"$arg_scratch/errors" >"$arg_scratch/newer"
  if [ -s "$arg_scratch/errors" ]; then
    m_read_text "$arg_scratch/errors"
    m_fail "not every file can be compared: $m_result"
  fi
  verify_result=$(awk '
    { key = substr($0, index($0, "  ") + 2); sum = substr($0, 1, index($0, "  ") - 1) }
    FILENAME == ARGV[1] { restored[key] = sum; next }
    !(key in restored) { print "missing " key; next }
    restored[key] != sum { print "different " key; next }
    { equal++ }
    END { print "equal " equal + 0 }' "$arg_scratch/restored" "$arg_scratch/here")
  verify_kib=$(du -sk -- "$arg_scratch/tree")
  m_int compared "${verify_result##*equal }"
  m_stat "$arg_scratch/newer"
  m_int changed_since "$m_size"
  m_product bytes "${verify_kib%%[!0-9]*}" 1024
  verify_judge
}

verify_judge() {
  verify_missing=$(m_put "$verify_result$m_nl" | sed -n 's/^missing //p')
  verify_different=$(m_put "$verify_result$m_nl" | sed -n 's/^different //p')
  if [ -z "$verify_missing$verify_different" ]; then
    [ "${verify_result##*equal }" != 0 ] || m_fail 'nothing was compared: there is no file in paths that is older than the backup'
    return 0
  fi
  verify_named missing "$verify_missing"
  verify_named different "$verify_different"
  m_fail "the backup does not hold what the host has: ${verify_result%"${m_nl}equal "*}"
}

# verify_named KEY LINES
verify_named() {
  m_list "$1"
  m_put "$2$m_nl" | head -n 100 | while IFS= read -r m_each; do
    [ -z "$m_each" ] || m_str '' "$m_each"
  done
  m_close
}
