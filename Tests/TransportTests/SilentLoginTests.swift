import Foundation
import Model
import Support
import Testing

@testable import Transport

/// Logins that succeed and then give no shell: what the user is told, and how soon.
@Suite(.enabled(if: LoopbackSSHServer.isAvailable, "no sshd on this machine"))
struct SilentLoginTests {
  static let transports = ["libssh2", "ssh"]

  /// What a session to a server whose account has this .bashrc says to its first step.
  static func failure(
    of transport: String = "libssh2", bashrc: String = "", server options: [String] = [], become: Become? = nil,
    _ change: (inout TransportOptions) -> Void = { _ in }
  ) async throws -> TransportError? {
    let server = try await LoopbackSSHServer(options: options)
    try bashrc.write(toFile: "\(server.folder)/.bashrc", atomically: true, encoding: .utf8)
    var options = SessionConformance.options
    options.silentLoginSeconds = 0.3
    change(&options)
    let session =
      transport == "libssh2"
      ? SSHSessionTests.session(SharedServer.target(of: server), options)
      : SSHClientSession.make(
        SSHClientSessionTests.settings(server), loop: SessionConformance.loops.next(), options: options,
        threads: SessionConformance.threads)
    var request = ShellRequest(script: "echo out")
    request.become = become
    defer { Task { await session.close() } }
    do throws(TransportError) {
      let response = try await session.run(request)
      #expect(response.stdout == Array("out\n".utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: transports)
  func `a bashrc that reads all its input is named long before the deadline`(transport: String) async throws {
    let seconds = try await NetworkFailureTests.secondsOf {
      let error = try await Self.failure(of: transport, bashrc: "cat >/dev/null\n") { $0.openShellTimeoutSeconds = 120 }
      #expect(error?.operation == .openShell)
      #expect(error?.reason.contains("reads its standard input to the end") == true, "\(error?.reason ?? "")")
    }
    #expect(seconds < 100)
  }

  @Test func `it is named where another user's shell is asked for, too`() async throws {
    let error = try await Self.failure(bashrc: "cat >/dev/null\n", become: Become(method: .su)) {
      $0.openShellTimeoutSeconds = 120
      $0.becomeTimeoutSeconds = 120
    }
    #expect(error?.reason.contains("reads its standard input to the end") == true, "\(error?.reason ?? "")")
  }

  @Test func `an account that runs no commands is named where another user's shell is asked for, too`() async throws {
    let error = try await Self.failure(server: ["ForceCommand echo only backups here"], become: Become(method: .sudo))
    #expect(error?.operation == .openShell)
    #expect(error?.reason == "/bin/sh did not start (exited with status 0): only backups here")
  }

  @Test func `a bashrc that takes its time is waited for`() async throws {
    #expect(try await Self.failure(bashrc: "sleep 1\n") == nil)
    #expect(try await Self.failure(bashrc: "sleep 1\n", server: ["MaxSessions 1"]) == nil)
  }

  @Test func `a bashrc that hangs is told with what it said`() async throws {
    let error = try await Self.failure(bashrc: "echo mounting /home; sleep 60\n") { $0.openShellTimeoutSeconds = 1 }
    #expect(error?.reason.contains("no shell in 1 s") == true, "\(error?.reason ?? "")")
    #expect(error?.reason.hasSuffix("it said: mounting /home") == true, "\(error?.reason ?? "")")
  }

  /// The status may come behind the end of the output: "exited with status 0" was said then.
  @Test(arguments: 1...5) func `a login that ends at once is told with its status`(status: Int) async throws {
    let error = try await Self.failure(server: ["ForceCommand exec /bin/sh -c 'exit \(status)'"])
    #expect(error?.reason.contains("did not start (exited with status \(status))") == true, "\(error?.reason ?? "")")
  }

  @Test func `sshd's last words in a login are told`() async throws {
    let server = try await LoopbackSSHServer(options: ["MaxAuthTries 1"])
    try await LoopbackSSHServer.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(server.folder)/other"])
    var target = SharedServer.target(of: server)
    target.identityFiles = ["\(server.folder)/other", server.identityFile]
    let session = SSHSessionTests.session(target, SessionConformance.options)
    let error = await #expect(throws: TransportError.self) { _ = try await session.run(ShellRequest(script: "true")) }
    #expect(error?.reason.contains("Too many authentication failures") == true, "\(error?.reason ?? "")")
    await session.close()
  }
}
