# shellcheck shell=sh
# Input: see module.yml. Results: msg, config_value, config_values.

git_config_main() {
  m_plain_locale
  m_need git git
  config_scope=${arg_scope:-}
  [ -n "$config_scope" ] || [ "$arg_list_all" = true ] || config_scope=system
  config_choose
  if [ "$arg_list_all" = true ]; then
    config_list
    return 0
  fi
  config_call --get-all "$arg_name"
  [ "$m_rc" -lt 2 ] || m_fail "$m_err"
  config_old=$m_out config_set=$m_rc
  if [ "$arg_state" = absent ]; then
    config_remove
  elif [ -z "${arg_value:-}" ]; then
    m_str msg ''
    m_str config_value "${config_old%%"$m_nl"*}"
  else
    config_put
  fi
}

# Elsewhere than in a repository, lest its settings are found.
config_choose() {
  config_folder=/
  case $config_scope in
    local) config_folder=$arg_repo ;;
    '') config_folder=${arg_repo:-/} ;;
  esac
  cd -- "$config_folder" || m_fail "cannot go to $config_folder"
}

# config_call WORD…: git config in that scope.
config_call() {
  case $config_scope in
    file) m_capture git config --includes -f "$arg_file" "$@" ;;
    '') m_capture git config --includes "$@" ;;
    *) m_capture git config --includes "--$config_scope" "$@" ;;
  esac
}

config_list() {
  config_call -l
  case $m_rc:$m_err in
    0:* | 128:*'unable to read config file'*) ;;
    *) m_fail "$m_err" ;;
  esac
  m_str msg ''
  m_dict config_values
  while IFS= read -r m_each; do
    case $m_each in
      *=*) m_str "${m_each%%=*}" "${m_each#*=}" ;;
    esac
  done <<CONFIG_END
$m_out
CONFIG_END
  m_close
}

config_remove() {
  if [ "$config_set" != 0 ]; then
    m_str msg 'no setting to unset'
    return 0
  fi
  config_change '' --unset-all "$arg_name"
}

config_put() {
  config_same=false
  case $arg_add_mode:$m_nl$config_old$m_nl in
    add:*"$m_nl$arg_value$m_nl"* | replace-all:"$m_nl$arg_value$m_nl") config_same=true ;;
  esac
  if [ "$config_set:$config_same" = 0:true ]; then
    m_str msg ''
    return 0
  fi
  config_after=$arg_value$m_nl
  [ "$arg_add_mode" = replace-all ] || config_after=$config_old${config_old:+$m_nl}$arg_value$m_nl
  config_change "$config_after" "--$arg_add_mode" "$arg_name" "$arg_value"
}

# config_change AFTER WORD…
config_change() {
  m_changed=true
  config_after=$1
  shift
  m_words git config "$@"
  m_diff_text "$m_result" "$m_result" "$config_old$m_nl" "$config_after"
  m_str msg 'setting changed'
  [ "$m_check" = false ] || return 0
  config_call "$@"
  [ "$m_rc" = 0 ] || m_fail "$m_err"
}
