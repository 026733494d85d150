import Glibc

/// One run of an inventory script, with a deadline and bounded output.
struct InventoryScript {
  enum Outcome {
    case finished(status: Int32, stdout: [UInt8], stderr: String)
    /// Killed, with its process group.
    case timedOut(stderr: String)
    case tooMuchOutput
    case notStarted(code: Int32)
  }

  let path: String
  let timeoutSeconds: Double
  var outputBytesMax = 1 << 30

  func run(_ arguments: [String]) -> Outcome {
    var out: [Int32] = [-1, -1], err: [Int32] = [-1, -1]
    guard pipe(&out) == 0 else { return .notStarted(code: errno) }
    guard pipe(&err) == 0 else {
      let code = errno
      out.forEach { close($0) }
      return .notStarted(code: code)
    }
    for end in out + err { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let started = spawn(arguments, stdout: out[1], stderr: err[1])
    close(out[1])
    close(err[1])
    defer {
      close(out[0])
      close(err[0])
    }
    switch started {
    case .failure(let code): return .notStarted(code: code.number)
    case .success(let child): return collect(from: child, stdout: out[0], stderr: err[0])
    }
  }

  private struct SystemError: Error { let number: Int32 }

  private func spawn(_ arguments: [String], stdout: Int32, stderr: Int32) -> Result<pid_t, SystemError> {
    var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, stdout, 1)
    posix_spawn_file_actions_adddup2(&actions, stderr, 2)
    // A group of its own, so that the deadline ends the script's children, too.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var child: pid_t = 0
    var code = posix_spawn(&child, path, &actions, &attributes, &words, environ)
    // Another thread that started a child while the script was being written holds it open for a moment.
    for _ in 0..<20 where code == ETXTBSY {
      usleep(5000)
      code = posix_spawn(&child, path, &actions, &attributes, &words, environ)
    }
    return code == 0 ? .success(child) : .failure(SystemError(number: code))
  }

  private func collect(from child: pid_t, stdout: Int32, stderr: Int32) -> Outcome {
    let deadline = Self.now + timeoutSeconds
    var texts: [[UInt8]] = [[], []]
    var isOpen = [true, true]
    while isOpen.contains(true) {
      let left = deadline - Self.now
      guard left > 0 else {
        end(child)
        return .timedOut(stderr: String(decoding: texts[1], as: UTF8.self))
      }
      var polls = [pollfd(fd: isOpen[0] ? stdout : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isOpen[1] ? stderr : -1, events: Int16(POLLIN), revents: 0)]
      guard poll(&polls, 2, Int32(min(left * 1000 + 1, 60_000))) > 0 else { continue }
      for index in polls.indices where polls[index].revents != 0 {
        isOpen[index] = Self.read(polls[index].fd, into: &texts[index])
      }
      guard texts[0].count + texts[1].count <= outputBytesMax else {
        end(child)
        return .tooMuchOutput
      }
    }
    let stderr = String(decoding: texts[1], as: UTF8.self)
    guard let status = wait(for: child, until: deadline) else {
      end(child)
      return .timedOut(stderr: stderr)
    }
    return .finished(status: status, stdout: texts[0], stderr: stderr)
  }

  private static func read(_ descriptor: Int32, into text: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(descriptor, &chunk, chunk.count)
    if count < 0 { return errno == EINTR || errno == EAGAIN }
    text += chunk[..<count]
    return count > 0
  }

  private func end(_ child: pid_t) {
    kill(-child, SIGKILL)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
  }

  /// The exit status as a shell has it (a signal is 128 and its number); nil at the deadline. A script that has closed its
  /// output is about to end, so this looks often.
  private func wait(for child: pid_t, until deadline: Double) -> Int32? {
    var status: Int32 = 0
    while waitpid(child, &status, WNOHANG) == 0 {
      guard Self.now < deadline else { return nil }
      usleep(500)
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension InventoryScript {
  /// The system knows no way to run the file: it has no `#!` line and is no binary.
  static let noProgramCode = ENOEXEC
}
