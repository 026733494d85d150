import Model
import Templating
import Testing

@Suite struct TemplateTests {
  @Test(
    arguments: [
      ("{{ 1 }}", 1), ("{{1}}{{2}}", "12"), ("{{ (1, 2) }}", [1, 2]), ("{{ none }}", nil), ("{{ none }}x", "x"),
      ("{% if true %}{{ [1] }}{% endif %}", [1]), ("{{ 3.0 }}x{{ true }}", "3.0xTrue"),
      ("{{ [1, 'a', none] }}.", "[1, 'a', None]."),
      ("{{ 'a{{ 1 }}' }}", "a{{ 1 }}"), ("{{ 7 // -2 }}", -4), ("{{ -7 % 3 }}", 2), ("{{ 2 ** 3 ** 2 }}", 64),
      ("{{ 1 < 2 < 3 }}", true), ("{{ 'abc'[::-1] }}", "cba"), ("{{ [1, 2, 3][-2:] }}", [2, 3]),
      ("{% set l = [] %}{% set _ = l.append(1) %}{{ l }}", [1]),
      ("{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", 3),
      ("{% for k, v in {'a': 1}.items() %}{{ k }}={{ v }}{% endfor %}", "a=1"),
      ("{% macro m(a, b=2) %}{{ a + b }}{% endmacro %}{{ m(1) }}", 3),
      ("{% macro m(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}x{{ m(1) }}{{ m(b=3, a=4) }}{{ m(5, b=6) }}", "x1-24-35-6"),
      ("{% macro m(a, b=a) %}{{ b }}{% endmacro %}x{{ m(7) }}", "x7"),
      ("{% macro m(a) %}<{{ a }}>{% endmacro %}x{{ m(m(1)) }}", "x<<1>>"),
      ("{% set l = [[1], [2]] %}{% set _ = l[:1][0].append(3) %}{{ l }}", [[1, 3], [2]]),
      ("{{ 'x' | default(nope) }}{{ nope | default }}{{ {'a': 1}.b | default('y') }}", "xy"),
      ("{{ [nope is defined, {}.x is not defined, {}.items is defined, nope is undefined] }}", [false, true, true, true]),
    ] as [(String, Value)])
  func `a template comes to`(source: String, expected: Value) {
    #expect(rendered(source) == expected)
  }

  @Test func `a container that was read through a slice, an item or an attribute is one and the same`() {
    let variables: [String: Value] = ["l": [[1], [2]], "d": ["a": [1], "b": 2]]
    #expect(rendered("{% set _ = l[1:][0].append(3) %}{% set _ = l[0].append(4) %}{{ l }}", variables) == [[1, 4], [2, 3]])
    #expect(rendered("{% set _ = d.a.append(5) %}{% set _ = d['a'].append(6) %}{{ d }}", variables) == ["a": [1, 5, 6], "b": 2])
  }

  @Test func `a macro's missing parameter and an unknown one are named`() {
    let macro = "{% macro m(a) %}{{ a }}{% endmacro %}x"
    #expect(rendered(macro + "{{ m() }}").pythonText.contains("parameter 'a' was not provided"))
    #expect(rendered(macro + "{{ m(1, b=2) }}").pythonText.contains("takes no keyword argument 'b'"))
    #expect(rendered(macro + "{{ m(1, a=2) }}").pythonText.contains("takes no keyword argument 'a'"))
  }

  @Test func `a rendering leaves nothing behind, whatever holds what in it`() throws {
    final class Watched: VariableScope {
      func variable(named name: String) -> Variable? {
        switch name {
        case "texts": .source(compiled(["{{ 1 }}", ["{{ 2 }}"]]))
        case "other": .foreign(compiled("{{ texts }}"), self)
        default: nil
        }
      }
      var variableNames: [String] { [] }
    }
    let source = "{% macro m(a) %}{{ a }}{% endmacro %}x{{ m(texts) }}{{ other }}{% for i in [1] %}{% macro n() %}y{% endmacro %}"
      + "{{ n() }}{% endfor %}"
    let template = try Template.compile(source, at: span(of: source))
    weak var seen: Watched?
    do {
      let scope = Watched()
      seen = scope
      #expect(try Renderer().value(of: .template(template), in: scope) == "x[1, [2]][1, [2]]y")
    }
    #expect(seen == nil)
  }

  @Test func `a variable is rendered when it is used, in containers too`() {
    #expect(rendered("{{ a.b }}", ["a": ["b": "{{ c }}", "x": "{{ nope }}"], "c": 5]) == 5)
  }

  @Test func `a variable whose template is undefined counts as undefined`() {
    #expect(rendered("{{ a.b | default('x') }}", ["a": ["b": "{{ nope }}"]]) == "x")
    #expect(rendered("{{ a is defined }}", ["a": "{{ nope }}"]) == false)
    #expect(rendered("{{ nope.a.b | default(1) }}") == 1)
  }

  @Test func `a variable that is computed from itself is an error`() {
    #expect(rendered("{{ a }}", ["a": "{{ b }}", "b": "{{ a }}"]).pythonText.contains("recursive loop"))
  }

  @Test func `an undefined variable is named with its place and the nearest name`() throws {
    let error = #expect(throws: TemplateError.self) { try value("port {{ web_prot }}", ["web_port": 80]) }
    #expect(
      error?.diagnostic.description == """
        test.yml:1:9: error: 'web_prot' is undefined
            1 | port {{ web_prot }}
              |         ^^^^^^^^
          did you mean 'web_port'?
        """)
  }

  @Test func `what is computed from a secret is secret`() throws {
    let secret = Value.secret(Secret("s3cret"))
    let scope = LayeredScope(["p": .value(secret), "q": .value(["x": secret])])
    for source in [
      "{{ p }}", "{{ p | upper }}", "a{{ p }}", "{{ p ~ 1 }}", "{{ q.x }}", "{{ p == 'x' }}", "{{ [p] | join }}",
      "{{ p[0] }}", "{{ p | default(1) }}", "{{ 1 | default(p) }}", "{% macro m(a) %}{{ a }}{% endmacro %}x{{ m(p) }}",
      "{% macro m(a) %}{{ 1 if a == 1 else 2 }}{% endmacro %}x{{ m(p) }}", "{{ p.split('c') }}",
      "{{ q | string }}", "{% for c in p %}{{ c }}{% endfor %}",
    ] {
      let template = try Template.compile(source, at: span(of: source))
      let value = try Renderer().value(of: .template(template), in: scope)
      #expect(value.isSecret, "\(source)")
    }
  }

  @Test func `a condition must be a boolean`() throws {
    func isTrue(_ source: String) throws(TemplateError) -> Bool {
      try Renderer().isTrue(
        .template(try Template.compileExpression(source, at: span(of: source))), at: span(of: source), in: LayeredScope([:]))
    }
    #expect(try isTrue("1 == 1"))
    #expect(try !isTrue("'a' in ['b']"))
    #expect(throws: TemplateError.self) { try isTrue("'yes'") }
    #expect(throws: TemplateError.self) { try isTrue("[1]") }
    #expect(throws: TemplateError.self) { try isTrue("nope") }
  }
}
