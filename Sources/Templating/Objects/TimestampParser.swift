import Glibc
import Model

/// Python's `strptime`.
enum TimestampParser {
  /// Nil where the text does not match the format as a whole.
  static func parse(_ text: String, _ format: String) -> Timestamp? {
    var reader = Reader(rest: Substring(text))
    var codes = Substring(format)
    while let character = codes.popFirst() {
      if character == "%" {
        guard let code = codes.popFirst(), reader.read(code) else { return nil }
      } else if character.isWhitespace {
        reader.rest = reader.rest.drop { $0.isWhitespace }
      } else {
        guard reader.rest.popFirst() == character else { return nil }
      }
    }
    return reader.rest.isEmpty ? reader.timestamp : nil
  }

  private struct Reader {
    var rest: Substring
    private var year = 1900, month = 1, day = 1, hour = 0, minute = 0, second = 0, microsecond = 0
    private var isAfternoon: Bool?, offset: Int?, dayOfYear: Int?

    init(rest: Substring) { self.rest = rest }

    var timestamp: Timestamp? {
      var hour = hour
      if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
      guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 62 else { return nil }
      let time = Timestamp.Time(
        hour: hour, minute: minute, second: second, microsecond: microsecond, offsetSeconds: offset)
      if let dayOfYear {
        let first = Timestamp(year: year, month: 1, day: 1).daysSinceEpoch
        return Timestamp(daysSinceEpoch: first + dayOfYear - 1, time: time)
      }
      let found = Timestamp(year: year, month: month, day: day, time: time)
      return Timestamp(daysSinceEpoch: found.daysSinceEpoch, time: time) == found ? found : nil
    }

    mutating func read(_ code: Character) -> Bool {
      switch code {
      case "Y": return number(4, exactly: true) { $0.year = $1 }
      case "y": return number(2) { $0.year = $1 + ($1 < 69 ? 2000 : 1900) }
      case "m": return number(2) { $0.month = $1 }
      case "d": return number(2) { $0.day = $1 }
      case "H", "I": return number(2) { $0.hour = $1 }
      case "M": return number(2) { $0.minute = $1 }
      case "S": return number(2) { $0.second = $1 }
      case "j": return number(3) { $0.dayOfYear = $1 }
      case "f": return fraction()
      case "p": return word(["AM", "PM"]) { $0.isAfternoon = $1 == 1 }
      case "b", "h", "B": return word(TimestampParser.months) { $0.month = $1 % 12 + 1 }
      case "a", "A": return word(TimestampParser.weekdays) { _, _ in }
      case "z": return zone()
      case "Z": return word(["UTC", "GMT"]) { _, _ in }
      case "T": return all("H:M:S")
      case "D": return all("m/d/y")
      case "F": return all("Y-m-d")
      case "R": return all("H:M")
      case "%": return rest.popFirst() == "%"
      default: return false
      }
    }

    private mutating func all(_ codes: String) -> Bool {
      for code in codes {
        if code.isLetter { if !read(code) { return false } } else if rest.popFirst() != code { return false }
      }
      return true
    }

    private mutating func number(_ width: Int, exactly: Bool = false, _ store: (inout Reader, Int) -> Void) -> Bool {
      let digits = rest.prefix(width).prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits), !exactly || digits.count == width else { return false }
      rest = rest[digits.endIndex...]
      store(&self, number)
      return true
    }

    private mutating func fraction() -> Bool {
      let digits = rest.prefix(6).prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits) else { return false }
      rest = rest[digits.endIndex...]
      microsecond = (0..<(6 - digits.count)).reduce(number) { number, _ in number * 10 }
      return true
    }

    /// One of some words, long forms before short ones; its index.
    private mutating func word(_ words: [String], _ store: (inout Reader, Int) -> Void) -> Bool {
      for (index, word) in words.enumerated() where rest.lowercased().hasPrefix(word.lowercased()) {
        rest = rest.dropFirst(word.count)
        store(&self, index)
        return true
      }
      return false
    }

    private mutating func zone() -> Bool {
      if rest.hasPrefix("Z") {
        rest = rest.dropFirst()
        offset = 0
        return true
      }
      guard let sign = rest.popFirst(), sign == "+" || sign == "-" else { return false }
      let digits = rest.prefix(6).filter { $0 != ":" }
      guard digits.count >= 4, let hours = Int(digits.prefix(2)), let minutes = Int(digits.dropFirst(2).prefix(2))
      else { return false }
      rest = rest.dropFirst(rest.dropFirst(2).first == ":" ? 5 : 4)
      offset = (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
      return true
    }
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Mon", "Tue", "Wed", "Thu", "Fri",
    "Sat",
    "Sun",
  ]
}

extension Timestamp {
  /// `strftime` of an instant, in UTC or the local zone.
  static func text(_ format: String, epochMicroseconds: Int, isUTC: Bool) -> String {
    var seconds = epochMicroseconds / 1_000_000
    var parts = tm()
    if isUTC { gmtime_r(&seconds, &parts) } else { localtime_r(&seconds, &parts) }
    return strftime(format, parts)
  }
}
