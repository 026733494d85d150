import Glibc
import Model

/// Files and folders as inventories and settings need them.
package enum TextFile {
  package struct Problem: Error, Sendable, Equatable {
    package var path: String
    package var reason: String
  }

  /// The whole text; bytes that are no UTF-8 are a problem.
  package static func read(_ path: String, bytesMax: Int = 1 << 30) throws(Problem) -> String {
    let bytes = try bytes(of: path, bytesMax: bytesMax)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem(path: path, reason: reasonNotText(bytes))
    }
    return text
  }

  package static func bytes(of path: String, bytesMax: Int = 1 << 30) throws(Problem) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var content: [UInt8] = []
    while true {
      var failure: Int32 = 0
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, used in
        count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0 { failure = errno }
        used = max(0, count)
      }
      if failure == EINTR { continue }
      guard failure == 0 else { throw Problem(path: path, reason: String(cString: strerror(failure))) }
      guard count > 0 else { return content }
      content += chunk
      guard content.count <= bytesMax else { throw Problem(path: path, reason: "it is larger than \(bytesMax) bytes") }
    }
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  package static func isDirectory(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

  package static func isExecutableFile(_ path: String) -> Bool { kind(of: path) == S_IFREG && access(path, X_OK) == 0 }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// True where others than owner and group may write into a folder.
  package static func isWorldWritable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IWOTH != 0
  }

  /// Names in a folder, sorted by code point, without `.` and `..`; nil if it can't be read.
  package static func names(in directory: String) -> [String]? {
    guard let stream = opendir(directory) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted(by: isBeforeByScalars)
  }

  /// The path without `.`, `..` and doubled slashes, from the root.
  package static func absolute(_ path: String, from base: String) -> String {
    var parts: [Substring] = []
    for part in (path.hasPrefix("/") ? path : base + "/" + path).split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The folder part of a path; empty where it has none.
  package static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last dot and what follows; empty where there is none, or only a leading one.
  package static func fileExtension(of path: String) -> String {
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    guard let dot = name.lastIndex(of: "."), name[..<dot].contains(where: { $0 != "." }) else { return "" }
    return String(name[dot...])
  }

  package static var currentDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }
}

extension TextFile {
  /// The system's words for an error number.
  static func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// Where the running user is at home.
  package static var homeDirectory: String? { getenv("HOME").map { String(cString: $0) } }
}

/// `~` and `~/…` in place of the home folder.
package func expandingHome(_ path: String) -> String {
  guard path == "~" || path.hasPrefix("~/"), let home = TextFile.homeDirectory else { return path }
  return home + path.dropFirst()
}
