import Foundation
import Support
import Testing

/// Steps that take away the connection they came by, and runs that are killed, on real hosts.
@Suite(.serialized)
struct HostTroubleTests {
  private static let outages = """
    - hosts: h3
      gather_facts: no
      become: yes
      tasks:
        - name: a job with poll
          shell: echo begin; sleep 1.2; echo end
          async: 20
          poll: 1
          register: job
        - name: a job that is too slow
          command: sleep 31.5
          async: 1
          poll: 1
          register: slow
          ignore_errors: yes
        - assert:
            that:
              - job.finished
              - job.stdout_lines == ['begin', 'end']
              - slow is failed and 'requested time - 1s' in slow.msg
        - name: sshd restarted by the step
          command: systemctl restart ssh
        - name: all connections killed behind the step's back
          shell: (sleep 0.5; pkill -9 sshd; systemctl restart ssh) >/dev/null 2>&1 &
        - wait_for_connection: {delay: 1, timeout: 60}
        - name: a reboot
          reboot: {reboot_timeout: 120}
          register: booted
        - assert: {that: [booted.rebooted, booted is changed]}
        - command: id -un
          register: user
        - assert: {that: user.stdout == 'root'}
    """

  @Test func `jobs, a restarted sshd, killed connections and a reboot leave the run going`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try await ScratchFolder.with { home in
      try Self.outages.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let boots = try await fleet.script("boots", "h3").stdout
      let ending = try await MartletProgram(home: home).run("run", "-i", fleet.inventory, "site.yml", deadlineSeconds: 180)
      #expect(ending.status == 0, "\(ending.stdout)\(ending.stderr)")
      #expect(try await fleet.script("boots", "h3").stdout != boots)
      #expect(try await sleepers("31.5", on: "h3", fleet) == "")
    }
  }

  @Test func `interrupted twice nothing of the run stays on its hosts, root's processes included`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try await ScratchFolder.with { home in
      let mark = "61.\(Int.random(in: 1_000_000...9_999_999))"
      try """
        - hosts: h1,h2
          gather_facts: no
          become: yes
          tasks:
            - shell: trap '' TERM; sleep \(mark) & sleep \(mark)
        """.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let child = try MartletProgram(home: home).start("run", "-i", fleet.inventory, "\(home)/site.yml")
      for host in ["h1", "h2"] {
        while try await sleepers(mark, on: host, fleet) == "" { try await Task.sleep(for: .milliseconds(100)) }
      }
      child.signal(SIGINT)
      try await child.waitForErrors("interrupted: nothing new starts, waiting for h1 (")
      child.signal(SIGINT)
      let ending = await child.ending()
      #expect(ending.status == 99, "\(ending.stdout)\(ending.stderr)")
      #expect(ending.stdout.contains("interrupted: the command was killed"), "\(ending.stdout)")
      #expect(!ending.stdout.contains("UNREACHABLE"))
      for host in ["h1", "h2"] {
        #expect(try await sleepers(mark, on: host, fleet) == "")
        // The killed shell's lease holds no more: the next run takes its link away.
        #expect(try await fleet.onHost(host, "ls -d /tmp/.martlet* 2>/dev/null | grep -v '^/tmp/.martlet-lease[.]'").stdout == "")
      }
    }
  }

  /// The `sleep` processes of a host that sleep so long.
  private func sleepers(_ seconds: String, on host: String, _ fleet: TestFleet) async throws -> String {
    try await fleet.onHost(host, "ps -C sleep -o args= | grep -F '\(seconds)'").stdout
  }

  @Test func `a password logs in and becomes root`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      func run(_ password: String) async throws -> ChildProcess.Ending {
        let variables = """
          {"ansible_user": "opspw", "ansible_password": "\(password)", "ansible_become_password": "\(fleet.password)",
           "ansible_ssh_private_key_file": "/nonexistent"}
          """
        return try await martlet.run("exec", "h1", "-i", fleet.inventory, "-b", "-m", "command", "-a", "id -un", "-e", variables)
      }
      try await sshd("echo PasswordAuthentication yes >/etc/ssh/sshd_config.d/00-test.conf", fleet)
      let right = try await run(fleet.password)
      #expect(right.stdout.hasSuffix("root\n"), "\(right.stdout)\(right.stderr)")
      let wrong = try await run("nonsense")
      #expect(wrong.stdout.contains("UNREACHABLE") && wrong.stdout.contains("permission denied for opspw"), "\(wrong.stdout)")
      try await sshd("rm -f /etc/ssh/sshd_config.d/00-test.conf", fleet)
    }
  }

  /// Changes the sshd of h1, whatever runbooks of other tests have made of it.
  private func sshd(_ change: String, _ fleet: TestFleet) async throws {
    let changed = try await fleet.onHost("h1", "\(change) && systemctl reload ssh")
    #expect(changed.status == 0, "\(changed.stderr)")
    for _ in 0..<50 where try await fleet.onHost("h1", "true").status != 0 { try await Task.sleep(for: .milliseconds(100)) }
  }
}
