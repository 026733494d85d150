# shellcheck shell=sh
# Input: see module.yml. Results: used_percent, pending.

snapshot_main() {
  m_plain_locale
  m_need lvs lvm2
  m_capture lvs --noheadings --separator ';' -o lv_name,origin,lv_attr,data_percent "$arg_vg"
  [ "$m_rc" = 0 ] || m_fail "Volume group $arg_vg does not exist: $m_err"
  snapshot_all=$m_out
  snapshot_find "$arg_lv" || m_fail "there is no volume $arg_lv in $arg_vg"
  snapshot_there=false
  if snapshot_find "$arg_name"; then
    snapshot_origin=${m_result#*;}
    snapshot_origin=${snapshot_origin%%;*}
    [ "$snapshot_origin" = "$arg_lv" ] || m_fail "$arg_vg/$arg_name is there and is no snapshot of $arg_lv"
    snapshot_there=true
    snapshot_attr=${m_result#*;*;}
    snapshot_used=${snapshot_attr#*;}
    snapshot_attr=${snapshot_attr%%;*}
    [ -z "$snapshot_used" ] || m_float used_percent "$snapshot_used"
  fi
  case $arg_state:$snapshot_there in
    present:true) snapshot_check ;;
    present:false) snapshot_make ;;
    absent:true)
      m_diff_state state present absent
      m_must lvremove --yes "$arg_vg/$arg_name"
      ;;
    reverted:true) snapshot_revert ;;
    reverted:false) m_fail "there is no snapshot $arg_name of $arg_vg/$arg_lv to go back to" ;;
  esac
}

# snapshot_find NAME: m_result is its line; LVM writes brackets around hidden volumes.
snapshot_find() {
  while IFS= read -r m_each; do
    m_trim "$m_each"
    case $m_result in
      "$1;"* | "[$1];"*) return 0 ;;
    esac
  done <<SNAPSHOT_END
$snapshot_all
SNAPSHOT_END
  return 1
}

snapshot_check() {
  case $snapshot_attr in
    ????I*) m_fail "snapshot $arg_vg/$arg_name is full and lost" ;;
  esac
  case ${snapshot_used%%.*} in
    '' | *[!0-9]*) return 0 ;;
  esac
  [ "${snapshot_used%%.*}" -le "$arg_fail_above" ] || m_fail "snapshot $arg_vg/$arg_name is $snapshot_used % full: more than $arg_fail_above %"
}

snapshot_make() {
  m_diff_state state absent present
  set -- --yes --snapshot --name "$arg_name"
  case ${arg_size:-} in
    '') ;;
    *%*) set -- "$@" --extents "$arg_size" ;;
    *) set -- "$@" --size "$arg_size" ;;
  esac
  m_must lvcreate "$@" "$arg_vg/$arg_lv"
}

snapshot_revert() {
  m_diff_state state present reverted
  m_must lvconvert --yes --merge "$arg_vg/$arg_name"
  case ${m_out:-}${m_err:-} in
    *'next activation'*) m_bool pending true ;;
    *) m_bool pending false ;;
  esac
}
