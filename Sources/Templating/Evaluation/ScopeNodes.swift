/// `{% set target = expression %}`.
final class SetStatement: Statement {
  private let target: Target
  private let expression: any Expression

  init(_ target: Target, _ expression: any Expression) {
    self.target = target
    self.expression = expression
  }

  func run(_ activation: Activation) throws -> Flow {
    try target.assign(expression.evaluate(activation), activation)
    return .normal
  }
}

/// `{% set target | filter %}…{% endset %}`.
final class SetBlockStatement: Statement {
  private let target: Target
  private let filter: FilterExpression?
  private let body: StatementList

  init(_ target: Target, filter: FilterExpression?, _ body: StatementList) {
    self.target = target
    self.filter = filter
    self.body = body
  }

  func run(_ activation: Activation) throws -> Flow {
    let written = try body.captured(activation)
    try target.assign(filter.map { try $0.applyChain(to: written, activation) } ?? written, activation)
    return .normal
  }
}

extension StatementList {
  /// Runs it with its output kept aside; what is muted outside stays muted inside, if so wanted.
  func captured(_ activation: Activation, staysMuted: Bool = false) throws -> Object {
    let sink = activation.sink
    let inner = Sink(activation.evaluation)
    activation.sink = staysMuted && sink.isMuted ? Sink(activation.evaluation, muting: inner) : inner
    defer { activation.sink = sink }
    _ = try run(activation)
    return try inner.result()
  }
}

/// `{% filter name %}…{% endfilter %}`.
final class FilterBlockStatement: Statement {
  private let filter: FilterExpression
  private let body: StatementList

  init(_ filter: FilterExpression, _ body: StatementList) {
    self.filter = filter
    self.body = body
  }

  func run(_ activation: Activation) throws -> Flow {
    let result = try filter.applyChain(to: body.captured(activation, staysMuted: true), activation)
    try activation.sink.open.write(result)
    return .normal
  }
}

/// `{% with a = 1, b = 2 %}…{% endwith %}`: all values are computed before any name is set.
final class WithStatement: Statement {
  private let assignments: [(target: Target, value: any Expression)]
  private let body: StatementList

  init(_ assignments: [(target: Target, value: any Expression)], _ body: StatementList) {
    self.assignments = assignments
    self.body = body
  }

  func run(_ activation: Activation) throws -> Flow {
    let objects = try assignments.map { try $0.value.evaluate(activation) }
    for (assignment, object) in zip(assignments, objects) { try assignment.target.assign(object, activation) }
    return try body.run(activation)
  }
}

/// What `{% macro %}` and `{% call %}` define: a function whose output is its result.
final class MacroDefinition: Sendable {
  struct Parameter: Sendable {
    let name: String
    let slot: Int
    let standard: (any Expression)?
  }

  let name: String
  /// What a `{% call %}` defines has no name of its own.
  let isAnonymous: Bool
  let parameters: [Parameter]
  let body: StatementList
  let slotCount: Int
  /// Slots of the names that a macro has without declaring them, where it uses them.
  let callerSlot: Int?, varargsSlot: Int?, kwargsSlot: Int?
  let range: Range<Int>
  /// True where it has nothing but its parameters, and no standard value that may depend on the order of binding them.
  let isSimple: Bool
  /// As in `parameters`, for calls to go through fast.
  let parameterSlots: [Int]

  init(
    name: String, isAnonymous: Bool, parameters: [Parameter], body: StatementList, slotCount: Int, callerSlot: Int?, varargsSlot: Int?,
    kwargsSlot: Int?, range: Range<Int>
  ) {
    self.name = name
    self.isAnonymous = isAnonymous
    self.parameters = parameters
    self.body = body
    self.slotCount = slotCount
    self.callerSlot = callerSlot
    self.varargsSlot = varargsSlot
    self.kwargsSlot = kwargsSlot
    self.range = range
    parameterSlots = parameters.map(\.slot)
    isSimple =
      callerSlot == nil && varargsSlot == nil && kwargsSlot == nil
      && parameters.allSatisfy { $0.standard == nil || $0.standard is StringLiteral || $0.standard is ScalarLiteral }
  }
}

final class MacroStatement: Statement {
  private let target: Target
  private let definition: MacroDefinition

  init(_ target: Target, _ definition: MacroDefinition) {
    self.target = target
    self.definition = definition
  }

  func run(_ activation: Activation) throws -> Flow {
    activation.evaluation.budget.closeAtEnd(activation)
    try target.assign(.instance(MacroObject(definition, activation)), activation)
    return .normal
  }
}

/// `{% call(parameters) macro(arguments) %}…{% endcall %}`.
final class CallStatement: Statement {
  private let call: CallExpression
  private let caller: MacroDefinition

  init(_ call: CallExpression, caller: MacroDefinition) {
    self.call = call
    self.caller = caller
  }

  func run(_ activation: Activation) throws -> Flow {
    let result = try call.evaluate(activation, caller: .instance(MacroObject(caller, activation)))
    try activation.sink.open.write(result)
    return .normal
  }
}

/// A macro with the activation that it was made in.
final class MacroObject: Callable {
  private let definition: MacroDefinition
  private let home: Activation
  /// What it writes is escaped as where it stands, not as where it is called.
  private let escapes: Bool
  /// The activation of a call that is over and that nothing holds: the next call takes it.
  private var spare: Activation?

