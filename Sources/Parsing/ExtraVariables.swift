import Model
import OrderedCollections
import Templating
import YAML

/// Reads `-e`: `key=value` words, a YAML or JSON mapping, or `@file`.
extension RunbookParser {
  /// The variables of all `-e`, in order; later ones win.
  package func parseExtraVariables(_ options: [String]) -> ExtraVariables {
    var extra = ExtraVariables()
    for option in options { extra.add(option, self) }
    return extra
  }
}

/// What `-e` gives, and what is wrong with it.
package struct ExtraVariables {
  package private(set) var variables: OrderedDictionary<String, SourceValue> = [:]
  package private(set) var diagnostics = Diagnostics()
  /// The status of a command that ends on their account, as in the reference: of the first mistake.
  package private(set) var exitStatus: Int32 = 0

  fileprivate mutating func add(_ option: String, _ parser: RunbookParser) {
    let file = SourceFile(path: "<-e>", text: option)
    let span = SourceSpan(file: file, line: 1, column: 1)
    switch option.first {
    case nil: break
    case "@": addFile(SourcePath.expanded(String(option.dropFirst())), span, parser)
    case "/", ".": refuse(.fileWithoutMark(option, at: span), exitStatus: 5)
    case "{", "[": addMapping(YAMLDocuments.parseSingle(file, into: &diagnostics), span, parser)
    default: addPairs(option, span, parser)
    }
    if diagnostics.hasErrors, exitStatus == 0 { exitStatus = 4 }
  }

  private mutating func addFile(_ path: String, _ span: SourceSpan, _ parser: RunbookParser) {
    let kind = parser.files.kind(parser.files.absolutePath(path))
    if !path.isEmpty, kind == nil { exitStatus = exitStatus == 0 ? 1 : exitStatus }
    var found = Diagnostics()
    if kind == .file, let node = parser.loadDocument(path, at: span, into: &found)?.node, node.entries == nil, !node.isNull {
      return refuse(.notVariables(at: node.span), exitStatus: 5)
    }
    merge(parser.variables(ofFile: path, at: span, into: &diagnostics))
  }

  private mutating func addMapping(_ node: YAMLNode?, _ span: SourceSpan, _ parser: RunbookParser) {
    guard let node else { return }
    guard let entries = node.entries else { return refuse(.notVariables(at: span), exitStatus: 5) }
    merge(entries.reduce(into: [:]) { $0[$1.key.text ?? ""] = parser.values.value(of: $1.value, into: &diagnostics) })
  }

  private mutating func addPairs(_ option: String, _ span: SourceSpan, _ parser: RunbookParser) {
    do throws(FreeFormText.Unbalanced) {
      let form = try FreeFormText(option, isCommand: false)
      // The reference says nothing: scripts may well give such words.
      if form.pairs.isEmpty { diagnostics.add(.noPairs(at: span)) }
      merge(form.pairs.reduce(into: [:]) { $0[$1.key] = parser.values.text($1.value, at: span, into: &diagnostics) })
    } catch {
      refuse(.error("a quote or a '{{' in -e is not closed", at: span), exitStatus: 4)
    }
  }

  private mutating func merge(_ added: OrderedDictionary<String, SourceValue>) { variables.merge(added) { $1 } }

  private mutating func refuse(_ diagnostic: Diagnostic, exitStatus: Int32) {
    if !diagnostics.hasErrors { self.exitStatus = exitStatus }
    diagnostics.add(diagnostic)
  }
}

extension Diagnostic {
  private static let rightVariables = "write -e name=value, a mapping, or @file"

  fileprivate static func notVariables(at span: SourceSpan) -> Diagnostic {
    .error("-e holds no variables", advice: rightVariables, at: span)
  }

  fileprivate static func noPairs(at span: SourceSpan) -> Diagnostic {
    .warning("-e holds no variables: it is ignored", advice: rightVariables, at: span)
  }

  fileprivate static func fileWithoutMark(_ option: String, at span: SourceSpan) -> Diagnostic {
    .error("-e takes a file's name behind '@'", advice: "write -e @\(option)", at: span)
  }
}
