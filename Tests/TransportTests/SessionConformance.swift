import Model
import Testing

@testable import Transport

/// What every session to every shell must do; each kind of session has a suite that calls these.
enum SessionConformance {
  static let loops = EventLoops(count: 2)
  static let threads = BlockingThreads()

  static var options: TransportOptions {
    var options = TransportOptions()
    options.killGraceSeconds = 0.4
    return options
  }

  /// One hostile command, and a step after it that must find nothing of it.
  /// ksh93 runs subshells in its own process, so a signal to it ends them with another status.
  static func survives(_ command: HostileCommand, _ session: ShellSession) async throws {
    let before = try await state(of: session)
    var request = ShellRequest(script: command.script)
    request.timeoutSeconds = command.timeoutSeconds
    let response = try await session.run(request)
    expect(response, of: command)
    #expect(try await state(of: session) == before, "the next step sees \(command.name)")
  }

  private static func expect(_ response: ShellResponse, of command: HostileCommand) {
    switch (command.expectation, response.ending) {
    case (.exits(let expected), .exited(let status)): #expect(status == expected, "\(text(response.stderr))")
    case (.endsBySignal(let signal), .exited(let status)):
      #expect([signal, 128 + signal, 1].contains(status), "\(status)")
    case (.fails, .exited(let status)): #expect(status != 0)
    case (.ends, .exited), (.dies, .shellDied), (.timesOut, .timedOut): break
    default: Issue.record("\(command.name) ended as \(response.ending)")
    }
    if let stdout = command.stdout { #expect(response.stdout == stdout, "\(text(response.stdout.prefix(200)))") }
  }

  private static func state(of session: ShellSession) async throws -> String {
    let script = "pwd; umask; echo \"$PATH\" \"${LEAK-none}\" \"$HOME\" \"$-\"; trap; echo /et[c]; ls -d /"
    return text(try await session.run(ShellRequest(script: script)).stdout)
  }

  static func passesInput(_ session: ShellSession) async throws {
    let all = (0...255).map { UInt8($0) }
    let inputs: [[UInt8]] = [
      Array("a line\n".utf8), Array("no newline".utf8), Array("it's\n'quoted'\n$HOME `x` \\\n".utf8), all,
      Array(repeating: 10, count: 3000), (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }, Array("EOF\n".utf8),
    ]
    for input in inputs {
      var request = ShellRequest(script: "cat")
      request.stdin = input
      let response = try await session.run(request)
      #expect(response.ending == .exited(0), "\(text(response.stderr))")
      #expect(response.stdout == input)
    }
    // A command that reads nothing of it, and one that leaves half.
    for script in ["true", "head -c 10 >/dev/null"] {
      for input in inputs {
        var request = ShellRequest(script: script)
        request.stdin = input
        #expect(try await session.run(request).ending == .exited(0))
      }
    }
    let mark = "mark \(FrameToken())"
    var request = ShellRequest(script: "head -c 37")
    request.stdin = Array(mark.utf8) + Array(repeating: 0, count: 100_000)
    #expect(text(try await session.run(request).stdout) == mark)
    let left = try await session.run(ShellRequest(script: "grep -l '\(mark)' /tmp/.martlet-* 2>/dev/null"))
    #expect(text(left.stdout) == "")
  }

  static func movesMuchOutput(_ session: ShellSession, megabytes: Int) async throws {
    let bytes = megabytes << 20
    let script = "head -c \(bytes) /dev/zero & head -c \(bytes) /dev/zero | tr '\\0' '\\036' >&2; wait; exit 5"
    let response = try await session.run(ShellRequest(script: script))
    #expect(response.ending == .exited(5))
    #expect(response.stdout.count == bytes)
    #expect(response.stdout.allSatisfy { $0 == 0 })
    #expect(response.stderr.count == bytes)
  }

  static func readsBinary(_ session: ShellSession) async throws {
    let script = "i=0; while [ $i -lt 256 ]; do printf \"\\\\$(printf %03o $i)\"; i=$((i+1)); done"
    #expect(try await session.run(ShellRequest(script: script)).stdout == (0...255).map { UInt8($0) })
  }

  static func sendsLibrariesOnce(_ session: ShellSession) async throws {
    var request = ShellRequest(script: "greet it\\'s")
    request.libraries = [
      ShellLibrary(name: "greet", text: "greet() { echo \"hello $1 '$loaded'\"; }\nloaded=\"${loaded-}x\""),
    ]
    for isWellBehaved in [false, true, false] {
      request.isWellBehaved = isWellBehaved
      let response = try await session.run(request)
      #expect(response.ending == .exited(0), "\(text(response.stderr))")
      #expect(text(response.stdout) == "hello it's 'x'\n")
    }
  }

  /// In mksh a syntax error in a library ends the shell; elsewhere the script runs without it.
  static func outlivesBrokenLibrary(_ session: ShellSession) async throws {
    var request = ShellRequest(script: "broken")
    request.libraries = [ShellLibrary(name: "broken", text: "broken() { if; }")]
    let response = try await session.run(request)
    #expect(response.ending != .exited(0))
    #expect(!response.stderr.isEmpty)
    #expect(try await session.run(ShellRequest(script: "true")).ending == .exited(0))
  }

  static func movesFiles(_ session: ShellSession, in folder: String) async throws {
    let contents: [[UInt8]] = [
      [], Array("text\n".utf8), Array("it's no newline".utf8), (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 7) },
      Array(repeating: 0x1E, count: 3 << 20),
    ]
    for (index, content) in contents.enumerated() {
      let path = "\(folder)/a 'file' \(index)"
      try await session.upload(FileUpload(content: .bytes(content), path: path, mode: 0o640))
      #expect(try await session.download(path: path, become: nil, bytesMax: 8 << 20) == content)
      let mode = try await session.run(ShellRequest(script: "stat -c %a \(shellQuoted(path))"))
      #expect(text(mode.stdout) == "640\n")
      try await session.upload(FileUpload(content: .bytes(Array("new".utf8)), path: path))
      let kept = try await session.run(ShellRequest(script: "stat -c %a \(shellQuoted(path)); cat \(shellQuoted(path))"))
      #expect(text(kept.stdout) == "640\nnew")
    }
    #expect(text(try await session.run(ShellRequest(script: "ls -A '\(folder)' | grep -c '^\\.'")).stdout) == "0\n")
  }

