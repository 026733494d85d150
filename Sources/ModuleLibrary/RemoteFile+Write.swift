import Model
import Transport

extension RemoteFile {
  /// A file's new content, or only its new owner and mode.
  package struct Write: Sendable {
    package enum Content: Sendable {
      case bytes([UInt8])
      /// Another file of the same host, read there; `isTemporary` ones are removed.
      case hostFile(path: String, sha1: String, isTemporary: Bool)
      /// Content stays; owner, group and mode are compared and set.
      case unchanged
    }

    /// What the file must still be, or the write is refused: what the action computed from.
    package enum Expectation: Sendable, Equatable {
      case sha1(String)
      case absent
      case any
    }

    package var path: String
    package var content: Content
    package var expectation: Expectation = .any
    package var owner: String?
    package var group: String?
    /// Octal or symbolic, as Ansible takes it.
    package var mode: String?
    package var keepsBackup = false
    /// Words of the command that must accept the new file before it is put in place; `%s` is its path.
    package var validate: [String] = []
    package var allowsUnsafeWrites = false
    /// Made first, with what is missing above it.
    package var missingFolder: String?
    package var isCheck = false
    package var become: Become?
    package var timeoutSeconds: Double?
    package var environment: [String: String] = [:]

    package init(path: String, content: Content) {
      self.path = path
      self.content = content
    }
  }

  /// Writes beside the file and renames. The result is changed or ok and has path, uid, gid, owner, group, mode, state and size,
  /// `backup_file` where one was kept, or says why it failed: `failed to validate` with exit_status, stdout and stderr.
  ///
  /// In check mode nothing is written, and content that came along counts as a change.
  package static func write(_ write: Write, catalog: ModuleCatalog) throws(ModuleCatalogError) -> RemoteCall<StepResult> {
    var arguments: [(String, String)] = [
      ("path", ShellText.path(write.path)), ("backup", String(write.keepsBackup)),
      ("unsafe_writes", String(write.allowsUnsafeWrites)),
    ]
    for (name, value) in [("owner", write.owner), ("group", write.group), ("mode", write.mode)] {
      if let value { arguments.append((name, ShellText.quoted(value))) }
    }
    if !write.validate.isEmpty {
      arguments.append(("validate", ShellText.quoted(write.validate.map(ShellText.quoted).joined(separator: " "))))
    }
    switch write.expectation {
    case .any: arguments.append(("expect", "any"))
    case .absent: arguments.append(("expect", "absent"))
    case .sha1(let sum): arguments.append(("expect", ShellText.quoted(sum)))
    }
    var stdin: [UInt8] = []
    switch write.content {
    case .unchanged: arguments.append(("has_content", "false"))
    case .bytes(let bytes):
      arguments.append(("has_content", "true"))
      if write.isCheck { break }
      arguments += [("sha1", Digest.sha1(bytes).hex), ("size", String(bytes.count))]
      if let text = plainText(bytes) { arguments.append(("content", ShellText.quoted(text))) } else { stdin = bytes }
    case .hostFile(_, let sha1, _):
      arguments.append(("has_content", "true"))
      arguments.append(("sha1", sha1))
    }
    let call = RemoteScript(
      call: "remote_write", arguments: arguments, isCheck: write.isCheck, environment: write.environment)
    var request = try call.request(catalog: catalog)
    request.stdin = stdin
    if case .hostFile(let path, _, let isTemporary) = write.content, !write.isCheck {
      request.script = inputFrom(path, isTemporary) + "\n" + request.script
    }
    if let folder = write.missingFolder, !write.isCheck {
      request.script = "mkdir -p -- \(ShellText.path(folder)) || exit 1\n" + request.script
    }
    request.become = write.become
    request.timeoutSeconds = write.timeoutSeconds
    return RemoteCall(request: request) { response in .success(call.result(of: response)) }
  }
}

extension RemoteFile {
  /// Content that a shell can hold in a variable and write without a program's help, whatever carries it there.
  private static func plainText(_ bytes: [UInt8]) -> String? {
    guard bytes.count <= variableBytesMax, bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A || $0 == 0x09 }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static let variableBytesMax = 16 << 10

  /// Shell text that makes a file the standard input of what follows.
  private static func inputFrom(_ path: String, _ isTemporary: Bool) -> String {
    let word = ShellText.path(path)
    return "exec <\(word) || exit 1" + (isTemporary ? "\nrm -f -- \(word)" : "")
  }
}

/// Shell text that calls a function of the library for actions.
struct RemoteScript: Sendable {
  let text: String
  let mark: [UInt8]
  private let isQuick: Bool

  /// Arguments are names and finished shell words; those that the library knows and that are not given are unset.
  init(call: String, arguments: [(String, String)], isCheck: Bool = false, environment: [String: String] = [:]) {
    let mark = "\u{1E}\(ShellModule.freshToken())"
    var lines = [ShellModule.beginning(mark: mark, isCheck: isCheck, wantsDiff: false)]
    lines.append("unset arg_owner arg_group arg_mode arg_validate arg_sha1 arg_size arg_content")
    lines += arguments.map { "arg_\($0.0)=\($0.1)" }
    lines += environment.sorted { $0.key < $1.key }.filter { ShellModule.isVariableName($0.key) }
      .map { "export \($0.key)=\(ShellText.quoted($0.value))" }
    text = (lines + ["m_begin; \(call); m_done"]).joined(separator: "\n")
    self.mark = Array(mark.utf8)
    isQuick = false
  }

  /// A function that has a quick look, with finished shell words.
  init(lookingQuickly function: String, words: String) {
    let mark = "\u{1E}\(ShellModule.freshToken())"
    text = """
      \(ShellModule.beginning(mark: mark, isCheck: false, wantsDiff: false))
      m_quick \(function)_quick \(words) || (m_begin; \(function) \(words); m_done)
      m_forget
      """
    self.mark = Array(mark.utf8)
    isQuick = true
  }

  func request(catalog: ModuleCatalog) throws(ModuleCatalogError) -> ShellRequest {
    var request = ShellRequest(script: text)
    request.libraries = try catalog.actionLibraries()
    request.isWellBehaved = isQuick
    return request
  }

  func result(of response: ShellResponse) -> StepResult { ShellModule.result(of: response, mark: mark) }
}
