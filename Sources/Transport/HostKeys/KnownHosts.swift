import Glibc
import Synchronization

/// The known_hosts files of this run, read once and again when they change on disk.
///
/// Reads files: a few ms for a big one the first time, one `stat` each afterwards; call it off the event loops.
package final class KnownHosts: Sendable {
  /// Much more than a fleet of 100,000 hosts needs.
  package static let fileByteCountMax = 256 << 20

  private struct Version: Equatable {
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  private let files = Mutex<[String: (version: Version, file: KnownHostsFile)]>([:])

  package init() {}

  /// What the files, in their order, know about a host. Files that don't exist know nothing.
  package func keys(of name: HostKeyName, files paths: [String]) throws(KnownHostsError) -> KnownHostKeys {
    var parsed: [KnownHostsFile] = []
    for path in paths {
      if let file = try file(path) { parsed.append(file) }
    }
    return KnownHostKeys(name: name, files: parsed)
  }

  private func file(_ path: String) throws(KnownHostsError) -> KnownHostsFile? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw KnownHostsError(path: path, action: "read", code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    let version = Version(
      inode: status.st_ino, size: status.st_size, seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    if let known = files.withLock({ $0[path] }), known.version == version { return known.file }
    let file = KnownHostsFile(path: path, content: try Self.content(path))
    files.withLock { $0[path] = (version, file) }
    return file
  }

  private static func content(_ path: String) throws(KnownHostsError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw KnownHostsError(path: path, action: "read", code: errno) }
    defer { close(descriptor) }
    do throws(SystemCallError) {
      return try readAll(descriptor, byteCountMax: fileByteCountMax)
    } catch {
      throw KnownHostsError(path: path, action: "read", code: error.code)
    }
  }
}

/// A known_hosts file that can't be read or written.
package struct KnownHostsError: Error, Sendable, Hashable {
  package let path: String
  package let action: String
  package let code: Int32

  init(path: String, action: String, code: Int32) {
    self.path = path
    self.action = action
    self.code = code
  }
}

extension KnownHostsError: CustomStringConvertible {
  package var description: String { "can't \(action) \(path): \(systemMessage(code))" }
}
