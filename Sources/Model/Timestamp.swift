/// A YAML 1.1 timestamp as PyYAML reads it: a date, or a date with a time of day and perhaps an offset.
package struct Timestamp: Sendable, Hashable {
  package struct Time: Sendable, Hashable {
    package var hour: Int, minute: Int, second: Int, microsecond: Int
    /// Seconds east of UTC; nil for a naive time.
    package var offsetSeconds: Int?

    package init(hour: Int, minute: Int, second: Int, microsecond: Int, offsetSeconds: Int?) {
      self.hour = hour
      self.minute = minute
      self.second = second
      self.microsecond = microsecond
      self.offsetSeconds = offsetSeconds
    }
  }

  package var year: Int, month: Int, day: Int
  package var time: Time?

  package init(year: Int, month: Int, day: Int, time: Time? = nil) {
    self.year = year
    self.month = month
    self.day = day
    self.time = time
  }
}

extension Timestamp: CustomStringConvertible {
  /// As Python's `str(date)` and `str(datetime)`: `2024-05-01`, `2024-05-01 10:00:00.500000+02:00`.
  package var description: String {
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    guard let time else { return date }
    var text = "\(date) \(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))"
    if time.microsecond != 0 { text += ".\(padded(time.microsecond, 6))" }
    if let offset = time.offsetSeconds {
      let minutes = abs(offset) / 60
      text += "\(offset < 0 ? "-" : "+")\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }
    return text
  }

  private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
