import Model
import OrderedCollections
import Templating
import YAML

/// Reads `-e`: `key=value` words, a YAML or JSON mapping, or `@file`.
extension RunbookParser {
  /// The variables of all `-e`, in order; later ones win.
  package func parseExtraVariables(
    _ options: [String]
  ) -> (variables: OrderedDictionary<String, SourceValue>, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    let variables = options.reduce(into: OrderedDictionary<String, SourceValue>()) { merged, option in
      merged.merge(extraVariables(option, into: &diagnostics)) { _, last in last }
    }
    return (variables, diagnostics)
  }

  private func extraVariables(
    _ option: String, into diagnostics: inout Diagnostics
  ) -> OrderedDictionary<String, SourceValue> {
    let file = SourceFile(path: "<-e>", text: option)
    let span = SourceSpan(file: file, line: 1, column: 1)
    switch option.first {
    case nil: return [:]
    case "@": return variables(ofFile: SourcePath.expanded(String(option.dropFirst())), at: span, into: &diagnostics)
    case "/", ".":
      diagnostics.add(.error("-e takes a file's name behind '@'", advice: "write -e @\(option)", at: span))
      return [:]
    case "{", "[": return mapping(file, span, into: &diagnostics)
    default: return pairs(option, span, into: &diagnostics)
    }
  }

  private func mapping(
    _ file: SourceFile, _ span: SourceSpan, into diagnostics: inout Diagnostics
  ) -> OrderedDictionary<String, SourceValue> {
    guard let node = YAMLDocuments.parseSingle(file, into: &diagnostics) else { return [:] }
    guard let entries = node.entries else {
      diagnostics.add(.notVariables(at: span))
      return [:]
    }
    return entries.reduce(into: [:]) { $0[$1.key.text ?? ""] = values.value(of: $1.value, into: &diagnostics) }
  }

  private func pairs(
    _ option: String, _ span: SourceSpan, into diagnostics: inout Diagnostics
  ) -> OrderedDictionary<String, SourceValue> {
    do throws(FreeFormText.Unbalanced) {
      let form = try FreeFormText(option, isCommand: false)
      if form.pairs.isEmpty { diagnostics.add(.notVariables(at: span)) }
      return form.pairs.reduce(into: [:]) { $0[$1.key] = values.text($1.value, at: span, into: &diagnostics) }
    } catch {
      diagnostics.add(.error("a quote or a '{{' in -e is not closed", at: span))
      return [:]
    }
  }
}

extension Diagnostic {
  fileprivate static func notVariables(at span: SourceSpan) -> Diagnostic {
    .error("-e holds no variables", advice: "write -e name=value, a mapping, or @file", at: span)
  }
}
