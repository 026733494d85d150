import Foundation
import Support
import Testing

/// A host with nothing but BusyBox: no bash, no GNU tools, no /proc, as the smallest systems have it. It is a directory that an
/// sshd of the test's locks its logins into.
struct BusyBoxRootTests {
  private static var isPossible: Bool {
    getuid() == 0 && access("/bin/busybox", X_OK) == 0 && LoopbackSSHServer.isAvailable
  }

  @Test(.enabled(if: isPossible, "needs root, /bin/busybox and sshd"))
  func `what makes sense on BusyBox alone runs there, and changes nothing the second time`() async throws {
    let root = try await BusyBoxRoot()
    let server = try await LoopbackSSHServer(options: ["ChrootDirectory \(root.path)"])
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try Self.runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      try "{{ ansible_distribution }} {{ inventory_hostname }}\n".write(toFile: "\(home)/t.j2", atomically: true, encoding: .utf8)
      _ = try await ChildProcess.run("/bin/tar", ["-C", home, "-czf", "\(home)/a.tgz", "t.j2"])
      try """
        bb ansible_host=127.0.0.1 ansible_port=\(server.port) ansible_user=\(server.user) \
        ansible_ssh_private_key_file=\(server.identityFile) \
        ansible_ssh_common_args='-o UserKnownHostsFile=\(server.knownHostsFile)'
        """.write(toFile: "\(home)/inventory", atomically: true, encoding: .utf8)
      let first = try await martlet.run("run", "-i", "inventory", "site.yml", "--diff")
      #expect(first.status == 0, "\(first.stdout)\(first.stderr)")
      #expect(root.read("srv/app/t") == "Alpine bb\n" && root.read("srv/app/t.j2") != nil)
      #expect(root.read("srv/app/conf") == "a=2\nc=é\n# BEGIN ANSIBLE MANAGED BLOCK\nx\n# END ANSIBLE MANAGED BLOCK\n")
      let second = try await martlet.run("run", "-i", "inventory", "site.yml")
      #expect(Recap(second.stdout)["bb", "changed"] == 0, "\(second.stdout)")
      let check = try await martlet.run("run", "-i", "inventory", "site.yml", "--check")
      #expect(Recap(check.stdout)["bb", "changed"] == 0, "\(check.stdout)")
    }
  }

  private static let runbook = """
    - hosts: all
      tasks:
        - file: {path: /srv/app, state: directory, mode: "0750"}
        - copy: {content: "a=1\\nb=é\\n", dest: /srv/app/conf, mode: "0640", force: false}
        - lineinfile: {path: /srv/app/conf, regexp: "^a=", line: a=2}
        - blockinfile: {path: /srv/app/conf, block: x}
        - replace: {path: /srv/app/conf, regexp: "b=(.)", replace: 'c=\\1'}
        - template: {src: t.j2, dest: /srv/app/t}
        - file: {path: /srv/app/conf, owner: 12, group: 13}
        - file: {src: /srv/app/conf, dest: /srv/link, state: link}
        - unarchive: {src: a.tgz, dest: /srv/app}
        - ini_file: {path: /srv/app/ini, section: a, option: b, value: c}
        - cron: {name: nightly, minute: "3", job: /bin/true}
        - shell: crontab -l
          register: table
          changed_when: false
          check_mode: false
        - stat: {path: /srv/app/conf}
          register: conf
        - find: {paths: /srv/app, patterns: "con*"}
          register: found
        - slurp: {src: /srv/app/conf}
          register: slurped
        - getent: {database: passwd, key: root}
        - wait_for: {path: /srv/link, timeout: 3}
        - assert:
            that:
              - table.stdout_lines[1] == "3 * * * * /bin/true"
              - conf.stat.mode == "0640" and conf.stat.uid == 12
              - found.files | map(attribute="path") == ["/srv/app/conf"]
              - slurped.content | b64decode | hash("sha1") == conf.stat.checksum
              - ansible_facts.os_family == "Alpine"
          when: not ansible_check_mode
    """
}

/// The tree of such a host, made for one test.
private final class BusyBoxRoot: Sendable {
  let path = "/run/martlet-busybox-\(UInt64.random(in: 0...UInt64.max))"

  /// sshd starts the login shell that this machine's root has, whatever that is.
  init() async throws {
    let script = """
      set -e
      umask 022
      mkdir -p "$0" && cd "$0"
      mkdir bin sbin usr usr/bin usr/sbin etc root tmp dev srv var var/spool var/spool/cron var/spool/cron/crontabs
      cp /bin/busybox bin/
      chroot . /bin/busybox --install -s
      shell=.$(getent passwd root | cut -d: -f7)
      [ -e "$shell" ] || { mkdir -p "${shell%/*}"; printf '#!/bin/sh\\nexec /bin/sh "$@"\\n' >"$shell"; chmod 755 "$shell"; }
      chmod 1777 tmp
      mknod -m 666 dev/null c 1 3
      mknod -m 666 dev/urandom c 1 9
      echo root:x:0:0:root:/root:/bin/sh >etc/passwd
      echo root:x:0: >etc/group
      printf 'ID=alpine\\nNAME="Alpine Linux"\\nVERSION_ID=3.19.1\\n' >etc/os-release
      echo 3.19.1 >etc/alpine-release
      """
    try await LoopbackSSHServer.run(["/bin/sh", "-c", script, path])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func read(_ name: String) -> String? {
    FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
  }
}
