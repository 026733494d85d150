import Model
import Transport

/// One question to a host that may not be there: answered, or given up after a time, whatever the connection does.
struct ConnectionAttempt: Sendable {
  let host: any ActionHost
  let seconds: Double

  enum Outcome: Sendable {
    case answered(ShellResponse)
    /// Why not.
    case failed(String)
  }

  func ask(_ script: String) async -> Outcome {
    let (outcomes, continuation) = AsyncStream<Outcome>.makeStream(bufferingPolicy: .bufferingOldest(1))
    let question = Task { [host, seconds] in
      var request = ShellRequest(script: script)
      request.timeoutSeconds = seconds
      do throws(TransportError) {
        continuation.yield(.answered(try await host.run(request)))
      } catch {
        continuation.yield(.failed(error.description))
      }
    }
    let limit = Task { [seconds] in
      guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
      continuation.yield(.failed("no answer within \(Int(seconds)) seconds"))
    }
    defer {
      question.cancel()
      limit.cancel()
    }
    for await outcome in outcomes { return outcome }
    return .failed("cancelled")
  }
}

/// Asks again and again until the answer satisfies, or the time is up.
struct PatientQuestion: Sendable {
  let step: ActionStep
  var attemptSeconds: Double
  var deadline: ContinuousClock.Instant
  /// How long to wait after the n-th attempt.
  var pauseSeconds: @Sendable (Int) -> Double

  /// Nil once it is answered; otherwise the last attempt's complaint.
  func ask(_ script: String, accepts: (ShellResponse) -> String?) async -> String? {
    var complaint = "no attempt was made", count = 0
    while !Task.isCancelled {
      await step.host.reconnect()
      switch await ConnectionAttempt(host: step.host, seconds: attemptSeconds).ask(script) {
      case .failed(let reason): complaint = reason
      case .answered(let response):
        guard let reason = accepts(response) else { return nil }
        complaint = reason
      }
      count += 1
      let pause = pauseSeconds(count)
      guard ContinuousClock.now + .seconds(pause) < deadline else { break }
      try? await Task.sleep(for: .seconds(pause))
    }
    return complaint
  }
}

extension ShellResponse {
  /// What it said, without line breaks at the end.
  var output: String { text(stdout) }
  var complaint: String { text(stderr) }

  private func text(_ bytes: [UInt8]) -> String {
    var bytes = bytes[...]
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes = bytes.dropLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Nil where the script ended with 0; else why it did not.
  var failure: String? {
    switch ending {
    case .exited(0): nil
    case .exited(let status): "exit status \(status): \(complaint.isEmpty ? output : complaint)"
    case .shellDied(let reason): reason
    case .timedOut(let seconds): "no answer within \(Int(seconds)) seconds"
    }
  }
}
