import Model

/// Printing as Python does: `str()` and `repr()`.
extension Evaluation {
  func text(_ object: Object) throws -> String {
    switch object {
    case .string(let text), .source(let text): return text
    case .int(let number): return String(number)
    case .markup(let markup): return markup.text
    case .timestamp(let moment): return moment.timestamp.description
    case .undefined(let undefined): return try text(of: undefined)
    case .secret: return try text(reveal(object))
    case .instance(let instance): return try instance.text(in: self)
    default: return try repr(object)
    }
  }

  /// What an undefined value prints, where the dialect lets it print at all.
  private func text(of undefined: Undefined) throws -> String {
    switch dialect.undefined {
    case .strict where !undefined.isInlineIf: throw undefined.failure
    case .debug where !undefined.isInlineIf: return "{{ \(undefined.shown ?? undefined.name) }}"
    default: return ""
    }
  }

  func repr(_ object: Object) throws -> String {
    var result = ""
    try Representation(evaluation: self, listsForTuples: false).append(object, to: &result)
    return result
  }

  /// As output shows it: tuples have become lists there, as in a value.
  func outputText(_ object: Object) throws -> String {
    switch object {
    case .tuple, .list, .dict:
      var result = ""
      let listsForTuples = dialect.dropsNone
      try Representation(evaluation: self, listsForTuples: listsForTuples).append(object, to: &result)
      return result
    case .instance(let instance as GroupTuple): return try outputText(instance.plain(in: self) ?? .null)
    default: return try text(object)
    }
  }
}

/// One `repr` on its way through nested containers.
private struct Representation {
  let evaluation: Evaluation
  let listsForTuples: Bool

  func append(_ object: Object, to result: inout String) throws {
    switch object {
    case .null: result += "None"
    case .bool(let flag): result += flag ? "True" : "False"
    case .int(let number): result += String(number)
    case .float(let number): result += PythonText.repr(number)
    case .bigInt(let number): result += number.value.description
    case .string(let text), .source(let text): result += PythonText.repr(text)
    case .markup(let markup): result += "Markup(\(PythonText.repr(markup.text)))"
    case .timestamp(let moment): result += moment.timestamp.pythonRepr
    case .tuple(let elements): try append(tuple: elements, to: &result)
    case .list(let list): try append(list.all(), in: ("[", "]"), to: &result)
    case .dict(let dict): try append(dict, to: &result)
    case .range(let range):
      result += "range(\(range.start), \(range.stop)\(range.step == 1 ? "" : ", \(range.step)"))"
    case .instance(let instance): result += try instance.text(in: evaluation)
    case .undefined(let undefined):
      if evaluation.dialect.undefined == .strict, evaluation.dialect.speaksAnsible { throw undefined.failure }
      result += "Undefined"
    case .secret: try append(evaluation.reveal(object), to: &result)
    case .lazy(let lazy): try append(lazy.force(), to: &result)
    case .omit: result += "<<Omit>>"
    case .unset: preconditionFailure("an unset slot reached a template: this is a bug")
    }
  }

  private func append(tuple elements: [Object], to result: inout String) throws {
    if listsForTuples { return try append(elements, in: ("[", "]"), to: &result) }
    try append(elements, in: ("(", elements.count == 1 ? ",)" : ")"), to: &result)
  }

  private func append(_ elements: [Object], in brackets: (String, String), to result: inout String) throws {
    try evaluation.budget.checkStack()
    try evaluation.budget.check(textBytes: result.utf8.count)
    result += brackets.0
    for (index, element) in elements.enumerated() {
      if index > 0 { result += ", " }
      try append(element, to: &result)
    }
    result += brackets.1
  }

  private func append(_ dict: DictObject, to result: inout String) throws {
    try evaluation.budget.checkStack()
    try evaluation.budget.check(textBytes: result.utf8.count)
    result += "{"
    for (index, entry) in try dict.all().enumerated() {
      if index > 0 { result += ", " }
      try append(entry.key, to: &result)
      result += ": "
      try append(entry.value, to: &result)
    }
    result += "}"
  }
}
