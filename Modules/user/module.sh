# shellcheck shell=sh
# Input: see module.yml. Results: name, state, uid, group, comment, home, shell, groups, append, move_home, create_home, system,
# ssh_key_file, ssh_public_key, ssh_fingerprint.

user_main() {
  m_plain_locale
  m_str name "$arg_name"
  m_str state "$arg_state"
  if [ "$arg_local" = true ]; then
    [ -z "${arg_umask:-}" ] || m_fail "'umask' can not be used with 'local'"
    [ -z "${arg_uid_min:-}" ] || m_fail "'uid_min' can not be used with 'local'"
    [ -z "${arg_uid_max:-}" ] || m_fail "'uid_max' can not be used with 'local'"
  fi
  [ "$arg_append" = false ] || [ -n "${arg_groups+x}" ] ||
    m_warn "'append' is set, but no 'groups' are specified. Use 'groups' for appending new groups.This will change to an error in Ansible 2.14."
  user_find
  if [ "$arg_state" = absent ]; then
    user_remove
    return 0
  fi
  if [ -z "$user_entry" ]; then user_add; else user_change; fi
  user_aging
  if [ -n "$user_entry" ]; then
    m_int uid "$user_uid"
    m_int group "$user_gid"
    m_str comment "$user_comment"
    m_str home "$user_home"
    m_str shell "$user_shell"
    user_make_home
    user_ssh_key
  fi
  if [ -n "${arg_password:-}" ]; then
    m_str password NOT_LOGGING_PASSWORD
    user_is_hash "$arg_password" ||
      m_warn "The input password appears not to have been hashed. The 'password' argument must be encrypted for this module to work properly."
  fi
}

