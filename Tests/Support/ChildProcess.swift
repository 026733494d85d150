import Glibc
import Synchronization

/// A program that a test runs, in a process group of its own that is killed at its deadline. Nothing waits for ever here.
package final class ChildProcess: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
    package init(description: String) { self.description = description }
  }

  /// How a program ended and what it wrote.
  package struct Ending: Sendable {
    /// The exit status; 128 + n after signal n, as shells say it.
    package var status: Int32
    package var stdout: String
    package var stderr: String
    /// The deadline passed and the process group was killed.
    package var isTimedOut: Bool
  }

  private struct State {
    var stdout: [UInt8] = []
    var stderr: [UInt8] = []
    var ending: Ending?
    var waiters: [CheckedContinuation<Void, Never>] = []

    var size: Int { stdout.count + stderr.count }
  }

  /// Glibc's module has no pipe2: between making a pipe and marking it, no other child may start and inherit it.
  private static let oneAtATime = Mutex(())

  package let pid: pid_t
  private let deadline: Double
  private let state = Mutex(State())

  /// Runs a program to its end. `environment` is added to the test's own.
  package static func run(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], directory: String? = nil,
    stdin: String = "", deadlineSeconds: Double = 60
  ) async throws -> Ending {
    let child = try ChildProcess(
      executable, arguments, environment: environment, directory: directory, stdin: stdin,
      deadlineSeconds: deadlineSeconds)
    return await withTaskCancellationHandler { await child.ending() } onCancel: { child.signal(SIGKILL) }
  }

  /// Starts a program, found by PATH unless its name has a slash; `stdin` is all that it will read (at most 64 KB).
  package init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], directory: String? = nil,
    stdin: String = "", deadlineSeconds: Double = 60
  ) throws {
    precondition(stdin.utf8.count <= 65_536, "a pipe holds no more: give the program a file")
    let spawn = Spawn(executable: executable, arguments: arguments, environment: environment, directory: directory)
    let (pid, input, output, errors) = try Self.oneAtATime.withLock { _ in
      let input = try Pipe(), output = try Pipe(), errors = try Pipe()
      return (try spawn.start(stdin: input.reading, stdout: output.writing, stderr: errors.writing), input, output, errors)
    }
    self.pid = pid
    deadline = Self.now() + deadlineSeconds
    close(input.reading)
    close(output.writing)
    close(errors.writing)
    _ = Array(stdin.utf8).withUnsafeBytes { write(input.writing, $0.baseAddress, $0.count) }
    close(input.writing)
    Self.onThread { self.gather(from: [output.reading, errors.reading]) }
  }

  /// Sends a signal to the program's whole process group.
  package func signal(_ number: Int32) { if state.withLock({ $0.ending == nil }) { kill(-pid, number) } }

  /// Waits for the program's end, which its deadline bounds.
  package func ending() async -> Ending {
    while true {
      let (ending, size) = state.withLock { ($0.ending, $0.size) }
      if let ending { return ending }
      await change(from: size)
    }
  }

  /// Standard output so far.
  package var output: String { state.withLock { String(decoding: $0.stdout, as: UTF8.self) } }

  /// Waits until standard output holds a text; throws if the program ends first.
  package func waitForOutput(_ text: String) async throws { try await wait(for: text, in: \.stdout) }

  /// Waits until standard error holds a text; throws if the program ends first.
  package func waitForErrors(_ text: String) async throws { try await wait(for: text, in: \.stderr) }

  private func wait(for text: String, in stream: KeyPath<State, [UInt8]> & Sendable) async throws {
    while true {
      let (output, isOver, size) = state.withLock {
        (String(decoding: $0[keyPath: stream], as: UTF8.self), $0.ending != nil, $0.size)
      }
      if output.contains(text) { return }
      if isOver { throw Failure(description: "ended before it wrote '\(text)': \(output)") }
      await change(from: size)
    }
  }

  /// Returns once there is more output than `size` bytes, or at the end; at once if so already.
  private func change(from size: Int) async {
    await withCheckedContinuation { continuation in
      let isWaiting = state.withLock {
        guard $0.ending == nil, $0.size == size else { return false }
        $0.waiters.append(continuation)
        return true
      }
      if !isWaiting { continuation.resume() }
    }
  }

  // MARK: - The thread that gathers

  private func gather(from descriptors: [Int32]) {
    var open = descriptors, status: Int32?, isTimedOut = false, drainUntil = Double.infinity
    while !open.isEmpty, Self.now() < drainUntil {
      read(from: &open, stdout: descriptors[0])
      if status == nil, let ended = reap(WNOHANG) {
        // What went into the background may hold the pipes for ever: a second for the rest of the output.
        (status, drainUntil) = (ended, Self.now() + 1)
      }
      if !isTimedOut, Self.now() > deadline {
        isTimedOut = true
        kill(-pid, SIGKILL)
      }
    }
    open.forEach { close($0) }
    finish(status: status ?? awaitEnd(&isTimedOut), isTimedOut: isTimedOut)
  }

  private func read(from open: inout [Int32], stdout: Int32) {
    var polls = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&polls, nfds_t(polls.count), 50) > 0 else { return }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    for ready in polls where ready.revents != 0 {
      let count = Glibc.read(ready.fd, &chunk, chunk.count)
      if count > 0 {
        append(chunk[..<count], isStdout: ready.fd == stdout)
      } else if count == 0 || errno != EINTR {
        close(ready.fd)
        open.removeAll { $0 == ready.fd }
      }
    }
  }

  private func append(_ bytes: ArraySlice<UInt8>, isStdout: Bool) {
    let waiters = state.withLock { state in
      if isStdout { state.stdout += bytes } else { state.stderr += bytes }
      defer { state.waiters = [] }
      return state.waiters
    }
    waiters.forEach { $0.resume() }
  }

  /// A program that closed its output but runs on: until it ends or its deadline does.
  private func awaitEnd(_ isTimedOut: inout Bool) -> Int32 {
    while true {
      if let status = reap(WNOHANG) { return status }
      if Self.now() > deadline {
        isTimedOut = true
        kill(-pid, SIGKILL)
        return reap(0) ?? -1
      }
      usleep(10_000)
    }
  }

  private func reap(_ flags: Int32) -> Int32? {
    var status: Int32 = 0
    guard waitpid(pid, &status, flags) == pid else { return nil }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }

  private func finish(status: Int32, isTimedOut: Bool) {
    let waiters = state.withLock { state in
      state.ending = Ending(
        status: status, stdout: String(decoding: state.stdout, as: UTF8.self),
        stderr: String(decoding: state.stderr, as: UTF8.self), isTimedOut: isTimedOut)
      defer { state.waiters = [] }
      return state.waiters
    }
    waiters.forEach { $0.resume() }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func onThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Body(run: body)).toOpaque()
    pthread_create(&thread, nil, { Unmanaged<Body>.fromOpaque($0!).takeRetainedValue().run(); return nil }, context)
    pthread_detach(thread)
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

