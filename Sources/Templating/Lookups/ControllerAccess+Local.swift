import Glibc
import Model

/// The machine that this process runs on.
extension ControllerAccess {
  package struct LocalFailure: Error, CustomStringConvertible {
    package var description: String
  }

  /// What a file or a command's output may hold at most.
  private static let bytesMax = 256 << 20

  package static var local: ControllerAccess {
    ControllerAccess(
      read: { try readFile($0) }, write: { try writeFile($0, $1) }, kind: { fileKind($0) },
      isLink: { path in
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
      },
      real: { path in
        guard let found = Glibc.realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
      },
      glob: { matches($0) },
      environment: { name in getenv(name).map { String(cString: $0) } },
      run: { try runShell($0, in: $1) })
  }

  private static func failure(_ what: String, _ path: String) -> LocalFailure {
    LocalFailure(description: "\(what) \(path): \(String(cString: strerror(errno)))")
  }

  private static func fileKind(_ path: String) -> FileKind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  private static func readFile(_ path: String) throws -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 && (errno == ENOENT || errno == ENOTDIR) { return nil }
    if file < 0 { throw failure("can't read", path) }
    defer { close(file) }
    return try readAll(file, path)
  }

  private static func readAll(_ file: Int32, _ name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw failure("can't read", name) }
      if count == 0 { return bytes }
      bytes += buffer.prefix(count)
      if bytes.count > bytesMax { throw LocalFailure(description: "\(name) is larger than \(bytesMax) bytes") }
    }
  }

  private static func writeFile(_ path: String, _ bytes: [UInt8]) throws {
    var folder = ""
    for part in PosixPath.split(path).head.split(separator: "/", omittingEmptySubsequences: false) {
      folder += part + "/"
      if mkdir(folder, 0o700) != 0, errno != EEXIST { throw failure("can't make folder", folder) }
    }
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    if file < 0 { throw failure("can't write", path) }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw failure("can't write", path) }
      rest = rest.dropFirst(count)
    }
  }

  private static func matches(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard Glibc.glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
  }

  private static func runShell(_ command: String, in folder: String?) throws -> (output: [UInt8], status: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw failure("can't run", command) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    let script = "cd -- \"$1\" || exit; eval \"$2\""
    let words: [String] = ["/bin/sh", "-c", script, "sh", folder ?? ".", command]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let problem = posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, environ)
    close(ends[1])
    defer { close(ends[0]) }
    if problem != 0 { throw LocalFailure(description: "can't run \(command): \(String(cString: strerror(problem)))") }
    let output = Result { try readAll(ends[0], command) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return (try output.get(), status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F)
  }
}
