import BigInt
import Model
import Support
import Testing
import YAML

/// Every expectation here was read from PyYAML 6.0.3.
struct PlainScalarTests {
  static let readings: [(String, Value)] = [
    ("0644", 420), ("0o644", "0o644"), ("08", "08"), ("00", 0), ("0", 0), ("-0", 0), ("+12", 12), ("1_000", 1000),
    ("0x1F", 31), ("-0x1f", -31), ("0b101", 5), ("1:30", 90), ("1:30:00", 5400), ("190:20:30", 685_230),
    ("1:60", "1:60"), ("01:30", "01:30"), ("1e3", "1e3"), ("1.0e3", "1.0e3"), ("1.0e+3", 1000.0), ("1.", 1.0),
    (".5", 0.5),
    ("-.5", "-.5"), ("1_0.5", 10.5), ("1:30.5", 90.5), (".inf", .float(.infinity)), ("-.INF", .float(-.infinity)),
    ("-.nan", "-.nan"), ("1.2.3", "1.2.3"), ("yes", true), ("No", false), ("ON", true), ("oFF", "oFF"), ("y", "y"),
    ("n", "n"), ("TRUE", true), ("tRUE", "tRUE"), ("~", nil), ("null", nil), ("Null", nil), ("nUll", "nUll"), ("", nil),
    ("=", "="), ("12a", "12a"), ("1,000", "1,000"),
    ("9223372036854775807", 9_223_372_036_854_775_807), ("9223372036854775808", .bigInt(BigInt("9223372036854775808"))),
    ("2024-05-01", .timestamp(Timestamp(year: 2024, month: 5, day: 1))), ("2024-5-1", "2024-5-1"),
    (
      "2024-5-1 10:00:00.25 -03:30",
      .timestamp(
        Timestamp(
          year: 2024, month: 5, day: 1,
          time: .init(hour: 10, minute: 0, second: 0, microsecond: 250_000, offsetSeconds: -12_600)))
    ),
    (
      "2024-05-01T10:00:00Z",
      .timestamp(
        Timestamp(
          year: 2024, month: 5, day: 1, time: .init(hour: 10, minute: 0, second: 0, microsecond: 0, offsetSeconds: 0)))
    ),
    ("2024-05-01 10:00", "2024-05-01 10:00"),
  ]

  @Test(arguments: readings)
  func `an unquoted scalar reads as PyYAML reads it`(_ text: String, _ value: Value) throws {
    var diagnostics = Diagnostics()
    let node = try #require(
      YAMLDocuments.parseSingle(SourceFile(path: "v.yml", text: "key: \(text)\n"), into: &diagnostics))
    #expect(node["key"]?.value() == value)
    #expect(isSameType(node["key"]?.value(), value), "\(String(describing: node["key"]?.value()))")
    #expect(diagnostics.all.isEmpty)
  }

  @Test(arguments: ["'0644'", "\"on\"", "!!str 12", "!unsafe '1'"])
  func `a quoted or tagged scalar is a string`(_ text: String) throws {
    var diagnostics = Diagnostics()
    let node = try #require(
      YAMLDocuments.parseSingle(SourceFile(path: "v.yml", text: "- \(text)\n"), into: &diagnostics))
    #expect(node.items?.first?.value().string != nil)
  }

  @Test func `a tag turns a quoted scalar into a number`() throws {
    var diagnostics = Diagnostics()
    let node = try #require(
      YAMLDocuments.parseSingle(
        SourceFile(path: "v.yml", text: "[!!int '12', !!float '1', !unsafe on]"), into: &diagnostics))
    #expect(node.value() == [12, 1.0, true])
  }

  /// Values compare as Python's do: `1 == True`, so the type is compared on its own.
  private func isSameType(_ left: Value?, _ right: Value) -> Bool {
    switch (left, right) {
    case (.int, .int), (.float, .float), (.bool, .bool), (.string, .string), (.null, .null), (.timestamp, .timestamp),
      (.bigInt, .bigInt):
      true
    default: false
    }
  }
}
