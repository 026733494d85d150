import Model
import YAML

/// The keys of one case as written, checked: what stands here is of its kind.
struct CaseFields {
  private enum Kind {
    case text
    case dict
    /// A mapping whose entries are texts.
    case texts
    /// A mapping whose entries are texts, nothing, or mappings with just these keys.
    case files(Set<String>)
    case list
    case bool
    case word(String)
  }

  private static let kinds: [String: Kind] = [
    "name": .text, "setup": .text, "args": .dict, "environment": .dict, "result": .dict, "tools": .texts, "calls": .list,
    "root": .bool, "again": .word("changed"), "check": .word("differs"),
    "before": .files(["content", "mode", "link", "hard"]), "after": .files(["content", "mode", "link", "kind"]),
  ]

  let place: SourceSpan
  private let values: [String: Value]

  subscript(key: String) -> Value? { values[key] }
  func text(_ key: String) -> String { values[key]?.string ?? "" }
  func dict(_ key: String) -> Value.Dict { values[key]?.dict ?? [:] }

  /// Nil where something is wrong, which the diagnostics then say.
  init?(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
    place = node.span
    guard let entries = node.entries else {
      diagnostics.add(.error("a case is \(node.kindName)", advice: caseForm, at: node.span))
      return nil
    }
    var values: [String: Value] = [:], mistakes = Diagnostics()
    for entry in entries {
      let key = entry.key.text ?? ""
      if let kind = Self.kinds[key] {
        Self.check(key, entry.value, is: kind, into: &mistakes)
        values[key] = entry.value.value()
      } else {
        let near = nearestName(to: key, among: Self.kinds.keys).map { "did you mean '\($0)'?" }
        let advice = near ?? "its keys are \(Self.kinds.keys.sorted().joined(separator: ", "))"
        mistakes.add(.error("a case has no key '\(key)'", advice: advice, at: entry.key.span))
      }
    }
    if values["name"] == nil {
      mistakes.add(.error("a case has no name", advice: "say in 'name' what the module does in it", at: node.span))
    }
    diagnostics.add(contentsOf: mistakes)
    if mistakes.hasErrors { return nil }
    self.values = values
  }

  private static func check(_ key: String, _ node: YAMLNode, is kind: Kind, into mistakes: inout Diagnostics) {
    let value = node.value()
    switch kind {
    case .text: demand(value.string != nil, "'\(key)' is \(node.kindName)", "it takes text", node, &mistakes)
    case .dict: demand(node.entries != nil, "'\(key)' is \(node.kindName)", "it takes a mapping", node, &mistakes)
    case .bool: demand(value.bool != nil, "'\(key)' is \(node.kindName)", "it takes true or false", node, &mistakes)
    case .word(let word): demand(value.string == word, "'\(key)' takes one word", "write '\(key): \(word)'", node, &mistakes)
    case .list:
      let isList = value.list?.allSatisfy { $0.string != nil } ?? false
      demand(isList, "'\(key)' is not a list of texts", "it takes command lines as they are called", node, &mistakes)
    case .texts:
      demand(node.entries != nil, "'\(key)' is \(node.kindName)", "it takes a mapping of texts", node, &mistakes)
      for entry in node.entries ?? [] {
        let name = entry.key.text ?? ""
        demand(entry.value.value().string != nil, "'\(name)' is \(entry.value.kindName)", "it takes shell text", entry.value, &mistakes)
      }
    case .files(let keys): checkFiles(key, node, keys, into: &mistakes)
    }
  }

  private static func checkFiles(_ key: String, _ node: YAMLNode, _ keys: Set<String>, into mistakes: inout Diagnostics) {
    let forms = "it takes text or a mapping with \(keys.sorted().joined(separator: ", "))"
    demand(node.entries != nil, "'\(key)' is \(node.kindName)", "it takes a mapping of paths", node, &mistakes)
    for entry in node.entries ?? [] {
      let name = entry.key.text ?? ""
      let isSimple = entry.value.isNull || entry.value.value().string != nil
      demand(isSimple || entry.value.entries != nil, "'\(name)' is \(entry.value.kindName)", forms, entry.value, &mistakes)
      for field in entry.value.entries ?? [] {
        let isKnown = keys.contains(field.key.text ?? "")
        demand(isKnown, "a file in '\(key)' has no key '\(field.key.text ?? "")'", forms, field.key, &mistakes)
        let advice = "write it in quotes"
        demand(field.value.value().string != nil, "'\(field.key.text ?? "")' is not text", advice, field.value, &mistakes)
      }
    }
  }

  private static func demand(_ isSo: Bool, _ message: String, _ advice: String, _ node: YAMLNode, _ mistakes: inout Diagnostics) {
    if !isSo { mistakes.add(.error(message, advice: advice, at: node.span)) }
  }
}
