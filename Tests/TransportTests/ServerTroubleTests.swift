import Foundation
import Model
import Support
import Testing

@testable import Transport

/// What a server can be like: noisy, throttling, restarted under a step, hanging.
@Suite(.enabled(if: LoopbackSSHServer.isAvailable, "no sshd on this machine"))
struct ServerTroubleTests {
  static func with(
    _ server: LoopbackSSHServer, _ change: (inout TransportOptions) -> Void = { _ in },
    _ body: (ShellSession) async throws -> Void
  ) async throws {
    var options = SessionConformance.options
    change(&options)
    let session = SSHSessionTests.session(SharedServer.target(of: server), options)
    try await body(session)
    await session.close()
  }

  @Test func `a banner and a noisy bashrc are no output`() async throws {
    try await ScratchFolder.with { folder in
      try "Authorised use only.\n\u{1B}[31mred\n".write(toFile: "\(folder)/banner", atomically: true, encoding: .utf8)
      let server = try await LoopbackSSHServer(options: ["Banner \(folder)/banner"])
      try "echo welcome; echo oops >&2; printf 'no end'\n".write(
        toFile: "\(server.folder)/.bashrc", atomically: true, encoding: .utf8)
      try await Self.with(server) { session in
        let response = try await session.run(ShellRequest(script: "echo out; echo err >&2"))
        #expect(response.stdout == Array("out\n".utf8))
        #expect(response.stderr == Array("err\n".utf8))
        let path = "\(folder)/large"
        try await session.upload(FileUpload(content: .bytes(Array(repeating: 0, count: 100_000)), path: path))
        let back = try await session.download(path: path, become: nil, bytesMax: 1 << 20)
        #expect(back.count == 100_000)
      }
    }
  }

  @Test(arguments: [10, 100_000])
  func `a bashrc that reads its input takes nothing away from shells and files`(size: Int) async throws {
    let server = try await LoopbackSSHServer()
    try "echo 'Continue?'; read -r answer; read -r other\n".write(
      toFile: "\(server.folder)/.bashrc", atomically: true, encoding: .utf8)
    try await Self.with(server) { session in
      let response = try await session.run(ShellRequest(script: "trap; echo out"))
      #expect(SessionConformance.text(response.stdout).hasSuffix("out\n"))
      let content = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
      try await session.upload(FileUpload(content: .bytes(content), path: "\(server.folder)/file"))
      #expect(try await session.download(path: "\(server.folder)/file", become: nil, bytesMax: size) == content)
    }
  }

  @Test func `an upload that is interrupted, with all that listens gone, leaves nothing behind`() async throws {
    try await ScratchFolder.with { folder in
      let source = "\(folder)/source"
      try #require(FileManager.default.createFile(atPath: source, contents: nil) && truncate(source, 300 << 20) == 0)
      let target = folder + "/target"
      try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
      let begun = AsyncStream<Void>.makeStream()
      try await Self.with(try await SharedServer.task.value) { session in
        var upload = FileUpload(content: .localFile(path: source), path: "\(target)/file")
        upload.onProgress = { sent, _ in if sent > 0 { begun.continuation.yield() } }
        let asked = upload
        let sending = Task { try await session.upload(asked) }
        for await _ in begun.stream { break }
        sending.cancel()
        let error = await #expect(throws: TransportError.self) { try await sending.value }
        #expect(error?.isCancellation == true, "\(error?.reason ?? "")")
      }
      var left = ["?"]
      for _ in 0..<500 where !left.isEmpty {
        try await Task.sleep(for: .milliseconds(20))
        left = try FileManager.default.contentsOfDirectory(atPath: target)
      }
      #expect(left.isEmpty)
    }
  }

  @Test func `a server that throttles new connections lets everybody in at last`() async throws {
    let server = try await LoopbackSSHServer(options: ["MaxStartups 2:100:2", "Subsystem sftp none"])
    let sessions = (0..<8).map { _ in
      SSHSessionTests.session(SharedServer.target(of: server), SessionConformance.options)
    }
    let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for session in sessions { group.addTask { try await session.run(ShellRequest(script: "echo in")).stdout } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers == Array(repeating: Array("in\n".utf8), count: 8))
    for session in sessions { await session.close() }
  }

  @Test func `a step that makes its sshd start anew ends well, and so do the next and a new login`() async throws {
    let server = try await LoopbackSSHServer()
    try await Self.with(server) { session in
      let response = try await session.run(
        ShellRequest(script: "pkill -HUP -f 'sshd -D -e -f \(server.folder)/sshd_config'; sleep 0.3; echo done"))
      #expect(response.stdout == Array("done\n".utf8), "\(SessionConformance.text(response.stderr))")
      let next = try await session.run(ShellRequest(script: "echo on"))
      #expect(next.stdout == Array("on\n".utf8))
    }
    try await Self.with(server) { session in
      let next = try await session.run(ShellRequest(script: "echo on"))
      #expect(next.stdout == Array("on\n".utf8))
    }
  }

  @Test func `a host that lets us in and then hangs is given up`() async throws {
    let server = try await LoopbackSSHServer(options: ["ForceCommand sleep 60"])
    try await Self.with(server, { $0.openShellTimeoutSeconds = 0.7 }) { session in
      let error = await #expect(throws: TransportError.self) { _ = try await session.run(ShellRequest(script: "true")) }
      #expect(error?.operation == .openShell)
      #expect(error?.reason.contains("no shell in 0.7 s after the login") == true, "\(error?.reason ?? "")")
    }
  }

  @Test func `a prompt finds nobody to answer, and the step ends`() async throws {
    try await Self.with(try await SharedServer.task.value) { session in
      var request = ShellRequest(script: "printf 'Continue? ' >&2; read answer; echo \"<$answer>\"; read more </dev/tty")
      request.timeoutSeconds = 20
      let response = try await session.run(request)
      #expect(![.exited(0), .timedOut(seconds: 20)].contains(response.ending))
      #expect(SessionConformance.text(response.stdout) == "<>\n")
    }
  }

  /// `make test-long`: 100 MB on both streams at once, as the failure list has it.
  @Test(.enabled(if: getenv("MARTLET_LONG_TESTS") != nil, "takes a while: make test-long"))
  func `a hundred megabytes on both streams arrive whole`() async throws {
    try await Self.with(try await SharedServer.task.value) { try await SessionConformance.movesMuchOutput($0, megabytes: 100) }
  }
}
