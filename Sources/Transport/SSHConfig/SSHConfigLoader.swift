import Glibc

/// Reads ssh_config files with all they include. Blocks: call it off the event loops, once per run.
struct SSHConfigLoader {
  let context: SSHLocalContext
  /// Relative names in Include lines start here.
  let folder: String
  /// ssh refuses the user's own file where others may write it.
  let isOwnerChecked: Bool

  static let depthMax = 16
  static let fileByteCountMax = 16 << 20

  /// Nil where there is no such file.
  func document(path: String, depth: Int = 0) -> SSHConfigDocument? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      return errno == ENOENT || errno == ENOTDIR ? nil : unreadable(path, errno)
    }
    defer { close(descriptor) }
    if isOwnerChecked, !isTrusted(descriptor) {
      return SSHConfigDocument(path: path, problem: "others than its owner may write it; chmod 600 \(path)")
    }
    do throws(SystemCallError) {
      let text = try readAll(descriptor, byteCountMax: Self.fileByteCountMax)
      return SSHConfigDocument(path: path, text: text) { pattern in included(pattern, depth: depth + 1) }
    } catch {
      return unreadable(path, error.code)
    }
  }

  private func unreadable(_ path: String, _ code: Int32) -> SSHConfigDocument {
    SSHConfigDocument(path: path, problem: "it can't be read: \(systemMessage(code))")
  }

  private func isTrusted(_ descriptor: Int32) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return false }
    return (status.st_uid == 0 || status.st_uid == getuid()) && status.st_mode & 0o022 == 0
  }

  private func included(_ pattern: String, depth: Int) -> [SSHConfigDocument] {
    guard depth <= Self.depthMax else {
      return [SSHConfigDocument(path: pattern, problem: "Include goes deeper than \(Self.depthMax) files")]
    }
    guard let expanded = SSHTokens.tildeExpanded(pattern, context) else {
      return [SSHConfigDocument(path: pattern, problem: "there is no such user")]
    }
    let path = expanded.hasPrefix("/") ? expanded : folder + "/" + expanded
    return Self.glob(path).compactMap { document(path: $0, depth: depth) }
  }

  private static func glob(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard Glibc.glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
  }
}
