# shellcheck shell=sh
# Input: name, state, params, persistent. Results: name, params, state.

modprobe_main() {
  m_str name "$arg_name"
  m_str params "$arg_params"
  m_str state "$arg_state"
  modprobe_loaded
  case $arg_state:$modprobe_is in
    present:false)
      m_need modprobe kmod
      # shellcheck disable=SC2086
      m_must modprobe "$arg_name" $arg_params
      ;;
    absent:true)
      m_need modprobe kmod
      m_must modprobe -r "$arg_name"
      ;;
  esac
  [ "$arg_persistent" = disabled ] || modprobe_keep
}

# modprobe_is tells whether the module is loaded or built in; names may have - or _.
modprobe_loaded() {
  modprobe_is=false
  m_replace "$arg_name" - _
  modprobe_name=$m_result
  while read -r m_each modprobe_rest; do
    if [ "$m_each" = "$modprobe_name" ]; then modprobe_is=true; fi
  done </proc/modules
  [ "$modprobe_is" = false ] || return 0
  read -r modprobe_release </proc/sys/kernel/osrelease
  [ -r "/lib/modules/$modprobe_release/modules.builtin" ] || return 0
  while read -r m_each; do
    m_each=${m_each##*/}
    m_replace "${m_each%.ko*}" - _
    if [ "$m_result" = "$modprobe_name" ]; then modprobe_is=true; fi
  done <"/lib/modules/$modprobe_release/modules.builtin"
}

# Lines in files of /etc/modules-load.d and /etc/modprobe.d.
modprobe_keep() {
  if [ "$arg_persistent" = present ]; then
    modprobe_line "/etc/modules-load.d/$arg_name.conf" "$arg_name" '/etc/modules-load.d /etc/modules'
    [ -z "$arg_params" ] || modprobe_line "/etc/modprobe.d/$arg_name.conf" "options $arg_name $arg_params" /etc/modprobe.d
  else
    modprobe_unline "$arg_name" '/etc/modules-load.d /etc/modules'
    modprobe_unline "options $arg_name *" /etc/modprobe.d
  fi
}

# modprobe_line FILE LINE PLACES: adds a line unless one of the places has it.
modprobe_line() {
  for modprobe_place in $3; do
    for modprobe_file in "$modprobe_place" "$modprobe_place"/*.conf; do
      [ -f "$modprobe_file" ] || continue
      m_read_text "$modprobe_file"
      case $m_nl$m_result$m_nl in
        *"$m_nl$2$m_nl"*) return 0 ;;
      esac
    done
  done
  m_read_text "$1"
  m_write_text "$1" "$m_result$2$m_nl" 0644
}

# modprobe_unline PATTERN PLACES: comments out lines that match.
modprobe_unline() {
  for modprobe_place in $2; do
    for modprobe_file in "$modprobe_place" "$modprobe_place"/*.conf; do
      [ -f "$modprobe_file" ] || continue
      modprobe_new=
      while IFS= read -r m_each; do
        # shellcheck disable=SC2254
        case $m_each in
          $1) modprobe_new=$modprobe_new"#$m_each"$m_nl ;;
          *) modprobe_new=$modprobe_new$m_each$m_nl ;;
        esac
      done <"$modprobe_file"
      m_read_text "$modprobe_file"
      [ "$m_result" = "$modprobe_new" ] || [ "$m_result$m_nl" = "$modprobe_new" ] || m_write_text "$modprobe_file" "$modprobe_new"
    done
  done
}
