import BigInt

/// A value as bytes that lose nothing: secrets revealed, marks kept. For places that are sealed, and for nothing else.
///
/// JSON, with `{"~": [kind, …]}` for what JSON has no form for.
extension Value {
  package var archive: [UInt8] { JSONEncoding.compact.bytes(of: archived) }

  /// Nil where the bytes are no archive.
  package init?(archive: [UInt8]) {
    guard let value = (try? Value(json: archive)).flatMap(\.unarchived) else { return nil }
    self = value
  }

  private static let mark: Value = "~"

  private static func marked(_ kind: String, _ content: Value...) -> Value {
    .dict([mark: .list([.string(kind)] + content)])
  }

  private var archived: Value {
    switch self {
    case .null, .bool, .int, .string: self
    case .float(let number): .marked("float", .string("\(number)"))
    case .bigInt(let number): .marked("int", .string("\(number)"))
    case .source(let text): .marked("source", .string(text))
    case .timestamp(let timestamp): .marked("time", .list(timestamp.numbers.map { $0.map(Value.int) ?? .null }))
    case .list(let elements): .list(elements.map(\.archived))
    case .dict(let entries): Self.archived(entries)
    case .secret(let secret): .marked("secret", secret.revealed.archived)
    case .omit: .marked("omit")
    }
  }

  private static func archived(_ entries: Dict) -> Value {
    let isPlain = entries.keys.allSatisfy { if case .string(let name) = $0 { name != "~" } else { false } }
    if isPlain { return .dict(entries.mapValues(\.archived)) }
    return marked("dict", .list(entries.map { .list([$0.key.archived, $0.value.archived]) }))
  }

  private var unarchived: Value? {
    switch self {
    case .null, .bool, .int, .bigInt, .float, .string: return self
    case .list(let elements): return Self.all(elements.map(\.unarchived)).map(Value.list)
    case .dict(let entries):
      if let content = entries[Self.mark]?.list { return Self.unmarked(content) }
      var restored: Dict = [:]
      for (name, value) in entries {
        guard let value = value.unarchived else { return nil }
        restored[name] = value
      }
      return .dict(restored)
    case .source, .timestamp, .secret, .omit: return nil
    }
  }

  private static func unmarked(_ content: [Value]) -> Value? {
    let payload = content.dropFirst().first
    switch content.first?.string {
    case "float": return payload?.string.flatMap(Double.init).map(Value.float)
    case "int": return payload?.string.flatMap { BigInt($0) }.map(Value.bigInt)
    case "source": return payload?.string.map(Value.source)
    case "time": return payload?.list.flatMap { Timestamp(numbers: $0.map(\.int)) }.map(Value.timestamp)
    case "secret": return payload?.unarchived.map { .secret(Secret($0)) }
    case "omit": return .omit
    case "dict": return payload?.list.flatMap(pairs)
    default: return nil
    }
  }

  private static func pairs(_ pairs: [Value]) -> Value? {
    var restored: Dict = [:]
    for pair in pairs {
      guard let pair = pair.list, pair.count == 2, let key = pair[0].unarchived, let value = pair[1].unarchived else { return nil }
      restored[key] = value
    }
    return .dict(restored)
  }

  private static func all(_ values: [Value?]) -> [Value]? {
    let found = values.compactMap(\.self)
    return found.count == values.count ? found : nil
  }
}

extension Timestamp {
  fileprivate var numbers: [Int?] {
    guard let time else { return [year, month, day] }
    return [year, month, day, time.hour, time.minute, time.second, time.microsecond, time.offsetSeconds]
  }

  fileprivate init?(numbers: [Int?]) {
    let first = numbers.prefix(7).compactMap(\.self)
    guard first.count == 3 || (first.count == 7 && numbers.count == 8) else { return nil }
    self.init(year: first[0], month: first[1], day: first[2])
    if first.count == 7 {
      time = Time(hour: first[3], minute: first[4], second: first[5], microsecond: first[6], offsetSeconds: numbers[7])
    }
  }
}
