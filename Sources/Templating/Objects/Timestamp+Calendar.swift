import Glibc
import Model

/// The calendar behind dates.
extension Timestamp {
  /// Days since 1970-01-01, by the proleptic Gregorian calendar.
  var daysSinceEpoch: Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  init(daysSinceEpoch days: Int, time: Time?) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    self.init(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month, day: dayOfYear - (153 * part + 2) / 5 + 1,
      time: time)
  }

  /// Microseconds since 1970 of what the clock on the wall shows, or of the instant where an offset is known.
  var ordinalMicroseconds: Int {
    let time = time ?? Time(hour: 0, minute: 0, second: 0, microsecond: 0, offsetSeconds: nil)
    let seconds = daysSinceEpoch * 86400 + time.hour * 3600 + time.minute * 60 + time.second - (time.offsetSeconds ?? 0)
    return seconds * 1_000_000 + time.microsecond
  }

  /// Microseconds since the epoch; a time without an offset is local.
  var epochMicroseconds: Int {
    if time?.offsetSeconds != nil { return ordinalMicroseconds }
    var parts = broken
    parts.tm_isdst = -1
    return Int(mktime(&parts)) * 1_000_000 + (time?.microsecond ?? 0)
  }

  /// Sunday is 0.
  var weekday: Int { ((daysSinceEpoch + 4) % 7 + 7) % 7 }

  func later(byMicroseconds microseconds: Int) -> Timestamp {
    let offset = time?.offsetSeconds
    let total = ordinalMicroseconds + (offset ?? 0) * 1_000_000 + microseconds
    let days = total >= 0 ? total / 86_400_000_000 : (total - 86_399_999_999) / 86_400_000_000
    let rest = total - days * 86_400_000_000
    guard time != nil else { return Timestamp(daysSinceEpoch: days, time: nil) }
    let seconds = rest / 1_000_000
    return Timestamp(
      daysSinceEpoch: days,
      time: Time(
        hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60, microsecond: rest % 1_000_000,
        offsetSeconds: offset))
  }

  init(epochMicroseconds: Int, offsetSeconds: Int?) {
    let zero = Timestamp(
      year: 1970, month: 1, day: 1,
      time: Time(hour: 0, minute: 0, second: 0, microsecond: 0, offsetSeconds: offsetSeconds))
    let shifted = zero.later(byMicroseconds: epochMicroseconds + (offsetSeconds ?? 0) * 1_000_000)
    self = shifted
  }

  /// As the C library has it.
  var broken: tm {
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = Int32(day)
    parts.tm_hour = Int32(time?.hour ?? 0)
    parts.tm_min = Int32(time?.minute ?? 0)
    parts.tm_sec = Int32(time?.second ?? 0)
    parts.tm_wday = Int32(weekday)
    parts.tm_yday = Int32(daysSinceEpoch - Timestamp(year: year, month: 1, day: 1).daysSinceEpoch)
    return parts
  }

  /// Python's `strftime`, which knows microseconds and offsets besides what C knows.
  package func formatted(_ format: String) -> String {
    var expanded = ""
    var rest = Substring(format)
    while let character = rest.popFirst() {
      guard character == "%", let code = rest.popFirst() else {
        expanded.append(character)
        continue
      }
      switch code {
      case "f": expanded += String(1_000_000 + (time?.microsecond ?? 0)).dropFirst()
      case "z": expanded += offsetText
      case "Z": expanded += time?.offsetSeconds.map { $0 == 0 ? "UTC" : "UTC" + colonOffset($0) } ?? ""
      case "s": expanded += String(epochMicroseconds / 1_000_000)
      default: expanded += "%\(code)"
      }
    }
    return Timestamp.strftime(expanded, broken)
  }

  static func strftime(_ format: String, _ parts: tm) -> String {
    if format.isEmpty { return "" }
    var parts = parts
    var buffer = [CChar](repeating: 0, count: format.utf8.count * 8 + 256)
    // A trailing blank tells an empty result from a buffer that is too small.
    let length = Glibc.strftime(&buffer, buffer.count, format + " ", &parts)
    return String(decoding: buffer.prefix(max(0, length - 1)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private var offsetText: String {
    guard let offset = time?.offsetSeconds else { return "" }
    return colonOffset(offset).filter { $0 != ":" }
  }

  private func colonOffset(_ offset: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(offset < 0 ? "-" : "+")\(two(abs(offset) / 3600)):\(two(abs(offset) / 60 % 60))"
  }

  func isoText(separator: String) -> String {
    guard time != nil else { return description }
    let text = description
    let cut = text.firstIndex(of: " ") ?? text.endIndex
    return text[..<cut] + separator + text[cut...].dropFirst()
  }

  /// The time now, in UTC without an offset or in the local zone.
  static func now(isUTC: Bool) -> Timestamp {
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    var seconds = clock.tv_sec
    var parts = tm()
    if isUTC { gmtime_r(&seconds, &parts) } else { localtime_r(&seconds, &parts) }
    return Timestamp(
      year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
      time: Time(
        hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec),
        microsecond: clock.tv_nsec / 1000,
        offsetSeconds: nil))
  }
}
