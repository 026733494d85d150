# shellcheck shell=sh
# Input: name, state. Results: name.

locale_gen_main() {
  locale_file=/etc/locale.gen
  [ -e "$locale_file" ] || m_fail "$locale_file is not there; is the package 'locales' installed?"
  m_need locale-gen locales
  m_read_text "$locale_file"
  locale_text=$m_result
  locale_known=$(locale -a 2>/dev/null)
  eval "set -- $arg_name"
  m_strings name "$@"
  for locale_one in "$@"; do locale_consider "$locale_one"; done
  if [ "$locale_text" != "$m_result_before" ]; then m_write_text "$locale_file" "$locale_text"; fi
  [ "$m_changed" = true ] && [ "$m_check" = false ] || return 0
  m_diff=false
  m_must locale-gen
}

# A locale's line is commented in or out; locale_text is the file's new text.
locale_consider() {
  m_result_before=${m_result_before-$locale_text}
  locale_normal "$1"
  locale_name=$m_result
  locale_is=false
  for m_each in $locale_known; do
    locale_normal "$m_each"
    if [ "$m_result" = "$locale_name" ]; then locale_is=true; fi
  done
  locale_new='' locale_rest=$locale_text locale_seen=false
  while [ -n "$locale_rest" ]; do
    locale_line=${locale_rest%%"$m_nl"*}
    locale_rest=${locale_rest#*"$m_nl"}
    case $locale_line in
      "$1" | "$1 "*)
        locale_seen=true
        [ "$arg_state" = present ] || locale_line="# $locale_line"
        ;;
      "# $1" | "# $1 "* | "#$1" | "#$1 "*)
        locale_seen=true
        if [ "$arg_state" = present ]; then
          locale_line=${locale_line#\#}
          locale_line=${locale_line# }
        fi
        ;;
    esac
    locale_new=$locale_new$locale_line$m_nl
  done
  [ "$locale_seen" = true ] || [ "$locale_is" = true ] || [ "$arg_state" = absent ] ||
    m_fail "The following locales are not available on your system: $1"
  locale_text=$locale_new
  case $arg_state:$locale_is in
    present:false | absent:true) m_changed=true ;;
  esac
}

# m_result is a locale's name as `locale -a` writes it: de_DE.utf8.
locale_normal() {
  case $1 in
    *.*) m_result=${1%%.*}.$(m_put "${1#*.}" | tr '[:upper:]' '[:lower:]' | tr -d '-') ;;
    *) m_result=$1 ;;
  esac
}
