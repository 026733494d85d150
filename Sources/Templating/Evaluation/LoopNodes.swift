/// What an assignment assigns to.
indirect enum Target: Sendable {
  case slot(Int)
  /// A name at a template's top level, which others can see.
  case exported(String)
  case attribute(object: any Expression, name: String, Range<Int>)
  case tuple([Target], Range<Int>)

  func assign(_ object: Object, _ activation: Activation) throws {
    switch self {
    case .slot(let slot): activation.slots[slot] = object
    case .exported(let name): activation.context.export(name, object)
    case .attribute(let expression, let name, let range):
      guard case .instance(let instance) = try expression.evaluate(activation), let namespace = instance as? Namespace
      else { throw activation.failure(Failure.value("cannot assign attribute on non-namespace object"), at: range) }
      namespace.set(name, to: object)
    case .tuple(let targets, let range):
      do {
        let elements = try activation.evaluation.unpack(object, count: targets.count)
        for (target, element) in zip(targets, elements) { try target.assign(element, activation) }
      } catch { throw activation.failure(error, at: range) }
    }
  }
}

/// `{% for target in elements if condition recursive %}`.
final class ForStatement: Statement {
  struct Shape: Sendable {
    var target: Target
    var elements: any Expression
    var condition: (any Expression)?
    var body = StatementList()
    var otherwise = StatementList()
    var isRecursive = false
    /// The slot of `loop`.
    var loopSlot: Int
    /// Slots that the loop and what is in it use.
    var slots = 0..<0
    var usesLoop = true
  }

  private let shape: Shape
  init(_ shape: Shape) { self.shape = shape }

  func run(_ activation: Activation) throws -> Flow {
    let object = try shape.elements.evaluate(activation)
    return try run(over: object, activation, depth: 0)
  }

  fileprivate func run(over object: Object, _ activation: Activation, depth: Int) throws -> Flow {
    let evaluation = activation.evaluation
    var elements: [Object]
    do { elements = try evaluation.elements(object) } catch {
      throw activation.failure(error, at: shape.elements.range)
    }
    if let condition = shape.condition { elements = try filtered(elements, by: condition, activation) }
    if elements.isEmpty { return try shape.otherwise.run(activation) }
    let loop = shape.usesLoop ? LoopObject(elements, depth: depth, shape.isRecursive ? (self, activation) : nil) : nil
    let flow = try iterate(elements, loop, activation)
    for slot in shape.slots { activation.slots[slot] = .unset }
    return flow
  }

  private func iterate(_ elements: [Object], _ loop: LoopObject?, _ activation: Activation) throws -> Flow {
    let budget = activation.evaluation.budget
    for index in elements.indices {
      try budget.spendIteration()
      for slot in shape.slots { activation.slots[slot] = .unset }
      if let loop {
        loop.index = index
        activation.slots[shape.loopSlot] = .instance(loop)
      }
      try shape.target.assign(elements[index], activation)
      if try shape.body.run(activation) == .breaks { break }
    }
    return .normal
  }

  private func filtered(_ elements: [Object], by condition: any Expression, _ activation: Activation) throws -> [Object]
  {
    var kept: [Object] = []
    for element in elements {
      try activation.evaluation.budget.spendIteration()
      try shape.target.assign(element, activation)
      if try condition.isTrue(activation) { kept.append(element) }
    }
    return kept
  }

  /// `loop(elements)`: the same loop over other elements, as text.
  fileprivate func recurse(into object: Object, _ activation: Activation, depth: Int) throws -> Object {
    try activation.evaluation.budget.checkStack()
    let saved = Array(activation.slots[shape.slots])
    let sink = activation.sink
    activation.sink = Sink(activation.evaluation)
    defer {
      activation.sink = sink
      for (slot, object) in zip(shape.slots, saved) { activation.slots[slot] = object }
    }
    _ = try run(over: object, activation, depth: depth)
    return try activation.sink.result()
  }
}

/// `loop` inside a `for`.
final class LoopObject: Instance {
  var index = 0
  private let elements: [Object]
  private let depth: Int
  private let recursion: (statement: ForStatement, activation: Activation)?
  private var lastChanged: [Object]?

  fileprivate init(_ elements: [Object], depth: Int, _ recursion: (ForStatement, Activation)?) {
    self.elements = elements
    self.depth = depth
    self.recursion = recursion
  }

  override var typeName: String { "LoopContext" }
  override func text(in evaluation: Evaluation) throws -> String { "<LoopContext \(index + 1)/\(elements.count)>" }

  override func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? {
    switch name {
    case "index": .int(index + 1)
    case "index0": .int(index)
    case "revindex": .int(elements.count - index)
    case "revindex0": .int(elements.count - index - 1)
    case "first": .bool(index == 0)
    case "last": .bool(index == elements.count - 1)
    case "length": .int(elements.count)
    case "depth": .int(depth + 1)
    case "depth0": .int(depth)
    case "previtem": index > 0 ? elements[index - 1] : neighbour("there is no previous item")
    case "nextitem": index + 1 < elements.count ? elements[index + 1] : neighbour("there is no next item")
    case "cycle": .instance(NativeFunction("cycle") { arguments, _ in try self.cycle(arguments) })
    case "changed":
      .instance(NativeFunction("changed") { arguments, evaluation in try self.changed(arguments, evaluation) })
    default: nil
    }
  }

  private func neighbour(_ message: String) -> Object {
    .undefined(Undefined(name: message, failure: .undefined(message)))
  }

  private func cycle(_ arguments: Arguments) throws -> Object {
    if arguments.positional.isEmpty { throw Failure.type("no items for cycling given") }
    return arguments.positional[index % arguments.positional.count]
  }

  private func changed(_ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    if let last = lastChanged, try evaluation.equal(.tuple(last), .tuple(arguments.positional)) { return .bool(false) }
    lastChanged = arguments.positional
    return .bool(true)
  }

  override func call(_ arguments: Arguments, in evaluation: Evaluation) throws -> Object {
    guard let recursion else {
      throw Failure.type("The loop must have the 'recursive' marker to be called recursively.")
    }
    let elements = try arguments.required(0, "iterable", of: "loop")
    return try recursion.statement.recurse(into: elements, recursion.activation, depth: depth + 1)
  }
}
