import Model
import Templating

/// What Jinja2's own tests hand over from Python beside template and variables, and what recorded cases don't carry:
/// globals of single templates, policies, the German catalogue of its tests of translations.
struct UnrecordedInputs {
  private let test: String
  private let template: String?
  private let context: Value?

  init(test: String, template: String?, _ context: Value?) {
    self.test = test
    self.template = template
    self.context = context
  }

  func set(in dialect: inout Dialect) {
    if test.contains("import_with_globals") { dialect.globals["foo"] = 42 }
    if test.contains("cached_extends[include]") { dialect.globals["x"] = template == "main" ? "bar" : 42 }
    if test.contains("urlize_rel_policy") { dialect.policies.linkRelation = nil }
    let isNewStyle = test.contains("Newstyle")
    if test.contains("autoescape_support") {
      dialect.catalogue = Catalogue([.init("foo"): "<strong>Wert: %(name)s</strong>"], isNewStyle: isNewStyle)
    } else if context?["LANGUAGE"] == "de" {
      dialect.catalogue = Catalogue(Self.german, isNewStyle: isNewStyle)
    }
  }

  private static let german: [Catalogue.Key: String] = [
    .init("missing"): "fehlend", .init("watch out"): "pass auf", .init("One user online"): "Ein Benutzer online",
    .init("%(user_count)s users online"): "%(user_count)s Benutzer online", .init("User: %(num)s"): "Benutzer: %(num)s",
    .init("User: %(count)s"): "Benutzer: %(count)s", .init("Apple"): "Apfel", .init("Apple", context: "fruit"): "Apple",
    .init("%(num)s apple"): "%(num)s Apfel", .init("%(num)s apples"): "%(num)s Äpfel",
    .init("%(num)s apple", context: "fruit"): "%(num)s Apple", .init("%(num)s apples", context: "fruit"): "%(num)s Apples",
  ]
}
