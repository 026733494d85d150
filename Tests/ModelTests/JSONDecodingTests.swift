import BigInt
import Testing

@testable import Model

@Suite struct JSONDecodingTests {
  @Test(arguments: [
    ("null", .null), (" true\n", true), ("false", false), ("0", 0), ("-0", 0), ("12", 12), ("-9", -9),
    ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("9223372036854775808", .bigInt(BigInt("9223372036854775808"))), ("123456789012345678", 123_456_789_012_345_678),
    ("1.0", 1.0), ("-0.5e-3", -0.0005), ("1E5", 100000.0), ("0e1", 0.0), ("Infinity", .float(.infinity)),
    ("-Infinity", .float(-.infinity)), ("[]", []), ("{}", .dict([:])), ("[1 , 2,[3]]", [1, 2, [3]]),
    (#"{"a" : {"b":[null]}, "c":"d"}"#, ["a": ["b": [nil]], "c": "d"]),
    (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9é""#, "éé"),
    (#""\ud834\udd1e""#, "𝄞"), (#""\ud834x""#, "\u{FFFD}x"), (#""\ud834\u0041""#, "\u{FFFD}A"),
    (#""\udd1e""#, "\u{FFFD}"), (#""{{ 1 }}""#, "{{ 1 }}"),
  ] as [(String, Value)])
  func `values are what Python's json.loads gives`(text: String, expected: Value) throws {
    let value = try Value(json: text)
    #expect(value == expected)
    #expect(kind(value) == kind(expected))
  }

  @Test(arguments: [
    ("", "expecting value", 0), ("[1,]", "expecting value", 3), ("[1 2]", "expecting ',' delimiter", 3),
    ("{a:1}", "expecting property name enclosed in double quotes", 1),
    (#"{"a":1,}"#, "expecting property name enclosed in double quotes", 7), (#"{"a" 1}"#, "expecting ':' delimiter", 5),
    ("1 2", "extra data", 2), ("01", "extra data", 1), ("1.", "extra data", 1), ("1e", "extra data", 1),
    ("-", "expecting value", 0), ("nul", "expecting value", 0), (".5", "expecting value", 0),
    (#"["abc"#, "unterminated string starting at", 1), (#""\x""#, #"invalid \escape"#, 1),
    (#""\u12g4""#, #"invalid \uXXXX escape"#, 1), (#""\u12"#, #"invalid \uXXXX escape"#, 1),
    ("\"a\nb\"", "invalid control character at", 2), (#""a\"#, "unterminated string starting at", 0),
    ("\u{FEFF}1", "unexpected UTF-8 byte order mark", 0), ("[", "expecting value", 1),
    ("{", "expecting property name enclosed in double quotes", 1),
  ])
  func `broken text is refused with its place`(text: String, message: String, offset: Int) {
    let error = #expect(throws: JSONError.self) { try Value(json: text) }
    #expect(error?.message == message)
    #expect(error?.offset == offset)
  }

  @Test func `the place counts lines and code points`() {
    let error = #expect(throws: JSONError.self) { try Value(json: "{\n  \"é𝄞\": ?\n}") }
    #expect(error?.description == "expecting value: line 2 column 9 (byte 14)")
  }

  @Test func `not a number reads back`() throws {
    guard case .float(let number) = try Value(json: "NaN") else { throw JSONTestFailure() }
    #expect(number.isNaN)
  }

  @Test func `a repeated key keeps its place and the last value`() throws {
    #expect(try Value(json: #"{"a":1,"b":2,"a":3}"#).json == #"{"a": 3, "b": 2}"#)
  }

  @Test func `depth is limited`() throws {
    let open = String(repeating: "[", count: 1000), close = String(repeating: "]", count: 1000)
    #expect(try Value(json: open + close).list?.count == 1)
    let error = #expect(throws: JSONError.self) { try Value(json: "[" + open + close + "]") }
    #expect(error?.message == "lists and dicts nested deeper than 1000")
    #expect(error?.offset == 1000)
  }

  @Test func `very long integers are refused`() {
    let error = #expect(throws: JSONError.self) { try Value(json: String(repeating: "9", count: 4301)) }
    #expect(error?.message == "integer of more than 4300 digits")
  }

  @Test func `bytes that are no UTF-8 are replaced`() throws {
    #expect(try Value(json: [0x22, 0x61, 0xFF, 0x22]) == "a\u{FFFD}")
  }

  @Test func `what is written reads back the same`() throws {
    let value: Value = [
      "text": "a\u{0}\"\\ü𝄞\u{2028}", "numbers": [1, -1, 1.5, 1e300, .bigInt(BigInt(2).power(200))], "nested": [["x": nil]],
    ]
    for encoding in [JSONEncoding(), JSONEncoding(indent: 2), .compact] {
      #expect(try Value(json: value.json(encoding)) == value)
    }
  }
}

private struct JSONTestFailure: Error {}

private func kind(_ value: Value) -> String {
  switch value {
  case .null: "null"
  case .bool: "bool"
  case .int: "int"
  case .bigInt: "bigInt"
  case .float: "float"
  case .string: "string"
  case .source: "source"
  case .timestamp: "timestamp"
  case .list: "list"
  case .dict: "dict"
  case .secret: "secret"
  case .omit: "omit"
  }
}
