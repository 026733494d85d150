import Glibc
import Transport

/// A shell of a given kind on this machine that answers requests by the remote shell protocol, as far as modules see it. A shell that
/// does not answer in time is killed with all that it started.
package final class ShellUnderTest {
  package static let kinds: [[String]] = [["dash"], ["bash"], ["busybox", "ash"], ["mksh"]]
  private static let outputBytesMax = 64 << 20

  private let name: String
  private let process: pid_t
  private let input: Int32
  private let output: Int32
  /// What the shell itself complains of, such as a syntax error in a library.
  private let complaintFile: String
  private let timeoutSeconds: Double
  private let interruption: CaseInterruption?
  private var loaded: Set<String> = []
  private var rest: [UInt8] = []
  private var count = 0

  /// It stands in the scratch directory, or in another.
  package init(
    _ command: [String], in scratch: Scratch, path: String? = nil, directory: String? = nil, timeoutSeconds: Double = 60,
    interruption: CaseInterruption? = nil
  ) throws(CaseTrouble) {
    name = command.joined(separator: " ")
    complaintFile = scratch.root + "/complaints"
    self.timeoutSeconds = timeoutSeconds
    self.interruption = interruption
    (process, input, output) = try Self.start(command, stderrFile: complaintFile)
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    let exports = path.map { "PATH='\($0)'; export PATH; " } ?? ""
    try send("\(exports)cd '\(directory ?? scratch.root)'; trap : TERM INT HUP\n", until: deadline)
  }

  /// Whether this machine has the shell.
  package static func isHere(_ command: [String]) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains { access("\($0)/\(command[0])", X_OK) == 0 }
  }

  /// In a process group of its own; what is open here is closed there, and signals are as at a login.
  private static func start(_ command: [String], stderrFile: String) throws(CaseTrouble) -> (pid_t, Int32, Int32) {
    var stdin: [Int32] = [0, 0], stdout: [Int32] = [0, 0]
    // Under the lock, or a shell that starts meanwhile would hold these ends open.
    let isOpen = LocalFile.spawnLock.withLock { _ in
      guard pipe(&stdin) == 0, pipe(&stdout) == 0 else { return false }
      return (stdin + stdout).allSatisfy { fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }
    }
    guard isOpen else { throw CaseTrouble("no pipe: \(CaseTrouble.systemMessage)") }
    var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t(), signals = sigset_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, stdin[0], 0)
    posix_spawn_file_actions_adddup2(&actions, stdout[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, stderrFile, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    let words = command.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var process: pid_t = 0
    let code = LocalFile.spawnLock.withLock { _ in posix_spawnp(&process, command[0], &actions, &attributes, words, environ) }
    close(stdin[0])
    close(stdout[1])
    guard code == 0 else {
      close(stdin[1])
      close(stdout[0])
      throw CaseTrouble("cannot start \(command[0]): \(String(cString: strerror(code)))")
    }
    return (process, stdin[1], stdout[0])
  }

  deinit {
    kill(-process, SIGKILL)
    close(input)
    close(output)
    waitpid(process, nil, 0)
  }

  package func run(_ request: ShellRequest, stderrFile: String) throws(CaseTrouble) -> ShellResponse {
    let deadline = deadline
    var text = ""
    for library in request.libraries where loaded.insert(library.name).inserted { text += library.text + "\n" }
    count += 1
    let marker = "\u{1E}END\(count)"
    let stdin = request.stdin.isEmpty ? "/dev/null" : stderrFile + ".in"
    if !request.stdin.isEmpty { try LocalFile.write(request.stdin, to: stdin) }
    let script = quoted(request.script)
    text += (request.isWellBehaved ? "command eval \(script)" : "(eval \(script))") + " <\(stdin) 2>\(stderrFile)\necho \"\(marker) $?\"\n"
    try send(text, until: deadline)
    let (body, status) = try readFrame(Array(marker.utf8), until: deadline)
    return ShellResponse(ending: .exited(status), stdout: body, stderr: LocalFile.content(of: stderrFile))
  }

  private func quoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { result += "'\\''" } else { result.unicodeScalars.append(scalar) }
    }
    return result + "'"
  }

  private var deadline: ContinuousClock.Instant { .now + .seconds(timeoutSeconds) }

  private func send(_ text: String, until deadline: ContinuousClock.Instant) throws(CaseTrouble) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      // Looked at before each write: one to a shell that is gone would be a signal.
      guard try wait(for: POLLOUT, on: input, until: deadline) & Int16(POLLERR) == 0 else { throw gone() }
      let count = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
      if count < 0 && errno != EAGAIN && errno != EINTR { throw gone() }
      bytes = bytes.dropFirst(max(0, count))
    }
  }

  private func readFrame(_ marker: [UInt8], until deadline: ContinuousClock.Instant) throws(CaseTrouble) -> ([UInt8], Int32) {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let start = position(of: marker), let end = rest[(start + marker.count)...].firstIndex(of: 0x0A) {
        let status = Int32(String(decoding: rest[(start + marker.count + 1)..<end], as: UTF8.self)) ?? -1
        let body = Array(rest[..<start])
        rest = Array(rest[(end + 1)...])
        return (body, status)
      }
      guard rest.count < Self.outputBytesMax else { throw CaseTrouble("the module prints without end") }
      _ = try wait(for: POLLIN, on: output, until: deadline)
      let count = read(output, &chunk, chunk.count)
      guard count > 0 else { throw gone() }
      rest += chunk[..<count]
    }
  }

  /// Waits for a pipe; a shell that lets the deadline pass is killed with its process group, as at an interruption.
  private func wait(for events: Int32, on pipe: Int32, until deadline: ContinuousClock.Instant) throws(CaseTrouble) -> Int16 {
    // A descriptor below zero is passed over.
    let stop = pollfd(fd: interruption?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
    var entries = [pollfd(fd: pipe, events: Int16(events), revents: 0), stop]
    while true {
      let seconds = (deadline - .now) / .seconds(1)
      let ready = seconds > 0 ? poll(&entries, 2, Int32(seconds * 1000) + 1) : 0
      if ready > 0 && entries[1].revents != 0 {
        kill(-process, SIGKILL)
        throw CaseTrouble("interrupted; \(name) was killed")
      }
      if ready > 0 { return entries[0].revents }
      if ready < 0 && errno == EINTR { continue }
      kill(-process, SIGKILL)
      throw CaseTrouble("no answer within \(timeoutSeconds.formattedSeconds) s; \(name) was killed\(complaints)")
    }
  }

  private func gone() -> CaseTrouble { CaseTrouble("\(name) went away in the middle\(complaints)") }

  private var complaints: String {
    let text = String(decoding: LocalFile.content(of: complaintFile), as: UTF8.self).split(separator: "\n").joined(separator: "; ")
    return text.isEmpty ? "" : "; it said: \(text)"
  }

  private func position(of marker: [UInt8]) -> Int? {
    guard rest.count >= marker.count else { return nil }
    return (0...(rest.count - marker.count)).last { start in
      rest[start] == marker[0] && rest[start..<(start + marker.count)].elementsEqual(marker)
    }
  }
}

extension Double {
  fileprivate var formattedSeconds: String { self == rounded() ? String(Int(self)) : String(self) }
}
