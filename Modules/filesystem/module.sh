# shellcheck shell=sh
# Input: dev, state, fstype, force, resizefs, opts. Results: msg where nothing is done.

filesystem_main() {
  m_plain_locale
  if [ ! -e "$arg_dev" ]; then
    [ "$arg_state" = present ] && m_fail "Device $arg_dev not found."
    m_str msg "Device $arg_dev not found."
    return 0
  fi
  if [ ! -b "$arg_dev" ] && [ ! -f "$arg_dev" ]; then m_fail "Device $arg_dev is neither a block device nor a file."; fi
  m_need blkid util-linux
  # Without the cache, so that the device itself is looked at.
  filesystem_is=$(blkid -c /dev/null -o value -s TYPE -- "$arg_dev" 2>/dev/null)
  if [ "$arg_state" = absent ]; then
    [ -z "$filesystem_is" ] || m_must wipefs --all -- "$arg_dev"
    return 0
  fi
  case $arg_fstype in
    lvm) filesystem_type=LVM2_member ;;
    ext4dev) filesystem_type=ext4 ;;
    *) filesystem_type=$arg_fstype ;;
  esac
  if [ "$filesystem_is" = "$filesystem_type" ]; then
    [ "$arg_resizefs" = false ] || filesystem_grow
  elif [ -n "$filesystem_is" ] && [ "$arg_force" = false ]; then
    m_fail "'$arg_dev' is already used as $filesystem_is, use force=true to overwrite"
  else
    filesystem_make
  fi
}

# What overwrites and asks no questions, kind by kind.
filesystem_make() {
  case $arg_fstype in
    ext2 | ext3 | ext4 | ext4dev) set -- "mkfs.$arg_fstype" -F ;;
    xfs | btrfs | f2fs) set -- "mkfs.$arg_fstype" -f ;;
    ocfs2) set -- mkfs.ocfs2 -Fx ;;
    reiserfs) set -- mkfs.reiserfs -q ;;
    bcachefs) set -- mkfs.bcachefs --force ;;
    vfat) set -- mkfs.vfat ;;
    swap) set -- mkswap -f ;;
    lvm) set -- pvcreate -f -y ;;
    *) m_fail "module does not support this filesystem ($arg_fstype) yet." ;;
  esac
  m_need "$1"
  # shellcheck disable=SC2086
  m_must "$@" ${arg_opts:-} "$arg_dev"
}

# Where the file system already fills the device nothing is done.
filesystem_grow() {
  case $arg_fstype in
    ext2 | ext3 | ext4 | ext4dev)
      m_need dumpe2fs e2fsprogs
      m_capture dumpe2fs -h "$arg_dev"
      [ "$m_rc" = 0 ] || m_fail_command dumpe2fs -h "$arg_dev"
      filesystem_size "$(m_put "$m_out$m_nl" | awk -F: '/^Block count/ { n = $2 } /^Block size/ { s = $2 } END { printf "%.0f", n * s }')" &&
        m_must resize2fs "$arg_dev"
      ;;
    xfs | btrfs)
      filesystem_mounted
      [ -n "$filesystem_at" ] || m_fail "$arg_dev needs to be mounted for $arg_fstype operations"
      if [ "$arg_fstype" = xfs ]; then
        m_capture xfs_info "$filesystem_at"
        [ "$m_rc" = 0 ] || m_fail_command xfs_info "$filesystem_at"
        filesystem_size "$(m_put "$m_out$m_nl" |
          sed -n 's/^data .*bsize=\([0-9]*\) *blocks=\([0-9]*\).*/\1 \2/p' | awk '{ printf "%.0f", $1 * $2 }')" && m_must xfs_growfs "$filesystem_at"
      else
        filesystem_size "$(btrfs inspect-internal dump-super -- "$arg_dev" | awk '/^dev_item.total_bytes/ { print $2 }')" &&
          m_must btrfs filesystem resize max "$filesystem_at"
      fi
      ;;
    lvm)
      m_capture pvs --noheadings -o dev_size,pv_size --units b --nosuffix "$arg_dev"
      # Less than one extent more is no room.
      m_put "$m_out$m_nl" | awk '{ exit !($1 - $2 >= 8388608) }' && m_must pvresize "$arg_dev"
      ;;
    *) m_fail "module does not support resizing $arg_fstype filesystem yet." ;;
  esac
  return 0
}

# filesystem_size BYTES: true if the device has room for more than a block beyond them.
filesystem_size() {
  if [ -b "$arg_dev" ]; then filesystem_room=$(blockdev --getsize64 "$arg_dev"); else filesystem_room=$(stat -L -c %s -- "$arg_dev"); fi
  # awk counts beyond 32 bits on every host.
  awk "BEGIN { exit !($filesystem_room - $1 >= 65536) }"
}

filesystem_mounted() {
  filesystem_at='' filesystem_real=$(readlink -f -- "$arg_dev")
  while read -r filesystem_each m_each filesystem_rest; do
    if [ "$(readlink -f -- "$filesystem_each")" = "$filesystem_real" ]; then filesystem_at=$m_each; fi
  done </proc/mounts
}
