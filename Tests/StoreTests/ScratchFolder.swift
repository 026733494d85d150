import Glibc

/// A folder of a test's own, gone when the test is.
final class ScratchFolder: Sendable {
  let path: String

  init() {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/martlet-store-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "can't make a scratch folder in \(parent)")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    remove(tree: path)
  }

  func permissions(of name: String = "") -> UInt32 {
    var status = stat()
    return stat(name.isEmpty ? path : "\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : 0
  }

  func write(_ text: String, to name: String) {
    let file = fopen("\(path)/\(name)", "w")
    precondition(file != nil, "can't write \(name)")
    fputs(text, file)
    fclose(file)
  }
}

private func remove(tree path: String) {
  if let folder = opendir(path) {
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { remove(tree: "\(path)/\(name)") }
    }
    closedir(folder)
  }
  Glibc.remove(path)
}
