import OrderedCollections
import Model
import Templating

/// What readers of all formats share: changes that can go wrong, with a message that says where.
extension Inventory {
  mutating func addChild(
    _ child: GroupID, to parent: GroupID, at span: SourceSpan?, _ diagnostics: inout Diagnostics
  ) {
    do {
      try addChild(child, to: parent)
    } catch {
      diagnostics.add(.badFamily(error, child: self[child].name, parent: self[parent].name, at: span))
    }
  }

  /// Sets a group's variable; `ansible_group_priority` is none, but the group's rank.
  mutating func setGroupVariable(
    _ name: String, to value: SourceValue, of group: GroupID, at span: SourceSpan?, _ diagnostics: inout Diagnostics
  ) {
    guard name == "ansible_group_priority" else { return setVariable(name, to: value, of: group) }
    let constant = value.constant
    guard let priority = constant?.int ?? constant?.string.flatMap({ Int($0) }) else {
      return diagnostics.add(.badPriority(at: span))
    }
    setPriority(priority, of: group)
  }

  /// Gives a host all of these; a host without variables shares the dictionary.
  mutating func setVariables(_ variables: OrderedDictionary<String, SourceValue>, of host: HostID) {
    if self[host].variables.isEmpty {
      hosts[Int(host.index)].variables = variables
    } else {
      for (name, value) in variables { setVariable(name, to: value, of: host) }
    }
  }
}

extension SourceValue {
  /// A value from a trusted source: its texts are templates where they look like one.
  package init(trusting value: Value, at span: SourceSpan, _ diagnostics: inout Diagnostics) {
    switch value {
    case .string(let text) where Template.isTemplate(text):
      do {
        self = .template(try Template.compile(text, at: span))
      } catch {
        diagnostics.add(error.diagnostic)
        self = .value(value)
      }
    case .list(let elements):
      self = .folded(elements.map { SourceValue(trusting: $0, at: span, &diagnostics) })
    case .dict(let entries):
      self = .folded(entries.mapValues { SourceValue(trusting: $0, at: span, &diagnostics) })
    case .string, .null, .bool, .int, .bigInt, .float, .source, .timestamp, .secret, .omit:
      self = .value(value.markedAsSource)
    }
  }
}

extension Value {
  /// False for most values, and quickly so.
  var holdsTemplate: Bool {
    switch self {
    case .string(let text): text.utf8.contains(UInt8(ascii: "{")) && Template.isTemplate(text)
    case .list(let elements): elements.contains(where: \.holdsTemplate)
    case .dict(let entries): entries.values.contains(where: \.holdsTemplate)
    case .null, .bool, .int, .bigInt, .float, .source, .timestamp, .secret, .omit: false
    }
  }
}

extension Diagnostic {
  static func badFamily(
    _ problem: Inventory.ChildProblem, child: String, parent: String, at span: SourceSpan?
  ) -> Diagnostic {
    switch problem {
    case .isItself:
      .error("group '\(child)' can't be its own child", advice: "remove this entry", at: span)
    case .cycle(let path):
      .error(
        "group '\(child)' can't be a child of '\(parent)': it is above it, by \(path.joined(separator: " > "))",
        advice: "remove one of these links", at: span)
    }
  }

  static func badPriority(at span: SourceSpan?) -> Diagnostic {
    .error("ansible_group_priority is no whole number", advice: "write a number such as 10", at: span)
  }

  static func oddGroupName(_ name: String, isReplaced: Bool, at span: SourceSpan?) -> Diagnostic {
    .warning(
      isReplaced
        ? "group name '\(name)' became '\(name.asValidGroupName)'"
        : "group name '\(name)' holds characters that no variable name can have",
      advice: "use letters, digits and underscores", at: span)
  }

  static func oddVariableName(_ name: String, at span: SourceSpan?) -> Diagnostic {
    .warning(
      "'\(name)' is no valid variable name: templates can't use it by name",
      advice: "use letters, digits and underscores, no digit first", at: span)
  }
}
