import Model
import Templating
import Testing

/// What plain Jinja2 3.1 makes of templates, asked of it once and written down.
@Suite struct JinjaLanguageTests {
  private let variables: [String: Variable] = [
    "users": .value([["name": "b", "uid": 1], ["name": "a", "uid": 2]]), "d": .value(["a": 1]), "s": .value("Hello"),
  ]

  @Test(arguments: jinjaAnswers)
  func `a template comes to what Jinja makes of it`(source: String, expected: String) {
    #expect(outcome(source) == expected)
  }

  @Test(arguments: escapedAnswers)
  func `with autoescape on, a template comes to what Jinja makes of it`(source: String, expected: String) {
    #expect(outcome(source, escapes: true) == expected)
  }

  @Test(arguments: extendingAnswers)
  func `of a child template, what stands outside of blocks is not evaluated`(source: String, expected: String) {
    let templates = ["base": "A{% block a %}a{% endblock %}B", "inc": "<{{ v }}>"]
    #expect(rendered(source, templates: templates).pythonText == expected)
  }

  private func outcome(_ source: String, escapes: Bool = false) -> String {
    var dialect = Dialect.jinja
    dialect.autoescape = escapes
    dialect.translates = true
    do throws(TemplateError) {
      var syntax = TemplateSyntax.jinja
      syntax.translates = true
      let template = try Template.compile(source, at: span(of: source), syntax: syntax)
      return try Renderer(dialect: dialect).value(of: .template(template), in: LayeredScope(variables)).pythonText
    } catch { return "error: " + error.diagnostic.message }
  }
}

private let jinjaAnswers: [(String, String)] = [
  ("{% print 1, 2 %}{% print 'a' %}", "12a"),
  ("{% macro m(caller) %}{% endmacro %}", "error: syntax error in template: When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default."),
  ("{{ dict(a=1, a=2) }}", "error: syntax error in template: keyword argument repeated: a"),
  ("{{ 1.25 is odd }} {{ missing is callable }} {{ -0.5 | filesizeformat }} {{ true * 'ab' }} {{ 'a' % [1] }}", "False True 0 Bytes ab a"),
  ("{{ 'x' | filesizeformat }}", "error: could not convert string to float: 'x'"),
  ("{{ 'x' * 2.5 }}", "error: can't multiply sequence by non-int of type 'float'"),
  ("{{ +'x' }}", "error: bad operand type for unary +: 'str'"),
  ("{{ '%a' | format('ö') }} {{ '{!a}'.format('ö') }} {{ '{:5}|'.format(true) }}", "'\\xf6' '\\xf6'     1|"),
  ("{{ '{} {0}'.format(1) }}", "error: cannot switch from automatic field numbering to manual field specification"),
  ("{{ 'a-b-c-d-e-f' | wordwrap(3) }}", "a-\nb-\nc-\nd-\ne-f"), ("{{ 'a\tb' | wordwrap(9) }}", "a\tb"),
  ("{{ {1: 2, 'a': 3} | pprint }}", "{1: 2, 'a': 3}"),
  (
    "{{ ('The quick brown fox ' * 5) | pprint }}",
    "('The quick brown fox The quick brown fox The quick brown fox The quick brown '\n 'fox The quick brown fox ')"
  ),
  ("{{ ['a', 'b'] | sum(start='') }}", "error: sum() can't sum strings [use ''.join(seq) instead]"),
  ("{% trans %}100%{% endtrans %}{% trans n=2 %}{{ n }}%{% pluralize %}{{ n }} %s{% endtrans %}", "100%2 %s"),
  ("{% trans trimmed x=1 %}\n a {{ x }}\n\n b\n{% endtrans %}", "a 1 b"),
  ("{% trans %}a{% trans %}b{% endtrans %}", "error: syntax error in template: trans blocks can't be nested; did you mean `endtrans`?"),
  // A loop hands out a list's dicts one at a time; each is still the list's own.
  ("{% for u in users %}{% set _ = u.update({'uid': 9}) %}{% endfor %}{{ users | map(attribute='uid') | list }}", "[9, 9]"),
  ("{% for u in users %}{% set _ = users[loop.index0].update({'q': 1}) %}{{ u.q }}{% endfor %}", "11"),
  ("{% set o = [] %}{% for u in users %}{% set _ = o.append(u) %}{% endfor %}{{ o[0] is sameas users[0] }}", "True"),
  ("{% for u in users %}{{ loop.previtem.name if not loop.first }}{{ loop.nextitem.name if not loop.last }}{{ users[0] is sameas u }} {% endfor %}", "aTrue bFalse "),
  ("{% for u in users %}{% for v in users %}{{ u.name }}{{ v.name }}{{ u is sameas v }} {% endfor %}{% endfor %}",
   "bbTrue baFalse abFalse aaTrue "),
  ("{% set l = [1, 2] %}{% for x in l %}{% if x < 5 %}{% set _ = l.append(x + 2) %}{% endif %}{{ x }}{% endfor %}", "123456"),
  ("{% for loop in [1] %}{% endfor %}", "error: syntax error in template: Can't assign to special loop variable in for-loop target"),
  // A macro's place for its names is used again; not where somebody still needs it.
  ("{% macro m(n) %}{{ n }}{% if n %}{{ m(n - 1) }}{% endif %}{{ n }}{% endmacro %}{{ m(2) }}{{ m(1) }}", "2100121001"),
  ("{% macro m(a) %}{% set b = a %}{{ c }}{{ b }}{% set c = 1 %}{% endmacro %}{{ m(1) }}{{ m(2) }}", "12"),
  ("{% macro m(a) %}{% for x in a %}{{ caller(x) }}{{ kwargs.k }}{% endfor %}{% endmacro %}{% call(x) m([1, 2], k=3) %}<{{ x }}>{% endcall %}", "<1>3<2>3"),
  ("{% macro m() %}{% for x in [1, 2] %}{% for y in varargs %}{{ y }}{% endfor %}{% endfor %}{% endmacro %}{{ m(3, 4) }}", "3434"),
  ("{{ none | map('upper') | list }}{{ 0 | select | list }}{{ false | selectattr('a') | list }}{{ none | reject('nope') | list }}", "[][][][]"),
  ("{% macro o(x) %}{{ caller() }}{{ x }}{% endmacro %}{% macro m(a) %}{% call o(a) %}{{ a }}{% endcall %}{% endmacro %}{{ m(1) }}{{ m(2) }}", "1122"),
  ("{% macro m(a, a=1) %}{% endmacro %}", "error: syntax error in template: duplicate argument 'a' in function definition"),
  // Names set at the top level are seen at once, wherever they were read before.
  ("{{ x }}{% set x = 1 %}{{ x }}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% set x = 2 %}{{ x }}{{ m() }}", "1122"),
  ("{{ range(10)[2:8:2] }} {{ range(10)[::-1] }}", "range(2, 8, 2) range(9, -1, -1)"),
  ("{{ 1234 | round(-2) }} {{ 25 | round(-1) }} {{ -35 | round(-1) }} {{ 42 | round }} {{ 42.5 | round }}", "1200 20 -40 42 42.0"),
  ("{{ '<a>' | safe ~ '<b>' }}{{ [('<i>' | safe), '<'] | join('<') }}", "<a><b><i><<"),
  ("{{ dict }} {{ joiner }} {{ namespace }}", "<class 'dict'> <class 'jinja2.utils.Joiner'> <class 'jinja2.utils.Namespace'>"),
  ("{{ lipsum(2, false, 5, 8) | wordcount > 9 }}{{ lipsum(1)[:3] }}", "True<p>"),
  ("{{ ngettext('%(num)s apple', '%(num)s apples', 3) }} {{ _('a %(b)s', b=1) }} {{ pgettext('c', 'm') }}", "3 apples a 1 m"),
  ("{{ 'see http://a.bc/d?e (www.f.gh) mail@x.org, ii.com.' | urlize }}",
   "see <a href=\"http://a.bc/d?e\" rel=\"noopener\">http://a.bc/d?e</a> (<a href=\"https://www.f.gh\" rel=\"noopener\">www.f.gh</a>)"
     + " <a href=\"mailto:mail@x.org\">mail@x.org</a>, <a href=\"https://ii.com\" rel=\"noopener\">ii.com</a>."),
  ("{{ 'x' | urlize(extra_schemes=['a b']) }}", "error: 'a b' is not a valid URI scheme prefix."),
  ("{% set a, b = 1 %}", "error: cannot unpack non-iterable int object"),
  ("{{ none.x.y }}", "error: 'None' has no attribute 'x'"),
  ("{{ 0123 }}", "error: syntax error in template: expected token 'end of print statement', got 'integer'"),
  ("{{ users | map(attribute='a', foo=1) }}", "error: Unexpected keyword argument 'foo'"),
  ("{% block a %}{% endblock %}{% block a %}{% endblock %}", "error: syntax error in template: block 'a' defined twice"),
  ("{% include ['a', 'b'] %}", "error: none of the templates given were found: a, b"),
  ("{{ s.__class__ }}", ""),
]

