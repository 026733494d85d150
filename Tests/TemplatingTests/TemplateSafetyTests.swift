import Model
import Templating
import Testing

/// Values never become templates, whatever they look like.
@Suite struct TemplateSafetyTests {
  private let hostile: Value = "{{ lookup('pipe', 'id') }}"

  @Test func `CVE-2016-9587: a fact that looks like a template prints as text`() {
    expectText("{{ fact }}", ["fact": .value(hostile)])
    expectText("{{ facts.a[0] }}", ["facts": .value(["a": .list([hostile])])])
  }

  @Test func `CVE-2021-3583: text in an argument of several lines prints as text`() {
    let text: Value = "line\n{{ lookup('pipe', 'id') }}\n"
    #expect(rendered("a\n{{ text }}", ["text": .value(text)]) == "a\nline\n{{ lookup('pipe', 'id') }}\n")
  }

  @Test func `CVE-2023-5764: what a template makes of remote text is not a template`() {
    expectText("{{ '{' ~ fact[1:] }}", ["fact": .value(hostile)])
    expectText("{{ [fact] | join('') }}", ["fact": .value(hostile)])
    expectText("{% set x = fact %}{{ x }}", ["fact": .value(hostile)])
  }

  @Test func `CVE-2024-11079: another host's text prints as text`() {
    struct Hosts: LazyMapping {
      let keys = ["db1"]
      func variable(forKey key: String) -> Variable? {
        key == "db1" ? .mapping(Facts()) : nil
      }
    }
    struct Facts: LazyMapping {
      let keys = ["banner"]
      func variable(forKey key: String) -> Variable? { .value("{{ lookup('pipe', 'id') }}") }
    }
    expectText("{{ hostvars['db1'].banner }}", ["hostvars": .mapping(Hosts())])
    expectText("{{ hostvars.db1['banner'] }}", ["hostvars": .mapping(Hosts())])
  }

  @Test func `a variable whose source is a template gives text that stays text`() throws {
    let template = try Template.compile("{{ fact }}", at: span(of: "{{ fact }}"))
    expectText("{{ indirect }}", ["indirect": .source(.template(template)), "fact": .value(hostile)])
  }

  private func expectText(_ source: String, _ variables: [String: Variable]) {
    #expect(rendered(source, variables) == hostile)
  }

  private func rendered(_ source: String, _ variables: [String: Variable]) -> Value? {
    guard let template = try? Template.compile(source, at: span(of: source)) else { return nil }
    return try? Renderer().value(of: .template(template), in: LayeredScope(variables))
  }

  @Test(arguments: [
    "{{ 'a' * 1000000000 }}", "{{ [1] * 1000000000 }}", "{{ range(1000000) }}", "{{ 2 ** 10000000 }}",
    "{{ 'x'.center(1000000000) }}", "{{ '%1000000000d' % 1 }}", "{{ '{:1000000000}'.format(1) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}",
    "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
    "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
    "{{ range(1000) | permutations }}", "{{ range(1000) | permutations(500) }}", "{{ range(5000) | combinations(2500) }}",
    "{{ [1] | product(repeat=100000) }}", "{{ [1] | product(repeat=1000000000000) }}",
  ])
  func `a hostile template is stopped by a limit`(source: String) throws {
    let template = try Template.compile(source, at: span(of: source))
    var limits = TemplateLimits()
    limits.iterationsMax = 100_000
    let error = #expect(throws: TemplateError.self) {
      try Renderer(limits: limits).value(of: .template(template), in: LayeredScope([:]))
    }
    #expect(error.map { [.limit, .recursion].contains($0.kind) } == true, "\(error?.diagnostic.message ?? "")")
  }

  @Test func `source that nests without end is a syntax error`() {
    for source in [
      String(repeating: "(", count: 100_000), String(repeating: "[", count: 100_000),
      String(repeating: "not ", count: 100_000), String(repeating: "-", count: 100_000) + "1",
    ] {
      #expect(throws: TemplateError.self) { try Template.compile("{{ \(source) }}", at: span(of: source)) }
    }
  }
}
