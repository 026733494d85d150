/// Runs commands as children of this process, as sshd would run them for the login user.
///
/// `@unchecked Sendable`: nothing in it changes but through its loop's thread.
final class LocalCarrier: Carrier, @unchecked Sendable {
  private let loop: EventLoop
  private let host: String
  private let threads: BlockingThreads
  /// Words before the command; tests put another shell here.
  private let shell: [String]

  init(host: String, loop: EventLoop, threads: BlockingThreads, shell: [String] = ["/bin/sh", "-c"]) {
    self.host = host
    self.loop = loop
    self.threads = threads
    self.shell = shell
  }

  var isDead: Bool { false }

  nonisolated(nonsending) func openChannel(_ command: String, onTerminal: Bool) async throws(TransportError)
    -> any DuplexChannel
  {
    let words = shell + [command]
    // Starting a process takes a while on a busy machine.
    switch await threads.run({ ChildProcess.start(words, onTerminal: onTerminal) }) {
    case .success(let child): return ProcessChannel(child: child, host: host, loop: loop)
    case .failure(let failure): throw TransportError(.openShell, host: host, failure.reason, code: failure.code)
    }
  }

  func beginWatch() {}
  func endWatch() {}
  func close() {}
}
