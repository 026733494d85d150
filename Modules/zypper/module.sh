# shellcheck shell=sh
# Input: see module.yml. Results: name, state, update_cache, rc, cmd, stdout, stderr.

zypper_main() {
  m_plain_locale
  m_need zypper
  eval "set -- $arg_name"
  zypper_names=
  for m_each in "$@"; do
    [ -n "$m_each" ] || continue
    m_quote "$m_each"
    zypper_names="$zypper_names $m_result"
  done
  eval "set -- $zypper_names"
  m_strings name "$@"
  m_str state "$arg_state"
  m_bool update_cache "$arg_update_cache"
  zypper_changes='' zypper_rc=0
  if [ "$arg_update_cache" = true ] && [ "$m_check" = false ]; then
    zypper_command refresh
    zypper_call '' || m_fail 'Zypper refresh run failed.'
    zypper_changes=''
  fi
  case $*:$arg_state in
    '*:latest' | '*:dist-upgrade') zypper_all ;;
    *:dist-upgrade) m_fail 'Can not dist-upgrade specific packages.' ;;
    *:absent | *:removed) zypper_absent "$@" ;;
    *) zypper_present "$@" ;;
  esac
  m_int rc "$zypper_rc"
  zypper_diff
  case $zypper_rc:$zypper_changes in
    0:?* | 102:?*)
      m_changed=true
      m_str stdout "$zypper_out"
      m_str stderr "$zypper_err"
      ;;
  esac
}

# zypper_command NAME: zypper_words is the command with its options.
zypper_command() {
  zypper_words='zypper --non-interactive --xmlout'
  [ "$arg_quiet" = false ] || zypper_words="$zypper_words --quiet"
  if [ -x /usr/sbin/transactional-update ] && zypper_read_only; then
    zypper_words="transactional-update --continue --drop-if-no-change --quiet run $zypper_words"
  fi
  zypper_split "${arg_extra_args_precommand:-}"
  case $1 in
    install | update | patch | dist-upgrade | refresh) [ "$arg_disable_gpg_check" = false ] || zypper_words="$zypper_words --no-gpg-checks" ;;
  esac
  zypper_installs=false
  case $1 in
    install | update | patch | dist-upgrade)
      zypper_installs=true
      [ "$arg_auto_import_keys" = false ] || zypper_words="$zypper_words --gpg-auto-import-keys"
      ;;
    search) zypper_words="$zypper_words --disable-repositories" ;;
  esac
  zypper_words="$zypper_words $1"
  case $1 in
    patch | dist-upgrade | refresh) ;;
    *) zypper_words="$zypper_words --type $arg_type" ;;
  esac
  case $m_check:$1 in
    false:* | true:search) ;;
    *) zypper_words="$zypper_words --dry-run" ;;
  esac
  if [ "$zypper_installs" = true ]; then
    zypper_words="$zypper_words --auto-agree-with-licenses"
    zypper_switch "$arg_disable_recommends" --no-recommends
    zypper_switch "$arg_force" --force
    zypper_switch "$arg_force_resolution" --force-resolution
    zypper_switch "$arg_oldpackage" --oldpackage
    zypper_switch "$arg_replacefiles" --replacefiles
  fi
  [ "$1" != remove ] || zypper_switch "$arg_clean_deps" --clean-deps
  [ "$1" != dist-upgrade ] || zypper_switch "$arg_allow_vendor_change" --allow-vendor-change
  zypper_split "${arg_extra_args:-}"
}

zypper_switch() {
  [ "$1" = false ] || zypper_words="$zypper_words $2"
}

# The user's further words are split at blanks.
zypper_split() {
  set -f
  for m_each in $1; do
    m_quote "$m_each"
    zypper_words="$zypper_words $m_result"
  done
  set +f
}

zypper_read_only() {
  while read -r zypper_device zypper_place zypper_kind zypper_how m_each; do
    case $zypper_device:$zypper_place:$zypper_kind:,$zypper_how, in
      *:/:btrfs:*,ro,*) return 0 ;;
    esac
  done </proc/mounts
  return 1
}

# zypper_call WORDS: runs zypper_words with further quoted words; zypper_changes are lines of group, name, version, version before. Once
# more where zypper has updated itself. False if it failed.
zypper_call() {
  zypper_again=true
  zypper_found=
  while :; do
    m_capture eval "$zypper_words $1"
    zypper_rc=$m_rc zypper_out=$m_out zypper_err=$m_err
    zypper_found="$zypper_found${zypper_found:+$m_nl}$(m_put "$m_out$m_nl" | zypper_parse)"
    case $m_rc:$zypper_again:$arg_skip_post_errors in
      103:true:* | 107:true:true) zypper_again=false ;;
      *) break ;;
    esac
  done
  m_trim_lines "$zypper_found"
  zypper_changes=$m_result
  case $zypper_rc in
    0 | 102 | 103 | 106 | 107) return 0 ;;
    *) return 1 ;;
  esac
}

zypper_parse() {
  awk 'BEGIN { RS = ">" }
    function value(key,   at, rest) {
      at = index($0, " " key "=\""); if (!at) return ""
      rest = substr($0, at + length(key) + 3); return substr(rest, 1, index(rest, "\"") - 1)
    }
    /<to-[a-z-]*/ { match($0, /<to-[a-z-]*/); group = substr($0, RSTART + 1, RLENGTH - 1) }
    /<solvable / { print (group == "" ? "found" : group) "\t" value("name") "\t" value("edition") "\t" value("edition-old") }'
}

