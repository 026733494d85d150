/// Local names that can be seen from a place, for templates and blocks that get them along.
struct VisibleNames: Sendable {
  let names: [(name: String, slots: [SlotReference])]

  func objects(_ activation: Activation) -> [String: Object] {
    var objects: [String: Object] = [:]
    for (name, slots) in names {
      for slot in slots {
        let object = activation.slot(slot)
        if object.isUnset { continue }
        objects[name] = object
        break
      }
    }
    return objects
  }
}

/// `{% extends name %}`.
final class ExtendsStatement: Statement {
  private let name: any Expression
  init(_ name: any Expression) { self.name = name }

  func run(_ activation: Activation) throws -> Flow {
    do {
      if activation.extended != nil { throw Failure.value("extended multiple times") }
      let unit = try activation.evaluation.unit(named: name.evaluate(activation), from: activation.unit)
      activation.context.addBlocks(of: unit)
      activation.extended = unit
      activation.sink = Sink(activation.evaluation, muting: activation.sink.open)
    } catch { throw activation.failure(error, at: name.range) }
    return .normal
  }
}

/// The place where a block stands.
final class BlockStatement: Statement {
  private let name: String
  private let isRequired: Bool
  private let isTopLevel: Bool
  /// What the block may see besides the context; nil where it is not `scoped`.
  private let visible: VisibleNames?
  private let range: Range<Int>

  init(_ name: String, isRequired: Bool, isTopLevel: Bool, visible: VisibleNames?, range: Range<Int>) {
    self.name = name
    self.isRequired = isRequired
    self.isTopLevel = isTopLevel
    self.visible = visible
    self.range = range
  }

  func run(_ activation: Activation) throws -> Flow {
    // One within a loop is written where it stands, as Jinja has it.
    if isTopLevel && activation.sink.isMuted { return .normal }
    let stack = activation.context.blockStack(name, in: activation.unit)
    if isRequired && stack.count <= 1 {
      throw activation.failure(Failure.value("Required block '\(name)' not found"), at: range)
    }
    var context = activation.context
    if let visible { context = context.derived(visible.objects(activation)) }
    let reference = BlockReference(name, stack, depth: 0, context)
    try reference.run(into: activation.sink.open)
    return .normal
  }
}

extension TemplateContext {
  /// The bodies of a block; in a template that extends none and is not extended, its own.
  func blockStack(_ name: String, in unit: TemplateUnit) -> [Block] {
    if let stack = blocks[name], stack.contains(where: { $0.unit === unit }) { return stack }
    if blocks.isEmpty || blocks[name] == nil {
      return unit.blocks[name].map { [Block(unit: unit, definition: $0)] } ?? []
    }
    return blocks[name] ?? []
  }

  func derived(_ own: [String: Object]) -> TemplateContext {
    let context = TemplateContext(in: evaluation, over: self, own)
    context.blocks = blocks
    return context
  }
}

/// A block that can be called: `super()`, `self.name()`.
final class BlockReference: Callable {
  private let stack: [TemplateContext.Block]
  private let depth: Int
  private let context: TemplateContext

  init(_ name: String, _ stack: [TemplateContext.Block], depth: Int, _ context: TemplateContext) {
    self.stack = stack
    self.depth = depth
    self.context = context
    super.init(name: name)
  }

  override var typeName: String { "BlockReference" }

  override func attribute(_ attribute: String, in evaluation: Evaluation) throws -> Object? {
    attribute == "super" ? superBlock : nil
  }

  private var superBlock: Object {
    if depth + 1 < stack.count { return .instance(BlockReference(name, stack, depth: depth + 1, context)) }
    let failure = Failure.undefined("there is no parent block called '\(name)'.")
    return .undefined(Undefined(name: "super", failure: failure))
  }

  override func call(_ arguments: Arguments, in evaluation: Evaluation) throws -> Object {
    let sink = Sink(evaluation)
    try run(into: sink)
    return try sink.result()
  }

  func run(into sink: Sink) throws {
    guard depth < stack.count else { throw Failure.undefined("block '\(name)' is not defined") }
    try context.evaluation.budget.checkStack()
    let block = stack[depth]
    let activation = Activation(
      unit: block.unit, context: context, slotCount: block.definition.slotCount, sink: sink)
    activation.slots[0] = superBlock
    let evaluation = context.evaluation
    try evaluation.escaping(evaluation.dialect.autoescape) { _ = try block.definition.body.run(activation) }
  }
}

/// `self`: the blocks of the template that is being rendered.
final class TemplateReference: Instance {
  private let context: TemplateContext
  init(_ context: TemplateContext) { self.context = context }

  override var typeName: String { "TemplateReference" }
  override var qualifiedTypeName: String { "jinja2.runtime.TemplateReference" }

  override func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? {
    guard let stack = context.blocks[name] else { return nil }
    return .instance(BlockReference(name, stack, depth: 0, context))
  }
}

/// `{% include name ignore missing with context %}`.
final class IncludeStatement: Statement {
  private let name: any Expression
  private let ignoresMissing: Bool
  /// What the template sees of this one; nil for `without context`.
  private let visible: VisibleNames?

