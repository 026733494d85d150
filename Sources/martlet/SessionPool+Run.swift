import Foundation
import Model
import Transport

extension SessionPool {
  /// The sessions of a run: questions about host keys go to the terminal, if there is one; notices to standard error.
  static func forRun(_ environment: [String: String], _ scrubber: SecretScrubber, lease: HostLease? = nil) -> SessionPool {
    var options = TransportOptions()
    options.lease = lease
    let canAsk = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
    return SessionPool(
      options: options, context: .current(environment: environment), prompt: HostKeyPrompt(ask: canAsk ? ask : nil),
      onNotice: { StandardError.write("[WARNING]: \(scrubber.scrub($0))\n") })
  }

  private static func ask(_ question: String) async -> String? {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        StandardError.ask(question)
        let answer = readLine()
        StandardError.foot.endQuestion()
        continuation.resume(returning: answer)
      }
    }
  }
}
