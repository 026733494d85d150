import Model
import Templating
import YAML

/// Plays' keywords of our own that are more than a value.
extension RunbookParser {
  func canary(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> Canary? {
    if node.isNull { return nil }
    guard let entries = node.entries else {
      diagnostics.add(.error("'canary' is a mapping", advice: "write canary: {pause: 60, until: EXPRESSION}", at: node.span))
      return nil
    }
    var canary = Canary(span: node.span)
    for entry in entries {
      let (node, span) = (entry.value, entry.key.span)
      switch entry.key.text {
      case "pause": canary.pauseSeconds = keywords.typed(node, .number, span, &diagnostics)
      case "timeout": canary.timeoutSeconds = keywords.typed(node, .number, span, &diagnostics)
      case "delay": canary.delaySeconds = keywords.typed(node, .number, span, &diagnostics)
      case "until": canary.until = node.isNull ? [] : values.conditions(node, into: &diagnostics)
      case let name?: diagnostics.add(.unknownKeyword(name, of: "canary", KeywordNames.canary, at: span))
      case nil: break
      }
    }
    return canary
  }

  func rollsBack(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> Bool {
    if node.isNull { return false }
    if node.text != "rollback" { diagnostics.add(.error("'on_failure' can only be 'rollback'", at: node.span)) }
    return true
  }

  /// What templates come to is looked at when a step starts.
  func concurrency(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> SourceValue? {
    let value = values.value(of: node, into: &diagnostics)
    let advice = "write concurrency: {key: \"{{ pool }}\", limit: 2}"
    guard let entries = node.entries else {
      if value.constant != nil, !node.isNull {
        diagnostics.add(.error("'concurrency' is a mapping of 'key' and 'limit'", advice: advice, at: node.span))
      }
      return node.isNull ? nil : value
    }
    var missing = KeywordNames.concurrency
    for entry in entries {
      guard let name = entry.key.text else { continue }
      if missing.remove(name) == nil {
        diagnostics.add(.unknownKeyword(name, of: "concurrency", KeywordNames.concurrency, at: entry.key.span))
      }
      guard name == "limit", let text = entry.value.text, !Template.isTemplate(text), Int(text).map({ $0 < 1 }) ?? true else { continue }
      diagnostics.add(.error("'limit' is how many steps run at once: a whole number, at least 1", at: entry.value.span))
    }
    for name in missing.sorted() { diagnostics.add(.error("'concurrency' needs a '\(name)'", advice: advice, at: node.span)) }
    return value
  }
}
