import Glibc
import Model

/// Runs commands on a host by the `ssh` binary, one process per channel, which share a connection by its control socket.
///
/// `@unchecked Sendable`: used on its loop's thread only.
final class SSHClientCarrier: Carrier, @unchecked Sendable {
  private let settings: ConnectionSettings
  private let loop: EventLoop
  private let command: SSHClientCommand
  /// Private to this carrier: the control socket, and the program that answers ssh's questions.
  private let folder: String
  private var channels: [ObjectIdentifier: ProcessChannel] = [:]
  private var isClosed = false

  init(settings: ConnectionSettings, loop: EventLoop, options: TransportOptions) throws(TransportError) {
    var template = Array("/tmp/martlet-ssh-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      let failure = SystemFailure("mkdtemp")
      throw TransportError(.connect, host: settings.host, failure.reason, code: failure.code)
    }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.settings = settings
    self.loop = loop
    command = SSHClientCommand(settings: settings, controlPath: "\(folder)/c", options: options)
    if command.needsAnswers { try writeAnswerProgram() }
  }

  deinit { removeFolder() }

  var isDead: Bool { isClosed }

  nonisolated(nonsending) func openChannel(_ text: String, onTerminal: Bool) async throws(TransportError)
    -> any DuplexChannel
  {
    let words = command.words(for: text, onTerminal: onTerminal)
    switch ChildProcess.start(words, environment: environment(), onTerminal: onTerminal) {
    case .success(let child):
      let channel = ProcessChannel(child: child, host: settings.host, loop: loop)
      let key = ObjectIdentifier(channel)
      channels[key] = channel
      channel.onEnd = { [weak self] _ in self?.channels[key] = nil }
      return channel
    case .failure(let failure):
      throw TransportError(.connect, host: settings.host, failure.reason, code: failure.code)
    }
  }

  func lossReason(endedWith ending: String, stderr: [UInt8]) -> String? {
    guard ending == "exited with status 255" else { return nil }
    let words = lastLines(of: stderr)
    let signs = ["closed by remote host", "not responding", "Broken pipe", "Connection reset", "disconnect", "timed out",
      "Connection closed",
    ]
    return signs.contains(where: words.contains) ? words : nil
  }

  func beginWatch() {}
  func endWatch() {}

  func close() {
    guard !isClosed else { return }
    isClosed = true
    for channel in channels.values { channel.terminate() }
    removeFolder()
  }

  // MARK: - Answering ssh's questions

  /// The secrets travel in the environment of our own child, which only its user can see, never on a disk.
  private func environment() -> [String]? {
    guard command.needsAnswers else { return nil }
    var variables = ChildProcess.ownEnvironment.filter { !$0.hasPrefix("SSH_ASKPASS") && !$0.hasPrefix("MARTLET_SSH_") }
    variables += ["SSH_ASKPASS=\(folder)/answer", "SSH_ASKPASS_REQUIRE=force"]
    variables.append("MARTLET_SSH_PASSWORD=\(settings.password?.revealed.string ?? "")")
    variables.append("MARTLET_SSH_PASSPHRASE=\(settings.privateKeyPassphrase?.revealed.string ?? "")")
    return variables
  }

  /// A question about a host key gets no answer, so that it is a refusal.
  private func writeAnswerProgram() throws(TransportError) {
    let text = """
      #!/bin/sh
      case $1 in
      *yes/no*) exit 1 ;;
      *assphrase*) printf '%s\\n' "$MARTLET_SSH_PASSPHRASE" ;;
      *) printf '%s\\n' "$MARTLET_SSH_PASSWORD" ;;
      esac

      """
    let descriptor = open("\(folder)/answer", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o700)
    let bytes = Array(text.utf8)
    guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else {
      let failure = SystemFailure("\(folder)/answer")
      throw TransportError(.connect, host: settings.host, failure.reason, code: failure.code)
    }
    Glibc.close(descriptor)
  }

  private func removeFolder() {
    for name in ["answer", "c"] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
}
