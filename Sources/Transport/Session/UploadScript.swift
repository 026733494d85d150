import Model

/// POSIX shell that writes a file beside its target and renames it once it is whole. Nothing is left of it when it fails.
struct UploadScript {
  /// Where the bytes come from.
  enum Source {
    case stdin
    /// A terminal has no end of file: the count ends it.
    case terminal
    /// In the script itself: text without NUL.
    case inline([UInt8])
  }

  static func text(_ upload: FileUpload, _ checksum: ContentChecksum, source: Source) -> String {
    let (folder, name) = split(upload.path)
    let temporary = "\(folder).\(name.utf8.count > 200 ? "" : name + ".")\(FrameToken())"
    var lines = [
      "p=\(shellQuoted(absoluteEnough(upload.path))) t=\(shellQuoted(temporary))",
      Self.failing,
      "if [ -d \"$p\" ]; then echo \"$p is a folder\" >&2; exit 1; fi",
      write(source, checksum),
      "k=; if [ -e \"$p\" ]; then k=$(stat -L -c '%a %u:%g' \"$p\" 2>/dev/null || stat -L -f '%Lp %u:%g' \"$p\"); fi",
    ]
    if let owner = upload.owner {
      lines.append("chown \(shellQuoted(owner)) \"$t\" || fail")
    } else {
      // Only root can give files away; another's file becomes ours, as it would with any atomic write.
      lines.append("if [ -n \"$k\" ]; then chown \"${k#* }\" \"$t\" 2>/dev/null || :; fi")
    }
    if let mode = upload.mode {
      lines.append("chmod \(String(mode & 0o7777, radix: 8)) \"$t\" || fail")
    } else {
      lines.append("if [ -n \"$k\" ]; then chmod \"${k%% *}\" \"$t\" || fail; fi")
    }
    lines += ["sync \"$t\" || [ $? -eq 127 ] || fail", "mv -f \"$t\" \"$p\" || fail"]
    return lines.joined(separator: "\n")
  }

  /// Only the bytes, into a new private file; for a command's stdin.
  static func privateFile(path: String, _ checksum: ContentChecksum, source: Source) -> String {
    """
    t=\(shellQuoted(path))
    \(failing)
    \(write(source, checksum))
    """
  }

  /// Where nobody listens any more, to complain is to be killed by SIGPIPE: what was begun goes away first.
  private static let failing = """
    fail() { rm -f "$t"; [ -z "${1:-}" ] || echo "$1" >&2; exit 1; }
    trap fail HUP INT TERM PIPE
    """

  private static func write(_ source: Source, _ checksum: ContentChecksum) -> String {
    let command =
      switch source {
      case .stdin: "cat"
      case .terminal: "head -c \(checksum.count)"
      case .inline(let bytes): "printf %s \(shellQuoted(String(decoding: bytes, as: UTF8.self)))"
      }
    // noclobber: the temporary name must be new, and no link that someone put there.
    return """
      umask 077
      set -C
      \(command) >"$t" || fail
      set +C
      set -- $(cksum <"$t" 2>/dev/null || echo - $(wc -c <"$t"))
      if [ "$2" != \(checksum.count) ]; then fail "only $2 of \(checksum.count) bytes were written"; fi
      case $1 in - | \(checksum.value)) ;; *) fail 'what arrived is not what was sent' ;; esac
      """
  }

  /// A leading dash must not read as an option.
  private static func absoluteEnough(_ path: String) -> String { path.hasPrefix("-") ? "./" + path : path }

  private static func split(_ path: String) -> (folder: String, name: String) {
    let path = absoluteEnough(path)
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }
}
