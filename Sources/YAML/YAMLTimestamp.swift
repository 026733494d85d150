import Model

/// Reads YAML 1.1 timestamps.
enum YAMLTimestamp {
  /// Nil where the text has the form of a timestamp but no such day or time exists.
  static func read(_ text: String) -> Timestamp? {
    let dayEnd = text.firstIndex { $0 != "-" && !$0.isASCIIDigit } ?? text.endIndex
    let day = text[..<dayEnd].split(separator: "-").compactMap { Int($0) }
    guard day.count == 3, (1...9999).contains(day[0]), (1...12).contains(day[1]),
      (1...days(inMonth: day[1], of: day[0])).contains(day[2])
    else { return nil }
    var timestamp = Timestamp(year: day[0], month: day[1], day: day[2])
    let rest = text[dayEnd...].drop { " \tTt".contains($0) }
    guard !rest.isEmpty else { return timestamp }
    guard let time = time(rest) else { return nil }
    timestamp.time = time
    return timestamp
  }

  private static func time(_ text: Substring) -> Timestamp.Time? {
    let clock = text.prefix { $0.isASCIIDigit || $0 == ":" || $0 == "." }
    let parts = clock.prefix { $0 != "." }.split(separator: ":").compactMap { Int($0) }
    guard parts.count == 3, parts[0] < 24, parts[1] < 60, parts[2] < 60 else { return nil }
    let fraction = clock.drop { $0 != "." }.dropFirst().prefix(6)
    let microsecond = Int(fraction + String(repeating: "0", count: 6 - fraction.count))
    let zone = text.dropFirst(clock.count).drop { $0 == " " || $0 == "\t" }
    guard let microsecond else { return nil }
    return Timestamp.Time(
      hour: parts[0], minute: parts[1], second: parts[2], microsecond: microsecond, offsetSeconds: offset(zone))
  }

  private static func offset(_ zone: Substring) -> Int? {
    guard let sign = zone.first else { return nil }
    guard sign != "Z" else { return 0 }
    let parts = zone.dropFirst().split(separator: ":").compactMap { Int($0) }
    let seconds = (parts.first ?? 0) * 3600 + (parts.dropFirst().first ?? 0) * 60
    return sign == "-" ? -seconds : seconds
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
