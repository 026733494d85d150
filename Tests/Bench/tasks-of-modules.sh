# shellcheck shell=bash
# The tasks that `modules`, beside this file, measures: a function tasks_of_MODULE per module prints its task of a number. Each task
# of a first round changes something, and in a second round nothing is left to do; the exceptions are named here. All modules run in
# one play on one host, so what a task changes is its module's alone.

# shellcheck disable=SC2034 # `modules` reads them
modules_that_only_look='apt package stat find slurp getent package_facts service_facts setup wait_for ping debug dpkg_selections debconf timezone uri'
# shellcheck disable=SC2034
modules_that_always_change='command shell raw script tempfile'

# Why the others of the library have no task here: WHY: MODULES.
# shellcheck disable=SC2034
modules_without_tasks='
need a server, or another manager of packages, than a plain Debian has: apache2_module apk apt_key borg restic composer database_dump backup_verify deploy_helper
  dnf dnf5 docker_compose_v2 docker_container docker_container_exec docker_container_info docker_host_info docker_image docker_image_build
  docker_image_info docker_image_pull docker_login docker_network docker_prune docker_volume gem get_certificate haproxy mail mysql_db
  mysql_query mysql_user mysql_variables nagios npm pacman pip postgresql_db postgresql_ext postgresql_privs postgresql_query postgresql_schema
  postgresql_user rabbitmq_plugin rabbitmq_policy rabbitmq_user rabbitmq_vhost redis rpm_key supervisorctl yum_repository yum_versionlock zypper
  zypper_repository
need what a host in a namespace of this machine may not touch, or must not change twice: async_status capabilities filesystem firewalld hostname
  iptables locale_gen lvg lvol modprobe parted reboot seboolean sefcontext selinux selinux_permissive seport snapshot ufw
need a tool, or a script in /etc/init.d, that a plain Debian does not have: expect sysvinit acl at htpasswd patch synchronize xattr apt_repository
are of the controller, and never ask the host: add_host assert fail gather_facts group_by import_playbook import_role import_tasks include_role
  include_tasks include_vars meta pause set_fact set_stats validate_argument_spec wait_for_connection
are our own, so that nothing stands beside them: martlet_undo patch_facts service_restart_needed
need Python libraries that a plain Debian does not have, for ansible: openssl_csr openssl_csr_pipe openssl_dhparam openssl_privatekey
  openssl_publickey x509_certificate x509_certificate_info
have nothing to do with most hosts, or cost what their tool costs: make
'

modules_with_tasks() { declare -F | sed -n 's/^declare -f tasks_of_//p' | sort; }

# What a host has before each first round. TASKS stands before it.
# shellcheck disable=SC2016,SC2034 # the words are the host's shell's
reset_host='
  rm -rf /opt/bench /etc/cron.d/bench* /etc/sysctl.d/bench.conf /etc/ssh/bench_known_hosts /etc/apt/sources.list.d/bench*
  mkdir -p /opt/bench/in /opt/bench/out
  for n in $(seq "$TASKS"); do
    printf "# settings\nlisten = 80\nworkers = 4\n[main]\nkey = old\n" >/opt/bench/in/$n.conf
    echo "to fetch" >/opt/bench/in/fetch$n
    mkdir /opt/bench/out/$n
    echo "auth required pam_unix.so" >/opt/bench/in/pam$n
    ! id bench$n >/dev/null 2>&1 || userdel -r bench$n 2>/dev/null
    ! getent group benchgroup$n >/dev/null || groupdel benchgroup$n
    units="${units-} bench-a$n.service bench-b$n.service"
  done
  systemctl -q stop $units
  systemctl -q disable $units 2>/dev/null
  sed -i "/bench/d" /etc/fstab /etc/security/limits.conf
  for n in $(seq "$TASKS"); do update-alternatives --quiet --remove-all bench$n 2>/dev/null; done
  rm -f /root/.gitconfig
  dpkg-divert --list "/opt/bench/*" | while read -r _ _ _ file _; do dpkg-divert --quiet --no-rename --remove "$file"; done
  crontab -r -u ops 2>/dev/null
  true'

