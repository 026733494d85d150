import Model
import Templating
import Testing

/// Text that a source file spells out keeps its mark as long as nothing computes with it, and never gains one.
@Suite struct SourceTextTests {
  private static let scope: [String: Value] = [
    "text": .source("1 == 1"), "list": [.source("1 == 1"), .source("2 == 2")], "dict": ["key": .source("1 == 1")],
    "remote": "1 == 1", "remotes": ["1 == 1"],
  ]

  @Test(arguments: [
    "{{ text }}", "{{ list[0] }}", "{{ list | first }}", "{{ dict.key }}", "{{ dict['key'] }}", "{{ dict.get('key') }}",
    "{{ nope | default(text) }}", "{{ text | default('x') }}", "{{ true | ternary(text, 'x') }}",
    "{{ text if true else 'x' }}", "{{ (list + list)[3] }}", "{{ list | map('default') | last }}", "{{ text or 'x' }}",
    "{{ dict | dict2items | map(attribute='value') | first }}",
    "{{ list | select('eq', '1 == 1') | first }}", "{{ lookup('vars', 'text') }}", "{% set x = text %}{{ x }}",
  ])
  func `what passes through stays source`(_ template: String) throws {
    #expect(try isSource(template))
  }

  @Test(arguments: [
    "{{ text ~ '' }}", "{{ text + '' }}", "{{ text | trim }}", "{{ text | string }}", "{{ text.strip() }}", "{{ text[0:6] }}",
    "{{ list | join }}", "{{ '1 == 1' }}", "{{ remote }}", "{{ remotes[0] }}", "{{ remote | default(text) }}",
    "{{ [remote] | first }}", "{{ dict | combine({'key': remote}) | dict2items | map(attribute='value') | first }}",
    "{{ '%s' | format(text) }}", "{{ text | replace('1', '1') }}", " {{ text }}", "{{ text | to_json | from_json }}",
  ])
  func `what is computed or comes from a host is none`(_ template: String) throws {
    #expect(try !isSource(template))
  }

  @Test func `a condition may come to source text, and to no other`() throws {
    #expect(try holds("{{ text }}"))
    #expect(throws: TemplateError.self) { try holds("{{ remote }}") }
    #expect(throws: TemplateError.self) { try holds("{{ text ~ '' }}") }
    #expect(throws: TemplateError.self) { try holds(.value("1 == 1")) }
    #expect(try holds(.value(.source("1 == 1"))))
  }

  private func isSource(_ source: String) throws -> Bool {
    if case .source = try value(of: source) { true } else { false }
  }

  private func value(of source: String) throws -> Value {
    try Renderer().value(of: .template(try Template.compile(source, at: span(of: source))), in: variables)
  }

  private func holds(_ source: String) throws -> Bool {
    try holds(.template(try Template.compile(source, at: span(of: source))))
  }

  private func holds(_ condition: SourceValue) throws -> Bool {
    try Renderer().isTrue(condition, at: span(of: ""), in: variables)
  }

  private var variables: LayeredScope { LayeredScope(Self.scope.mapValues { .value($0) }) }
}
