import Model
import Templating
import Testing

/// Translated text, in the old style and the new, as Jinja's extension has them.
@Suite struct CatalogueTests {
  private let texts: [Catalogue.Key: String] = [
    .init("One user"): "Ein Benutzer", .init("%(n)s users"): "%(n)s Benutzer", .init("Apple"): "Apfel",
    .init("Apple", context: "fruit"): "Apple", .init("%(num)s apples", context: "fruit"): "%(num)s Äpfel",
    .init("Sum: %(num)s"): "Summe: %(num)s", .init("<b>%(name)s</b>"): "<i>%(name)s</i>",
  ]

  @Test(arguments: newStyle)
  func `functions of the new style fill in names themselves`(source: String, expected: String) {
    #expect(outcome(source, isNewStyle: true) == expected)
  }

  @Test(arguments: oldStyle)
  func `functions of the old style leave names to a filter`(source: String, expected: String) {
    #expect(outcome(source, isNewStyle: false) == expected)
  }

  private func outcome(_ source: String, isNewStyle: Bool) -> String {
    var dialect = Dialect.jinja
    dialect.translates = true
    dialect.catalogue = Catalogue(texts, isNewStyle: isNewStyle)
    var syntax = TemplateSyntax.jinja
    syntax.translates = true
    do throws(TemplateError) {
      let template = try Template.compile(source, at: span(of: source), syntax: syntax)
      return try Renderer(dialect: dialect).value(of: .template(template), in: LayeredScope([:])).pythonText
    } catch { return "error: " + error.diagnostic.message }
  }
}

private let newStyle: [(String, String)] = [
  ("{% trans n=1 %}One user{% pluralize %}{{ n }} users{% endtrans %}", "Ein Benutzer"),
  ("{% trans n=3 %}One user{% pluralize %}{{ n }} users{% endtrans %}", "3 Benutzer"),
  ("{% trans 'fruit' %}Apple{% endtrans %} {% trans %}Apple{% endtrans %}", "Apple Apfel"),
  ("{% trans 'fruit' num=2 %}x{% pluralize %}{{ num }} apples{% endtrans %}", "2 Äpfel"),
  ("{{ gettext('Sum: %(num)s', num=7) }} {{ pgettext('fruit', 'Apple') }}", "Summe: 7 Apple"),
  ("{{ npgettext('fruit', 'x', '%(num)s apples', 5) }}", "5 Äpfel"),
  ("{% autoescape true %}{{ _('<b>%(name)s</b>', name='<') }}{% endautoescape %}", "<i>&lt;</i>"),
  ("{{ _('100%') }}", "error: incomplete format"), ("{% trans %}100%{% endtrans %}", "100%"),
]

private let oldStyle: [(String, String)] = [
  ("{% trans n=3 %}One user{% pluralize %}{{ n }} users{% endtrans %}", "3 Benutzer"),
  ("{{ _('Sum: %(num)s') | format(num=7) }}", "Summe: 7"), ("{{ _('100%') }}", "100%"),
  ("{% trans %}100%{% endtrans %} {% trans n=1 %}{{ n }}%{% endtrans %}", "100% 1%"),
]
