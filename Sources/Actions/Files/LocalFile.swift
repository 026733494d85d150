import Foundation

/// A file of the controller that an action writes.
struct LocalFile {
  let path: String

  /// Writes beside the file and renames; folders on the way are made. A link in the file's place is replaced, not followed.
  func write(_ bytes: [UInt8]) throws(ActionFailure) {
    let folder = path.directoryPart
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .message("cannot make the folder \(folder) on the controller: \(error.localizedDescription)")
    }
    var template = Array("\(folder)/.martlet-XXXXXX\0".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure("cannot write in \(folder)") }
    let temporary = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let isWritten = writeAll(bytes, to: descriptor) && fchmod(descriptor, 0o666 & ~Self.creationMask) == 0
    let reason = errno
    close(descriptor)
    guard isWritten, rename(temporary, path) == 0 else {
      if isWritten == false { errno = reason }
      let failure = failure("cannot write \(path)")
      unlink(temporary)
      throw failure
    }
  }

  private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private func failure(_ what: String) -> ActionFailure {
    .message("\(what) on the controller: \(String(cString: strerror(errno)))")
  }

  /// What the process's umask takes away, read once: reading it means setting it.
  private static let creationMask: mode_t = {
    let mask = umask(0o022)
    _ = umask(mask)
    return mask
  }()
}
