import Model
import OrderedCollections
import Transport

/// Files brought to a private folder of a host, run there, and gone afterwards, also when what runs fails or is killed.
///
/// One request: the files travel as standard input. The folder is in the first of TMPDIR, /var/tmp and HOME from which
/// programs may be executed.
package struct PrivateFolder: Sendable {
  package struct File: Sendable {
    package var name: String
    package var content: [UInt8]

    package init(_ name: String, _ content: [UInt8]) {
      self.name = name
      self.content = content
    }
  }

  package var files: [File]
  /// Shell text that finds the folder's path in `m_dir`.
  package var command: String
  /// Shell text that runs before anything is written; `m_skip REASON` ends the step there.
  package var condition = ""
  package var directory: String?
  package var environment: OrderedDictionary<String, String> = [:]
  private let token = ShellModule.freshToken()

  package init(files: [File], command: String) {
    self.files = files
    self.command = command
  }

  package var request: ShellRequest {
    var request = ShellRequest(script: script)
    request.stdin = files.flatMap(\.content)
    return request
  }

  private var script: String {
    let lines = [
      "m_dir=", "trap '[ -z \"$m_dir\" ] || rm -rf -- \"$m_dir\"' EXIT", "trap 'exit 143' TERM INT HUP",
      "m_skip() { echo \"\u{1E}\(token) skip $1\"; exit 0; }", condition, Self.makeFolder, unpacking,
      "umask \"$m_umask\"", "echo \"\u{1E}\(token) run\"", "(", changeDirectory, exports, command, ") </dev/null", "exit $?",
    ]
    return lines.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static let makeFolder = """
    m_umask=$(umask)
    umask 077
    for m_base in "${TMPDIR:-/tmp}" /var/tmp "$HOME"; do
      m_dir=$(mktemp -d "$m_base/.martlet-XXXXXXXXXX" 2>/dev/null) || { m_dir=; continue; }
      : >"$m_dir/probe"
      chmod 700 "$m_dir/probe"
      if [ -x "$m_dir/probe" ]; then break; fi
      rm -rf -- "$m_dir"
      m_dir=
    done
    if [ -z "$m_dir" ]; then
      echo 'no folder for a program: TMPDIR, /var/tmp and HOME are not writable or mounted noexec' >&2
      exit 1
    fi
    rm -f -- "$m_dir/probe"
    """

  private var unpacking: String {
    var lines = ["cat >\"$m_dir/.all\" || exit 1"], start = 1
    for file in files {
      let path = "\"$m_dir\"/\(ShellText.quoted(file.name))"
      lines.append("tail -c +\(start) <\"$m_dir/.all\" | head -c \(file.content.count) >\(path) || exit 1")
      lines.append("chmod 700 \(path)")
      start += file.content.count
    }
    return (lines + ["rm -f -- \"$m_dir/.all\""]).joined(separator: "\n")
  }

  private var changeDirectory: String { directory.map { "cd -- \(ShellText.path($0)) || exit 1" } ?? "" }

  private var exports: String {
    environment.filter { ShellModule.isVariableName($0.key) }
      .map { "export \($0.key)=\(ShellText.quoted($0.value))" }.joined(separator: "\n")
  }

  /// What became of it.
  package enum Outcome: Sendable, Equatable {
    case skipped(reason: String)
    case ran(status: Int32, stdout: [UInt8], stderr: [UInt8])
  }

  /// Reads the response; what kept the program from running, or from ending, is a failure.
  package func outcome(of response: ShellResponse) throws(StepFailure) -> Outcome {
    let mark = Array("\u{1E}\(token) ".utf8), output = response.stdout
    let words = ShellModule.text(response.stderr[...], stripped: true)
    switch response.ending {
    case .timedOut(let seconds):
      throw StepFailure(.timedOut(after: seconds))
    case .shellDied(let reason): throw StepFailure(.failed("the shell on the host died: \(reason)"))
    case .exited(let status):
      guard output.starts(with: mark), let end = output.firstIndex(of: 0x0A) else {
        throw StepFailure(.failed("could not bring the program to the host: \(words)"))
      }
      let word = String(decoding: output[mark.count..<end], as: UTF8.self)
      if word.hasPrefix("skip ") { return .skipped(reason: String(word.dropFirst(5))) }
      return .ran(status: status, stdout: Array(output[(end + 1)...]), stderr: response.stderr)
    }
  }
}