# Sets user_entry and its parts; user_entry is empty where there is no such account.
user_find() {
  user_entry=
  if [ "$arg_local" = false ] && m_has getent; then
    user_entry=$(getent passwd "$arg_name")
  else
    while IFS= read -r m_each; do
      case $m_each in
        "$arg_name":*) user_entry=$m_each ;;
      esac
    done </etc/passwd
  fi
  [ -n "$user_entry" ] || return 0
  user_rest=${user_entry#*:*:}
  user_uid=${user_rest%%:*}
  user_rest=${user_rest#*:}
  user_gid=${user_rest%%:*}
  user_rest=${user_rest#*:}
  user_comment=${user_rest%%:*}
  user_rest=${user_rest#*:}
  user_home=${user_rest%%:*}
  user_shell=${user_rest#*:}
}

user_remove() {
  if [ -z "$user_entry" ]; then return 0; fi
  m_bool force "$arg_force"
  m_bool remove "$arg_remove"
  m_need userdel shadow
  set --
  [ "$arg_force" = false ] || set -- "$@" -f
  [ "$arg_remove" = false ] || set -- "$@" -r
  m_must userdel "$@" -- "$arg_name"
}

user_add() {
  m_need useradd shadow
  m_bool create_home "$arg_create_home"
  m_bool system "$arg_system"
  if [ "$m_check" = true ]; then
    # Its groups may be made by steps before it, that have not run either.
    m_changed=true
    return 0
  fi
  user_check_groups
  set --
  [ -z "${arg_uid:-}" ] || set -- "$@" -u "$arg_uid"
  [ "$arg_non_unique" = false ] || set -- "$@" -o
  if [ -n "${arg_group:-}" ]; then
    user_group_number "$arg_group"
    set -- "$@" -g "$arg_group"
  elif user_group_exists "$arg_name"; then
    # A group of that name is there already and becomes the account's.
    set -- "$@" -g "$arg_name"
  fi
  [ -z "$user_groups" ] || set -- "$@" -G "$user_groups"
  [ -z "${arg_comment+x}" ] || set -- "$@" -c "$arg_comment"
  [ -z "${arg_home:-}" ] || set -- "$@" -d "$arg_home"
  [ -z "${arg_shell:-}" ] || set -- "$@" -s "$arg_shell"
  if [ "$arg_create_home" = true ]; then
    set -- "$@" -m
    [ -z "${arg_skeleton+x}" ] || set -- "$@" -k "$arg_skeleton"
    [ -z "${arg_umask:-}" ] || set -- "$@" -K "UMASK=$arg_umask"
  else
    set -- "$@" -M
  fi
  [ "$arg_system" = false ] || set -- "$@" -r
  [ -z "${arg_uid_min:-}" ] || set -- "$@" -K "UID_MIN=$arg_uid_min"
  [ -z "${arg_uid_max:-}" ] || set -- "$@" -K "UID_MAX=$arg_uid_max"
  if [ -n "${arg_expires:-}" ]; then
    user_expiry_date
    set -- "$@" -e "$m_result"
  fi
  m_must useradd "$@" -- "$arg_name"
  [ -z "${arg_groups+x}" ] || m_str groups "$user_groups"
  [ "$m_check" = false ] || return 0
  if [ -n "${arg_password:-}" ]; then user_set_password; fi
  if [ "${arg_password_lock:-}" = true ]; then m_must usermod -L -- "$arg_name"; fi
  user_find
}

user_change() {
  m_bool append "$arg_append"
  m_bool move_home "$arg_move_home"
  set --
  if [ -n "${arg_uid:-}" ] && [ "$arg_uid" != "$user_uid" ]; then
    set -- "$@" -u "$arg_uid"
    [ "$arg_non_unique" = false ] || set -- "$@" -o
  fi
  if [ -n "${arg_group:-}" ]; then
    user_group_number "$arg_group"
    [ "$m_result" = "$user_gid" ] || set -- "$@" -g "$m_result"
  fi
  user_supplementary
  case $user_group_change in
    set) set -- "$@" -G "$user_groups" ;;
    append) set -- "$@" -a -G "$user_groups" ;;
  esac
  if [ -n "${arg_comment+x}" ] && [ "$arg_comment" != "$user_comment" ]; then set -- "$@" -c "$arg_comment"; fi
  if [ -n "${arg_home:-}" ] && [ "${arg_home%/}" != "${user_home%/}" ]; then
    set -- "$@" -d "$arg_home"
    [ "$arg_move_home" = false ] || set -- "$@" -m
  fi
  if [ -n "${arg_shell:-}" ] && [ "$arg_shell" != "$user_shell" ]; then set -- "$@" -s "$arg_shell"; fi
  user_read_shadow
  if [ -n "${arg_expires:-}" ]; then
    user_expiry_days
    if [ "$m_result" != "$user_expire" ]; then
      user_expiry_date
      set -- "$@" -e "$m_result"
    fi
  fi
  case ${arg_password_lock:-}:$user_password in
    true:!*) ;;
    true:*) set -- "$@" -L ;;
    false:!*) set -- "$@" -U ;;
  esac
  if [ $# -gt 0 ]; then
    m_need usermod shadow
    m_must usermod "$@" -- "$arg_name"
  fi
  if [ -n "${arg_password:-}" ] && [ "$arg_update_password" = always ] && [ "${user_password#!}" != "${arg_password#!}" ]; then
    m_changed=true
    [ "$m_check" = true ] || user_set_password
  fi
  [ "$m_changed" = false ] || [ "$m_check" = true ] || user_find
}

# The hash goes by standard input: it shows in no process list.
user_set_password() {
  m_need chpasswd passwd
  m_say=$(m_put "$arg_name:$arg_password$m_nl" | chpasswd -e 2>&1) || m_fail "cannot set the password of $arg_name: $m_say"
}