zypper_messages() { m_put "$zypper_out$m_nl" | sed -n 's/.*<message[^>]*>\(.*\)<\/message>.*/\1/p'; }

zypper_failed() {
  m_int rc "$zypper_rc"
  if [ "$arg_simple_errors" = true ]; then m_str stdout "$(zypper_messages)"; else m_str stdout "$zypper_out"; fi
  m_str stderr "$zypper_err"
  if [ "$zypper_rc" = 104 ]; then m_fail "$(zypper_messages | tail -n 1)"; fi
  m_fail "Zypper run command failed with return code $zypper_rc."
}

# zypper_installed NAME…: zypper_there are the names of those that are there, a line each.
zypper_installed() {
  zypper_command search
  m_words "$@"
  zypper_there=$m_nl
  zypper_call "--match-exact --details --installed-only $m_result" || [ "$zypper_rc" = 104 ] || zypper_failed
  zypper_rc=0
  while IFS='	' read -r m_each zypper_name zypper_rest; do zypper_there=$zypper_there$zypper_name$m_nl; done <<ZYPPER_END
$zypper_changes
ZYPPER_END
  zypper_changes=
}

# zypper_take NAME: sets zypper_prefix (+ or -), zypper_name and zypper_version.
zypper_take() {
  zypper_prefix=$2
  case $1 in
    -* | ~*) zypper_prefix=- ;;
    +*) zypper_prefix=+ ;;
  esac
  zypper_name=${1#[-+~]}
  zypper_version=${zypper_name#"${zypper_name%%[<>=]*}"}
  zypper_name=${zypper_name%%[<>=]*}
}

# zypper_change WORDS: runs zypper_words with further quoted words and reports the command.
zypper_change() {
  eval "m_strings cmd $zypper_words $1"
  zypper_call "$1" || zypper_failed
}

zypper_present() {
  zypper_urls='' zypper_plain='' zypper_all_words=''
  for zypper_each in "$@"; do
    case $zypper_each in
      *://* | *.rpm) continue ;;
    esac
    zypper_take "$zypper_each" +
    if [ -n "$zypper_version" ]; then
      arg_oldpackage=true
    else
      m_quote "$zypper_name"
      zypper_plain="$zypper_plain $m_result"
    fi
  done
  zypper_there=$m_nl
  if [ "$arg_state" != latest ] && [ -n "$zypper_plain" ]; then eval "zypper_installed $zypper_plain"; fi
  for zypper_each in "$@"; do
    case $zypper_each in
      *://* | *.rpm)
        m_quote "$zypper_each"
        zypper_urls="$zypper_urls $m_result"
        continue
        ;;
    esac
    zypper_take "$zypper_each" +
    if [ "$arg_state" != latest ] && [ -z "$zypper_version" ]; then
      case $zypper_prefix:$zypper_there in
        +:*"$m_nl$zypper_name$m_nl"*) continue ;;
        -:*"$m_nl$zypper_name$m_nl"*) ;;
        -:*) continue ;;
      esac
    fi
    m_quote "$zypper_prefix$zypper_name$zypper_version"
    zypper_all_words="$zypper_all_words $m_result"
  done
  [ -n "$zypper_urls$zypper_all_words" ] || return 0
  zypper_command install
  zypper_change "-- $zypper_urls $zypper_all_words"
}

zypper_absent() {
  zypper_plain=
  [ "$arg_type" != patch ] || m_fail 'Can not remove patches.'
  for zypper_each in "$@"; do
    case $zypper_each in
      *://* | *.rpm) m_fail 'Can not remove via URL.' ;;
    esac
    zypper_take "$zypper_each" -
    [ "$zypper_prefix" = - ] || m_fail "Can not combine '+' prefix with state=remove/absent."
    m_quote "$zypper_name"
    zypper_plain="$zypper_plain $m_result"
  done
  eval "zypper_installed $zypper_plain"
  zypper_plain=
  for zypper_each in "$@"; do
    zypper_take "$zypper_each" -
    case $zypper_there in
      *"$m_nl$zypper_name$m_nl"*)
        m_quote "$zypper_name$zypper_version"
        zypper_plain="$zypper_plain $m_result"
        ;;
    esac
  done
  [ -n "$zypper_plain" ] || return 0
  zypper_command remove
  zypper_change "$zypper_plain"
}

zypper_all() {
  if [ "$arg_type" = patch ]; then
    zypper_command patch
  elif [ "$arg_state" = dist-upgrade ]; then
    zypper_command dist-upgrade
  else
    zypper_command update
  fi
  zypper_change ''
}

zypper_diff() {
  [ "$m_diff" = true ] || return 0
  m_diff_prepared "$(m_put "$zypper_changes$m_nl" | awk -F '\t' '
    $1 == "to-install" { installed = installed (installed == "" ? "" : ", ") $2 }
    $1 == "to-remove" { removed = removed (removed == "" ? "" : ", ") $2 }
    $1 == "to-upgrade" { upgraded = upgraded (upgraded == "" ? "" : ", ") $2 " (" $4 " => " $3 ")" }
    END {
      if (installed != "") print "installed: " installed
      if (removed != "") print "removed: " removed
      if (upgraded != "") print "upgraded: " upgraded
    }')"
}
