import Model

/// A way to run shell text on one host and move files there. One session per host for a whole run; it opens shells as it
/// needs them (one per become user, more where steps of one host run side by side) and reopens what died.
///
/// Implementations: SSH by libssh2, the `ssh` binary, local, and a fake for tests. One conformance suite holds for all.
package protocol HostSession: Sendable {
  /// Runs shell text and waits for its end. A script that exits, is killed, or breaks its shell gives a response; an error is
  /// thrown only where the host could not be asked or did not answer.
  func run(_ request: ShellRequest) async throws(TransportError) -> ShellResponse

  /// Writes a file atomically (hidden neighbour, fsync, rename), private until its mode is set.
  func upload(_ upload: FileUpload) async throws(TransportError)

  /// Reads a file; more than `bytesMax` is an error.
  func download(path: String, become: Become?, bytesMax: Int) async throws(TransportError) -> [UInt8]

  /// Ends shells and connection; what still runs is killed.
  func close() async
}

/// Shell text for a persistent shell, with all that it needs.
package struct ShellRequest: Sendable {
  package var script: String
  /// Function definitions that the script needs; a shell gets each once, in the same round trip as its first use.
  package var libraries: [ShellLibrary] = []
  package var become: Become?
  /// Empty is /dev/null.
  package var stdin: [UInt8] = []
  /// The step's deadline; nil is none but the transport's own (a dead peer is noticed anyway).
  package var timeoutSeconds: Double?
  /// More output than this per stream is cut, and the response says so.
  package var outputBytesMax = 256 << 20
  /// The script is known to leave directory, options, traps and variables alone: no subshell, one fork saved.
  package var isWellBehaved = false
  package var onOutput: (@Sendable (OutputChunk) -> Void)?
  /// Who waits, for "waiting for HOST (12 s): TASK".
  package var label = ""

  package init(script: String) { self.script = script }
}

package struct ShellLibrary: Sendable, Hashable {
  package var name: String
  package var text: String

  package init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  package static func == (left: ShellLibrary, right: ShellLibrary) -> Bool { left.name == right.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

package struct ShellResponse: Sendable, Equatable {
  package enum Ending: Sendable, Equatable {
    /// The script's exit status, 0…255 (signals: 128 + n, whatever the shell calls them).
    case exited(Int32)
    /// The shell went away under the script (`kill -9 $$`, an out-of-memory kill); the next request gets a new one.
    case shellDied(reason: String)
    /// The deadline passed; the process group was sent TERM, then KILL.
    case timedOut(seconds: Double)
  }

  package var ending: Ending
  package var stdout: [UInt8]
  package var stderr: [UInt8]
  package var isTruncated: Bool

  package init(ending: Ending, stdout: [UInt8], stderr: [UInt8], isTruncated: Bool = false) {
    self.ending = ending
    self.stdout = stdout
    self.stderr = stderr
    self.isTruncated = isTruncated
  }
}

/// As whom a script runs, when not as the login user.
package struct Become: Sendable, Hashable {
  package enum Method: String, Sendable, CaseIterable { case sudo, su, doas }
  package var method: Method
  package var user: String
  package var password: Secret?
  /// Further words for the method's command line, already split.
  package var flags: [String]
  /// Another executable than the method's name.
  package var executable: String?

  package init(
    method: Method = .sudo, user: String = "root", password: Secret? = nil, flags: [String] = [], executable: String? = nil
  ) {
    self.method = method
    self.user = user
    self.password = password
    self.flags = flags
    self.executable = executable
  }
}

package struct FileUpload: Sendable {
  package enum Content: Sendable {
    case bytes([UInt8])
    case localFile(path: String)
  }

  package var content: Content
  package var path: String
  /// Permission bits; nil keeps the existing file's, or 0600 for a new one.
  package var mode: UInt16?
  /// `user`, `user:group`, or `:group`, as chown takes them.
  package var owner: String?
  package var become: Become?
  package var onProgress: (@Sendable (_ bytesSent: Int, _ bytesTotal: Int) -> Void)?

  package init(content: Content, path: String, mode: UInt16? = nil, owner: String? = nil, become: Become? = nil) {
    self.content = content
    self.path = path
    self.mode = mode
    self.owner = owner
    self.become = become
  }
}