/// Two ends of a pipe that no other child inherits.
private struct Pipe {
  let reading: Int32
  let writing: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw ChildProcess.Failure(description: "pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }
}

/// posix_spawn with its parts put together.
private struct Spawn {
  var executable: String
  var arguments: [String]
  var environment: [String: String]
  var directory: String?

  func start(stdin: Int32, stdout: Int32, stderr: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (from, to) in [(stdin, 0), (stdout, 1), (stderr, 2)] {
      posix_spawn_file_actions_adddup2(&actions, from, Int32(to))
    }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let words = command.map { strdup($0) } + [nil]
    let variables = merged().map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, command[0], &actions, &attributes, words, variables)
    guard code == 0 else { throw ChildProcess.Failure(description: "\(command[0]): \(String(cString: strerror(code)))") }
    return pid
  }

  /// A shell changes into the directory: posix_spawn can't by what Glibc's module offers.
  private var command: [String] {
    guard let directory else { return [executable] + arguments }
    return ["/bin/sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", directory, executable] + arguments
  }

  private func merged() -> [String: String] {
    var all: [String: String] = [:]
    var entry = environ
    while let variable = entry.pointee {
      let parts = String(cString: variable).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      all[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
      entry += 1
    }
    return all.merging(environment) { $1 }
  }
}
