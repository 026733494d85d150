# shellcheck shell=sh
# Input: see module.yml. Results: none.

lvg_main() {
  m_plain_locale
  m_need vgs lvm2
  m_capture vgs --noheadings -o vg_name,lv_count --separator : "$arg_vg"
  lvg_there=false
  if [ "$m_rc" = 0 ]; then
    lvg_there=true
    m_trim "$m_out"
    lvg_volumes=${m_result##*:}
  fi
  case $arg_state:$lvg_there in
    absent:true) lvg_remove ;;
    absent:false) ;;
    active:true) lvg_switch y ;;
    inactive:true) lvg_switch n ;;
    present:true) lvg_change ;;
    *:false) lvg_create ;;
  esac
}

lvg_remove() {
  [ "$lvg_volumes" = 0 ] || [ "$arg_force" = true ] || m_fail "Refuse to remove non-empty volume group $arg_vg without force=true"
  m_must vgremove --force "$arg_vg"
}

# lvg_switch y|n: for volumes that are not so yet.
lvg_switch() {
  m_capture lvs --noheadings -o lv_active "$arg_vg"
  lvg_on=false lvg_off=false
  while IFS= read -r m_each; do
    m_trim "$m_each"
    if [ "$m_result" = active ]; then lvg_on=true; else lvg_off=true; fi
  done <<LVG_END
$m_out
LVG_END
  case $1:$lvg_on:$lvg_off in
    y:*:true | n:true:*) m_must vgchange --activate "$1" "$arg_vg" ;;
  esac
}

lvg_create() {
  [ -n "${arg_pvs:-}" ] || m_fail 'No physical volumes given.'
  eval "set -- $arg_pvs"
  for lvg_one in "$@"; do
    [ -e "$lvg_one" ] || m_fail "Device $lvg_one not found."
  done
  for lvg_one in "$@"; do lvg_prepare; done
  # shellcheck disable=SC2086
  m_must vgcreate $arg_vg_options -s "$arg_pesize" "$arg_vg" "$@"
}

# A device becomes a physical volume, unless it is one.
lvg_prepare() {
  m_capture pvs --noheadings -o vg_name "$lvg_one"
  m_trim "$m_out"
  case $m_rc:$m_result in
    0: | "0:$arg_vg") ;;
    0:*) m_fail "Device $lvg_one is already in $m_result volume group." ;;
    *)
      # shellcheck disable=SC2086
      m_must pvcreate $arg_pv_options -f "$lvg_one"
      ;;
  esac
}

lvg_change() {
  [ -n "${arg_pvs:-}" ] || return 0
  m_capture vgs --noheadings -o pv_name "$arg_vg"
  lvg_has=$m_nl
  while IFS= read -r m_each; do
    m_trim "$m_each"
    lvg_has=$lvg_has$m_result$m_nl
  done <<LVG_END
$m_out
LVG_END
  eval "set -- $arg_pvs"
  lvg_wanted=$m_nl
  for lvg_one in "$@"; do
    [ -e "$lvg_one" ] || m_fail "Device $lvg_one not found."
    # LVM tells the name of the device, whatever link leads to it.
    lvg_real=$(readlink -f -- "$lvg_one")
    lvg_wanted=$lvg_wanted$lvg_one$m_nl$lvg_real$m_nl
    case $lvg_has in
      *"$m_nl$lvg_one$m_nl"* | *"$m_nl$lvg_real$m_nl"*) [ "$arg_pvresize" = false ] || lvg_grow ;;
      *)
        lvg_prepare
        m_must vgextend "$arg_vg" "$lvg_one"
        ;;
    esac
  done
  [ "$arg_remove_extra_pvs" = false ] || lvg_reduce
}

lvg_grow() {
  m_capture pvs --noheadings -o dev_size,pv_size,vg_extent_size --units b --nosuffix "$lvg_one"
  m_put "$m_out$m_nl" | awk '{ exit !($1 - $2 >= 2 * $3) }' && m_must pvresize "$lvg_one"
  return 0
}

# The group gives up devices that are not named; what is on them moves first.
lvg_reduce() {
  lvg_left=${lvg_has#"$m_nl"}
  while [ -n "$lvg_left" ]; do
    lvg_one=${lvg_left%%"$m_nl"*}
    lvg_left=${lvg_left#*"$m_nl"}
    case $lvg_wanted in
      *"$m_nl$lvg_one$m_nl"*) continue ;;
    esac
    m_capture pvs --noheadings -o pv_used --units b --nosuffix "$lvg_one"
    m_trim "$m_out"
    [ "$m_result" = 0 ] || m_must pvmove "$lvg_one"
    m_must vgreduce --force "$arg_vg" "$lvg_one"
  done
}
