import Foundation
import Model
import Support
import Synchronization
import Testing

@testable import Transport

@Suite(.enabled(if: LoopbackSSHServer.isAvailable, "no sshd on this machine"))
struct SessionPoolTests {
  final class Notices: Sendable {
    let texts = Mutex<[String]>([])
    func add(_ text: String) { texts.withLock { $0.append(text) } }
    var all: [String] { texts.withLock { $0 } }
  }

  static func pool(_ notices: Notices = Notices(), prompt: HostKeyPrompt = HostKeyPrompt()) -> SessionPool {
    SessionPool(
      options: SessionConformance.options, loops: SessionConformance.loops,
      context: SSHLocalContext.current(environment: [:]), prompt: prompt, onNotice: { notices.add($0) })
  }

  static func settings(_ server: LoopbackSSHServer) -> ConnectionSettings {
    var settings = SSHClientSessionTests.settings(server)
    settings.kind = .ssh
    return settings
  }

  @Test func `concurrent openers share one connection`() async throws {
    let settings = Self.settings(try await SharedServer.task.value)
    let pool = Self.pool()
    let clients = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<SessionConformance.options.shellsPerSessionMax {
        group.addTask {
          let session = try await pool.session(for: settings)
          return try await session.run(ShellRequest(script: "echo $SSH_CONNECTION")).stdout
        }
      }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(clients.count == 1)
    await pool.closeAll()
    await #expect(throws: TransportError.self) { _ = try await pool.session(for: settings) }
  }

  @Test func `nobody listening is an error with the address, and the next call tries again`() async throws {
    let server = try await LoopbackSSHServer()
    let settings = Self.settings(server)
    server.stop()
    while server.isListening { try await Task.sleep(for: .milliseconds(5)) }
    let pool = Self.pool()
    for _ in 0..<2 {
      let error = await #expect(throws: TransportError.self) { _ = try await pool.session(for: settings) }
      #expect(error?.operation == .connect)
      #expect(error?.reason.contains("refused") == true, "\(error?.reason ?? "")")
    }
    await pool.closeAll()
  }

  @Test func `who is interrupted while a host says nothing waits no longer, nor does the end of the run`() async throws {
    let proxy = try FaultyProxy(to: try await SharedServer.task.value.port)
    defer { proxy.stop() }
    proxy.freeze()
    var settings = Self.settings(try await SharedServer.task.value)
    settings.port = proxy.port
    let (pool, asked) = (Self.pool(), settings)
    let waiting = Task { try await pool.session(for: asked) }
    try await Task.sleep(for: .milliseconds(200))
    let seconds = await NetworkFailureTests.secondsOf {
      waiting.cancel()
      let error = await #expect(throws: TransportError.self) { _ = try await waiting.value }
      #expect(error?.isCancellation == true, "\(error?.reason ?? "")")
      await pool.closeAll()
    }
    #expect(seconds < SessionConformance.options.handshakeTimeoutSeconds / 2)
  }

  @Test func `a wrong key is refused by the server, and the message says what was tried`() async throws {
    let server = try await SharedServer.task.value
    let other = try await LoopbackSSHServer()
    var settings = Self.settings(server)
    settings.privateKeyFile = other.identityFile
    let pool = Self.pool()
    let error = await #expect(throws: TransportError.self) { _ = try await pool.session(for: settings) }
    #expect(error?.operation == .authenticate)
    #expect(error?.reason.contains(other.identityFile) == true, "\(error?.reason ?? "")")
    #expect(error?.reason.contains("publickey") == true)
    await pool.closeAll()
  }

  @Test func `an unknown host key is refused without a terminal, and nothing is filed`() async throws {
    let server = try await LoopbackSSHServer()
    try Data().write(to: URL(fileURLWithPath: server.knownHostsFile))
    let pool = Self.pool()
    let error = await #expect(throws: TransportError.self) { _ = try await pool.session(for: Self.settings(server)) }
    #expect(error?.operation == .hostKey)
    #expect(error?.reason.contains("SHA256:") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: server.knownHostsFile)).isEmpty)
    await pool.closeAll()
  }

