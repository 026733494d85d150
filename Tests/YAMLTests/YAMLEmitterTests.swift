import BigInt
import Model
import Testing
import YAML

/// Every expectation here was printed by ansible-core 2.19's to_yaml and to_nice_yaml.
struct YAMLEmitterTests {
  static let sample: Value = [
    "z": [1, 2, ["a": "b"]], "a": ["x": true, "n": nil, "f": 1.5, "e": 1e17, "t": 1e-5], "empty": ["d": [:], "l": []],
    "quoted": [
      "1", "yes", "null", "1:30", "", " lead", "a: b", "# c", "- d", "0644", "1e3", "=", "<<", "2024-01-01", "{{ x }}",
    ],
    "lines": "one\ntwo\n", "tail": "one\ntwo", "wide": "schön 😀 \u{7}", "big": .bigInt(BigInt("9223372036854775808")),
    "long": .string(Array(repeating: "lorem ipsum", count: 12).joined(separator: " ")), "inf": .float(-.infinity),
    "day": .timestamp(Timestamp(year: 2024, month: 5, day: 1)),
  ]

  @Test func `to_yaml puts leaves on one line`() {
    #expect(
      YAMLEmitter.text(of: Self.sample, style: YAMLStyle()) == #"""
        a: {e: 1.0e+17, f: 1.5, n: null, t: 1.0e-05, x: true}
        big: 9223372036854775808
        day: 2024-05-01
        empty:
          d: {}
          l: []
        inf: -.inf
        lines: 'one

          two

          '
        long: lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem
          ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum
        quoted: ['1', 'yes', 'null', '1:30', '', ' lead', 'a: b', '# c', '- d', '0644', 1e3,
          '=', '<<', '2024-01-01', '{{ x }}']
        tail: 'one

          two'
        wide: "schön \U0001F600 \a"
        z:
        - 1
        - 2
        - {a: b}

        """#)
  }

  @Test func `to_nice_yaml gives every entry a line`() {
    #expect(
      YAMLEmitter.text(of: Self.sample, style: .nice) == #"""
        a:
            e: 1.0e+17
            f: 1.5
            n: null
            t: 1.0e-05
            x: true
        big: 9223372036854775808
        day: 2024-05-01
        empty:
            d: {}
            l: []
        inf: -.inf
        lines: 'one

            two

            '
        long: lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem
            ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum
        quoted:
        - '1'
        - 'yes'
        - 'null'
        - '1:30'
        - ''
        - ' lead'
        - 'a: b'
        - '# c'
        - '- d'
        - '0644'
        - 1e3
        - '='
        - '<<'
        - '2024-01-01'
        - '{{ x }}'
        tail: 'one

            two'
        wide: "schön \U0001F600 \a"
        z:
        - 1
        - 2
        -   a: b

        """#)
  }

  @Test func `width, order and flow can be chosen`() {
    #expect(
      YAMLEmitter.text(
        of: Self.sample,
        style: Self.styled {
          $0.width = 1000
          $0.sortsKeys = false
          $0.defaultFlowStyle = true
        }) == #"""
          {z: [1, 2, {a: b}], a: {x: true, n: null, f: 1.5, e: 1.0e+17, t: 1.0e-05}, empty: {d: {}, l: []}, quoted: ['1', 'yes', 'null', '1:30', '', ' lead', 'a: b', '# c', '- d', '0644', 1e3, '=', '<<', '2024-01-01', '{{ x }}'], lines: 'one

              two

              ', tail: 'one

              two', wide: "schön \U0001F600 \a", big: 9223372036854775808, long: lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum, inf: -.inf, day: 2024-05-01}

          """#)
  }

  @Test func `a scalar style can be chosen`() {
    #expect(
      YAMLEmitter.text(
        of: Self.sample,
        style: Self.styled {
          $0 = .nice
          $0.indent = 2
          $0.defaultStyle = .doubleQuoted
        }) == #"""
          "a":
            "e": ! "1.0e+17"
            "f": ! "1.5"
            "n": ! "null"
            "t": ! "1.0e-05"
            "x": ! "true"
          "big": ! "9223372036854775808"
          "day": ! "2024-05-01"
          "empty":
            "d": {}
            "l": []
          "inf": ! "-.inf"
          "lines": "one\ntwo\n"
          "long": "lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem
            ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum"
          "quoted":
          - "1"
          - "yes"
          - "null"
          - "1:30"
          - ""
          - " lead"
          - "a: b"
          - "# c"
          - "- d"
          - "0644"
          - "1e3"
          - "="
          - "<<"
          - "2024-01-01"
          - "{{ x }}"
          "tail": "one\ntwo"
          "wide": "schön \U0001F600 \a"
          "z":
          - ! "1"
          - ! "2"
          - "a": "b"

          """#)
  }

  static let cases: [(Value, YAMLStyle, String)] = [
    ("abc", YAMLStyle(), "abc\n"),
    (12, YAMLStyle(), "12\n"),
    ([], YAMLStyle(), "[]\n"),
    ("a\nb", YAMLStyle(), "'a\n\n  b'\n"),
    ([3: 1, "a": 2, nil: 4], YAMLStyle(), "{3: 1, a: 2, null: 4}\n"),
    ([2: 1, true: 3, 0.5: 1], YAMLStyle(), "{0.5: 1, true: 3, 2: 1}\n"),
    ([[1, [2]], ["a": [["b": 1, "c": 2]]]], .nice, "-   - 1\n    -   - 2\n-   a:\n    -   b: 1\n        c: 2\n"),
    (
      ["a": 1],
      styled {
        $0.hasExplicitStart = true
        $0.hasExplicitEnd = true
      }, "--- {a: 1}\n...\n"
    ),
    (["a": "ä"], styled { $0.defaultStyle = .literal }, "\"a\": |-\n  ä\n"),
    (
      ["a": [1]], styled { $0.isCanonical = true },
      "---\n!!map {\n  ? !!str \"a\"\n  : !!seq [\n    !!int \"1\",\n  ],\n}\n"
    ),
  ]

  @Test(arguments: cases)
  func `values print as the reference prints them`(_ value: Value, _ style: YAMLStyle, _ expected: String) {
    #expect(YAMLEmitter.text(of: value, style: style) == expected)
  }

  @Test func `what is printed reads back`() {
    var diagnostics = Diagnostics()
    let file = SourceFile(path: "a.yml", text: YAMLEmitter.text(of: Self.sample, style: .nice))
    #expect(YAMLDocuments.parseSingle(file, into: &diagnostics)?.value() == Self.sample)
  }

  private static func styled(_ change: (inout YAMLStyle) -> Void) -> YAMLStyle {
    var style = YAMLStyle()
    change(&style)
    return style
  }
}
