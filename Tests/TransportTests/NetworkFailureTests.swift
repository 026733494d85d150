import Model
import Support
import Testing

@testable import Transport

/// What a network and a server can do to a session, by a proxy that does it on request.
@Suite(.enabled(if: LoopbackSSHServer.isAvailable, "no sshd on this machine"))
struct NetworkFailureTests {
  static func with(
    refusals: Int = 0, _ change: (inout TransportOptions) -> Void = { _ in },
    _ body: (ShellSession, FaultyProxy) async throws -> Void
  ) async throws {
    let server = try await SharedServer.task.value
    let proxy = try FaultyProxy(to: server.port, refusals: refusals)
    defer { proxy.stop() }
    var target = SharedServer.target(of: server)
    target.port = proxy.port
    target.strictHostKeyChecking = .no
    target.userKnownHostsFiles = []
    var options = SessionConformance.options
    options.keepaliveSeconds = 1
    options.deadPeerSeconds = 4
    options.handshakeTimeoutSeconds = 5
    change(&options)
    let session = SSHSessionTests.session(target, options)
    try await body(session, proxy)
    await session.close()
  }

  static func secondsOf(_ body: () async throws -> Void) async rethrows -> Double {
    let start = MonotonicTime.now
    try await body()
    return MonotonicTime.now.seconds(since: start)
  }

  @Test func `a frozen peer is noticed by its silence`() async throws {
    try await Self.with { session, proxy in
      _ = try await session.run(ShellRequest(script: "true"))
      proxy.freeze()
      let seconds = await Self.secondsOf {
        let error = await #expect(throws: TransportError.self) {
          _ = try await session.run(ShellRequest(script: "sleep 60"))
        }
        #expect(error?.reason.contains("no sign of life") == true, "\(error?.reason ?? "")")
      }
      #expect(seconds < 20)
    }
  }

  @Test func `a frozen peer is noticed by the ssh binary, too, and is no shell that died`() async throws {
    let server = try await SharedServer.task.value
    let proxy = try FaultyProxy(to: server.port)
    defer { proxy.stop() }
    var settings = SSHClientSessionTests.settings(server)
    settings.port = proxy.port
    settings.hostKeyChecking = .no
    settings.knownHostsFiles = ["/dev/null"]
    var options = SessionConformance.options
    options.keepaliveSeconds = 1
    let session = SSHClientSession.make(
      settings, loop: SessionConformance.loops.next(), options: options, threads: SessionConformance.threads)
    _ = try await session.run(ShellRequest(script: "true"))
    proxy.freeze()
    let error = await #expect(throws: TransportError.self) { _ = try await session.run(ShellRequest(script: "sleep 60")) }
    #expect(error?.reason.contains("the connection was lost: ") == true, "\(error?.reason ?? "")")
    #expect(error?.reason.hasSuffix("whether the step has ended there is not known") == true, "\(error?.reason ?? "")")
    await session.close()
  }

  @Test func `a quiet command is no silence`() async throws {
    try await Self.with { session, _ in
      let response = try await session.run(ShellRequest(script: "sleep 5.5; echo done"))
      #expect(response.stdout == Array("done\n".utf8))
    }
  }

  @Test func `a connection dropped in the middle of a step is an error, and the next step connects again`() async throws {
    try await Self.with { session, proxy in
      _ = try await session.run(ShellRequest(script: "true"))
      var request = ShellRequest(script: "echo started; sleep 60")
      request.onOutput = { _ in proxy.drop() }
      let dropped = request
      let error = await #expect(throws: TransportError.self) { _ = try await session.run(dropped) }
      #expect(error?.reason.contains("connection") == true)
      let again = try await session.run(ShellRequest(script: "echo again"))
      #expect(again.stdout == Array("again\n".utf8))
    }
  }

  @Test func `a host that accepts and says nothing is given up`() async throws {
    try await Self.with({ $0.handshakeTimeoutSeconds = 0.5 }) { session, proxy in
      proxy.freeze()
      let error = await #expect(throws: TransportError.self) { _ = try await session.run(ShellRequest(script: "true")) }
      #expect(error?.operation == .handshake)
      #expect(error?.reason.contains("0.5 s") == true, "\(error?.reason ?? "")")
    }
  }

  @Test func `a server too busy to greet is tried again`() async throws {
    try await Self.with(refusals: 3) { session, _ in
      let response = try await session.run(ShellRequest(script: "echo in"))
      #expect(response.stdout == Array("in\n".utf8))
    }
  }

  @Test func `a server that never greets is given up after some tries`() async throws {
    try await Self.with(refusals: 100, { $0.connectAttemptsMax = 2 }) { session, _ in
      let error = await #expect(throws: TransportError.self) { _ = try await session.run(ShellRequest(script: "true")) }
      #expect(error?.reason.contains("too many connections") == true, "\(error?.reason ?? "")")
    }
  }

  @Test func `noise of login scripts is no output`() async throws {
    let session = LocalSession.make(
      loop: SessionConformance.loops.next(), options: SessionConformance.options, threads: SessionConformance.threads,
      shell: ["/bin/sh", "-c", "echo WELCOME; echo motd >&2; printf 'no newline'; exec /bin/sh -c \"$0\""])
    let response = try await session.run(ShellRequest(script: "echo out; echo err >&2"))
    #expect(response.stdout == Array("out\n".utf8))
    #expect(response.stderr == Array("err\n".utf8))
    await session.close()
  }

  @Test func `a login that only says no is told in its own words`() async throws {
    let session = LocalSession.make(
      loop: SessionConformance.loops.next(), options: SessionConformance.options, threads: SessionConformance.threads,
      shell: ["/bin/sh", "-c", "echo 'This account is currently not available.'; exit 1"])
    let error = await #expect(throws: TransportError.self) { _ = try await session.run(ShellRequest(script: "true")) }
    #expect(error?.operation == .openShell)
    #expect(error?.reason.contains("not available") == true)
    await session.close()
  }

  @Test func `a full disk is an error, and nothing is left`() async throws {
    let session = LocalSession.make(
      loop: SessionConformance.loops.next(), options: SessionConformance.options, threads: SessionConformance.threads,
      // A limit on file size stands for the full disk: the write fails in the middle.
      shell: ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f 64; exec /bin/sh -c \"$0\""])
    try await ScratchFolder.with { folder in
      let path = "\(folder)/file"
      try await session.upload(FileUpload(content: .bytes(Array("old".utf8)), path: path))
      let error = await #expect(throws: TransportError.self) {
        try await session.upload(FileUpload(content: .bytes(Array(repeating: 0, count: 1 << 20)), path: path))
      }
      #expect(error?.operation == .upload)
      let left = try await session.run(ShellRequest(script: "ls -A '\(folder)'; cat '\(path)'"))
      #expect(SessionConformance.text(left.stdout) == "file\nold")
    }
    await session.close()
  }
}
