# shellcheck shell=sh
# Input: see module.yml. Results: repodata, state.

zypper_repository_main() {
  m_plain_locale
  m_need zypper
  zr_alias=${arg_name:-} zr_url=${arg_repo:-} zr_name=${arg_description:-} zr_priority=${arg_priority:-} zr_keys=$arg_auto_import_keys
  zr_bit "$arg_enabled" && zr_enabled=$m_result
  zr_bit "$arg_autorefresh" && zr_autorefresh=$m_result
  if [ "$arg_disable_gpg_check" = true ]; then zr_gpgcheck=0; else zr_gpgcheck=1; fi
  if [ "$zr_alias" = '*' ] || [ "$zr_url" = '*' ]; then
    [ "$arg_runrefresh" = true ] || m_fail 'repo=* can only be used with the runrefresh option.'
    zr_refresh ''
    m_bool runrefresh true
    return 0
  fi
  zr_check
  zr_added=$zr_url
  case $zr_url in
    *.repo) zr_read_file ;;
  esac
  zr_list
  zr_find
  if [ "$arg_state" = present ]; then zr_present; else zr_absent; fi
  zr_report
}

zr_bit() { if [ "$1" = true ]; then m_result=1; else m_result=0; fi; }

zr_check() {
  [ "$arg_state" != present ] || [ -n "$zr_url" ] || m_fail 'Module option state=present requires repo'
  [ -n "$zr_url$zr_alias" ] || m_fail 'Alias or repo parameter required when state=absent'
  case $arg_state:$zr_alias:$zr_url in
    *:?*:*.repo) m_fail "Incompatible option: 'name'. Do not use name when adding .repo files" ;;
    *:*.repo) ;;
    present::*) m_fail 'Name required when adding non-repo files.' ;;
  esac
}

# A .repo file has one section, which says what is not said in the task.
zr_read_file() {
  case $zr_url in
    http://* | https://*)
      zr_file=$(mktemp) || m_fail 'cannot make a temporary file'
      m_fetch "$zr_url" "$zr_file" || m_fail "Error downloading .repo file from provided URL: $m_say"
      zr_text=$(cat <"$zr_file")
      rm -f -- "$zr_file"
      ;;
    *)
      [ -f "$zr_url" ] || m_fail 'Error opening .repo file from provided path'
      zr_text=$(cat <"$zr_url")
      ;;
  esac
  zr_sections=0 zr_url=''
  while IFS= read -r m_each; do
    case $m_each in
      \[*\]*)
        zr_sections=$((zr_sections + 1))
        zr_alias=${m_each#[}
        zr_alias=${zr_alias%%]*}
        ;;
      baseurl*=*) m_trim "${m_each#*=}" && zr_url=$m_result ;;
      name*=*) m_trim "${m_each#*=}" && zr_name=$m_result ;;
      enabled*=*) m_trim "${m_each#*=}" && zr_enabled=$m_result ;;
      autorefresh*=*) m_trim "${m_each#*=}" && zr_autorefresh=$m_result ;;
      gpgcheck*=*) m_trim "${m_each#*=}" && zr_gpgcheck=$m_result ;;
      gpgkey*=*) zr_keys=true ;;
    esac
  done <<ZR_END
$zr_text
ZR_END
  [ "$zr_sections" = 1 ] || m_fail "Invalid format, .repo file contains $zr_sections repositories, expected 1"
  [ -n "$zr_url" ] || m_fail 'No baseurl found in .repo file'
}

# zr_all: a line for each repository: alias, url, name, priority, enabled, autorefresh, gpgcheck, with tabs between.
zr_list() {
  m_capture zypper --quiet --non-interactive --xmlout repos
  case $m_rc in
    0) ;;
    6) m_out='' ;;
    *) m_fail_command zypper --quiet --non-interactive --xmlout repos ;;
  esac
  zr_all=$(m_put "$m_out$m_nl" | awk 'BEGIN { RS = ">" }
    function value(key,   at, rest) {
      at = index($0, " " key "=\""); if (!at) return ""
      rest = substr($0, at + length(key) + 3); rest = substr(rest, 1, index(rest, "\"") - 1); gsub(/&amp;/, "\\&", rest); return rest
    }
    /<repo / { line = value("alias") "\t%\t" value("name") "\t" value("priority") "\t" value("enabled") "\t" value("autorefresh") "\t" value("gpgcheck"); url = value("metalink") }
    /<\/url/ { url = $0; sub(/<\/url.*/, "", url); gsub(/&amp;/, "\\&", url) }
    /<\/repo$/ || /<\/repo[^-a-z]/ { at = index(line, "%"); print substr(line, 1, at - 1) url substr(line, at + 1) }')
}