  static func saysWhyFilesFail(_ session: ShellSession, in folder: String) async throws {
    await #expect(throws: TransportError.self) {
      try await session.upload(FileUpload(content: .bytes([1]), path: "\(folder)/no/such/folder"))
    }
    await #expect(throws: TransportError.self) {
      try await session.upload(FileUpload(content: .bytes([0, 1]), path: folder))
    }
    let absent = await #expect(throws: TransportError.self) {
      try await session.upload(FileUpload(content: .localFile(path: "/nonexistent"), path: "\(folder)/x"))
    }
    #expect(absent?.operation == .upload)
    let missing = await #expect(throws: TransportError.self) {
      _ = try await session.download(path: "\(folder)/none", become: nil, bytesMax: 10)
    }
    #expect(missing?.reason.lowercased().contains("no such file") == true, "\(missing?.reason ?? "")")
    try await session.upload(FileUpload(content: .bytes(Array("0123456789".utf8)), path: "\(folder)/ten"))
    #expect(try await session.download(path: "\(folder)/ten", become: nil, bytesMax: 10).count == 10)
    await #expect(throws: TransportError.self) {
      _ = try await session.download(path: "\(folder)/ten", become: nil, bytesMax: 9)
    }
  }

  static func killsWhatIsCancelled(_ session: ShellSession) async throws {
    let mark = "30.\(UInt32.random(in: 1_000_000...9_999_999))"
    for command in ["echo started; sleep \(mark)", "yes \(mark)"] {
      let started = AsyncStream<Void>.makeStream()
      let task = Task {
        var request = ShellRequest(script: "sleep \(mark) & \(command)")
        request.outputBytesMax = 1 << 20
        request.onOutput = { _ in started.continuation.yield() }
        return try await session.run(request)
      }
      for await _ in started.stream { break }
      task.cancel()
      await #expect(throws: TransportError.self) { _ = try await task.value }
      let left = try await session.run(ShellRequest(script: "ps ax -o args= | grep '[ ]\(mark)'"))
      #expect(text(left.stdout) == "")
    }
  }

  static func runsSideBySide(_ session: ShellSession) async throws {
    let outputs = try await withThrowingTaskGroup(of: String.self) { group in
      for index in 0..<20 {
        group.addTask { text(try await session.run(ShellRequest(script: "sleep 0.05; echo \(index)")).stdout) }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(outputs == Set((0..<20).map { "\($0)\n" }))
  }

  static func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
}
