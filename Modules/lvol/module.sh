# shellcheck shell=sh
# Input: see module.yml. Results: vg, lv, size, msg.

lvol_main() {
  m_plain_locale
  m_need lvs lvm2
  lvol_size
  m_capture vgs --noheadings --nosuffix -o vg_name,size,free,vg_extent_size --units "$lvol_unit" --separator ';' "$arg_vg"
  [ "$m_rc" = 0 ] || lvol_no_group
  m_trim "$m_out"
  lvol_group=$m_result
  m_capture lvs -a --noheadings --nosuffix -o lv_name,size,lv_attr --units "$lvol_unit" --separator ';' "$arg_vg"
  [ "$m_rc" = 0 ] || lvol_no_group
  lvol_all=$m_out
  lvol_which
  if [ -z "$lvol_line" ]; then
    [ "$arg_state" = absent ] || lvol_create
    m_str msg ''
    return 0
  fi
  if [ "$arg_state" = absent ]; then
    [ "$arg_force" = true ] || m_fail "Sorry, no removal of logical volume $lvol_name without force=true."
    lvol_do "Failed to remove logical volume ${arg_lv:-}" lvremove --force "$arg_vg/$lvol_name"
    return 0
  fi
  [ -z "$lvol_amount" ] || lvol_resize
  if [ "$arg_active" != "$lvol_active" ]; then
    m_changed=true
    if [ "$arg_active" = true ]; then lvol_flag=-ay; else lvol_flag=-an; fi
    lvol_do "Failed to $([ "$arg_active" = true ] || m_put de)activate logical volume ${arg_lv:-}" lvchange "$lvol_flag" "$arg_vg/$lvol_name"
  fi
  m_str vg "$arg_vg"
  m_str lv "$lvol_name"
  m_float size "$lvol_has"
}

lvol_no_group() {
  if [ "$arg_state" = absent ]; then
    m_str stdout "Volume group $arg_vg does not exist."
    m_done
  fi
  m_int rc "$m_rc"
  m_str err "$m_err"
  m_fail "Volume group $arg_vg does not exist."
}

# lvol_do FAILING WORDS…
lvol_do() {
  lvol_failing=$1
  shift
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture "$@"
  [ "$m_rc" != 0 ] || return 0
  m_int rc "$m_rc"
  m_str err "$m_err"
  m_fail "$lvol_failing: ${m_err:-$m_out}"
}

# Takes size apart: lvol_sign, lvol_amount, lvol_suffix (what stands behind it on LVM's command line), lvol_flag (-L or -l),
# lvol_whole (VG, PVS, FREE, ORIGIN) and lvol_unit, in which LVM shall answer.
lvol_size() {
  lvol_sign='' lvol_amount='' lvol_suffix=m lvol_flag=-L lvol_whole='' lvol_unit=m
  [ -n "${arg_size:-}" ] || return 0
  lvol_amount=${arg_size#[+-]}
  lvol_sign=${arg_size%"$lvol_amount"}
  case $lvol_amount in
    *%*)
      lvol_whole=${lvol_amount#*%}
      lvol_amount=${lvol_amount%%%*}
      lvol_flag=-l lvol_suffix=%$lvol_whole
      m_is_number "$lvol_amount" || m_fail "Bad size specification of '$arg_size'"
      [ "$lvol_amount" -le 100 ] || m_fail 'Size percentage cannot be larger than 100%'
      case $lvol_whole:${arg_snapshot:-} in
        ORIGIN:) m_fail 'Percentage of ORIGIN supported only for snapshot volumes' ;;
        VG:* | PVS:* | FREE:* | ORIGIN:*) ;;
        *) m_fail 'Specify extents as a percentage of VG|PVS|FREE|ORIGIN' ;;
      esac
      ;;
    *[bBsSkKmMgGtTpPeE])
      lvol_suffix=${lvol_amount#"${lvol_amount%?}"}
      lvol_amount=${lvol_amount%?}
      lvol_unit=$(m_put "$lvol_suffix" | tr '[:upper:]' '[:lower:]')
      ;;
  esac
  case $lvol_amount in
    '' | [!0-9]* | *[!0-9.]* | *.*.*) m_fail "Bad size specification of '$lvol_amount'" ;;
  esac
}

# lvol_find NAME: m_result is the line of a volume; LVM writes brackets around hidden ones.
lvol_find() {
  m_result=
  while IFS= read -r m_each; do
    m_trim "$m_each"
    m_each=${m_result#[}
    lvol_each=${m_each%%;*}
    lvol_each=${lvol_each%]}
    if [ "$lvol_each" = "$1" ] || [ "$lvol_each" = "${1##*/}" ]; then
      m_result="$lvol_each;${m_each#*;}"
      return 0
    fi
    m_result=
  done <<LVOL_END
$lvol_all
LVOL_END
  return 1
}

# Which volume it is about, and what it is like.
lvol_which() {
  if [ -n "${arg_snapshot:-}" ]; then
    lvol_find "${arg_lv:-}" || m_fail "Snapshot origin LV ${arg_lv:-} does not exist in volume group $arg_vg."
    lvol_origin=${m_result##*;}
    case ${arg_thinpool:-}:$lvol_origin in
      ?*:* | :t*) m_fail 'Snapshots of thin pool LVs are not supported.' ;;
    esac
    lvol_wanted=$arg_snapshot
  elif [ -n "${arg_thinpool:-}" ] && [ -n "${arg_lv:-}" ]; then
    lvol_find "$arg_thinpool" || m_fail "Thin pool LV $arg_thinpool does not exist in volume group $arg_vg."
    lvol_wanted=$arg_lv
  else
    lvol_wanted=${arg_lv:-$arg_thinpool}
  fi
  lvol_find "$lvol_wanted"
  lvol_line=$m_result
  [ -n "$lvol_line" ] || return 0
  lvol_name=${lvol_line%%;*}
  lvol_has=${lvol_line#*;}
  lvol_has=${lvol_has%%;*}
  case ${lvol_line##*;} in
    ????a*) lvol_active=true ;;
    *) lvol_active=false ;;
  esac
}

