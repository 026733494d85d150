import Glibc

/// The files of this machine.
package struct DiskFiles: SourceFiles {
  /// A source file beyond this size is refused.
  package static let bytesMax = 512 << 20

  package let workingDirectory: String

  package init() {
    let path = realpath(".", nil)
    defer { free(path) }
    // Without a working directory (it was removed) only absolute paths can be read.
    workingDirectory = path.map { String(cString: $0) } ?? ""
  }

  package func read(_ path: String) -> FileReading {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      return errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(Self.reason(errno))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .unreadable(Self.reason(errno)) }
    guard status.st_mode & S_IFMT != S_IFDIR else { return .unreadable("it is a folder") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(Int(status.st_size), Self.bytesMax) + 1)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        return .unreadable(Self.reason(errno))
      }
      bytes += chunk[..<count]
      guard bytes.count <= Self.bytesMax else { return .unreadable("it is larger than \(Self.bytesMax >> 20) MB") }
    }
    return String(validating: bytes, as: UTF8.self).map(FileReading.text) ?? .unreadable(reasonNotText(bytes))
  }

  package func kind(_ path: String) -> FileKind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  package func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  package func canonicalPath(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return SourcePath.normalized(path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
