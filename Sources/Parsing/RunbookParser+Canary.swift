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
}