lvol_create() {
  case $lvol_sign:$lvol_whole in
    -:* | +:) m_fail "Bad size specification of '$lvol_sign$lvol_amount' for creating LV" ;;
  esac
  if [ -z "$lvol_amount" ]; then
    case ${arg_snapshot:-}:${lvol_origin:-} in
      ?*:V*) ;;
      *) m_fail 'No size given.' ;;
    esac
  fi
  # The words of opts are a command line of the user's and are split.
  # shellcheck disable=SC2086
  if [ -n "${arg_snapshot:-}" ]; then
    set -- ${lvol_amount:+"$lvol_flag" "$lvol_amount$lvol_suffix"} -s -n "$arg_snapshot" ${arg_opts:-} "$arg_vg/$arg_lv"
  elif [ -n "${arg_thinpool:-}" ]; then
    set --
    if [ -n "${arg_lv:-}" ]; then
      [ "$lvol_flag" = -L ] || m_fail 'Thin volume sizing with percentage not supported.'
      lvol_flag=-V
      set -- -n "$arg_lv"
    fi
    set -- "$@" "$lvol_flag" "$lvol_amount$lvol_suffix" ${arg_opts:-} -T "$arg_vg/$arg_thinpool"
  else
    eval "set -- ${arg_pvs:-}"
    set -- -n "$arg_lv" "$lvol_flag" "$lvol_amount$lvol_suffix" ${arg_opts:-} "$arg_vg" "$@"
  fi
  lvol_do "Creating logical volume '${arg_lv:-}' failed" lvcreate --yes "$@"
}

# LVM's sizes are numbers with a fraction: lvol_compute EXPRESSION with group size, free, extent and has.
lvol_compute() {
  m_result=$(m_put "$lvol_group;$lvol_has;$lvol_amount$m_nl" | awk -F ';' "{ size = \$2; free = \$3; extent = \$4; has = \$5; amount = \$6; $1 }")
}

lvol_resize() {
  lvol_tool=
  if [ -n "$lvol_whole" ]; then lvol_resize_share; else lvol_resize_to; fi
  case $lvol_tool in
    '') return 0 ;;
    *reduce) set -- "$lvol_tool" --force ;;
    *) set -- "$lvol_tool" ;;
  esac
  [ "$arg_resizefs" = false ] || set -- "$@" --resizefs
  set -- "$@" "$lvol_flag" "$lvol_sign$lvol_amount$lvol_suffix" "$arg_vg/$lvol_name"
  if [ -n "${arg_pvs:-}" ]; then eval "set -- \"\$@\" $arg_pvs"; fi
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture "$@"
  case $m_rc:$m_out$m_err in
    *:*'Reached maximum COW size'*) ;;
    0:*)
      [ -z "${lvol_requested:-}" ] || m_str msg "Volume $lvol_name resized to $lvol_requested$lvol_unit"
      return 0
      ;;
    *'matches existing size'*)
      m_changed=false
      return 0
      ;;
    *'not larger than existing size'*)
      m_changed=false
      m_str msg 'Original size is larger than requested size'
      return 0
      ;;
  esac
  m_int rc "$m_rc"
  m_str err "$m_err"
  m_fail "Unable to resize ${arg_lv:-} to $lvol_amount$lvol_suffix: $m_err"
}

lvol_resize_to() {
  lvol_compute 'print (amount > has) " " (amount < has) " " (amount == 0)'
  case $m_result:$lvol_sign in
    1*:* | *:+) lvol_tool=lvextend ;;
    ??1*:?* | ??1*:) ;;
    *:-) ;;
    *) return 0 ;;
  esac
  [ -z "$lvol_tool" ] || return 0
  [ "$arg_shrink" = true ] || [ "$lvol_sign" = - ] || return 0
  case $m_result in
    *1) m_fail "Sorry, no shrinking of $lvol_name to 0 permitted." ;;
  esac
  [ "$arg_force" = true ] || m_fail "Sorry, no shrinking of $lvol_name without force=true."
  lvol_tool=lvreduce
}

# A share of the group or of what is free in it. LVM's tools round down to whole extents.
lvol_resize_share() {
  lvol_compute "whole = \"$lvol_whole\" == \"FREE\" ? free : size; wanted = amount * whole / 100; sign = \"$lvol_sign\"
    if (sign == \"+\") wanted += has; if (sign == \"-\") wanted = has - wanted
    wanted = int(wanted / extent + 0.000001) * extent
    print wanted, (has < wanted), (free > 0 && free >= wanted - has), (has > wanted + extent), (wanted < 1), wanted - has, free"
  # shellcheck disable=SC2086
  set -- $m_result
  lvol_requested=$1
  case $2:$3:$4:$arg_shrink in
    1:1:*) lvol_tool=lvextend ;;
    1:*) m_fail "Logical Volume $lvol_name could not be extended. Not enough free space left ($6$lvol_unit required / $7$lvol_unit available)" ;;
    0:*:1:true)
      [ "$5" = 0 ] || m_fail "Sorry, no shrinking of $lvol_name to 0 permitted."
      [ "$arg_force" = true ] || m_fail "Sorry, no shrinking of $lvol_name without force=true"
      lvol_tool=lvreduce
      ;;
  esac
}
