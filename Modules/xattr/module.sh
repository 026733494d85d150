# shellcheck shell=sh
# Input: see module.yml. Results: xattr, msg.

xattr_main() {
  m_plain_locale
  m_need getfattr attr
  [ -e "$arg_path" ] || m_fail 'path not found or not accessible!'
  case $arg_state:${arg_key+x} in
    absent: | present:) m_fail "$arg_state needs a key parameter" ;;
  esac
  xattr_key=${arg_key:-}
  if [ -n "${arg_key+x}" ] && [ -n "$arg_namespace" ]; then
    case $arg_namespace:$arg_key in
      user:user.*) ;;
      *) xattr_key=$arg_namespace.$arg_key ;;
    esac
  fi
  case $arg_state:${arg_value+x} in
    present:* | *:x) xattr_present ;;
    absent:*) xattr_absent ;;
    keys:*)
      xattr_names
      m_str msg 'returning all keys'
      ;;
    all:*)
      xattr_read ''
      xattr_report
      m_str msg 'dumping all'
      ;;
    *)
      xattr_read "$xattr_key"
      xattr_report
      m_str msg "returning $xattr_key"
      ;;
  esac
}

# xattr_read KEY: xattr_text is what getfattr says: NAME="value" with backslashes before quotes, a line each.
xattr_read() {
  if [ -n "$1" ]; then set -- -n "$1"; else set -- -d; fi
  [ "$arg_follow" = true ] || set -- -h "$@"
  m_capture getfattr --absolute-names -e text -m- "$@" -- "$arg_path"
  xattr_text=$m_nl$(m_put "$m_out$m_nl" | grep -v '^# file: ')$m_nl
  case $m_err in
    *'No such attribute'* | '') ;;
    *) m_fail "$m_err" ;;
  esac
}

xattr_names() {
  set --
  [ "$arg_follow" = true ] || set -- -h
  m_capture getfattr --absolute-names -m- "$@" -- "$arg_path"
  [ "$m_rc" = 0 ] || m_fail "$m_err"
  m_list xattr
  while IFS= read -r m_each; do
    case $m_each in
      '' | '# file: '*) ;;
      *) m_str '' "$m_each" ;;
    esac
  done <<XATTR_END
$m_out
XATTR_END
  m_close
}

# xattr_plain TEXT: m_result is a value without getfattr's quotes and backslashes. A line break is \012 there.
xattr_plain() {
  m_result=$1
  case $m_result in
    \"*\") ;;
    *) return 0 ;;
  esac
  xattr_rest=${m_result#\"}
  xattr_rest=${xattr_rest%\"}
  m_result=
  while :; do
    case $xattr_rest in
      *\\*) ;;
      *) break ;;
    esac
    m_result=$m_result${xattr_rest%%\\*}
    xattr_rest=${xattr_rest#*\\}
    case $xattr_rest in
      012*)
        m_result=$m_result$m_nl
        xattr_rest=${xattr_rest#012}
        ;;
      ?*)
        m_result=$m_result${xattr_rest%"${xattr_rest#?}"}
        xattr_rest=${xattr_rest#?}
        ;;
    esac
  done
  m_result=$m_result$xattr_rest
}

xattr_report() {
  m_dict xattr
  while IFS= read -r m_each; do
    [ -n "$m_each" ] || continue
    xattr_name=${m_each%%=*}
    case $m_each in
      *=*) xattr_plain "${m_each#*=}" ;;
      *) m_result='' ;;
    esac
    m_str "$xattr_name" "$m_result"
  done <<XATTR_END
$xattr_text
XATTR_END
  m_close
}

xattr_present() {
  xattr_read "$xattr_key"
  xattr_report
  m_str msg "$xattr_key set to ${arg_value:-}"
  case $xattr_text in
    *"$m_nl$xattr_key="*)
      m_result=${xattr_text#*"$m_nl$xattr_key="}
      xattr_plain "${m_result%%"$m_nl"*}"
      [ "$m_result" != "${arg_value:-}" ] || return 0
      ;;
  esac
  # A value that looks like a number in another notation is given as text.
  m_replace "${arg_value:-}" "\\" "\\\\"
  m_replace "$m_result" '"' '\"'
  set -- -n "$xattr_key" -v "\"$m_result\""
  [ "$arg_follow" = true ] || set -- -h "$@"
  m_must setfattr "$@" -- "$arg_path"
}

xattr_absent() {
  xattr_read "$xattr_key"
  xattr_report
  m_str msg "$xattr_key removed"
  case $xattr_text in
    *"$m_nl$xattr_key="* | *"$m_nl$xattr_key$m_nl"*) ;;
    *) return 0 ;;
  esac
  set -- -x "$xattr_key"
  [ "$arg_follow" = true ] || set -- -h "$@"
  m_must setfattr "$@" -- "$arg_path"
}
