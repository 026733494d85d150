# shellcheck shell=sh
# Input: update_cache, manager. Results: ansible_facts.patch.

patch_facts_main() {
  m_plain_locale
  patch_manager=$arg_manager
  if [ "$patch_manager" = auto ]; then
    if m_has apt-get; then
      patch_manager=apt
    elif m_has dnf; then
      patch_manager=dnf
    else
      m_fail 'the host has neither apt-get nor dnf: updates of other package managers are not known'
    fi
  fi
  patch_reasons='' patch_count=0 patch_security=0
  m_dict ansible_facts
  m_dict patch
  m_str manager "$patch_manager"
  "patch_$patch_manager"
  m_int count "$patch_count"
  m_int security_count "$patch_security"
  restart_find
  # shellcheck disable=SC2086
  m_strings services_to_restart $restart_services
  # shellcheck disable=SC2086
  m_strings other_to_restart $restart_other
  patch_kernel
  eval "set -- $patch_reasons"
  if [ $# = 0 ]; then m_bool reboot_needed false; else m_bool reboot_needed true; fi
  m_strings reboot_reasons "$@"
  m_str kernel "$patch_running"
  patch_boot=
  [ ! -r /proc/sys/kernel/random/boot_id ] || read -r patch_boot </proc/sys/kernel/random/boot_id
  m_str boot_id "$patch_boot"
  m_close
  m_close
}

# patch_update NAME OLD NEW ORIGIN SECURITY
patch_update() {
  patch_count=$((patch_count + 1))
  [ "$5" = false ] || patch_security=$((patch_security + 1))
  m_dict ''
  m_str name "$1"
  m_str old "$2"
  m_str new "$3"
  m_str origin "$4"
  m_bool security "$5"
  m_close
}

patch_reason() {
  m_quote "$1"
  patch_reasons="$patch_reasons $m_result"
}

# apt simulates the upgrade: lines such as `Inst NAME [OLD] (NEW ORIGIN, ORIGIN [ARCH])`; a new package has no [OLD].
patch_apt() {
  [ "$arg_update_cache" = false ] || [ "$m_check" = true ] || patch_quietly apt-get -q update
  patch_quietly apt-get -s -o Debug::NoLocking=true dist-upgrade
  m_list updates
  while read -r patch_word patch_name patch_rest; do
    [ "$patch_word" = Inst ] || continue
    case $patch_rest in
      \[*) patch_old=${patch_rest#\[} patch_old=${patch_old%%\]*} patch_rest=${patch_rest#*\] } ;;
      *) patch_old= ;;
    esac
    patch_rest=${patch_rest#\(}
    patch_origin=${patch_rest#* }
    patch_origin=${patch_origin%% \[*}
    case $patch_origin in
      *Debian-Security:* | *-security | *-security,*) patch_is_security=true ;;
      *) patch_is_security=false ;;
    esac
    patch_update "$patch_name" "$patch_old" "${patch_rest%% *}" "$patch_origin" "$patch_is_security"
  done <<PATCH_END
$m_out
PATCH_END
  m_close
  patch_quietly apt-mark showhold
  # shellcheck disable=SC2086
  m_strings held $m_out
  # shellcheck disable=SC2016
  patch_quietly dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n'
  patch_broken=
  while read -r patch_word patch_name; do
    case $patch_word in
      ?[HUFWt]* | ??R) patch_broken="$patch_broken $patch_name" ;;
    esac
  done <<PATCH_END
$m_out
PATCH_END
  # shellcheck disable=SC2086
  m_strings broken $patch_broken
  [ ! -e "${MARTLET_RUN:-/run}/reboot-required" ] || patch_apt_reboot
}

# Packages write their names beside the mark; some do so several times.
patch_apt_reboot() {
  patch_names=
  if [ -r "${MARTLET_RUN:-/run}/reboot-required.pkgs" ]; then
    while IFS= read -r patch_name; do
      case " $patch_names, " in *" $patch_name, "*) ;; *) patch_names="${patch_names:+$patch_names, }$patch_name" ;; esac
    done <"${MARTLET_RUN:-/run}/reboot-required.pkgs"
  fi
  patch_reason "packages ask for it: ${patch_names:-see /run/reboot-required}"
}

# dnf ends with 100 where there are updates; a first call lists those of security advisories, a second all.
patch_dnf() {
  [ "$arg_update_cache" = false ] || [ "$m_check" = true ] || patch_quietly dnf -q makecache
  m_capture dnf -q check-update --security
  patch_dnf_ended
  patch_secure=$m_nl$m_out$m_nl
  m_capture dnf -q check-update
  patch_dnf_ended
  patch_all=$m_out
  m_list updates
  while read -r patch_name patch_new patch_origin; do
    case $patch_name in
      Obsoleting) break ;;
      *.*) ;;
      *) continue ;;
    esac
    case $patch_secure in
      *"$m_nl$patch_name "*) patch_is_security=true ;;
      *) patch_is_security=false ;;
    esac
    patch_old=$(rpm -q --qf '%{EPOCH}:%{VERSION}-%{RELEASE} ' "${patch_name%.*}" 2>/dev/null) || patch_old=
    patch_old=${patch_old% }
    patch_old=${patch_old##* }
    patch_old=${patch_old#'(none):'}
    patch_update "${patch_name%.*}" "${patch_old#0:}" "$patch_new" "$patch_origin" "$patch_is_security"
  done <<PATCH_END
$patch_all
PATCH_END
  m_close
  m_strings held
  m_strings broken
  m_capture dnf -q needs-restarting -r
  case $m_rc:$m_out in
    0:*) ;;
    1:?*) patch_reason "dnf needs-restarting: updates that take effect only after a reboot" ;;
    *) m_warn "dnf needs-restarting is not there, so only the kernel tells whether a reboot is needed (it is in dnf-utils or dnf-plugins-core)" ;;
  esac
}

patch_dnf_ended() {
  case $m_rc in
    0 | 100) ;;
    *) m_fail "dnf check-update failed with exit status $m_rc: ${m_err:-$m_out}" ;;
  esac
}

patch_quietly() {
  m_capture "$@"
  [ "$m_rc" = 0 ] || m_fail "$1 failed with exit status $m_rc: ${m_err:-$m_out}"
}

# A kernel in /boot that is newer than the one that runs.
patch_kernel() {
  patch_running=$(uname -r)
  patch_newest=$(for patch_name in "${MARTLET_BOOT:-/boot}"/vmlinuz-*; do m_put "${patch_name##*/vmlinuz-}$m_nl"; done |
    sed '/rescue/d; /^\*$/d' | sort -V | tail -n 1)
  if [ -n "$patch_newest" ] && [ "$patch_newest" != "$patch_running" ]; then
    patch_reason "kernel $patch_newest is installed, $patch_running runs"
  fi
}
