import Foundation

/// Files that vault commands read and write. What is written is the user's alone, and whole or not at all.
struct VaultFile {
  let path: String

  /// Links are followed, so that they stay links.
  init(_ path: String) {
    guard path != "-", let resolved = realpath(path, nil) else {
      self.path = path
      return
    }
    defer { free(resolved) }
    self.path = String(cString: resolved)
  }

  var isStandard: Bool { path == "-" }
  var exists: Bool { access(path, F_OK) == 0 }

  func read() throws -> [UInt8] {
    if isStandard { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(exitStatus: 1, "can't read \(path): \(String(cString: strerror(errno)))")
    }
    return Array(bytes)
  }

  /// Writes beside the file and renames. `keepsAccess` gives it the mode and owner of the file that was there.
  func write(_ bytes: [UInt8], keepsAccess: Bool = false) throws {
    if isStandard { return try FileHandle.standardOutput.write(contentsOf: Data(bytes)) }
    var before = stat()
    let isThere = stat(path, &before) == 0
    let draft = "\(path).\(UInt32.random(in: 0...UInt32.max))"
    let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("can't write beside \(path)") }
    let isWritten = Self.write(bytes, to: descriptor)
      && (!(keepsAccess && isThere) || fchmod(descriptor, before.st_mode & 0o7777) == 0)
      && (!(keepsAccess && isThere) || fchown(descriptor, before.st_uid, before.st_gid) == 0)
    let problem = failure("can't write \(path)")
    close(descriptor)
    guard isWritten else {
      unlink(draft)
      throw problem
    }
    guard rename(draft, path) == 0 else {
      let problem = failure("can't put \(path) in place")
      unlink(draft)
      throw problem
    }
  }

  private func failure(_ what: String) -> CommandFailure {
    CommandFailure(exitStatus: 1, "\(what): \(String(cString: strerror(errno)))")
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + sent, $0.count - sent) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return false }
      sent += count
    }
    return fsync(descriptor) == 0
  }
}

/// A file that an editor works on, in a folder that only its user can enter; overwritten and removed afterwards.
struct EditedDraft {
  let command: String

  /// What the user made of the content.
  func edit(_ content: [UInt8], like path: String) throws -> [UInt8] {
    let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
    var template = Array("\(base)/martlet-vault-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw CommandFailure(exitStatus: 1, "can't make a folder for the editor in \(base): \(String(cString: strerror(errno)))")
    }
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let suffix = URL(fileURLWithPath: path).pathExtension
    let draft = "\(folder)/content" + (suffix.isEmpty ? "" : ".\(suffix)")
    defer {
      erase(draft)
      try? FileManager.default.removeItem(atPath: folder)
    }
    let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0, VaultFile.write(content, to: descriptor) else {
      throw CommandFailure(exitStatus: 1, "can't write \(draft): \(String(cString: strerror(errno)))")
    }
    close(descriptor)
    try runEditor(on: draft)
    return try VaultFile(draft).read()
  }

  /// The setting may hold options; it is a shell's command line, the file's name its argument.
  private func runEditor(on draft: String) throws {
    let words = ["/bin/sh", "-c", "\(command) \"$1\"", "sh", draft]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, "/bin/sh", nil, nil, &arguments, environ)
    guard code == 0 else { throw CommandFailure(exitStatus: 1, "can't start the editor: \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
      throw CommandFailure(exitStatus: 1, "the editor '\(command)' ended with status \((status >> 8) & 0xFF); nothing was changed")
    }
  }

  private func erase(_ path: String) {
    var status = stat()
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return }
    if fstat(descriptor, &status) == 0 { _ = VaultFile.write([UInt8](repeating: 0, count: Int(status.st_size)), to: descriptor) }
    close(descriptor)
    unlink(path)
  }
}
