# shellcheck shell=sh
# Input: see module.yml. Results: disk, partitions, script.

parted_main() {
  m_plain_locale
  m_need parted
  [ "${arg_number:-1}" -ge 1 ] || m_fail 'The partition number must be greater then 0.'
  parted_is_size "$arg_part_start" || m_fail "The argument 'part_start' doesn't respect required format.The size unit is case sensitive."
  parted_is_size "$arg_part_end" || m_fail "The argument 'part_end' doesn't respect required format.The size unit is case sensitive."
  parted_output=''
  parted_look
  case $arg_state in
    present) parted_present ;;
    absent) parted_absent ;;
    info) parted_output="unit $arg_unit print" ;;
  esac
  parted_report
}

# parted_is_size TEXT: a number with a unit, a negative one for a place from the end.
parted_is_size() {
  parted_number=${1#-}
  parted_suffix=${parted_number#"${parted_number%%[!0-9.]*}"}
  parted_number=${parted_number%"$parted_suffix"}
  case $parted_number in
    '' | *.*.*) return 1 ;;
  esac
  case ${parted_suffix# } in
    '' | s | B | KB | KiB | MB | MiB | GB | GiB | TB | TiB | % | cyl | chs | compact) ;;
    *) return 1 ;;
  esac
}

# parted_disk is the line of the disk, parted_parts those of partitions, as parted -m prints them.
parted_look() {
  m_capture parted -s -m "$arg_device" -- unit "$arg_unit" print
  case $m_rc:$m_err in
    0:* | *'unrecognised disk label'*) ;;
    *)
      m_int rc "$m_rc"
      m_str err "$m_err"
      m_fail "Error while getting device information with parted script: 'parted -s -m $arg_device -- unit $arg_unit print': ${m_err:-$m_out}"
      ;;
  esac
  m_out=${m_out#*"$m_nl"}
  parted_disk=${m_out%%"$m_nl"*}
  parted_disk=${parted_disk%;}
  parted_parts=$m_nl
  case $m_out in
    *"$m_nl"*) parted_parts=$m_nl${m_out#*"$m_nl"}$m_nl ;;
  esac
  case $arg_unit in
    cyl | chs) parted_parts=$m_nl${parted_parts#"$m_nl"*"$m_nl"} ;;
  esac
  case $arg_unit in
    chs) parted_shift=0 ;;
    *) parted_shift=1 ;;
  esac
}

# parted_field LINE NUMBER: m_result is one of the fields between colons.
parted_field() {
  parted_line=$1:
  parted_count=$2
  while [ "$parted_count" -gt 1 ]; do
    parted_line=${parted_line#*:}
    parted_count=$((parted_count - 1))
  done
  m_result=${parted_line%%:*}
}

# parted_find NUMBER: parted_part is its line; false if there is none.
parted_find() {
  case $parted_parts in
    *"$m_nl$1:"*)
      parted_part=$1:${parted_parts#*"$m_nl$1:"}
      parted_part=${parted_part%%"$m_nl"*}
      parted_part=${parted_part%;}
      ;;
    *) return 1 ;;
  esac
}

# parted_tell WORDS…: runs a script, in the unit, and notes it.
parted_tell() {
  set -- unit "$arg_unit" "$@"
  m_words "$@"
  parted_output="$parted_output $m_result"
  [ "$arg_align" = undefined ] || set -- -a "$arg_align" "$arg_device" -- "$@"
  [ "$arg_align" != undefined ] || set -- "$arg_device" -- "$@"
  m_changed=true
  [ "$m_check" = false ] || return 0
  m_capture parted -s -m "$@"
  [ "$m_rc" = 0 ] || {
    m_int rc "$m_rc"
    m_str out "$m_out"
    m_str err "$m_err"
    m_fail "Error while running parted script: parted -s -m $*: ${m_err:-$m_out}"
  }
}

parted_present() {
  parted_field "$parted_disk" 6
  set --
  parted_labels=false
  if [ "$m_result" != "$arg_label" ]; then
    parted_labels=true
    set -- mklabel "$arg_label"
  fi
  parted_there=false
  if [ "$parted_labels" = false ] && parted_find "$arg_number"; then parted_there=true; fi
  [ "$parted_there" = true ] || set -- "$@" mkpart "$arg_part_type" ${arg_fs_type:+"$arg_fs_type"} "$arg_part_start" "$arg_part_end"
  if [ "$arg_resize:$parted_there" = true:true ] && parted_ends_elsewhere; then set -- "$@" resizepart "$arg_number" "$arg_part_end"; fi
  parted_made=false
  if [ $# -gt 0 ]; then
    parted_made=true
    parted_tell "$@"
    [ "$m_check" = true ] || parted_look
  fi
  parted_part=
  [ "$parted_made:$m_check" = true:true ] || parted_find "$arg_number" || return 0
  parted_details
}

# Name and flags. A partition that check mode would make has none.
parted_details() {
  set --
  if [ -n "${arg_name:-}" ]; then
    parted_field "$parted_part" $((5 + parted_shift))
    [ "$m_result" = "$arg_name" ] || set -- name "$arg_number" "\"$arg_name\""
  fi
  if [ -n "${arg_flags:-}" ]; then
    parted_field "$parted_part" $((6 + parted_shift))
    m_replace "$m_result" ', ' ' '
    parted_has=" $m_result "
    parted_script=
    eval "parted_flag_changes $arg_flags"
    eval "set -- \"\$@\" $parted_script"
  fi
  [ $# = 0 ] || {
    parted_tell "$@"
    [ "$m_check" = true ] || parted_look
  }
}

# parted_flag_changes FLAG…: parted takes boot for esp, and the other way round.
parted_flag_changes() {
  parted_wanted=" $* "
  case $parted_wanted in
    *' esp '*' boot '* | *' boot '*' esp '*) ;;
    *' esp '*) set -- "$@" boot ;;
  esac
  parted_wanted=" $* "
  for m_each in "$@"; do
    case $parted_has in
      *" $m_each "*) continue ;;
    esac
    m_quote "$m_each"
    parted_script="$parted_script set $arg_number $m_result on"
  done
  set -f
  for m_each in $parted_has; do
    case $parted_wanted in
      *" $m_each "*) continue ;;
    esac
    m_quote "$m_each"
    parted_script="$parted_script set $arg_number $m_result off"
  done
  set +f
}

