# shellcheck shell=sh
# Input: see module.yml. Results: repo, state.

yum_repository_main() {
  [ -d "$arg_reposdir" ] || m_fail "Repo directory '$arg_reposdir' does not exist."
  yum_repository_file=$arg_reposdir/${arg_file:-$arg_name}.repo
  m_str repo "$arg_name"
  m_str state "$arg_state"
  yum_repository_split
  yum_repository_wanted=
  [ "$arg_state" = absent ] || yum_repository_section
  if [ "$yum_repository_there$arg_state" != falseabsent ]; then
    yum_repository_normal "$yum_repository_old"
    yum_repository_is=$m_result
    yum_repository_normal "$yum_repository_wanted"
    [ "$m_result" = "$yum_repository_is" ] || yum_repository_write
  fi
  [ -e "$yum_repository_file" ] || return 0
  m_stat "$yum_repository_file"
  m_attributes "$yum_repository_file"
}

# Takes the file apart: yum_repository_head and _tail are what stands before and behind the section, _old is its text.
yum_repository_split() {
  yum_repository_head='' yum_repository_old='' yum_repository_tail='' yum_repository_there=false yum_repository_part=head
  m_read_text "$yum_repository_file"
  yum_repository_text=$m_result
  yum_repository_left=$m_result
  case $yum_repository_left in
    '' | *"$m_nl") ;;
    *) yum_repository_left=$yum_repository_left$m_nl ;;
  esac
  while [ -n "$yum_repository_left" ]; do
    yum_repository_line=${yum_repository_left%%"$m_nl"*}
    yum_repository_left=${yum_repository_left#*"$m_nl"}
    case $yum_repository_line in
      "[$arg_name]"*) yum_repository_part=old yum_repository_there=true ;;
      '['*) if [ "$yum_repository_there" = true ]; then yum_repository_part=tail; fi ;;
    esac
    case $yum_repository_part in
      head) yum_repository_head=$yum_repository_head$yum_repository_line$m_nl ;;
      old) yum_repository_old=$yum_repository_old$yum_repository_line$m_nl ;;
      tail) yum_repository_tail=$yum_repository_tail$yum_repository_line$m_nl ;;
    esac
  done
}

# yum_repository_wanted is the section's text, options in the order of their names.
yum_repository_section() {
  arg_name_kept=$arg_name
  # In the file, `name` is the description.
  arg_name=$arg_description
  yum_repository_wanted="[$arg_name_kept]$m_nl"
  for yum_repository_key in async bandwidth baseurl cost countme deltarpm_metadata_percentage deltarpm_percentage enabled enablegroups \
    exclude failovermethod gpgcakey gpgcheck gpgkey http_caching include includepkgs ip_resolve keepalive keepcache metadata_expire \
    metadata_expire_filter metalink mirrorlist mirrorlist_expire module_hotfixes name password priority protect proxy proxy_password \
    proxy_username repo_gpgcheck retries s3_enabled skip_if_unavailable ssl_check_cert_permissions sslcacert sslclientcert \
    sslclientkey sslverify throttle timeout ui_repoid_vars username; do
    eval "[ -n \"\${arg_$yum_repository_key+x}\" ] || continue; m_result=\$arg_$yum_repository_key"
    case $yum_repository_key in
      baseurl | gpgkey) yum_repository_join "$m_nl	" "$m_result" ;;
      exclude | includepkgs) yum_repository_join ' ' "$m_result" ;;
      *)
        case $m_result in
          true) m_result=1 ;;
          false) m_result=0 ;;
        esac
        ;;
    esac
    yum_repository_wanted="$yum_repository_wanted$yum_repository_key = $m_result$m_nl"
  done
  yum_repository_wanted=$yum_repository_wanted$m_nl
  arg_name=$arg_name_kept
}

# yum_repository_join BETWEEN WORDS: m_result is the list's elements with a text between them.
yum_repository_join() {
  yum_repository_between=$1
  eval "set -- $2"
  m_result=${1:-}
  [ $# = 0 ] || shift
  for m_each in "$@"; do m_result=$m_result$yum_repository_between$m_each; done
}

# m_result is a section's options one a line and sorted, without comments and with the blanks of configuration files evened out.
yum_repository_normal() {
  yum_repository_options='' yum_repository_option=
  while IFS= read -r yum_repository_line; do
    case $yum_repository_line in
      '#'* | ';'* | '') ;;
      [[:space:]]*)
        m_trim "$yum_repository_line"
        yum_repository_option="$yum_repository_option	$m_result"
        ;;
      *)
        yum_repository_options=$yum_repository_options$yum_repository_option$m_nl
        m_trim "${yum_repository_line%%[=:]*}"
        yum_repository_option=$m_result
        case $yum_repository_line in
          *[=:]*)
            m_trim "${yum_repository_line#*[=:]}"
            yum_repository_option="$yum_repository_option = $m_result"
            ;;
        esac
        ;;
    esac
  done <<YUM_REPOSITORY_END
$1
YUM_REPOSITORY_END
  m_result=$(m_put "$yum_repository_options$yum_repository_option$m_nl" | LC_ALL=C sort)
}

yum_repository_write() {
  case $yum_repository_head in
    '' | *"$m_nl$m_nl") ;;
    *) [ "$yum_repository_there" = true ] || yum_repository_head=$yum_repository_head$m_nl ;;
  esac
  yum_repository_new=$yum_repository_head$yum_repository_wanted$yum_repository_tail
  m_trim "$yum_repository_new"
  if [ -n "$m_result" ]; then
    m_write_text "$yum_repository_file" "$yum_repository_new" "${arg_mode:-0644}"
    return 0
  fi
  m_changed=true
  m_diff_text "$yum_repository_file" /dev/null "$yum_repository_text" ''
  [ "$m_check" = true ] || m_say=$(rm -f -- "$yum_repository_file" 2>&1) || m_fail "Cannot remove empty repo file $yum_repository_file: $m_say"
}
