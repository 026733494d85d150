import CLinux
import Glibc

/// A child in a session of its own, like one of sshd: no terminal of ours, no signal of our terminal, its own process group.
struct ChildProcess: Sendable {
  let pid: pid_t
  /// Our ends, non-blocking. On a terminal all three are one.
  let stdin: Int32
  let stdout: Int32
  let stderr: Int32
  /// Readable once the child has ended.
  let pidDescriptor: Int32

  /// Starts `arguments` with the given environment (ours if nil); on failure the reason is the system's.
  static func start(_ arguments: [String], environment: [String]? = nil, onTerminal: Bool) -> Result<ChildProcess, SystemFailure>
  {
    onTerminal ? startOnTerminal(arguments, environment) : startOnPipes(arguments, environment)
  }

  /// Our own environment, to hand on with changes.
  static var ownEnvironment: [String] {
    var variables: [String] = []
    var next = environ
    while let entry = next.pointee {
      variables.append(String(cString: entry))
      next += 1
    }
    return variables
  }

  private static func startOnPipes(
    _ arguments: [String], _ environment: [String]?
  ) -> Result<ChildProcess, SystemFailure> {
    var ends: [(read: Int32, write: Int32)] = []
    for _ in 0..<3 {
      var pair: [Int32] = [-1, -1]
      guard pipe2(&pair, O_CLOEXEC) == 0 else {
        let failure = SystemFailure("pipe")
        for end in ends { closeAll(end.read, end.write) }
        return .failure(failure)
      }
      ends.append((pair[0], pair[1]))
    }
    let theirs = [ends[0].read, ends[1].write, ends[2].write]
    let ours = [ends[0].write, ends[1].read, ends[2].read]
    for descriptor in ours { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) }
    let started = spawn(arguments, environment) { actions in
      for (target, source) in theirs.enumerated() { posix_spawn_file_actions_adddup2(&actions, source, Int32(target)) }
    }
    theirs.forEach { _ = close($0) }
    return started.map { pid in
      ChildProcess(
        pid: pid, stdin: ours[0], stdout: ours[1], stderr: ours[2], pidDescriptor: pidfd_open(pid, 0))
    }.onFailure { ours.forEach { _ = close($0) } }
  }

  /// The child opens the terminal itself, as a session leader, so that it becomes the controlling one.
  private static func startOnTerminal(
    _ arguments: [String], _ environment: [String]?
  ) -> Result<ChildProcess, SystemFailure> {
    let terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard terminal >= 0, grantpt(terminal) == 0, unlockpt(terminal) == 0 else { return .failure(SystemFailure("openpt")) }
    var name = [CChar](repeating: 0, count: 128)
    guard ptsname_r(terminal, &name, UInt(name.count)) == 0 else { return .failure(SystemFailure("ptsname")) }
    _ = fcntl(terminal, F_SETFL, fcntl(terminal, F_GETFL) | O_NONBLOCK)
    let started = spawn(arguments, environment) { actions in
      posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    }
    return started.map { pid in
      ChildProcess(pid: pid, stdin: terminal, stdout: terminal, stderr: -1, pidDescriptor: pidfd_open(pid, 0))
    }.onFailure { _ = close(terminal) }
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String]?, _ prepare: (inout posix_spawn_file_actions_t) -> Void
  ) -> Result<pid_t, SystemFailure> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    prepare(&actions)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, spawn_in_new_session | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var variables: [UnsafeMutablePointer<CChar>?] = (environment ?? []).map { strdup($0) } + [nil]
    defer { variables.forEach { free($0) } }
    var pid = pid_t()
    let code =
      environment == nil
      ? posix_spawnp(&pid, arguments[0], &actions, &attributes, &words, environ)
      : posix_spawnp(&pid, arguments[0], &actions, &attributes, &words, &variables)
    return code == 0 ? .success(pid) : .failure(SystemFailure(arguments[0], code: code))
  }

  private static func closeAll(_ descriptors: Int32...) { descriptors.forEach { _ = close($0) } }
}

/// A system call's failure in the system's words.
struct SystemFailure: Error {
  let code: Int32
  let reason: String

  init(_ what: String, code: Int32 = errno) {
    self.code = code
    reason = "\(what): \(String(cString: strerror(code)).lowercased())"
  }
}

extension Result {
  fileprivate func onFailure(_ body: () -> Void) -> Self {
    if case .failure = self { body() }
    return self
  }
}
