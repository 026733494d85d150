# shellcheck shell=sh
# Permission bits as numbers, octal text and symbolic text.

# m_result is the number that octal text stands for; false if it is not octal.
m_octal_number() {
  case $1 in
    '' | *[!0-7]*) return 1 ;;
  esac
  m_octal_rest=$1
  m_result=0
  while [ -n "$m_octal_rest" ]; do
    m_result=$((m_result * 8 + ${m_octal_rest%"${m_octal_rest#?}"}))
    m_octal_rest=${m_octal_rest#?}
  done
}

# m_result is a number's permission bits in octal: a zero and three digits, or four.
m_octal_text() {
  m_result=$((($1 >> 6) & 7))$((($1 >> 3) & 7))$(($1 & 7))
  [ $((($1 >> 9) & 7)) = 0 ] || m_result=$((($1 >> 9) & 7))$m_result
  m_result=0$m_result
}

# m_mode TEXT CURRENT IS_DIRECTORY: m_result is the number that an octal or symbolic mode comes to for a path whose bits are
# CURRENT. Leaves the module when the text is no mode, and says what is at m_mode_path, where that is set.
m_mode() {
  m_octal_number "${1#0o}" && return 0
  m_mode_new=$2
  m_mode_rest=$1,
  while [ -n "$m_mode_rest" ]; do
    m_mode_clause=${m_mode_rest%%,*}
    m_mode_rest=${m_mode_rest#*,}
    m_mode_who=${m_mode_clause%%[-+=]*}
    m_mode_ops=${m_mode_clause#"$m_mode_who"}
    case $m_mode_who:$m_mode_ops in
      a:[-+=]* | :[-+=]*) ;;
      *[!ugo]*:* | *:) m_mode_refuse ;;
    esac
    while [ -n "$m_mode_ops" ]; do
      m_mode_op=${m_mode_ops%"${m_mode_ops#?}"}
      m_mode_ops=${m_mode_ops#?}
      m_mode_perms=${m_mode_ops%%[-+=]*}
      m_mode_ops=${m_mode_ops#"$m_mode_perms"}
      case $m_mode_perms in
        *[!rwxXstugo]*) m_mode_refuse ;;
      esac
      m_mode_apply "$3"
    done
  done
  m_result=$m_mode_new
}

m_mode_refuse() {
  m_str details "bad symbolic permission for mode: $m_mode_clause"
  if [ -n "${m_mode_path:-}" ]; then m_fail_at "$m_mode_path" 'mode must be in octal or symbolic form'; fi
  m_fail 'mode must be in octal or symbolic form'
}

# Applies one operation (m_mode_who, m_mode_op, m_mode_perms) to m_mode_new.
m_mode_apply() {
  m_mode_keep=4095
  m_mode_each=
  case $m_mode_who in
    '')
      m_octal_number "$(umask)"
      m_mode_keep=$((4095 & ~m_result))
      m_mode_each='u g o'
      ;;
    a) m_mode_each='u g o' ;;
  esac
  case $m_mode_who in *u*) m_mode_each="$m_mode_each u" ;; esac
  case $m_mode_who in *g*) m_mode_each="$m_mode_each g" ;; esac
  case $m_mode_who in *o*) m_mode_each="$m_mode_each o" ;; esac
  m_mode_old=$m_mode_new
  for m_mode_one in $m_mode_each; do
    case $m_mode_one in
      u) m_mode_shift=6 m_mode_special=2048 ;;
      g) m_mode_shift=3 m_mode_special=1024 ;;
      *) m_mode_shift=0 m_mode_special=512 ;;
    esac
    m_mode_bits "$1"
    m_mode_set=$((m_mode_set & m_mode_keep))
    case $m_mode_op in
      +) m_mode_new=$((m_mode_new | m_mode_set)) ;;
      -) m_mode_new=$((m_mode_new & ~m_mode_set)) ;;
      *) m_mode_new=$((m_mode_new & ~((7 << m_mode_shift) | m_mode_special) | m_mode_set)) ;;
    esac
  done
}

# m_mode_set is the bits that m_mode_perms means for m_mode_one; X looks at the bits before this operation.
m_mode_bits() {
  m_mode_set=0
  m_mode_left=$m_mode_perms
  while [ -n "$m_mode_left" ]; do
    case $m_mode_left in
      r*) m_mode_bit=$((4 << m_mode_shift)) ;;
      w*) m_mode_bit=$((2 << m_mode_shift)) ;;
      x*) m_mode_bit=$((1 << m_mode_shift)) ;;
      X*)
        m_mode_bit=0
        if [ "$1" = true ] || [ $((m_mode_old & 73)) -ne 0 ]; then m_mode_bit=$((1 << m_mode_shift)); fi
        ;;
      s*)
        m_mode_bit=$m_mode_special
        [ "$m_mode_one" != o ] || m_mode_bit=0
        ;;
      t*)
        m_mode_bit=0
        [ "$m_mode_one" != o ] || m_mode_bit=512
        ;;
      u*) m_mode_bit=$((((m_mode_old >> 6) & 7) << m_mode_shift)) ;;
      g*) m_mode_bit=$((((m_mode_old >> 3) & 7) << m_mode_shift)) ;;
      *) m_mode_bit=$(((m_mode_old & 7) << m_mode_shift)) ;;
    esac
    m_mode_set=$((m_mode_set | m_mode_bit))
    m_mode_left=${m_mode_left#?}
  done
}
