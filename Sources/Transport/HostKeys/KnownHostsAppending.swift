import CLibCrypto
import Glibc

extension KnownHosts {
  /// How long another process may keep the file locked.
  package static let lockTimeoutSeconds = 5.0

  /// Files a key: one line in one write, under a lock, whole also where the last line lacks its end. Does nothing where
  /// the file has the key by now, or is no regular file (`/dev/null`). Creates the file (0600) and its folder (0700).
  package func append(
    _ key: SSHPublicKey, of name: HostKeyName, to path: String, isHashed: Bool
  ) throws(KnownHostsError) {
    let descriptor = try Self.openForAppending(path)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw KnownHostsError(path: path, action: "append to", code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { return }
    do throws(SystemCallError) {
      try Self.lock(descriptor)
      let present = try readAll(descriptor, byteCountMax: Self.fileByteCountMax)
      let file = KnownHostsFile(path: path, content: present)
      let isFiled = file.records(for: name.text).contains { $0.marker == .none && $0.key == key }
      if isFiled { return }
      let lead = present.isEmpty || present.last == UInt8(ascii: "\n") ? "" : "\n"
      try writeAll(descriptor, Array("\(lead)\(Self.line(key, name, isHashed: isHashed))\n".utf8))
    } catch {
      throw KnownHostsError(path: path, action: "append to", code: error.code)
    }
  }

  private static func line(_ key: SSHPublicKey, _ name: HostKeyName, isHashed: Bool) -> String {
    guard isHashed else { return "\(name.text) \(key.line)" }
    var salt = [UInt8](repeating: 0, count: HostNameHash.byteCount)
    precondition(RAND_bytes(&salt, Int32(salt.count)) == 1, "this is a bug: libcrypto has no random bytes")
    let hash = HostNameHash().hash(of: Array(name.text.utf8), salt: salt)
    return "|1|\(Base64.encode(salt))|\(Base64.encode(hash)) \(key.line)"
  }

  private static func openForAppending(_ path: String) throws(KnownHostsError) -> Int32 {
    let flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC
    var descriptor = open(path, flags, 0o600)
    if descriptor < 0, errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      let folder = String(path[..<slash])
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
        throw KnownHostsError(path: folder, action: "create", code: errno)
      }
      descriptor = open(path, flags, 0o600)
    }
    guard descriptor >= 0 else { throw KnownHostsError(path: path, action: "append to", code: errno) }
    return descriptor
  }

  /// Waits in short steps, so that a stuck process elsewhere can't hold this one forever.
  private static func lock(_ descriptor: Int32) throws(SystemCallError) {
    let stepMilliseconds = 10
    for _ in 0..<Int(lockTimeoutSeconds * 1000) / stepMilliseconds {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { throw SystemCallError(code: errno) }
      usleep(UInt32(stepMilliseconds) * 1000)
    }
    throw SystemCallError(code: EWOULDBLOCK)
  }
}