# Sets user_password and the aging fields from the shadow file; only read when an option needs it.
user_read_shadow() {
  user_password='' user_min='' user_max='' user_warn='' user_inactive='' user_expire=''
  case "${arg_password:-}${arg_password_lock:-}${arg_expires:-}${arg_password_expire_min:-}${arg_password_expire_max:-}" in
    '') [ -n "${arg_password_expire_warn:-}${arg_password_expire_account_disable:-}" ] || return 0 ;;
  esac
  if m_has getent; then
    user_shadow=$(getent shadow "$arg_name")
  else
    user_shadow=$(grep "^$arg_name:" /etc/shadow)
  fi
  # An account without a line there has no expiry to leave alone: usermod makes the line.
  if [ -z "$user_shadow" ]; then
    user_expire=none
    return 0
  fi
  user_rest=${user_shadow#*:}:::::::
  user_password=${user_rest%%:*}
  user_rest=${user_rest#*:*:}
  user_min=${user_rest%%:*}
  user_rest=${user_rest#*:}
  user_max=${user_rest%%:*}
  user_rest=${user_rest#*:}
  user_warn=${user_rest%%:*}
  user_rest=${user_rest#*:}
  user_inactive=${user_rest%%:*}
  user_rest=${user_rest#*:}
  user_expire=${user_rest%%:*}
}

# m_result is the day on which the account expires, as the shadow file counts; empty for never.
user_expiry_days() {
  case $arg_expires in
    -*) m_result= ;;
    *) m_result=$((${arg_expires%%.*} / 86400)) ;;
  esac
}

# m_result is that day as useradd takes it.
user_expiry_date() {
  case $arg_expires in
    -*) m_result= ;;
    *) m_result=$(date -u -d "@${arg_expires%%.*}" +%Y-%m-%d) ;;
  esac
}

user_aging() {
  [ -n "${arg_password_expire_max:-}${arg_password_expire_min:-}${arg_password_expire_warn:-}${arg_password_expire_account_disable:-}" ] || return 0
  if [ -n "$user_entry" ]; then user_read_shadow; else user_min='' user_max='' user_warn='' user_inactive=''; fi
  set --
  [ "${arg_password_expire_max:-$user_max}" = "$user_max" ] || set -- "$@" -M "$arg_password_expire_max"
  [ "${arg_password_expire_min:-$user_min}" = "$user_min" ] || set -- "$@" -m "$arg_password_expire_min"
  [ "${arg_password_expire_warn:-$user_warn}" = "$user_warn" ] || set -- "$@" -W "$arg_password_expire_warn"
  [ "${arg_password_expire_account_disable:-$user_inactive}" = "$user_inactive" ] ||
    set -- "$@" -I "$arg_password_expire_account_disable"
  [ $# -gt 0 ] || return 0
  m_need chage passwd
  m_must chage "$@" "$arg_name"
}

# m_result is a group's number; fails if there is none.
user_group_number() {
  m_result=$1
  m_is_number "$1" && return 0
  m_group_id "$1" || m_fail "Group $1 does not exist"
}

# m_result is the name of a group that may be given by its number.
user_group_name() {
  m_result=$1
  m_is_number "$1" && m_has getent || return 0
  m_result=$(getent group "$1") || m_result=$1
  m_result=${m_result%%:*}
}

user_group_exists() { m_group_id "$1"; }

# user_groups is the list of groups with commas; all must be there.
user_check_groups() {
  user_groups=
  eval "set -- ${arg_groups:-}"
  for user_one in "$@"; do
    m_trim "$user_one"
    user_one=$m_result
    [ -n "$user_one" ] || continue
    if ! m_is_number "$user_one"; then
      m_group_id "$user_one" || m_fail "Group $user_one does not exist"
    fi
    user_groups=$user_groups${user_groups:+,}$user_one
  done
}

# user_group_change says how the further groups must change: not at all, set, append.
user_supplementary() {
  user_group_change=
  [ -n "${arg_groups+x}" ] || return 0
  user_check_groups
  m_str groups "$user_groups"
  user_has=$(id -Gn -- "$arg_name") || m_fail "cannot tell the groups of $arg_name"
  user_primary=${user_has%% *}
  user_new_primary=${arg_group:-$user_primary}
  m_old_ifs=$IFS
  IFS=,
  # shellcheck disable=SC2086
  set -- $user_groups
  IFS=$m_old_ifs
  user_names=
  for m_one in "$@"; do
    user_group_name "$m_one"
    m_one=$m_result
    user_names=$user_names,$m_one
    case " $user_has " in
      *" $m_one "*) ;;
      *) user_group_change=append ;;
    esac
  done
  if [ "$arg_append" = true ]; then return 0; fi
  [ -z "$user_group_change" ] || user_group_change=set
  for m_one in $user_has; do
    if [ "$m_one" = "$user_primary" ] || [ "$m_one" = "$user_new_primary" ]; then continue; fi
    case "$user_names," in
      *",$m_one,"*) ;;
      *) user_group_change=set ;;
    esac
  done
}

# A home that is missing is made for an account that was there already, too.
user_make_home() {
  if [ "$arg_create_home" = false ] || [ -z "$user_home" ] || [ -e "$user_home" ]; then return 0; fi
  m_changed=true
  [ "$m_check" = false ] || return 0
  user_skeleton=${arg_skeleton:-/etc/skel}
  m_say=$(mkdir -p -- "$user_home" 2>&1) || m_fail "cannot make the home $user_home: $m_say"
  if [ -d "$user_skeleton" ]; then
    m_say=$(cp -R -- "$user_skeleton/." "$user_home" 2>&1) || m_fail "cannot fill the home $user_home: $m_say"
  fi
  m_octal_number "${arg_umask:-022}"
  m_octal_text $((511 & ~m_result))
  m_say=$(chmod -- "$m_result" "$user_home" && chown -R -- "$user_uid:$user_gid" "$user_home" 2>&1) ||
    m_fail "cannot give $user_home to $arg_name: $m_say"
}