  init(_ definition: MacroDefinition, _ home: Activation) {
    self.definition = definition
    self.home = home
    escapes = home.evaluation.autoescape
    super.init(name: definition.name)
  }

  override var typeName: String { "Macro" }
  override var qualifiedTypeName: String { "jinja2.runtime.Macro" }
  override func text(in evaluation: Evaluation) throws -> String { definition.isAnonymous ? "<Macro anonymous>" : "<Macro '\(name)'>" }

  override func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? {
    switch name {
    case "name": definition.isAnonymous ? .null : .string(definition.name)
    case "arguments": .tuple(definition.parameters.map { .string($0.name) })
    case "catch_kwargs": .bool(definition.kwargsSlot != nil)
    case "catch_varargs": .bool(definition.varargsSlot != nil)
    case "caller": .bool(definition.callerSlot != nil)
    default: nil
    }
  }

  override func call(_ arguments: Arguments, in evaluation: Evaluation) throws -> Object {
    try evaluation.budget.checkStack()
    let sink = Sink(home.evaluation)
    var activation = activation(writingTo: sink)
    try bind(arguments, activation)
    try home.evaluation.escaping(escapes) { _ = try definition.body.run(activation) }
    giveBack(&activation)
    return try sink.result()
  }

  private func activation(writingTo sink: Sink) -> Activation {
    guard let spare else {
      return Activation(
        unit: home.unit, context: home.context, slotCount: definition.slotCount, sink: sink, parent: home)
    }
    self.spare = nil
    spare.sink = sink
    return spare
  }

  /// After a call: no macro made in it, nor anything else, still needs its names.
  private func giveBack(_ activation: inout Activation) {
    guard isKnownUniquelyReferenced(&activation) else { return }
    activation.forgetNames()
    spare = activation
  }

  /// True where arguments can go into their slots one by one, as they are computed.
  func takesAsWritten(_ list: ArgumentList) -> Bool {
    guard definition.isSimple, list.isPlain, list.positional.count <= definition.parameters.count else { return false }
    let rest = definition.parameters.dropFirst(list.positional.count)
    return list.named.isEmpty
      || list.named.enumerated().allSatisfy { index, argument in
        rest.contains { $0.name == argument.name } && !list.named[..<index].contains { $0.name == argument.name }
      }
  }

  /// Calls it with its output going to a sink of the caller's.
  func write(_ list: ArgumentList, of caller: Activation, to sink: Sink) throws {
    try home.evaluation.budget.checkStack()
    var activation = activation(writingTo: sink)
    for index in list.positional.indices {
      activation.slots[definition.parameterSlots[index]] = try list.positional[index].evaluate(caller)
    }
    for argument in list.named.indices {
      guard let index = definition.parameters.firstIndex(where: { $0.name == list.named[argument].name }) else { continue }
      activation.slots[definition.parameterSlots[index]] = try list.named[argument].value.evaluate(caller)
    }
    for index in definition.parameterSlots.indices where activation.slots[definition.parameterSlots[index]].isUnset {
      activation.slots[definition.parameterSlots[index]] =
        try definition.parameters[index].standard?.evaluate(activation) ?? missing(definition.parameters[index], activation)
    }
    try home.evaluation.escaping(escapes) { _ = try definition.body.run(activation) }
    giveBack(&activation)
  }

  private func bind(_ arguments: Arguments, _ activation: Activation) throws {
    var named = arguments.named
    let count = definition.parameters.count
    for (index, parameter) in definition.parameters.enumerated() {
      if index < arguments.positional.count {
        activation.slots[parameter.slot] = arguments.positional[index]
      } else if let given = named.firstIndex(where: { $0.name == parameter.name }) {
        activation.slots[parameter.slot] = named.remove(at: given).value
      } else if let standard = parameter.standard {
        activation.slots[parameter.slot] = try standard.evaluate(activation)
      } else {
        activation.slots[parameter.slot] = missing(parameter, activation)
      }
    }
    try bindRest(Array(arguments.positional.dropFirst(count)), named, activation)
  }

  private func missing(_ parameter: MacroDefinition.Parameter, _ activation: Activation) -> Object {
    let failure = Failure.undefined("parameter '\(parameter.name)' was not provided")
    return .undefined(Undefined(name: parameter.name, failure: failure.located(definition.range, in: activation.unit)))
  }

  private func bindRest(
    _ positional: [Object], _ named: [(name: String, value: Object)], _ activation: Activation
  ) throws {
    var named = named
    if let slot = definition.callerSlot {
      let given = named.firstIndex { $0.name == "caller" }
      activation.slots[slot] =
        given.map { named.remove(at: $0).value }
        ?? .undefined(Undefined(name: "caller", failure: .undefined("No caller defined")))
    }
    if let slot = definition.kwargsSlot {
      let dict = DictObject()
      for (name, value) in named { dict[.string(name)] = value }
      activation.slots[slot] = .dict(dict)
    } else if let unknown = named.first {
      throw Failure.type(
        unknown.name == "caller"
          ? "macro '\(name)' was invoked with two values for the special caller argument. This is most likely a bug."
          : "macro '\(name)' takes no keyword argument '\(unknown.name)'")
    }
    if let slot = definition.varargsSlot {
      activation.slots[slot] = .tuple(positional)
    } else if !positional.isEmpty {
      throw Failure.type("macro '\(name)' takes not more than \(definition.parameters.count) argument(s)")
    }
  }
}
