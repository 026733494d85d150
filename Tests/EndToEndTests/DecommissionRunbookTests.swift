import Foundation
import Support
import Testing

/// Runbooks/decommission.yml on a host with a service, an account and a secret of its own.
@Suite(.serialized)
struct DecommissionRunbookTests {
  private let runbook = "\(SourceTree.root)/Runbooks/decommission.yml"
  private let host = "h3"

  @Test func `a host goes only if it is meant, and not before what is to be kept is here`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    #expect(try await fleet.onHost(host, Self.preparation).status == 0)
    try await ScratchFolder.with { home in
      let settings = "\(home)/settings.yml"
      try """
        decommission_hosts: \(host)
        decommission_folder: \(home)/kept
        decommission_keep: [/etc, /srv/old]
        decommission_services: [old]
        decommission_users: [gone]
        decommission_secrets: [/srv/old/key]

        """.write(toFile: settings, atomically: true, encoding: .utf8)
      func run(_ more: String...) async throws -> ChildProcess.Ending {
        try await ChildProcess.run(
          MartletProgram.path, ["run", "-i", fleet.inventory, runbook, "-e", "@\(settings)"] + more,
          environment: ["HOME": home, "XDG_STATE_HOME": "\(home)/state", "MARTLET_MODULES": "\(SourceTree.root)/Modules"],
          directory: home, deadlineSeconds: 240)
      }
      let confirmed = #"{"decommission_confirm": ["\#(host)"]}"#
      #expect(try await run().status == 2, "its name was given once only")
      #expect(try await run("-e", confirmed, "-e", #"{"decommission_keep": ["/srv/none"]}"#).status == 2)
      #expect(try await run("-e", confirmed, "--check").status == 0)
      #expect(try await fleet.onHost(host, "systemctl is-active old && test -s /srv/old/key").status == 0, "it still serves")

      let gone = try await run("-e", confirmed)
      #expect(gone.status == 0, "\(gone.stdout)\(gone.stderr)")
      let kept = try await ChildProcess.run("/bin/tar", ["-xzOf", "\(home)/kept/\(host).tar.gz", "srv/old/data"], deadlineSeconds: 60)
      #expect(kept.stdout == "precious\n", "\(kept.stderr)")
      let state = try await fleet.onHost(host, "systemctl is-active old; systemctl is-enabled old; ls -A /srv/old ~gone/.ssh; getent passwd gone")
      #expect(state.stdout.hasPrefix("inactive\ndisabled\n") && state.stdout.contains(":/usr/sbin/nologin"), "\(state.stdout)")
      #expect(!state.stdout.contains("key\n") && !state.stdout.contains("authorized_keys"), "\(state.stdout)")
      let again = try await run("-e", confirmed)
      #expect(again.stdout.contains("changed=0 "), "a second time: \(again.stdout)")
    }
    _ = try await fleet.onHost(host, "rm -rf /etc/decommissioned /etc/systemd/system/old.service /srv/old; userdel -r gone; systemctl daemon-reload")
  }

  private static let preparation = """
    set -e
    rm -f /etc/decommissioned
    mkdir -p /srv/old && echo precious >/srv/old/data && echo secret >/srv/old/key
    id gone >/dev/null 2>&1 || useradd -m -s /bin/sh gone
    mkdir -p ~gone/.ssh && echo key >~gone/.ssh/authorized_keys
    printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/old.service
    systemctl daemon-reload && systemctl enable --now old
    """
}