# True if the partition's end is not part_end, in bytes.
parted_ends_elsewhere() {
  parted_field "$parted_part" 3
  parted_end=$m_result
  parted_field "$parted_disk" 2
  m_put "$parted_end $arg_part_end $m_result $arg_unit$m_nl" | awk '
    function number(text) { sub(/[^0-9.]*$/, "", text); return text + 0 }
    function unit(text) { sub(/^-?[0-9.]*/, "", text); return text }
    function bytes(amount, of,   n) {
      n = 1
      if (of == "KB") n = 1000; else if (of == "MB" || of == "" || of == "compact") n = 1000000; else if (of == "GB") n = 1000000000
      else if (of == "TB") n = 1000000000000; else if (of == "KiB") n = 1024; else if (of == "MiB") n = 1048576
      else if (of == "GiB") n = 1073741824; else if (of == "TiB") n = 1099511627776; else if (of == "s") n = 512
      return int(amount * n)
    }
    {
      of = unit($2); amount = number($2)
      if (of == "%") { amount = int(int(number($3)) * amount / 100); of = $4 }
      if (of == "") of = $4
      exit bytes(number($1), $4) == bytes(amount, of)
    }'
}

parted_absent() {
  parted_find "$arg_number" || return 0
  m_words rm "$arg_number"
  parted_output=$m_result
  m_changed=true
  [ "$m_check" = false ] || return 0
  if [ "$arg_align" = undefined ]; then set --; else set -- -a "$arg_align"; fi
  m_capture parted -s -m "$@" "$arg_device" -- rm "$arg_number"
  [ "$m_rc" = 0 ] || m_fail "Error while running parted script: ${m_err:-$m_out}"
  parted_look
}

# parted_size KEY TEXT: a number with its unit as a number.
parted_size() {
  case $2 in
    *,*,*) m_str "$1" "$2" ;;
    *) m_float "$1" "${2%%[!0-9.]*}" ;;
  esac
}

parted_report() {
  parted_field "$parted_disk" 2
  parted_unit=$(m_put "${m_result#"${m_result%%[!0-9.,]*}"}" | tr '[:upper:]' '[:lower:]')
  parted_unit=${parted_unit:-$(m_put "$arg_unit" | tr '[:upper:]' '[:lower:]')}
  m_dict disk
  parted_size size "$m_result"
  m_str unit "$parted_unit"
  parted_field "$parted_disk" 1
  m_str dev "$m_result"
  parted_field "$parted_disk" 6
  m_str table "$m_result"
  parted_field "$parted_disk" 7
  m_str model "$m_result"
  parted_field "$parted_disk" 4
  m_int logical_block "$m_result"
  parted_field "$parted_disk" 5
  m_int physical_block "$m_result"
  m_close
  m_list partitions
  while IFS= read -r m_each; do
    [ -z "$m_each" ] || parted_report_one "${m_each%;}"
  done <<PARTED_END
$parted_parts
PARTED_END
  m_close
  eval "m_strings script $parted_output"
}

parted_report_one() {
  parted_one=$1
  m_dict ''
  m_int num "${parted_one%%:*}"
  parted_field "$parted_one" 2
  parted_size begin "$m_result"
  parted_field "$parted_one" 3
  parted_size end "$m_result"
  if [ "$parted_shift" = 1 ]; then
    parted_field "$parted_one" 4
    parted_size size "$m_result"
  else
    m_str size ''
  fi
  parted_field "$parted_one" $((4 + parted_shift))
  m_str fstype "$m_result"
  parted_field "$parted_one" $((5 + parted_shift))
  m_str name "$m_result"
  parted_field "$parted_one" $((6 + parted_shift))
  m_list flags
  parted_flags=$m_result,
  while [ -n "${parted_flags%,}" ]; do
    m_trim "${parted_flags%%,*}"
    m_str '' "$m_result"
    parted_flags=${parted_flags#*,}
  done
  m_close
  m_str unit "$parted_unit"
  m_close
}
