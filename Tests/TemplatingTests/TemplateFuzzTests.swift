import Foundation
import Model
import Templating
import Support
import Testing

/// Random templates must end in a value or an error: no crash, no hang. `MARTLET_FUZZ_SECONDS` makes it run longer; the
/// seed is printed, and `MARTLET_FUZZ_SEED` repeats it.
@Suite struct TemplateFuzzTests {
  @Test func `random templates end in a value or an error`() {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["MARTLET_FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
    let seconds = environment["MARTLET_FUZZ_SECONDS"].flatMap { Double($0) }
    print("fuzz of templates: seed \(seed)")
    var random = SplitMix(seed: seed)
    var count = 0
    var values = 0
    var slowest = (seconds: 0.0, source: "")
    let start = Date()
    while seconds.map({ Date().timeIntervalSince(start) < $0 }) ?? (count < 3000) {
      count += 1
      let source = count % 4 == 0 ? TemplateFuzz.pieces(&random) : GrammarFuzz.template(&random)
      let began = Date()
      if TemplateFuzz.comesToValue(source) { values += 1 }
      let took = Date().timeIntervalSince(began)
      if took > slowest.seconds { slowest = (took, source) }
    }
    print("fuzz of templates: \(count) templates, \(values) came to a value, at most \(TemplateFuzz.peakKiB() / 1024) MiB")
    print("the slowest took \(slowest.seconds) s: \(slowest.source)")
    #expect(values > 0)
    #expect(TemplateFuzz.peakKiB() < 2 << 20, "memory is bounded")
  }
}

private enum TemplateFuzz {
  private static let all = [
    "{{ ", " }}", "{% ", " %}", "{# ", " #}", "{%- ", " -%}", "for x in ", "l", "d", "s", "if ", "endif", "endfor",
    "else", "elif ",
    "set ", "endset", "macro m(a, b=1)", "endmacro", "m(1)", "call m()", "endcall", "filter upper", "endfilter", "raw",
    "endraw",
    " = ", " == ", " in ", " not ", " and ", " is defined", " is match('a')", "|", "upper", "map('string')",
    "join(',')", "sort", "unique",
    "combine(d)", "default(1)", "regex_replace('(a|b)*', 'x')", "to_json", "from_json", "to_yaml", "from_yaml", "int",
    "length", "list",
    ".", "[", "]", "(", ")", "{", "}", ":", ",", "'a'", "\"é\"", "1", "2.5", "-", "+", "*", "**", "//", "%", "~",
    "none", "true", "loop.index",
    "range(9)", "dict(a=1)", "namespace(n=1)", ".append(1)", ".items()", ".update(d)", ".format(1)", "'%s' % ", "\n",
    "é", "\u{0}", "\\", "block b",
    "endblock", "include 'x'", "extends 'x'", "import 'x' as i", "with a=1", "endwith", "autoescape true",
    "endautoescape", "do ", "break",
  ]

  /// Pieces of templates in any order: mostly mistakes.
  static func pieces(_ random: inout SplitMix) -> String {
    let isExpression = random.next() % 2 == 0
    var source = isExpression ? "{{ l" : ""
    for _ in 0..<(random.next() % 20 + 1) { source += random.pick(all) }
    return isExpression ? source + " }}" : source
  }

  /// The most memory that the process has had.
  static func peakKiB() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }

  static func comesToValue(_ source: String) -> Bool {
    var limits = TemplateLimits()
    limits.iterationsMax = 10_000
    limits.outputBytesMax = 1 << 20
    limits.elementsMax = 10_000
    limits.integerBitsMax = 1 << 14
    let scope = LayeredScope([
      "l": .value([1, "b", ["c": nil]]), "d": .value(["a": 1, "b": [2.5, true]]), "s": .value(.secret(Secret("x"))),
      "u": .value("2020-01-02"),
    ])
    do throws(TemplateError) {
      let template = try Template.compile(source, at: span(of: source))
      _ = try Renderer(limits: limits, templates: NamedTemplates(["x": "{{ l }}{% block b %}{% endblock %}"])).value(
        of: .template(template), in: scope)
      return true
    } catch { return false }
  }
}

extension SplitMix {
  mutating func pick(_ texts: [String]) -> String { texts[Int(next() % UInt64(texts.count))] }
}
