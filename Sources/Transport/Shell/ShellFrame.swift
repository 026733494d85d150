import Model

/// The bytes that ask a persistent shell to run a script and to mark where its answer ends.
struct ShellFrame {
  /// Where the script's stdin comes from.
  enum Input {
    case nothing
    /// Sent along with the script.
    case inline([UInt8])
    /// A private file on the host, unlinked before the script starts.
    case file(path: String)
  }

  let token: FrameToken
  let bytes: [UInt8]

  init(
    token: FrameToken = FrameToken(), script: String, isWellBehaved: Bool, input: Input, libraries: [ShellLibrary],
    isMerged: Bool = false
  ) {
    self.token = token
    var bytes: [UInt8] = []
    bytes.reserveCapacity(script.utf8.count + 160)
    for library in libraries { Self.append(library, to: &bytes) }
    Self.append(script, isWellBehaved: isWellBehaved, input: input, to: &bytes)
    bytes += "echo \"".utf8
    bytes += token.marker
    bytes += " $?\"".utf8
    Self.appendSecondMarker(token, isMerged: isMerged, to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    self.bytes = bytes
  }

  /// Marks the end of stderr. On a terminal, where both streams are one, it would show up in the next frame.
  static func appendSecondMarker(_ token: FrameToken, isMerged: Bool, to bytes: inout [UInt8]) {
    if isMerged { return }
    bytes += ";echo \"".utf8
    bytes += token.marker
    bytes += "\">&2".utf8
  }

  /// Whether stdin may travel in the shell's own input: no NUL, and little (bash reads that byte by byte).
  static func isInlineInput(_ input: [UInt8]) -> Bool { input.count <= inlineBytesMax && !input.contains(0) }

  /// `command` keeps a mistake in the text from ending the shell.
  private static func append(_ library: ShellLibrary, to bytes: inout [UInt8]) {
    bytes += "command eval ".utf8
    bytes.appendShellQuoted(library.text)
    bytes.append(UInt8(ascii: "\n"))
  }

  private static func append(_ script: String, isWellBehaved: Bool, input: Input, to bytes: inout [UInt8]) {
    switch input {
    case .nothing:
      appendEval(script, isWellBehaved: isWellBehaved, to: &bytes)
      bytes += "</dev/null\n".utf8
    case .inline(let text) where text.last == UInt8(ascii: "\n"):
      let delimiter = "EOF_\(FrameToken())"
      appendEval(script, isWellBehaved: isWellBehaved, to: &bytes)
      bytes += "<<'\(delimiter)'\n".utf8
      bytes += text
      bytes += "\(delimiter)\n".utf8
    case .inline(let text):
      // A here-document can't end without a newline.
      bytes += "printf %s ".utf8
      bytes.appendShellQuoted(text)
      bytes += " 2>/dev/null|".utf8
      appendEval(script, isWellBehaved: false, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    case .file(let path):
      bytes += "{ rm -f \(shellQuoted(path));".utf8
      appendEval(script, isWellBehaved: isWellBehaved, to: &bytes)
      bytes += ";}<\(shellQuoted(path))\n".utf8
    }
  }

  private static func appendEval(_ script: String, isWellBehaved: Bool, to bytes: inout [UInt8]) {
    bytes += (isWellBehaved ? "command eval " : "(eval ").utf8
    bytes.appendShellQuoted(script)
    if !isWellBehaved { bytes.append(UInt8(ascii: ")")) }
  }

  private static let inlineBytesMax = 32 << 10
}
