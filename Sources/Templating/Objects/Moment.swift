import Glibc
import Model

/// A date or a time of day on a date, as Python's `date` and `datetime`.
final class Moment {
  let timestamp: Timestamp
  init(_ timestamp: Timestamp) { self.timestamp = timestamp }

  func attribute(_ name: String) -> Object? {
    switch name {
    case "year": return .int(timestamp.year)
    case "month": return .int(timestamp.month)
    case "day": return .int(timestamp.day)
    default: break
    }
    guard let time = timestamp.time else { return nil }
    switch name {
    case "hour": return .int(time.hour)
    case "minute": return .int(time.minute)
    case "second": return .int(time.second)
    case "microsecond": return .int(time.microsecond)
    case "tzinfo": return time.offsetSeconds.map { $0 == 0 ? .string("UTC") : .string("UTC offset") } ?? .null
    default: return nil
    }
  }

  func format(with specification: FormatSpecification) -> String { timestamp.description }

  /// A difference of two moments, or a moment so much earlier or later.
  func combined(_ operation: BinaryOperator, _ right: Object) throws -> Object? {
    switch (operation, right) {
    case (.subtract, .timestamp(let other)):
      return .instance(
        TimeDifference(microseconds: timestamp.ordinalMicroseconds - other.timestamp.ordinalMicroseconds))
    case (.add, .instance(let instance)):
      return (instance as? TimeDifference).map { .timestamp(Moment(timestamp.later(byMicroseconds: $0.microseconds))) }
    case (.subtract, .instance(let instance)):
      return (instance as? TimeDifference).map { .timestamp(Moment(timestamp.later(byMicroseconds: -$0.microseconds))) }
    default: return nil
    }
  }
}

/// Python's `timedelta`.
final class TimeDifference: Instance {
  let microseconds: Int
  init(microseconds: Int) { self.microseconds = microseconds }

  override var typeName: String { "timedelta" }

  private var days: Int { Int((Double(microseconds) / 86_400_000_000).rounded(.down)) }
  private var rest: Int { microseconds - days * 86_400_000_000 }

  override func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? {
    switch name {
    case "days": .int(days)
    case "seconds": .int(rest / 1_000_000)
    case "microseconds": .int(rest % 1_000_000)
    case "total_seconds": .instance(NativeFunction(name) { _, _ in .float(Double(self.microseconds) / 1_000_000) })
    default: nil
    }
  }

  override func text(in evaluation: Evaluation) throws -> String {
    let seconds = rest / 1_000_000
    let fraction = rest % 1_000_000
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    var text = "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    if fraction != 0 { text += "." + String(repeating: "0", count: 6 - String(fraction).count) + String(fraction) }
    return days == 0 ? text : "\(days) day\(abs(days) == 1 ? "" : "s"), \(text)"
  }

  override func isTrue(in evaluation: Evaluation) throws -> Bool { microseconds != 0 }

  override func order(against other: Instance) -> Int? {
    (other as? TimeDifference).map { microseconds < $0.microseconds ? -1 : (microseconds == $0.microseconds ? 0 : 1) }
  }

  override func combined(_ operation: BinaryOperator, _ right: Object, in evaluation: Evaluation) throws -> Object? {
    switch (operation, right) {
    case (.add, .instance(let other)):
      (other as? TimeDifference).map { .instance(TimeDifference(microseconds: microseconds + $0.microseconds)) }
    case (.subtract, .instance(let other)):
      (other as? TimeDifference).map { .instance(TimeDifference(microseconds: microseconds - $0.microseconds)) }
    case (.multiply, .int(let factor)): .instance(TimeDifference(microseconds: microseconds * factor))
    case (.add, .timestamp(let moment)): .timestamp(Moment(moment.timestamp.later(byMicroseconds: microseconds)))
    default: nil
    }
  }
}

/// Python's methods of dates.
enum TimestampMethods {
  static let table: [String: Method] = [
    "strftime": method { timestamp, arguments, evaluation in
      .string(timestamp.formatted(try evaluation.string(arguments.required(0, "format", of: "strftime"), "format")))
    },
    "isoformat": method { timestamp, arguments, evaluation in
      .string(timestamp.isoText(separator: try evaluation.string(arguments, 0, "sep") ?? "T"))
    },
    "timestamp": method { timestamp, _, _ in .float(Double(timestamp.epochMicroseconds) / 1_000_000) },
    "date": method { timestamp, _, _ in
      .timestamp(Moment(Timestamp(year: timestamp.year, month: timestamp.month, day: timestamp.day)))
    },
    "weekday": method { timestamp, _, _ in .int((timestamp.weekday + 6) % 7) },
    "isoweekday": method { timestamp, _, _ in .int((timestamp.weekday + 6) % 7 + 1) },
    "toordinal": method { timestamp, _, _ in .int(timestamp.daysSinceEpoch + 719_163) },
    "isocalendar": method { timestamp, _, _ in
      .tuple(["%G", "%V", "%u"].map { .int(Int(timestamp.formatted($0)) ?? 0) })
    },
  ]

  private static func method(_ body: @escaping @Sendable (Timestamp, Arguments, Evaluation) throws -> Object) -> Method
  {
    { object, arguments, evaluation in
      guard case .timestamp(let moment) = object else {
        preconditionFailure("a date's method on something else: this is a bug")
      }
      return try body(moment.timestamp, arguments, evaluation)
    }
  }
}
