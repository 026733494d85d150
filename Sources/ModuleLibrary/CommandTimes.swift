import Model

/// When a command started and ended, by the host's own clock, in Ansible's notation.
///
/// The host sends what costs it no fork: hundredths of a second since boot, beside one pair of wall clock and uptime that its
/// shell took when it started. So the last four digits of the microseconds are zeros.
package struct CommandTimes: Sendable, Equatable {
  package var start: String
  package var end: String
  package var delta: String

  /// Words: wall clock in seconds, offset as `+hhmm`, uptime then, uptime at the start, uptime at the end (`12.34`).
  package init?(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 5, let wall = Int(words[0]), let offset = Self.offsetSeconds(words[1]),
      let base = Self.hundredths(words[2]), let from = Self.hundredths(words[3]), let to = Self.hundredths(words[4])
    else { return nil }
    let zero = (wall + offset) * 100 - base
    start = Self.clock(zero + from)
    end = Self.clock(zero + to)
    delta = Self.duration(max(0, to - from))
  }

  private static func offsetSeconds(_ text: String) -> Int? {
    guard text.utf8.count == 5, let digits = Int(text.dropFirst()) else { return nil }
    return (digits / 100 * 60 + digits % 100) * 60 * (text.hasPrefix("-") ? -1 : 1)
  }

  private static func hundredths(_ text: String) -> Int? {
    let parts = text.split(separator: ".")
    guard let seconds = parts.first.flatMap({ Int($0) }) else { return nil }
    return seconds * 100 + (parts.count > 1 ? Int(parts[1].prefix(2)) ?? 0 : 0)
  }

  private static func clock(_ hundredths: Int) -> String {
    let seconds = hundredths / 100, day = seconds / 86_400
    let (year, month, dayOfMonth) = civil(fromDays: day)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2)) "
      + "\(padded(seconds % 86_400 / 3600, 2)):\(padded(seconds % 3600 / 60, 2)):\(padded(seconds % 60, 2))"
      + ".\(padded(hundredths % 100, 2))0000"
  }

  private static func duration(_ hundredths: Int) -> String {
    let seconds = hundredths / 100, days = seconds / 86_400
    let prefix = days == 0 ? "" : "\(days) day\(days == 1 ? "" : "s"), "
    return prefix + "\(seconds % 86_400 / 3600):\(padded(seconds % 3600 / 60, 2)):\(padded(seconds % 60, 2))"
      + ".\(padded(hundredths % 100, 2))0000"
  }

  /// Days since 1970 to a date of the Gregorian calendar (Howard Hinnant's `civil_from_days`).
  private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468, era = shifted / 146_097, dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
