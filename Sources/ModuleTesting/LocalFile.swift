import Glibc
import Synchronization

/// Files of this machine, as cases need them.
package enum LocalFile {
  /// A file that is being written while a process starts stays open in it for a moment, and cannot be run meanwhile.
  static let spawnLock = Mutex(())

  package static func entries(of folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var result: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != "." && name != ".." { result.append(name) }
    }
    return result
  }

  /// A file's content; nothing where it can't be read.
  package static func content(of path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var result: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { result += chunk[..<count] }
    return result
  }

  package static func write(_ bytes: [UInt8], to path: String) throws(CaseTrouble) {
    let isWritten = spawnLock.withLock { _ in
      guard let file = fopen(path, "wb") else { return false }
      let isWhole = fwrite(bytes, 1, bytes.count, file) == bytes.count
      return fclose(file) == 0 && isWhole
    }
    guard isWritten else { throw CaseTrouble("cannot write \(path): \(CaseTrouble.systemMessage)") }
  }
}
