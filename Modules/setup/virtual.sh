# shellcheck shell=sh
# What the host runs on and what it runs.

setup_virtual() {
  setup_guests='' setup_hosts='' setup_guest='' setup_role=
  setup_container
  setup_machine_guest
  if [ -e /dev/kvm ] || [ -d /sys/module/kvm ]; then setup_hosts="$setup_hosts kvm"; fi
  if [ -d /sys/module/vboxdrv ]; then setup_hosts="$setup_hosts virtualbox"; fi
  if [ -n "$setup_guest" ]; then
    setup_role=guest
  elif [ -n "$setup_hosts" ]; then
    # shellcheck disable=SC2086
    set -- $setup_hosts
    setup_guest=$1 setup_role=host
  else
    setup_guest=NA setup_role=NA
  fi
  fact_str virtualization_type "$setup_guest"
  fact_str virtualization_role "$setup_role"
  if fact_list virtualization_tech_guest; then
    for m_each in $setup_guests; do m_str '' "$m_each"; done
    m_close
  fi
  if fact_list virtualization_tech_host; then
    for m_each in $setup_hosts; do m_str '' "$m_each"; done
    m_close
  fi
}

setup_is_guest() {
  setup_guests="$setup_guests $1"
  [ -n "$setup_guest" ] || setup_guest=$1
}

setup_container() {
  if [ -e /.dockerenv ] || [ -e /.dockerinit ]; then
    setup_guests=' container'
    setup_is_guest docker
  elif [ -e /run/.containerenv ]; then
    setup_guests=' container'
    setup_is_guest podman
  elif fact_first /run/systemd/container; then
    setup_guests=' container'
    case $m_result in
      systemd-nspawn | lxc | docker | podman) setup_is_guest "$m_result" ;;
      *) setup_is_guest container ;;
    esac
  elif fact_first /proc/1/cgroup; then
    case $m_result in
      *docker*)
        setup_guests=' container'
        setup_is_guest docker
        ;;
      *lxc*)
        setup_guests=' container'
        setup_is_guest lxc
        ;;
    esac
  fi
  if [ -d /proc/vz ] && [ ! -d /proc/lve ]; then setup_is_guest openvz; fi
}

setup_machine_guest() {
  fact_first /sys/class/dmi/id/product_name || m_result=
  setup_product=$m_result
  fact_first /sys/class/dmi/id/sys_vendor || m_result=
  setup_vendor=$m_result
  fact_first /sys/class/dmi/id/bios_vendor || m_result=
  setup_bios=$m_result
  case $setup_product in
    *VMware*) setup_is_guest VMware ;;
    VirtualBox) setup_is_guest virtualbox ;;
    *'Virtual Machine'*) [ "$setup_vendor" != 'Microsoft Corporation' ] || setup_is_guest VirtualPC ;;
    'OpenStack Compute' | 'OpenStack Nova') setup_is_guest openstack ;;
    *'HVM domU'*) setup_is_guest xen ;;
    Bochs | KVM | *'KVM'* | 'Standard PC'* | 'Google Compute Engine') setup_is_guest kvm ;;
    *) setup_vendor_guest ;;
  esac
}

setup_vendor_guest() {
  case $setup_vendor in
    QEMU | KVM | 'Amazon EC2' | DigitalOcean | Hetzner | 'Alibaba Cloud' | 'Red Hat' | oVirt | Nutanix | Scaleway | linode | Vultr | 'FreeBSD' | UpCloud)
      setup_is_guest kvm
      return 0
      ;;
    'Parallels Software International Inc.') setup_is_guest parallels ;;
    Xen) setup_is_guest xen ;;
  esac
  case $setup_bios in
    Xen) setup_is_guest xen ;;
    'Amazon EC2' | SeaBIOS) setup_is_guest kvm ;;
  esac
  if [ -d /proc/xen ]; then setup_is_guest xen; fi
}