user_ssh_key() {
  [ "$arg_generate_ssh_key" = true ] || return 0
  user_key=${arg_ssh_key_file:-.ssh/id_$arg_ssh_key_type}
  case $user_key in
    /*) ;;
    *) user_key=$user_home/$user_key ;;
  esac
  m_str ssh_key_file "$user_key"
  if user_may_make_key; then
    m_need ssh-keygen openssh-client
    m_changed=true
    [ "$m_check" = false ] || return 0
    user_make_key
  fi
  if user_said=$(ssh-keygen -l -f "$user_key.pub" 2>/dev/null); then m_str ssh_fingerprint "$user_said"; fi
  if [ -r "$user_key.pub" ]; then
    IFS= read -r user_said <"$user_key.pub"
    m_str ssh_public_key "$user_said"
  fi
}

# A key of either half that is there already is kept, unless force is asked for.
user_may_make_key() {
  for m_each in "private:$user_key" "public:$user_key.pub"; do
    user_half=${m_each%%:*} user_file=${m_each#*:}
    [ -e "$user_file" ] || continue
    if [ "$arg_force" = false ]; then
      m_warn "Found existing ssh key $user_half file \"$user_file\", no force, so skipping ssh-keygen generation"
      return 1
    fi
    m_warn "Overwriting existing ssh key $user_half file \"$user_file\""
    [ "$m_check" = true ] || m_say=$(rm -f -- "$user_file" 2>&1) || m_fail "cannot replace $user_file: $m_say"
  done
}

user_make_key() {
  m_parent "$user_key"
  user_folder=$m_result
  if [ ! -d "$user_folder" ]; then
    m_say=$(mkdir -m 0700 -- "$user_folder" && chown -- "$user_uid:$user_gid" "$user_folder" 2>&1) ||
      m_fail "cannot make $user_folder: $m_say"
  fi
  user_comment_text=${arg_ssh_key_comment:-ansible-generated on $(uname -n)}
  set -- -q -t "$arg_ssh_key_type" -C "$user_comment_text" -f "$user_key"
  [ "$arg_ssh_key_bits" = 0 ] || set -- "$@" -b "$arg_ssh_key_bits"
  if [ -n "${arg_ssh_key_passphrase:-}" ]; then
    # ssh-keygen asks this program, which has the passphrase from its environment: no process list shows it.
    user_asker=$(umask 077 && mktemp) || m_fail 'cannot make a temporary file'
    m_put "#!/bin/sh${m_nl}printf '%s\\n' \"\$MARTLET_ANSWER\"$m_nl" >"$user_asker"
    chmod 0700 -- "$user_asker"
    m_say=$(MARTLET_ANSWER=$arg_ssh_key_passphrase SSH_ASKPASS=$user_asker SSH_ASKPASS_REQUIRE=force DISPLAY=: ssh-keygen "$@" 2>&1) || {
      rm -f -- "$user_asker"
      m_fail "cannot make an SSH key: $m_say"
    }
    rm -f -- "$user_asker"
  else
    m_say=$(ssh-keygen "$@" -N '' 2>&1) || m_fail "cannot make an SSH key: $m_say"
  fi
  m_say=$(chown -- "$user_uid:$user_gid" "$user_key" "$user_key.pub" 2>&1) || m_fail "cannot give $user_key to $arg_name: $m_say"
}

# True for what crypt(3) makes, as far as its form tells, and for the marks of accounts without a password.
user_is_hash() {
  case $1 in
    '*' | '!' | '*************') return 0 ;;
    *[:*!]*) return 1 ;;
    *'$'*'$'*) ;;
    *) return 1 ;;
  esac
  user_hash=${1##*'$'}
  case $user_hash in
    *[!A-Za-z0-9./]*) return 1 ;;
  esac
  case $1:${#user_hash} in
    ?1'$'*:22 | ?5'$'*:43 | ?6'$'*:86 | ?y'$'*:43) ;;
    ?[156y]'$'*) return 1 ;;
  esac
}
