import Model

/// Runs on the controller itself: the same protocol over a child `/bin/sh`.
package enum LocalSession {
  /// `shell` is the command that stands for sshd's login shell; only tests give another.
  package static func make(
    host: String = "localhost", loop: EventLoop, options: TransportOptions = TransportOptions(),
    threads: BlockingThreads = BlockingThreads(), shell: [String] = ["/bin/sh", "-c"]
  ) -> ShellSession {
    ShellSession(host: host, loop: loop, options: options, threads: threads) { () async throws(TransportError) in
      LocalCarrier(host: host, loop: loop, threads: threads, shell: shell)
    }
  }
}
