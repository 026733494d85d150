import Synchronization

/// Says how far an upload is, once a second: nothing of one that takes less.
final class UploadProgress: Sendable {
  private static let pause = Duration.seconds(1)
  private let due: Mutex<ContinuousClock.Instant>

  init(start: ContinuousClock.Instant = .now) { due = Mutex(start + Self.pause) }

  func line(_ bytesSent: Int, of bytesTotal: Int, at now: ContinuousClock.Instant = .now) -> String? {
    let isDue = due.withLock { due in
      guard due <= now else { return false }
      due = now + Self.pause
      return true
    }
    guard isDue else { return nil }
    let (shift, unit) = bytesTotal < 10 << 20 ? (10, "KB") : (20, "MB")
    return "\(max(0, bytesSent) >> shift) of \(bytesTotal >> shift) \(unit) sent\n"
  }
}
