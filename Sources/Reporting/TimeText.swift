/// A time as `2026-01-31 23:59:00Z`; seconds since 1970.
func timeText(_ seconds: Double) -> String {
  let total = Int(seconds.rounded(.down))
  let days = total.flooredQuotient(86400), inDay = total - days * 86400
  let date = civilDate(daysSince1970: days)
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return "\(date.year)-\(two(date.month))-\(two(date.day)) \(two(inDay / 3600)):\(two(inDay / 60 % 60)):\(two(inDay % 60))Z"
}

/// A span as `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`.
func durationText(_ seconds: Double) -> String {
  if seconds < 10 { return "\(fixedPoint(max(0, seconds), decimals: 1)) s" }
  let total = Int(seconds.rounded())
  if total < 60 { return "\(total) s" }
  return total < 3600 ? "\(total / 60) min \(total % 60) s" : "\(total / 3600) h \(total / 60 % 60) min"
}

/// A number of at least 0 with so many digits behind the point.
func fixedPoint(_ number: Double, decimals: Int) -> String {
  let scale = (0..<decimals).reduce(1) { power, _ in power * 10 }
  let scaled = Int((number * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  return "\(scaled / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}

/// The Gregorian date, by counting from 0000-03-01 in eras of 400 years.
private func civilDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
  let days = daysSince1970 + 719_468
  let era = days.flooredQuotient(146_097), inEra = days - era * 146_097
  let yearOfEra = (inEra - inEra / 1460 + inEra / 36524 - inEra / 146_096) / 365
  let dayOfYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shifted = (5 * dayOfYear + 2) / 153
  let month = shifted < 10 ? shifted + 3 : shifted - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
}

extension Int {
  fileprivate func flooredQuotient(_ divisor: Int) -> Int {
    self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
  }
}
