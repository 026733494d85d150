# shellcheck shell=sh
# Input: see module.yml. Results: none.

npm_main() {
  m_plain_locale
  [ -n "${arg_path:-}" ] || [ "$arg_global" = true ] || m_fail 'path must be specified when not using global'
  npm_tool=${arg_executable:-npm}
  m_need "${npm_tool%% *}"
  npm_target=${arg_name:-}
  if [ -n "$npm_target" ] && [ -n "${arg_version:-}" ] && [ "$arg_state" != absent ]; then npm_target=$npm_target@$arg_version; fi
  if [ "$arg_ci" = true ]; then
    npm_change ci
    return 0
  fi
  npm_list
  if [ "$arg_state" = absent ]; then
    case $npm_installed in
      *"$m_nl$arg_name$m_nl"*) npm_change uninstall ;;
    esac
    return 0
  fi
  npm_outdated=
  if [ "$arg_state" = latest ]; then
    npm_run outdated "$npm_target"
    npm_outdated=$m_out
  fi
  [ "$npm_missing" = false ] || npm_change install
  [ -z "$npm_outdated" ] || npm_change update
}

# npm_run COMMAND NAME: with the options of the task. Sets m_out, m_err and m_rc.
npm_run() {
  npm_verb=$1 npm_of=$2
  set -- "$npm_verb"
  [ "$npm_verb" != list ] || set -- "$@" --json --long
  [ "$arg_global" = false ] || set -- "$@" --global
  case $npm_verb:$arg_production in
    install:true | update:true | ci:true) set -- "$@" --production ;;
  esac
  [ "$arg_ignore_scripts" = false ] || set -- "$@" --ignore-scripts
  [ "$arg_unsafe_perm" = false ] || set -- "$@" --unsafe-perm
  [ -z "$npm_of" ] || set -- "$@" "$npm_of"
  [ -z "${arg_registry:-}" ] || set -- "$@" --registry "$arg_registry"
  [ "$arg_no_optional" = false ] || set -- "$@" --no-optional
  [ "$arg_no_bin_links" = false ] || set -- "$@" --no-bin-links
  [ "$arg_force" = false ] || set -- "$@" --force
  m_capture npm_here "$@"
}

npm_here() {
  if [ -n "${arg_path:-}" ]; then cd -- "$arg_path" || return 1; fi
  # shellcheck disable=SC2086
  $npm_tool "$@"
}

npm_change() {
  m_changed=true
  [ "$m_check" = false ] || return 0
  if [ -n "${arg_path:-}" ] && [ ! -e "$arg_path" ]; then
    m_say=$(mkdir -p -- "$arg_path" 2>&1) || m_fail "cannot make $arg_path: $m_say"
  fi
  [ -z "${arg_path:-}" ] || [ -d "$arg_path" ] || m_fail "path $arg_path is not a directory"
  npm_run "$1" "$npm_target"
  [ "$m_rc" = 0 ] || m_fail_command "$npm_tool" "$1" ${npm_target:+"$npm_target"}
}

# npm_installed: lines of names and of name@version that are there. npm_missing: something is not there that is asked for. Of npm's JSON
# only the first level of dependencies counts: it is indented by four blanks, what is told of each by six.
npm_list() {
  npm_installed=$m_nl npm_missing=false
  if [ -n "${arg_path:-}" ] && [ ! -d "$arg_path" ]; then m_out=''; else npm_run list ''; fi
  npm_lines=$(m_put "$m_out$m_nl" | awk '
    function text(line) { sub(/^[^:]*: *"/, "", line); sub(/",?$/, "", line); return line }
    /^  "dependencies": \{/ { inside = 1; print "any"; next }
    inside && /^  \}/ { inside = 0 }
    inside && /^    "/ { name = $0; sub(/^    "/, "", name); sub(/": .*/, "", name); version = ""; bad = 0; next }
    inside && /^      "version": "/ { version = text($0) }
    inside && /^      "(missing|invalid)": / { if ($0 !~ /: (false|"")/) bad = 1 }
    inside && /^    \}/ { print (bad ? "missing" : "there") " " name " " version }')
  npm_any=false
  while read -r npm_kind npm_name npm_version; do
    case $npm_kind in
      any) npm_any=true ;;
      missing) npm_missing=true ;;
      there) npm_installed=$npm_installed$npm_name$m_nl$npm_name@$npm_version$m_nl ;;
    esac
  done <<NPM_END
$npm_lines
NPM_END
  if [ "$npm_any" = false ]; then
    npm_missing=true
  elif [ -n "$npm_target" ]; then
    case $npm_installed in
      *"$m_nl$npm_target$m_nl"*) ;;
      *) npm_missing=true ;;
    esac
  fi
}