private let escapedAnswers: [(String, String)] = [
  ("{{ '<' | replace('<', '<b>' | safe) }}", "&lt;"),
  ("{{ ('<b>' | safe) | replace('b', '<') }}", "<&lt;>"),
  ("{{ ('%s' | safe) | format('<') }}{{ '%s' | format('<') }}", "&lt;&lt;"),
  ("{% set x = '<i>' | safe %}{{ x ~ '<' }}{{ ['<', x] | join('>') }}", "<i>&lt;&lt;&gt;<i>"),
  ("{{ _('<b>%(a)s</b>' | safe, a='<') }}", "<b>&lt;</b>"),
  ("{{ ('<b>' | safe) | list | first }}{{ ('<b>' | safe)[0] }}", "&lt;<"),
  // A macro escapes as where it stands, not as where it is called.
  ("{% macro m(x) %}{{ x }}{% endmacro %}{% autoescape false %}{{ m('<') }}{{ '<' }}{% endautoescape %}", "&lt;<"),
  ("{% autoescape false %}{% macro m(x) %}{{ x }}{% endmacro %}{% set k = m('<') %}{% endautoescape %}{{ '<' }}", "&lt;"),
]

private let extendingAnswers: [(String, String)] = [
  ("{% extends 'base' %}{{ nope }}{% if true %}{{ nope() }}{% endif %}text", "AaB"),
  ("{% if true %}{% extends 'base' %}{% endif %}{{ nope }}", "AaB"),
  // Jinja lets what is included or called through, and blocks that stand in a loop.
  ("{% extends 'base' %}{% set v = 5 %}{% include 'inc' %}", "<5>AaB"),
  ("{% extends 'base' %}{% for x in [1, 2] %}{% block a %}b{% endblock %}{% endfor %}", "bbAbB"),
  ("{% extends 'base' %}{% set s %}{{ 1 }}{% endset %}{% block a %}{{ s }}{% endblock %}", "A1B"),
]
