# shellcheck shell=bash
# The 50 steps of the bench in four languages, ten rounds of the same five: file, copy, lineinfile, command, stat.
# All come to the same files below /opt/bench, as root; a second run has nothing to change, as `force: false` lets the
# copy leave a file alone whose line was edited.

rounds=10

steps_as_runbook() {
  local round
  printf -- '- name: Fifty steps\n  hosts: fleet\n  gather_facts: false\n  become: true\n  tasks:\n'
  for ((round = 1; round <= rounds; round++)); do
    cat <<END
    - name: Folder $round
      ansible.builtin.file:
        path: /opt/bench/app$round
        state: directory
        mode: "0750"
    - name: File $round
      ansible.builtin.copy:
        content: |
          # settings of application $round
          listen = 80$round
          workers = 4
        dest: /opt/bench/app$round/app.conf
        mode: "0640"
        force: false
    - name: Line $round
      ansible.builtin.lineinfile:
        path: /opt/bench/app$round/app.conf
        regexp: ^workers
        line: workers = 8
    - name: Command $round
      ansible.builtin.command: grep -c = /opt/bench/app$round/app.conf
      changed_when: false
    - name: Look $round
      ansible.builtin.stat:
        path: /opt/bench/app$round/app.conf
END
  done
}

steps_as_pyinfra() {
  local round
  printf 'from io import StringIO\nfrom pyinfra import host\nfrom pyinfra.facts.files import File\n'
  printf 'from pyinfra.operations import files, server\n'
  for ((round = 1; round <= rounds; round++)); do
    cat <<END
files.directory(name="Folder $round", path="/opt/bench/app$round", mode="750")
if not host.get_fact(File, path="/opt/bench/app$round/app.conf"):
    files.put(name="File $round", src=StringIO("# settings of application $round\nlisten = 80$round\nworkers = 4\n"), dest="/opt/bench/app$round/app.conf", mode="640")
files.line(name="Line $round", path="/opt/bench/app$round/app.conf", line="^workers.*", replace="workers = 8")
server.shell(name="Command $round", commands=["grep -c = /opt/bench/app$round/app.conf"])
server.shell(name="Look $round", commands=["stat /opt/bench/app$round/app.conf"])
END
  done
}

# As someone in a hurry writes it: idempotent, one connection, no report per step.
steps_as_script() {
  local round
  printf 'set -e\n'
  for ((round = 1; round <= rounds; round++)); do
    cat <<END
[ -d /opt/bench/app$round ] || mkdir -p /opt/bench/app$round
[ "\$(stat -c %a /opt/bench/app$round)" = 750 ] || chmod 750 /opt/bench/app$round
if [ ! -f /opt/bench/app$round/app.conf ]; then
  printf '# settings of application $round\nlisten = 80$round\nworkers = 4\n' >/opt/bench/app$round/app.conf
  chmod 640 /opt/bench/app$round/app.conf
fi
grep -qx 'workers = 8' /opt/bench/app$round/app.conf || sed -i 's/^workers.*/workers = 8/' /opt/bench/app$round/app.conf
grep -c = /opt/bench/app$round/app.conf
stat /opt/bench/app$round/app.conf
END
  done
}
