# shellcheck shell=sh
# Python's regular expressions as grep -E and sed -E know them; wait_for uses this, too.

find_tab='	'

# find_expression TEXT [whole]: m_result is a POSIX expression for a Python one; what POSIX does not have is refused. With whole, text has
# m_us for its line breaks. find_groups is the number of groups, find_group_names their names (NAME NUMBER …), find_lazy
# whether short matches were asked for: those match where long ones do, but not the same text.
find_expression() {
  # What stands for a line break where a whole file is looked at as one line.
  find_whole=
  [ "${2:-}" != whole ] || find_whole=$m_us
  find_left=$1 find_made='' find_groups=0 find_group_names='' find_lazy=false
  while [ -n "$find_left" ]; do
    find_take
    case $find_char in
      \\)
        find_take
        find_escape outside
        ;;
      '[') find_set ;;
      '(') find_group "$1" ;;
      .) if [ -n "$find_whole" ]; then find_made="${find_made}[^$find_whole]"; else find_made=$find_made.; fi ;;
      '$') if [ -n "$find_whole" ]; then find_made="$find_made$find_whole?\$"; else find_made="$find_made\$"; fi ;;
      "$m_nl") find_made=$find_made${find_whole:-\$} ;;
      '*' | + | '?' | '}')
        find_made=$find_made$find_char
        case $find_left in
          '?'*)
            find_take
            find_lazy=true
            ;;
          +*) find_refuse "$1" ;;
        esac
        ;;
      *) find_made=$find_made$find_char ;;
    esac
  done
  m_result=$find_made
}

find_refuse() { m_fail "the expression '$1' needs what grep -E does not have: look-around, flags or possessive matches"; }

# find_char is the next character, which find_left loses.
find_take() {
  find_char=${find_left%"${find_left#?}"}
  find_left=${find_left#?}
}

# What a backslash and find_char stand for, inside or outside of a set.
find_escape() {
  case $find_char:$1 in
    d:inside) find_made=${find_made}0-9 ;;
    w:inside) find_made="${find_made}[:alnum:]_" ;;
    s:inside) find_made="${find_made}[:space:]$find_whole" ;;
    d:*) find_made="${find_made}[0-9]" ;;
    D:*) find_made="${find_made}[^0-9]" ;;
    w:*) find_made="${find_made}[[:alnum:]_]" ;;
    W:*) find_made="${find_made}[^[:alnum:]_]" ;;
    s:*) find_made="${find_made}[[:space:]$find_whole]" ;;
    S:*) find_made="${find_made}[^[:space:]$find_whole]" ;;
    n:inside) find_made=$find_made$find_whole ;;
    n:*) find_made=$find_made${find_whole:-\$} ;;
    t:*) find_made=$find_made$find_tab ;;
    A:outside) find_made=$find_made^ ;;
    Z:outside) find_made="$find_made\$" ;;
    *:inside)
      # Only where they stand tells what these mean in a set of POSIX.
      case $find_char in
        ']') find_set_first=']' ;;
        '^' | -) find_set_last=$find_set_last$find_char ;;
        *) find_made=$find_made$find_char ;;
      esac
      ;;
    *) find_made="$find_made\\$find_char" ;;
  esac
}

find_set() {
  find_before=$find_made find_made='' find_set_not='' find_set_first='' find_set_last=''
  case $find_left in
    '^'*)
      find_take
      find_set_not=^
      ;;
  esac
  case $find_left in
    ']'*)
      find_take
      find_set_first=']'
      ;;
  esac
  while [ -n "$find_left" ]; do
    find_take
    case $find_char in
      ']') break ;;
      \\)
        find_take
        find_escape inside
        ;;
      "$m_nl") find_made=$find_made$find_whole ;;
      *) find_made=$find_made$find_char ;;
    esac
  done
  # A set of a caret alone would be the start of its opposite.
  if [ "$find_set_not$find_set_first$find_made$find_set_last" = ^ ]; then
    find_made="$find_before\\^"
    return 0
  fi
  find_made="${find_before}[$find_set_not$find_set_first$find_made$find_set_last]"
}

find_group() {
  case $find_left in
    '?:'*) find_left=${find_left#??} ;;
    '?P<'*)
      find_left=${find_left#???}
      find_groups=$((find_groups + 1))
      find_group_names="$find_group_names ${find_left%%>*} $find_groups"
      find_left=${find_left#*>}
      ;;
    '?'*) find_refuse "$1" ;;
    *) find_groups=$((find_groups + 1)) ;;
  esac
  find_made="$find_made("
}