  @Test(arguments: ["yes", "no"])
  func `a question about an unknown key is asked once, and its answer counts`(answer: String) async throws {
    let server = try await LoopbackSSHServer()
    try Data().write(to: URL(fileURLWithPath: server.knownHostsFile))
    let questions = Notices()
    let prompt = HostKeyPrompt { question in
      questions.add(question)
      return answer
    }
    let pool = Self.pool(prompt: prompt)
    if answer == "yes" {
      _ = try await pool.session(for: Self.settings(server))
      let filed = try String(contentsOfFile: server.knownHostsFile, encoding: .utf8)
      #expect(filed.contains("[127.0.0.1]:\(server.port) ssh-ed25519 "))
    } else {
      await #expect(throws: TransportError.self) { _ = try await pool.session(for: Self.settings(server)) }
    }
    #expect(questions.all.count == 1)
    await pool.closeAll()
  }

  @Test func `a changed host key is refused with both fingerprints`() async throws {
    let server = try await LoopbackSSHServer()
    let other = try await LoopbackSSHServer()
    let key = try String(contentsOfFile: "\(other.folder)/host_ed25519.pub", encoding: .utf8).split(separator: " ")
    try "[127.0.0.1]:\(server.port) \(key[0]) \(key[1])\n".write(
      toFile: server.knownHostsFile, atomically: true, encoding: .utf8)
    let pool = Self.pool()
    let error = await #expect(throws: TransportError.self) { _ = try await pool.session(for: Self.settings(server)) }
    #expect(error?.operation == .hostKey)
    #expect(error?.reason.components(separatedBy: "SHA256:").count == 3, "\(error?.reason ?? "")")
    await pool.closeAll()
  }

  @Test func `hosts behind a jump host share its connection`() async throws {
    let jump = try await LoopbackSSHServer()
    let server = try await SharedServer.task.value
    try await ScratchFolder.with { folder in
      let config = """
        Host jump
          HostName 127.0.0.1
          Port \(jump.port)
          User \(jump.user)
          IdentityFile \(jump.identityFile)
          UserKnownHostsFile \(jump.knownHostsFile)
        Host behind*
          HostName 127.0.0.1
          Port \(server.port)
          User \(server.user)
          IdentityFile \(server.identityFile)
          UserKnownHostsFile \(server.knownHostsFile)
          ProxyJump jump

        """
      try config.write(toFile: "\(folder)/config", atomically: true, encoding: .utf8)
      let notices = Notices()
      let pool = Self.pool(notices)
      for name in ["behind1", "behind2"] {
        var settings = ConnectionSettings(kind: .ssh, host: name)
        settings.extraArguments = ["-F", "\(folder)/config"]
        let session = try await pool.session(for: settings)
        let count = 2 << 20
        let response = try await session.run(ShellRequest(script: "head -c \(count) /dev/zero; echo $SSH_CONNECTION >&2"))
        #expect(response.stdout.count == count)
        try await session.upload(FileUpload(content: .bytes(Array(repeating: 0, count: count)), path: "\(folder)/\(name)"))
      }
      #expect(notices.all == [])
      let jumps = try await pool.session(for: Self.settings(jump)).run(
        ShellRequest(script: "ss -Htn state established sport = :\(jump.port) | wc -l"))
      #expect(jumps.stdout == Array("2\n".utf8), "\(SessionConformance.text(jumps.stdout))")
      await pool.closeAll()
    }
  }

  @Test func `a lost connection is an error, and the next step connects again`() async throws {
    let server = try await SharedServer.task.value
    let pool = Self.pool()
    let session = try await pool.session(for: Self.settings(server))
    let error = await #expect(throws: TransportError.self) {
      _ = try await session.run(ShellRequest(script: "kill -9 $PPID; sleep 5"))
    }
    #expect(error?.reason.contains("closed the connection") == true, "\(error?.reason ?? "")")
    #expect(try await session.run(ShellRequest(script: "echo back")).stdout == Array("back\n".utf8))
    await pool.closeAll()
  }

  @Test func `one channel at a time is enough`() async throws {
    let server = try await LoopbackSSHServer(options: ["MaxSessions 1"])
    let pool = Self.pool()
    let session = try await pool.session(for: Self.settings(server))
    let outputs = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for index in 0..<5 { group.addTask { try await session.run(ShellRequest(script: "echo \(index)")).stdout } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(outputs.count == 5)
    var request = ShellRequest(script: "sleep 30")
    request.timeoutSeconds = 0.2
    #expect(try await session.run(request).ending == .timedOut(seconds: 0.2))
    try await ScratchFolder.with { folder in
      try await session.upload(FileUpload(content: .bytes([0, 1, 2]), path: "\(folder)/f"))
      let answer = try await session.download(path: "\(folder)/f", become: nil, bytesMax: 10)
      #expect(answer == [0, 1, 2])
    }
    await pool.closeAll()
  }
}
