# shellcheck shell=sh
# Input: user, key, state, path, manage_dir, key_options, exclusive, comment, follow. Results: keyfile and the input's echo.

authorized_key_main() {
  keys_account
  keys_read
  keys_before=$keys_text
  if [ "$arg_exclusive" = true ] && [ "$arg_state" = present ]; then keys_only; fi
  keys_given=$arg_key$m_nl
  while [ -n "$keys_given" ]; do
    keys_line=${keys_given%%"$m_nl"*}
    keys_given=${keys_given#*"$m_nl"}
    m_trim "$keys_line"
    case $m_result in
      '' | '#'*) continue ;;
    esac
    keys_asked=$m_result
    keys_parse "$keys_asked" || m_fail "invalid key specified: $keys_asked"
    if [ "$arg_state" = present ]; then keys_add; else keys_remove; fi
  done
  m_str keyfile "$keys_path"
  keys_echo
  if [ "$keys_text" != "$keys_before" ]; then
    keys_prepare
    m_write_text "$keys_path" "$keys_text" 0600
    if [ "$m_check" = false ]; then keys_give "$keys_path"; fi
  elif [ "$arg_state" = present ] && [ "$arg_manage_dir" = true ] && [ -z "${arg_path:-}" ]; then
    keys_prepare
  fi
}

# What was asked for is told again, as the reference does.
keys_echo() {
  m_str user "$arg_user"
  m_str key "$arg_key"
  m_str state "$arg_state"
  m_bool exclusive "$arg_exclusive"
  m_bool follow "${arg_follow:-false}"
  m_bool manage_dir "$arg_manage_dir"
  m_bool validate_certs "${arg_validate_certs:-true}"
  if [ -n "${arg_path:-}" ]; then m_str path "$arg_path"; else m_null path; fi
  if [ -n "${arg_comment+x}" ]; then m_str comment "$arg_comment"; else m_null comment; fi
  if [ -n "${arg_key_options+x}" ]; then m_str key_options "$arg_key_options"; else m_null key_options; fi
}

