import Glibc
import Model

/// Runs commands on a host by the `ssh` binary, one process per channel, which share a connection by its control socket.
///
/// `@unchecked Sendable`: used on its loop's thread only.
final class SSHClientCarrier: Carrier, @unchecked Sendable {
  private let settings: ConnectionSettings
  private let loop: EventLoop
  private let options: TransportOptions
  private let threads: BlockingThreads
  private let command: SSHClientCommand
  /// Private to this carrier: the control socket, and the program that answers ssh's questions.
  private let folder: String
  private var channels: [ObjectIdentifier: ProcessChannel] = [:]
  private var isClosed = false

  private init(
    settings: ConnectionSettings, loop: EventLoop, options: TransportOptions, threads: BlockingThreads
  ) throws(TransportError) {
    var template = Array("/tmp/martlet-ssh-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      let failure = SystemFailure("mkdtemp")
      throw TransportError(.connect, host: settings.host, failure.reason, code: failure.code)
    }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.settings = settings
    self.loop = loop
    self.options = options
    self.threads = threads
    command = SSHClientCommand(settings: settings, controlPath: "\(folder)/c", options: options)
    if command.needsAnswers { try writeAnswerProgram() }
  }

  /// A carrier whose connection is up and logged in.
  nonisolated(nonsending) static func connect(
    _ settings: ConnectionSettings, loop: EventLoop, options: TransportOptions, threads: BlockingThreads
  ) async throws(TransportError) -> SSHClientCarrier {
    let carrier = try SSHClientCarrier(settings: settings, loop: loop, options: options, threads: threads)
    do throws(TransportError) {
      try await carrier.startMaster()
      return carrier
    } catch {
      carrier.close()
      throw error
    }
  }

  /// ssh itself goes into the background once it is logged in: its first process then ends with status 0.
  private nonisolated(nonsending) func startMaster() async throws(TransportError) {
    let channel = try await start(command.masterWords, onTerminal: false)
    defer { channel.terminate() }
    channel.finishWriting()
    let seconds = options.connectTimeoutSeconds + options.handshakeTimeoutSeconds + options.authenticationTimeoutSeconds
    let deadline = MonotonicTime.now.after(seconds: seconds)
    var said: [UInt8] = []
    while true {
      while case .bytes(let count) = try channel.read(.stderr, into: loop.scratch) {
        said.append(contentsOf: loop.scratch[..<count].prefix(max(0, Self.saidBytesMax - said.count)))
      }
      if let ending = channel.ending {
        if ending == "exited with status 0" { return }
        throw failure(ending, said: lastLines(of: said))
      }
      if deadline <= .now {
        throw TransportError(.connect, host: settings.host, "ssh did not log in within \(shortSeconds(seconds)) s")
      }
      await channel.wakeup.wait(until: deadline)
    }
  }

  private func failure(_ ending: String, said: String) -> TransportError {
    let operation: TransportError.Operation =
      said.contains("Host key verification failed")
      ? .hostKey : said.contains("Permission denied") ? .authenticate : .connect
    return TransportError(operation, host: settings.host, said.isEmpty ? "ssh \(ending)" : "ssh: \(said)")
  }

  private static let saidBytesMax = 16 << 10

  /// The control socket goes with the connection.
  var isDead: Bool { isClosed || access("\(folder)/c", F_OK) != 0 }

  nonisolated(nonsending) func openChannel(_ text: String, onTerminal: Bool) async throws(TransportError)
    -> any DuplexChannel
  {
    try await start(command.words(for: text, onTerminal: onTerminal), onTerminal: onTerminal)
  }

  private nonisolated(nonsending) func start(
    _ words: [String], onTerminal: Bool
  ) async throws(TransportError) -> ProcessChannel {
    let environment = environment()
    // Starting a process takes a while on a busy machine.
    switch await threads.run({ ChildProcess.start(words, environment: environment, onTerminal: onTerminal) }) {
    case .success(let child):
      let channel = ProcessChannel(child: child, host: settings.host, loop: loop)
      guard !isClosed else {
        channel.terminate()
        throw TransportError(.connect, host: settings.host, "the session is closed")
      }
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
    if signs.contains(where: words.contains) { return words }
    // The master knows why, and is gone with its socket; who shared its connection ends without a word.
    return isDead ? "the host hangs, the network to it is cut, or it has closed the connection" : nil
  }

  func beginWatch() {}
  func endWatch() {}

  func close() {
    guard !isClosed else { return }
    isClosed = true
    for channel in channels.values { channel.terminate() }
    // The socket's owner removes it; the folder goes when that is done.
    guard access("\(folder)/c", F_OK) == 0,
      let child = try? ChildProcess.start(command.exitWords, onTerminal: false).get()
    else { return removeFolder() }
    let exit = ProcessChannel(child: child, host: settings.host, loop: loop)
    exit.finishWriting()
    exit.onEnd = { _ in self.removeFolder() }
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