# zr_found: the lines that have the alias or the URL; zr_count how many.
zr_find() {
  zr_found='' zr_count=0
  while IFS= read -r m_each; do
    [ -n "$m_each" ] || continue
    zr_line_url=${m_each#*	}
    zr_line_url=${zr_line_url%%	*}
    if { [ -n "$zr_alias" ] && [ "${m_each%%	*}" = "$zr_alias" ]; } || { [ -n "$zr_url" ] && [ "$zr_line_url" = "$zr_url" ]; }; then
      zr_found="$zr_found$m_each$m_nl"
      zr_count=$((zr_count + 1))
    fi
  done <<ZR_END
$zr_all
ZR_END
  [ "$zr_count" -lt 2 ] || [ "$arg_overwrite_multiple" = true ] ||
    m_fail "More than one repo matched \"$zr_alias\": \"$zr_found\". Use overwrite_multiple to allow more than one repo to be overwritten"
}

# True if the one that is there differs in what is asked for.
# shellcheck disable=SC2016
zr_differs() {
  [ "$zr_count" = 1 ] || return 0
  zr_rest=${zr_found%"$m_nl"}
  for zr_wanted in "$zr_alias" "$zr_url" "$zr_name" "$zr_priority" "$zr_enabled" "$zr_autorefresh" "$zr_gpgcheck"; do
    zr_has=${zr_rest%%	*}
    zr_rest=${zr_rest#*	}
    case $zr_wanted in
      '') continue ;;
      *'$releasever'* | *'$basearch'*)
        zr_expand "$zr_wanted"
        zr_wanted=$m_result
        zr_expand "$zr_has"
        zr_has=$m_result
        ;;
    esac
    [ "${zr_has%/}" = "${zr_wanted%/}" ] || return 0
  done
  return 1
}

# shellcheck disable=SC2016
zr_expand() {
  m_replace "$1" '$releasever' "$(rpm -q --qf '%{version}' -f /etc/os-release)"
  m_replace "$m_result" '$basearch' "$(rpm -q --qf '%{arch}' -f /etc/os-release)"
}

zr_present() {
  if [ "$zr_count" -gt 0 ] && ! zr_differs; then
    [ "$arg_runrefresh" = false ] || zr_refresh "$zr_alias"
    return 0
  fi
  while IFS='	' read -r m_each zr_line_url zr_rest; do
    [ -z "$m_each" ] || m_must zypper --quiet --non-interactive removerepo "$zr_line_url"
  done <<ZR_END
$zr_found
ZR_END
  set -- addrepo --check
  [ -z "$zr_name" ] || set -- "$@" --name "$zr_name"
  [ -z "$zr_priority" ] || set -- "$@" --priority "$zr_priority"
  [ "$zr_enabled" = 1 ] || set -- "$@" --disable
  if [ "$zr_gpgcheck" = 1 ]; then set -- "$@" --gpgcheck; else set -- "$@" --no-gpgcheck; fi
  [ "$zr_autorefresh" != 1 ] || set -- "$@" --refresh
  case $zr_added in
    *.repo) set -- "$@" "$zr_url" "$zr_alias" ;;
    *) set -- "$@" "$zr_added" "$zr_alias" ;;
  esac
  m_must zypper --quiet --non-interactive "$@"
  if [ "$arg_runrefresh" = true ] || [ "$zr_keys" = true ]; then zr_refresh "$zr_alias"; fi
}

zr_absent() {
  [ "$zr_count" = 0 ] || m_must zypper --quiet --non-interactive removerepo "${zr_alias:-$zr_url}"
}

# Fetching lists is no change.
zr_refresh() {
  [ "$m_check" = false ] || return 0
  zr_was=$m_changed
  set -- refresh --force ${1:+-r "$1"}
  [ "$zr_keys" = false ] || set -- --gpg-auto-import-keys "$@"
  m_must zypper --quiet --non-interactive "$@"
  m_changed=$zr_was
}

zr_report() {
  m_str state "$arg_state"
  m_dict repodata
  m_str url "$zr_url"
  if [ -n "$zr_alias" ]; then m_str alias "$zr_alias"; else m_null alias; fi
  if [ -n "$zr_name" ]; then m_str name "$zr_name"; else m_null name; fi
  if [ -n "$zr_priority" ]; then m_int priority "$zr_priority"; else m_null priority; fi
  m_str enabled "$zr_enabled"
  m_str gpgcheck "$zr_gpgcheck"
  m_str autorefresh "$zr_autorefresh"
  m_close
}