# Sets keys_path and who shall own it.
keys_account() {
  if m_has getent; then
    keys_entry=$(getent passwd "$arg_user")
  else
    keys_entry=$(grep "^$arg_user:" /etc/passwd)
  fi
  if [ -z "$keys_entry" ]; then
    if [ "$m_check" = true ] && [ -n "${arg_path:-}" ]; then
      keys_entry="$arg_user:x:0:0::/:"
    else
      m_fail "Failed to lookup user $arg_user: \"getpwnam(): name not found: '$arg_user'\""
    fi
  fi
  keys_rest=${keys_entry#*:*:}
  keys_uid=${keys_rest%%:*}
  keys_rest=${keys_rest#*:}
  keys_gid=${keys_rest%%:*}
  keys_rest=${keys_rest#*:*:}
  keys_path=${arg_path:-${keys_rest%%:*}/.ssh/authorized_keys}
  if [ "$arg_follow" = true ] && [ -L "$keys_path" ]; then keys_path=$(readlink -f -- "$keys_path"); fi
}

keys_read() {
  m_read_text "$keys_path"
  keys_text=$m_result
  case $keys_text in
    '' | *"$m_nl") ;;
    *) keys_text=$keys_text$m_nl ;;
  esac
}

# keys_parse LINE: sets keys_options, keys_type, keys_data and keys_comment; false if it is no key. Options may hold quoted blanks.
keys_parse() {
  keys_options='' keys_rest=$1
  while :; do
    case $keys_rest in
      ssh-rsa\ * | ssh-ed25519\ * | ssh-dss\ * | ecdsa-sha2-*\ * | sk-ssh-ed25519*\ * | sk-ecdsa-sha2-*\ * | ssh-*-cert-*\ * | ecdsa-*-cert-*\ *) break ;;
    esac
    keys_word || return 1
    keys_options=$keys_options${keys_options:+ }$m_result
    keys_rest=${keys_rest#"$m_result"}
    keys_rest=${keys_rest#"${keys_rest%%[! ]*}"}
    [ -n "$keys_rest" ] || return 1
  done
  keys_type=${keys_rest%% *}
  keys_rest=${keys_rest#* }
  keys_data=${keys_rest%% *}
  keys_comment=
  case $keys_rest in
    *\ *) keys_comment=${keys_rest#* } ;;
  esac
}

# m_result is the first word of keys_rest; a blank in quotes does not end it.
keys_word() {
  m_result='' keys_left=$keys_rest keys_quoted=false
  while [ -n "$keys_left" ]; do
    keys_char=${keys_left%"${keys_left#?}"}
    keys_left=${keys_left#?}
    case $keys_char:$keys_quoted in
      \":true) keys_quoted=false ;;
      \":false) keys_quoted=true ;;
      \ :false) break ;;
    esac
    m_result=$m_result$keys_char
  done
  [ -n "$m_result" ] && [ "$m_result" != "$keys_rest" ]
}

# keys_wanted is the line for the key as it shall stand there.
keys_format() {
  if [ -n "${arg_comment+x}" ]; then keys_comment=$arg_comment; fi
  keys_chosen=${arg_key_options-$keys_options}
  keys_wanted="${keys_chosen:+$keys_chosen }$keys_type $keys_data${keys_comment:+ $keys_comment}"
}

keys_add() {
  keys_format
  keys_walk replace
  [ "$keys_found" = true ] || keys_text=$keys_text$keys_wanted$m_nl
}

keys_remove() { keys_walk drop; }

# Walks over the lines and replaces or drops those with the key that was parsed.
keys_walk() {
  keys_want_type=$keys_type keys_want_data=$keys_data
  keys_out='' keys_found=false keys_lines=$keys_text
  while [ -n "$keys_lines" ]; do
    keys_one=${keys_lines%%"$m_nl"*}
    keys_lines=${keys_lines#*"$m_nl"}
    case $keys_one in
      *" $keys_want_data" | *" $keys_want_data "*)
        keys_parse "$keys_one"
        if [ "$keys_type:$keys_data" = "$keys_want_type:$keys_want_data" ]; then
          if [ "$1" = replace ] && [ "$keys_found" = false ]; then
            # A line that says the same stays as it is written.
            if [ "$keys_options" = "$keys_chosen" ] && [ "${keys_comment:+ $keys_comment}" = "${keys_wanted##*"$keys_want_data"}" ]; then keys_wanted=$keys_one; fi
            keys_out=$keys_out$keys_wanted$m_nl
          fi
          keys_found=true
          continue
        fi
        ;;
    esac
    keys_out=$keys_out$keys_one$m_nl
  done
  keys_text=$keys_out
}

# Keeps only lines whose keys are given, and comments.
keys_only() {
  keys_out='' keys_lines=$keys_text
  while [ -n "$keys_lines" ]; do
    keys_one=${keys_lines%%"$m_nl"*}
    keys_lines=${keys_lines#*"$m_nl"}
    case $keys_one in
      '#'* | '') keys_out=$keys_out$keys_one$m_nl ;;
      *)
        if keys_parse "$keys_one"; then
          case "$arg_key$m_nl" in
            *"$keys_type $keys_data"[[:space:]]*) keys_out=$keys_out$keys_one$m_nl ;;
          esac
        fi
        ;;
    esac
  done
  keys_text=$keys_out
}

# The directory must be the account's and closed to others, or sshd refuses the keys.
keys_prepare() {
  m_parent "$keys_path"
  keys_folder=$m_result
  if [ "$arg_manage_dir" = false ]; then
    [ -d "$keys_folder" ] || m_fail "the directory $keys_folder is not there, and manage_dir is false"
    return 0
  fi
  m_stat_through "$keys_folder"
  if [ "$m_type" = absent ]; then
    m_changed=true
    [ "$m_check" = false ] || return 0
    # shellcheck disable=SC2174
    m_say=$(mkdir -p -m 0700 -- "$keys_folder" 2>&1) || m_fail "Failed to create directory $keys_folder : $m_say"
    keys_give "$keys_folder"
    return 0
  fi
  arg_owner=$keys_uid arg_group=$keys_gid arg_mode=0700
  [ -z "${arg_path:-}" ] || return 0
  m_attributes "$keys_folder"
}

keys_give() {
  m_say=$(chown -- "$keys_uid:$keys_gid" "$1" 2>&1) || m_fail "cannot give $1 to $arg_user: $m_say"
}
