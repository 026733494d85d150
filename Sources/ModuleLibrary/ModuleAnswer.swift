import OrderedCollections
import Model

/// Records put together: result fields, diffs, warnings, and how the module ended.
package struct ModuleAnswer: Sendable {
  package enum Ending: String, Sendable { case ok, failed, skipped }

  package private(set) var fields: Value.Dict = [:]
  package private(set) var diffs: [FileDiff] = []
  package private(set) var warnings: [String] = []
  /// Nil when the module broke off before its end.
  package private(set) var ending: Ending?
  package private(set) var isChanged = false
  /// The module is a command: what it wrote is the result's `stdout` and `stderr`.
  package private(set) var takesOutput: OutputUse?

  /// The result's `cmd` is the text as given, not its words.
  package private(set) var wantsCommandText = false

  package struct OutputUse: Sendable {
    package var stripsLineEnds: Bool
  }

  /// An open dict or list and the key it goes under.
  private enum Level {
    case dict(key: String, Value.Dict)
    case list(key: String, [Value])
  }

  private var levels: [Level] = []

  package init(_ records: [AnswerRecords.Record]) {
    for record in records { take(record) }
  }

  private mutating func take(_ record: AnswerRecords.Record) {
    switch record.type {
    case UInt8(ascii: "s"): put(.string(record.text), record.key)
    case UInt8(ascii: "i"): put(Int(record.text).map(Value.int) ?? .string(record.text), record.key)
    case UInt8(ascii: "f"): put(Double(record.text).map(Value.float) ?? .string(record.text), record.key)
    case UInt8(ascii: "b"): put(.bool(record.text == "true"), record.key)
    case UInt8(ascii: "n"): put(.null, record.key)
    case UInt8(ascii: "j"): put((try? Value(json: Array(record.value))) ?? .string(record.text), record.key)
    case UInt8(ascii: "P"): put(.dict(Self.properties(record.value)), record.key)
    case UInt8(ascii: "B"): put(.string(Base64.text(of: record.value)), record.key)
    case UInt8(ascii: "S"): put(FileStatus.value(of: record.text), record.key)
    case UInt8(ascii: "#"): put(.int(fields[.string(record.text)]?.list?.count ?? 0), record.key)
    case UInt8(ascii: "K"): put(.dict(FactTables.packages(record.text)), record.key)
    case UInt8(ascii: "V"): put(.dict(FactTables.services(record.text)), record.key)
    case UInt8(ascii: "H"): for (key, value) in FactTables.headers(record.text) { fields[key] = value }
    case UInt8(ascii: "x"): put(Self.combined(record.text) { $0.multipliedReportingOverflow(by: $1).partialValue }, record.key)
    case UInt8(ascii: "d"): put(Self.combined(record.text) { $0.subtractingReportingOverflow($1).partialValue }, record.key)
    case UInt8(ascii: "h"):
      let bytes = Self.combined(record.text) { $0.multipliedReportingOverflow(by: $1).partialValue }.int ?? 0
      put(.string(Self.humanSize(bytes)), record.key)
    case UInt8(ascii: "E"): put(.dict(Self.environment(record.value)), record.key)
    case UInt8(ascii: "L"): put(LocalFact.value(of: record.value, name: record.key), record.key)
    case UInt8(ascii: "{"): levels.append(.dict(key: record.key, [:]))
    case UInt8(ascii: "["): levels.append(.list(key: record.key, []))
    case UInt8(ascii: "}"): close()
    case UInt8(ascii: "!"): while !levels.isEmpty { close() }
    case UInt8(ascii: "w"): warnings.append(record.text)
    case UInt8(ascii: "o"): takesOutput = OutputUse(stripsLineEnds: record.text != "keep")
    case UInt8(ascii: "t"): putTimes(record.text)
    case UInt8(ascii: "C"): wantsCommandText = true
    case UInt8(ascii: "e"): end(record.text)
    default: break
    }
  }

  private mutating func put(_ value: Value, _ key: String) {
    switch levels.popLast() {
    case .dict(let name, var entries):
      entries[.string(key)] = value
      levels.append(.dict(key: name, entries))
    case .list(let name, var elements):
      elements.append(value)
      levels.append(.list(key: name, elements))
    case nil:
      if key == "diff", let entries = value.dict { diffs.append(FileDiff(entries)) } else { fields[.string(key)] = value }
    }
  }

  /// Lines `NAME=VALUE`, as `systemctl show` prints them.
  private static func properties(_ bytes: ArraySlice<UInt8>) -> Value.Dict {
    var result: Value.Dict = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
      result[.string(String(decoding: line[..<equals], as: UTF8.self))] =
        .string(String(decoding: line[(equals + 1)...], as: UTF8.self))
    }
    return result
  }

  /// Entries `NAME=VALUE` that each end in NUL, as /proc/PID/environ has them.
  private static func environment(_ bytes: ArraySlice<UInt8>) -> Value.Dict {
    var result: Value.Dict = [:]
    for entry in bytes.split(separator: 0) {
      let parts = String(decoding: entry, as: UTF8.self).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { result[.string(String(parts[0]))] = .string(String(parts[1])) }
    }
    return result
  }

  /// Two numbers from the host, put together here: some shells have numbers of 32 bits.
  private static func combined(_ text: String, _ operation: (Int, Int) -> Int) -> Value {
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    return numbers.count == 2 ? .int(operation(numbers[0], numbers[1])) : .null
  }

  /// `20.00 GB`, as Ansible prints sizes of devices.
  private static func humanSize(_ bytes: Int) -> String {
    for (unit, size) in [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)] where bytes >= size {
      let hundredths = Int((Double(bytes) / Double(size) * 100).rounded())
      return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10) \(unit)"
    }
    return "\(bytes).00 Bytes"
  }

  private mutating func close() {
    switch levels.popLast() {
    case .dict(let key, let entries): put(.dict(entries), key)
    case .list(let key, let elements): put(.list(elements), key)
    case nil: break
    }
  }

  private mutating func putTimes(_ text: String) {
    guard let span = CommandTimes(text) else { return }
    for (key, value) in [("start", span.start), ("end", span.end), ("delta", span.delta)] {
      fields[.string(key)] = .string(value)
    }
  }

  private mutating func end(_ text: String) {
    while !levels.isEmpty { close() }
    let words = text.split(separator: " ")
    ending = words.first.flatMap { Ending(rawValue: String($0)) }
    isChanged = words.last == "true"
  }
}

extension FileDiff {
  /// From a `diff` dict as Ansible's modules return it; a side that is a dict becomes sorted, indented JSON.
  package init(_ entries: Value.Dict) {
    func side(_ key: Value) -> String {
      switch entries[key] {
      case .dict(let entries)?: Value.dict(entries).json(JSONEncoding(ensureASCII: false, indent: 4, sortsKeys: true)) + "\n"
      case let value?: value.string ?? ""
      case nil: ""
      }
    }
    if let prepared = entries["prepared"]?.string {
      self.init(beforeHeader: "", afterHeader: "", body: .prepared(prepared), source: entries)
    } else {
      self.init(
        beforeHeader: entries["before_header"]?.string ?? "", afterHeader: entries["after_header"]?.string ?? "",
        body: .text(before: side("before"), after: side("after")), source: entries)
    }
  }
}
