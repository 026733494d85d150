import Glibc

/// A point on the clock that never jumps; deadlines are such points.
package struct MonotonicTime: Sendable, Comparable {
  private let nanoseconds: UInt64

  private init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  package static var now: MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// Negative and endless spans are clamped, so that a deadline always is a point.
  package func after(seconds: Double) -> MonotonicTime {
    let span = seconds.isNaN ? 0 : min(max(seconds, 0), Self.spanSecondsMax)
    return MonotonicTime(nanoseconds: nanoseconds &+ UInt64(span * 1e9))
  }

  /// Seconds from `earlier` to this point; negative if this point comes first.
  package func seconds(since earlier: MonotonicTime) -> Double {
    nanoseconds >= earlier.nanoseconds
      ? Double(nanoseconds - earlier.nanoseconds) * 1e-9 : -Double(earlier.nanoseconds - nanoseconds) * 1e-9
  }

  package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Ten years: longer than any run.
  private static let spanSecondsMax = 315_360_000.0
}