  init(_ name: any Expression, ignoresMissing: Bool, visible: VisibleNames?) {
    self.name = name
    self.ignoresMissing = ignoresMissing
    self.visible = visible
  }

  func run(_ activation: Activation) throws -> Flow {
    let evaluation = activation.evaluation
    do {
      let names = try name.evaluate(activation)
      guard let unit = try evaluation.firstUnit(named: names, from: activation.unit) else {
        if ignoresMissing { return .normal }
        throw Failure.value(try evaluation.missingMessage(names))
      }
      try evaluation.budget.checkStack()
      let context = activation.context.forAnother(unit, seeing: visible?.objects(activation))
      try evaluation.escaping(evaluation.dialect.autoescape) { try unit.run(context, into: activation.sink.open) }
    } catch { throw activation.failure(error, at: name.range) }
    return .normal
  }
}

extension TemplateContext {
  /// The context of an included or imported template.
  func forAnother(_ unit: TemplateUnit, seeing locals: [String: Object]?) -> TemplateContext {
    let context =
      locals.map { TemplateContext(in: evaluation, over: self, $0) }
      ?? TemplateContext(in: evaluation, isBare: true)
    context.addBlocks(of: unit)
    return context
  }
}

/// `{% import name as target %}` and `{% from name import a, b as c %}`.
final class ImportStatement: Statement {
  enum Names: Sendable {
    case module(Target)
    case members([(name: String, target: Target)])
  }

  private let name: any Expression
  private let names: Names
  private let visible: VisibleNames?

  init(_ name: any Expression, _ names: Names, visible: VisibleNames?) {
    self.name = name
    self.names = names
    self.visible = visible
  }

  func run(_ activation: Activation) throws -> Flow {
    let module: TemplateModule
    do { module = try load(activation) } catch { throw activation.failure(error, at: name.range) }
    switch names {
    case .module(let target): try target.assign(.instance(module), activation)
    case .members(let members):
      for (member, target) in members {
        try target.assign(module.attributes[member] ?? module.missing(member, line: line(in: activation.unit)), activation)
      }
    }
    return .normal
  }

  private func line(in unit: TemplateUnit) -> Int {
    unit.source.utf8.prefix(name.range.lowerBound).reduce(1) { $0 + ($1 == 10 ? 1 : 0) }
  }

  private func load(_ activation: Activation) throws -> TemplateModule {
    let evaluation = activation.evaluation
    let unit = try evaluation.unit(named: name.evaluate(activation), from: activation.unit)
    try evaluation.budget.checkStack()
    let context = activation.context.forAnother(unit, seeing: visible?.objects(activation))
    let sink = Sink(evaluation)
    try evaluation.escaping(evaluation.dialect.autoescape) { try unit.run(context, into: sink) }
    return TemplateModule(unit.start.file.path, context.exports, body: try sink.result())
  }
}

/// An imported template: what it set at its top level.
final class TemplateModule: Instance {
  let attributes: [String: Object]
  private let name: String
  private let body: Object

  init(_ name: String, _ attributes: [String: Object], body: Object) {
    self.name = name
    self.attributes = attributes
    self.body = body
  }

  override var typeName: String { "TemplateModule" }
  override var qualifiedTypeName: String { "jinja2.environment.TemplateModule" }
  override func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? { attributes[name] }
  override func text(in evaluation: Evaluation) throws -> String { try evaluation.text(body) }

  func missing(_ member: String, line: Int) -> Object {
    let message =
      "the template '\(name)' (imported on line \(line))"
      + " does not export the requested name '\(member)'"
    return .undefined(Undefined(name: member, failure: .undefined(message)))
  }
}

extension Evaluation {
  func unit(named object: Object, from unit: TemplateUnit) throws -> TemplateUnit {
    if let found = try firstUnit(named: object, from: unit) { return found }
    throw Failure.value(try missingMessage(object))
  }

  func missingMessage(_ names: Object) throws -> String {
    guard let name = reveal(names).plainText else {
      let all = try elements(names).map { name in
        if case .undefined(let undefined) = name { undefined.failure.message } else { try text(name) }
      }
      if all.isEmpty { return "Tried to select from an empty list of templates." }
      return "none of the templates given were found: \(all.joined(separator: ", "))"
    }
    return "'\(name)' not found in search path"
  }

  /// The first template of a list of names that there is.
  func firstUnit(named object: Object, from unit: TemplateUnit) throws -> TemplateUnit? {
    switch reveal(object) {
    case .string(let name): return try loadedUnit(name, from: unit)
    case .undefined(let undefined): throw undefined.failure
    case let names:
      for name in try elements(names) {
        if name.isUndefined { continue }
        if let found = try loadedUnit(text(name), from: unit) { return found }
      }
      return nil
    }
  }

  private func loadedUnit(_ name: String, from unit: TemplateUnit) throws -> TemplateUnit? {
    do { return try renderer.templates?.template(named: name, from: unit.start.file.path)?.unit } catch {
      throw Failure(error.kind, error.diagnostic.message, advice: error.diagnostic.advice)
    }
  }
}
