import Glibc

/// A file with a password in it, or an executable that writes one to its standard output.
package struct PasswordFile: Sendable {
  package let path: String
  /// What a client script is asked for.
  package let identity: String?
  /// A script that nobody can be asking the user in is ended after this time.
  package var timeoutSeconds = 60.0
  /// Blanks around a vault password in a file do not belong to it; around other passwords they do.
  package var keepsBlanks = false

  private static let bytesMax = 1 << 20
  /// A client script's exit status where it does not know the identity.
  private static let unknownIdentityStatus: Int32 = 2

  package init(_ path: String, identity: String? = nil) {
    self.path = Self.absolute(path)
    self.identity = identity
  }

  /// A script called `…-client` is told the identity, as Ansible does.
  package var isClientScript: Bool {
    let name = path.split(separator: "/").last ?? ""
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
    return stem.hasSuffix("-client")
  }

  /// The password; a file may itself be encrypted with a password that is there already.
  package func password(openedBy keyring: VaultKeyring = VaultKeyring()) throws(VaultError) -> VaultPassword {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw errno == ENOENT ? VaultError("the password file \(path) was not found") : .unreadable(path)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw VaultError("the password file \(path) is a folder") }
    let isScript = status.st_mode & 0o111 != 0
    var bytes = isScript ? try output() : try content()
    if !isScript, !keepsBlanks { bytes = VaultPassword.trimmed(bytes) }
    if VaultText.isEncrypted(bytes) { bytes = try keyring.decrypt(bytes) }
    guard let password = VaultPassword(bytes) else {
      throw VaultError("the password file \(path) gives an empty password")
    }
    return password
  }

  private func content() throws(VaultError) -> [UInt8] {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path) }
    defer { close(descriptor) }
    return try read(from: descriptor, until: nil)
  }

  // MARK: Scripts

  private func output() throws(VaultError) -> [UInt8] {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .notStarted(path, errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let started = start(stdout: ends[1])
    close(ends[1])
    defer { close(ends[0]) }
    guard case .success(let child) = started else {
      if case .failure(let failure) = started { throw .notStarted(path, failure.code) }
      preconditionFailure("bug: a script neither started nor failed to")
    }
    // At a terminal the script may be asking its user, who takes the time it takes.
    let deadline = isatty(STDIN_FILENO) == 1 ? nil : Self.now + timeoutSeconds
    let bytes: [UInt8]
    do throws(VaultError) { bytes = try read(from: ends[0], until: deadline) } catch {
      kill(child, SIGKILL)
      _ = Self.wait(for: child)
      throw error
    }
    let status = Self.wait(for: child)
    if status == 0 { return bytes }
    if isClientScript, status == Self.unknownIdentityStatus {
      throw VaultError("the password script \(path) has no password for the vault id '\(identity ?? "")'")
    }
    throw VaultError("the password script \(path) ended with status \(status)")
  }

  private struct StartFailure: Error { let code: Int32 }

  /// Its standard input and error are ours: it may ask at the terminal, and what it complains of is seen.
  private func start(stdout: Int32) -> Result<pid_t, StartFailure> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, stdout, 1)
    let words = [path] + (isClientScript ? identity.map { ["--vault-id", $0] } ?? [] : [])
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child: pid_t = 0
    var code = posix_spawn(&child, path, &actions, nil, &arguments, environ)
    // Another thread that started a child while the script was being written holds it open for a moment.
    for _ in 0..<20 where code == ETXTBSY {
      usleep(5000)
      code = posix_spawn(&child, path, &actions, nil, &arguments, environ)
    }
    return code == 0 ? .success(child) : .failure(StartFailure(code: code))
  }

  private func read(from descriptor: Int32, until deadline: Double?) throws(VaultError) -> [UInt8] {
    var bytes: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= Self.bytesMax {
      if let deadline {
        let left = deadline - Self.now
        guard left > 0 else { throw VaultError("the password script \(path) took longer than \(Int(timeoutSeconds)) s") }
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, Int32(min(left * 1000 + 1, 60_000))) > 0 else { continue }
      }
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
    throw VaultError("the password file \(path) is larger than \(Self.bytesMax) bytes")
  }

  private static func wait(for child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func absolute(_ path: String) -> String {
    var path = path
    if path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") { path = String(cString: home) + path.dropFirst() }
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return "\(String(cString: folder))/\(path)"
  }
}

extension VaultError {
  fileprivate static func unreadable(_ path: String) -> VaultError {
    VaultError("can't read the password file \(path): \(String(cString: strerror(errno)))")
  }

  fileprivate static func notStarted(_ path: String, _ code: Int32) -> VaultError {
    VaultError(
      "can't run the password script \(path): \(String(cString: strerror(code)))",
      advice: "if it is not a script, remove the executable bit from the file")
  }
}
