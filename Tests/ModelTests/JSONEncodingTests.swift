import BigInt
import Testing

@testable import Model

@Suite struct JSONEncodingTests {
  @Test(arguments: [
    (Value.null, "null"), (true, "true"), (false, "false"), (0, "0"), (-17, "-17"),
    (.bigInt(BigInt("123456789012345678901234567890")), "123456789012345678901234567890"),
    ("plain", #""plain""#), ("a\"b\\c/d", #""a\"b\\c/d""#),
    ("\n\r\t\u{8}\u{c}\u{0}\u{1f}\u{7f}", #""\n\r\t\b\f\u0000\u001f\#u{7f}""#),
    ("é€𝄞", #""\u00e9\u20ac\ud834\udd1e""#), ("", #""""#),
    ([], "[]"), (.dict([:]), "{}"), ([1, "a", nil, [true]], #"[1, "a", null, [true]]"#),
    (["b": 1, "a": [:]], #"{"b": 1, "a": {}}"#),
    ([1: "int", 2.5: "float", true: "merged", nil: "none"], #"{"1": "merged", "2.5": "float", "null": "none"}"#),
    (.timestamp(Timestamp(year: 2024, month: 5, day: 1)), #""2024-05-01""#),
  ] as [(Value, String)])
  func `text is what Python's json.dumps gives`(value: Value, expected: String) {
    #expect(value.json == expected)
  }

  @Test func `a time of day prints in ISO form`() {
    let time = Timestamp.Time(hour: 10, minute: 0, second: 0, microsecond: 500_000, offsetSeconds: -19800)
    let value = Value.timestamp(Timestamp(year: 2024, month: 5, day: 1, time: time))
    #expect(value.json == #""2024-05-01T10:00:00.500000-05:30""#)
  }

  @Test(arguments: [
    (1.0, "1.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e15, "1000000000000000.0"), (1e16, "1e+16"), (1.5e16, "1.5e+16"),
    (12_345_678_901_234_568, "1.2345678901234568e+16"), (-10_000_000_000_000_002, "-1.0000000000000002e+16"),
    (1e17, "1e+17"), (123456e20, "1.23456e+25"), (0.0001, "0.0001"), (0.00001, "1e-05"), (1.5e-7, "1.5e-07"),
    (1e100, "1e+100"), (.leastNonzeroMagnitude, "5e-324"),
    (9_007_199_254_740_992, "9007199254740992.0"), (-9_876_543_210_123_456, "-9876543210123456.0"),
    (.nan, "NaN"), (.infinity, "Infinity"), (-.infinity, "-Infinity"),
  ])
  func `floats print as in Python`(number: Double, expected: String) {
    #expect(Value.float(number).json == expected)
  }

  @Test func `indent breaks lines as in Python and leaves empty containers alone`() {
    let value: Value = ["list": [1, 2], "none": [], "dict": ["key": [:]]]
    #expect(
      value.json(JSONEncoding(indent: 4)) == """
        {
            "list": [
                1,
                2
            ],
            "none": [],
            "dict": {
                "key": {}
            }
        }
        """)
    #expect(Value.list([1, 2]).json(JSONEncoding(indent: 0)) == "[\n1,\n2\n]")
  }

  @Test func `sorted keys follow code points`() {
    let value: Value = ["b": 1, "é": 2, "a": 3, "B": 4, "": 5]
    #expect(value.json(JSONEncoding(ensureASCII: false, sortsKeys: true)) == #"{"": 5, "B": 4, "a": 3, "b": 1, "é": 2}"#)
    #expect(Value.dict([10: "x", 9: "y"]).json(JSONEncoding(sortsKeys: true)) == #"{"9": "y", "10": "x"}"#)
  }

  @Test func `separators can be chosen`() {
    let value: Value = ["a": [1, 2], "b": "ü"]
    #expect(value.json(.compact) == #"{"a":[1,2],"b":"ü"}"#)
    #expect(value.json(JSONEncoding(itemSeparator: " ; ", keySeparator: "=")) == #"{"a"=[1 ; 2] ; "b"="\u00fc"}"#)
  }

  @Test func `a secret shows only where that is asked for`() {
    let value: Value = ["password": .secret(Secret(["inner", "x"])), "list": [.secret(Secret("y"))]]
    #expect(value.json == #"{"password": "***", "list": ["***"]}"#)
    #expect(value.json(JSONEncoding(revealingSecrets: true)) == #"{"password": ["inner", "x"], "list": ["y"]}"#)
  }

  @Test func `omitted places are left out`() {
    let value: Value = ["a": .omit, "b": [.omit, 1, .omit], "c": .omit]
    #expect(value.json == #"{"b": [1]}"#)
    #expect(Value.list([.omit]).json(JSONEncoding(indent: 2)) == "[]")
  }
}