# What it has for good: git, an archive, a repository, a server of files, units that do nothing.
# shellcheck disable=SC2016,SC2034
prepare_host='
  apt-get -q -y install git python3-debian >/dev/null
  mkdir -p /srv/bench/tree
  for n in 1 2 3 4 5; do echo "file $n" >/srv/bench/tree/$n; done
  tar -C /srv/bench -czf /srv/bench/tree.tar.gz tree
  cd /srv/bench/tree && git init -q && git add . && git -c user.name=b -c user.email=b@localhost commit -qm one
  for n in $(seq "$TASKS"); do
    for kind in a b; do
      printf "[Unit]\nDescription=bench\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n" \
        >/etc/systemd/system/bench-$kind$n.service
    done
  done
  systemctl daemon-reload
  echo "man-db man-db/auto-update boolean true" | debconf-set-selections
  systemd-run -q --unit bench-server python3 -m http.server --bind 127.0.0.1 --directory /srv/bench 8089'

# task MODULE: prints a task with the arguments that standard input has. Its name says whose it is, whatever the module is called in it.
task() {
  printf -- '    - name: %s\n      ignore_errors: true\n      %s:\n' "${measured:?}" "$1"
  sed 's/^/        /'
}

tasks_of_file() { task file <<<"{path: /opt/bench/d$1, state: directory, mode: '0750', owner: ops}"; }
tasks_of_copy() { task copy <<<"{content: 'settings of $1', dest: /opt/bench/f$1, mode: '0640', owner: ops}"; }
tasks_of_template() { task template <<<"{src: /usr/share/common-licenses/BSD, dest: /opt/bench/t$1, mode: '0644'}"; }
tasks_of_lineinfile() { task lineinfile <<<"{path: /opt/bench/in/$1.conf, regexp: ^workers, line: workers = 8}"; }
tasks_of_blockinfile() { task blockinfile <<<"{path: /opt/bench/in/$1.conf, block: 'one = 1'}"; }
tasks_of_replace() { task replace <<<"{path: /opt/bench/in/$1.conf, regexp: '^listen = .*', replace: listen = 8080}"; }
tasks_of_ini_file() { task community.general.ini_file <<<"{path: /opt/bench/in/$1.conf, section: main, option: key, value: new}"; }
tasks_of_assemble() { task assemble <<<"{src: /srv/bench/tree, dest: /opt/bench/a$1, mode: '0644'}"; }
tasks_of_unarchive() { task unarchive <<<"{src: /srv/bench/tree.tar.gz, dest: /opt/bench/out/$1, remote_src: true}"; }
tasks_of_stat() { task stat <<<"{path: /opt/bench/in/$1.conf}"; }
tasks_of_find() { task find <<<"{paths: /opt/bench/in, patterns: '*.conf'}"; }
tasks_of_slurp() { task slurp <<<"{src: /opt/bench/in/$1.conf}"; }
tasks_of_command() { task command <<<"{cmd: /bin/true}"; }
tasks_of_shell() { task shell <<<"{cmd: 'echo $1 | cat'}"; }
tasks_of_user() { task user <<<"{name: bench$1, shell: /bin/sh, comment: Bench $1}"; }
tasks_of_group() { task group <<<"{name: benchgroup$1}"; }
tasks_of_cron() { task cron <<<"{name: bench $1, job: /bin/true, minute: $1, user: ops}"; }
# Installing is apt's own work, whoever calls it: these look at what is there.
tasks_of_apt() { task apt <<<"{name: [cron, sudo, curl], state: present}"; }
tasks_of_package() { task package <<<"{name: [cron, sudo, curl], state: present}"; }
tasks_of_git() { task git <<<"{repo: /srv/bench/tree, dest: /opt/bench/git$1, version: master}"; }
tasks_of_systemd_service() { task systemd_service <<<"{name: bench-a$1, state: started, enabled: true}"; }
tasks_of_service() { task service <<<"{name: bench-b$1, state: started, enabled: true}"; }
tasks_of_authorized_key() {
  task ansible.posix.authorized_key <<<"{user: ops, path: /opt/bench/keys$1, manage_dir: false, key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHyD3kdmd6tOvUK0dkDnYAVBhMtrG4jKdkXKSW4cO0Lx bench'}"
}
tasks_of_known_hosts() {
  task known_hosts <<<"{path: /opt/bench/known_hosts, name: host$1, key: 'host$1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHyD3kdmd6tOvUK0dkDnYAVBhMtrG4jKdkXKSW4cO0Lx'}"
}
tasks_of_sysctl() { task ansible.posix.sysctl <<<"{name: bench.number$1, value: '1', sysctl_file: /etc/sysctl.d/bench.conf, reload: false}"; }
tasks_of_mount() { task ansible.posix.mount <<<"{path: /mnt/bench$1, src: /dev/bench$1, fstype: ext4, state: present}"; }
tasks_of_getent() { task getent <<<"{database: passwd, key: ops}"; }
tasks_of_package_facts() { task package_facts <<<"{}"; }
tasks_of_service_facts() { task service_facts <<<"{}"; }
tasks_of_setup() { task setup <<<"{gather_subset: min}"; }
tasks_of_wait_for() { task wait_for <<<"{port: 22}"; }
tasks_of_ping() { task ping <<<"{}"; }
tasks_of_raw() { task raw <<<"echo $1"; }
tasks_of_script() { task script <<<"{cmd: ${script_file:?}}"; }
tasks_of_debug() { task debug <<<"{msg: number $1}"; }
tasks_of_tempfile() { task tempfile <<<"{path: /opt/bench}"; }
tasks_of_fetch() { task fetch <<<"{src: /opt/bench/in/fetch$1, dest: fetched/}"; }
tasks_of_archive() { task community.general.archive <<<"{path: /srv/bench/tree, dest: /opt/bench/out/$1.tar.gz}"; }
tasks_of_alternatives() {
  task community.general.alternatives <<<"{name: bench$1, link: /opt/bench/link$1, path: /srv/bench/tree/1, priority: 10}"
}
tasks_of_pam_limits() { task community.general.pam_limits <<<"{domain: bench$1, limit_type: soft, limit_item: nofile, value: '1024'}"; }
tasks_of_pamd() {
  task community.general.pamd <<<"{path: /opt/bench/in, name: pam$1, type: auth, control: required, module_path: pam_unix.so, module_arguments: nullok}"
}
tasks_of_git_config() { task community.general.git_config <<<"{name: bench.number$1, value: '1', scope: global}"; }
tasks_of_crypttab() { task community.general.crypttab <<<"{name: bench$1, backing_device: /dev/bench$1, state: present, path: /opt/bench/crypttab}"; }
tasks_of_deb822_repository() { task deb822_repository <<<"{name: bench$1, uris: 'http://127.0.0.1:8089', suites: stable, components: main}"; }
tasks_of_dpkg_selections() { task dpkg_selections <<<"{name: cron, selection: install}"; }
tasks_of_dpkg_divert() { task community.general.dpkg_divert <<<"{path: /opt/bench/divert$1}"; }
tasks_of_get_url() { task get_url <<<"{url: 'http://127.0.0.1:8089/tree.tar.gz', dest: /opt/bench/got$1}"; }
tasks_of_uri() { task uri <<<"{url: 'http://127.0.0.1:8089/tree/1'}"; }
tasks_of_debconf() { task debconf <<<"{name: man-db, question: man-db/auto-update, vtype: boolean, value: 'true'}"; }
tasks_of_timezone() { task community.general.timezone <<<"{name: Etc/UTC}"; }
tasks_of_openssh_keypair() { task community.crypto.openssh_keypair <<<"{path: /opt/bench/key$1, type: ed25519}"; }
