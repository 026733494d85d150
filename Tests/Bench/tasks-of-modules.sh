# shellcheck shell=bash
# The tasks that `modules`, beside this file, measures: a function tasks_of_MODULE per module prints its task of a number. Each task
# of a first run changes something, and in a second run nothing is left to do; the exceptions are named here.

# shellcheck disable=SC2034 # `modules` reads them
modules_that_only_look='apt package stat find slurp getent package_facts service_facts setup wait_for'
# shellcheck disable=SC2034
modules_that_always_change='command shell'

modules_with_tasks() { declare -F | sed -n 's/^declare -f tasks_of_//p' | sort; }

# What a host has before each first run.
# shellcheck disable=SC2016,SC2034 # the words are the host's shell's
reset_host='
  rm -rf /opt/bench /etc/cron.d/bench* /etc/sysctl.d/bench.conf /etc/ssh/bench_known_hosts
  mkdir -p /opt/bench/in /opt/bench/out
  for n in $(seq 50); do
    printf "# settings\nlisten = 80\nworkers = 4\n[main]\nkey = old\n" >/opt/bench/in/$n.conf
    mkdir /opt/bench/out/$n
    ! id bench$n >/dev/null 2>&1 || userdel -r bench$n 2>/dev/null
    ! getent group bench$n >/dev/null || groupdel bench$n
    rm -f /home/ops/.ssh/bench$n
    systemctl -q stop bench$n.service; systemctl -q disable bench$n.service 2>/dev/null
  done
  sed -i "/bench/d" /etc/fstab
  crontab -r -u ops 2>/dev/null
  true'

# What it has for good: git, an archive, a repository, units that do nothing.
# shellcheck disable=SC2016,SC2034
prepare_host='
  apt-get -q -y install git >/dev/null
  mkdir -p /srv/bench/tree
  for n in 1 2 3 4 5; do echo "file $n" >/srv/bench/tree/$n; done
  tar -C /srv/bench -czf /srv/bench/tree.tar.gz tree
  cd /srv/bench/tree && git init -q && git add . && git -c user.name=b -c user.email=b@localhost commit -qm one
  for n in $(seq 50); do
    printf "[Unit]\nDescription=bench\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n" \
      >/etc/systemd/system/bench$n.service
  done
  systemctl daemon-reload'

task() { printf -- '    - %s:\n' "$1"; sed 's/^/        /'; }

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
tasks_of_group() { task group <<<"{name: bench$1}"; }
tasks_of_cron() { task cron <<<"{name: bench $1, job: /bin/true, minute: $1, user: ops}"; }
# Installing is apt's own work, whoever calls it: these look at what is there.
tasks_of_apt() { task apt <<<"{name: [cron, sudo, curl], state: present}"; }
tasks_of_package() { task package <<<"{name: [cron, sudo, curl], state: present}"; }
tasks_of_git() { task git <<<"{repo: /srv/bench/tree, dest: /opt/bench/git$1, version: master}"; }
tasks_of_systemd_service() { task systemd_service <<<"{name: bench$1, state: started, enabled: true}"; }
tasks_of_service() { task service <<<"{name: bench$1, state: started, enabled: true}"; }
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
