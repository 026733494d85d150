import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// The items of a task's loop, and how it names them.
struct LoopItems: Sendable {
  var items: [Value]
  var variable = "item"
  var indexVariable: String?
  var isExtended = false
  var includesAllItems = true
  var pauseSeconds = 0.0

  /// Evaluates `loop` or `with_*`. A `loop` that is not a list is an error, as in the reference.
  init(_ loop: Loop, of module: String, renderer: Renderer, scope: StepScope) throws(TemplateError) {
    items = try Self.items(loop, module, renderer, scope)
    func control(_ source: SourceValue?) throws(TemplateError) -> Value? {
      guard let source else { return nil }
      let value = try renderer.value(of: source, in: scope)
      return value == .omit ? nil : value
    }
    variable = try control(loop.variable)?.asText ?? "item"
    indexVariable = try control(loop.indexVariable)?.asText
    isExtended = try control(loop.isExtended)?.asFlag ?? false
    includesAllItems = try control(loop.includesAllItems)?.asFlag ?? true
    pauseSeconds = try control(loop.pauseSeconds)?.asNumber ?? 0
  }

  private static func items(
    _ loop: Loop, _ module: String, _ renderer: Renderer, _ scope: StepScope
  ) throws(TemplateError) -> [Value] {
    switch loop.source {
    case .lookup(let name, let terms):
      return try renderer.items(ofLookup: name, terms: terms, of: module, in: scope, at: loop.span)
    case .loop(let source):
      let value = try renderer.value(of: source, in: scope)
      guard let items = value.list else {
        throw TemplateError(.type, invalidLoop(value, at: loop.span))
      }
      return value.isSecret ? items.map { .secret(Secret($0)) } : items
    }
  }

  /// The loop's own variables for one item.
  func variables(at index: Int) -> [String: Variable] {
    var variables: [String: Variable] = [variable: .value(items[index]), "ansible_loop_var": .value(.string(variable))]
    if let indexVariable {
      variables[indexVariable] = .value(.int(index))
      variables["ansible_index_var"] = .value(.string(indexVariable))
    }
    if isExtended { variables["ansible_loop"] = .value(.dict(extended(at: index))) }
    return variables
  }

  private func extended(at index: Int) -> Value.Dict {
    let count = items.count
    var loop: Value.Dict = [
      "index": .int(index + 1), "index0": .int(index), "first": .bool(index == 0), "last": .bool(index == count - 1),
      "length": .int(count), "revindex": .int(count - index), "revindex0": .int(count - index - 1),
    ]
    if includesAllItems { loop["allitems"] = .list(items) }
    if index > 0 { loop["previtem"] = items[index - 1] }
    if index + 1 < count { loop["nextitem"] = items[index + 1] }
    return loop
  }

  /// Loop keys that every item's result carries.
  func marks(at index: Int) -> Value.Dict {
    var marks: Value.Dict = ["ansible_loop_var": .string(variable), .string(variable): items[index]]
    if let indexVariable {
      marks["ansible_index_var"] = .string(indexVariable)
      marks[.string(indexVariable)] = .int(index)
    }
    if isExtended { marks["ansible_loop"] = .dict(extended(at: index)) }
    return marks
  }
}

private func invalidLoop(_ value: Value, at span: SourceSpan) -> Diagnostic {
  .error(
    "The `loop` value must resolve to a 'list', not '\(value.pythonTypeName)'.",
    advice: "Provide a list of items/templates, or a template resolving to a list.", at: span)
}
