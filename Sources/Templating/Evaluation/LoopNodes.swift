/// What an assignment assigns to.
indirect enum Target: Sendable {
  case slot(Int)
  /// A name at a template's top level, which others can see, and its index among the names that the template looks up.
  case exported(String, Int)
  case attribute(object: any Expression, name: String, Range<Int>)
  case tuple([Target], Range<Int>)

  func assign(_ object: Object, _ activation: Activation) throws {
    switch self {
    case .slot(let slot): activation.slots[slot] = object
    case .exported(let name, let index): activation.export(name, index, object)
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
    let elements: ListObject
    do { elements = try activation.evaluation.list(object) } catch {
      throw activation.failure(error, at: shape.elements.range)
    }
    if let condition = shape.condition {
      return try run(over: ListObject(filtered(elements.all(), by: condition, activation)), activation, depth: depth)
    }
    return try run(over: elements, activation, depth: depth)
  }

  private func run(over elements: ListObject, _ activation: Activation, depth: Int) throws -> Flow {
    if elements.count == 0 { return try shape.otherwise.run(activation) }
    let loop = shape.usesLoop ? LoopObject(elements, depth: depth, shape.isRecursive ? (self, activation) : nil) : nil
    try iterate(elements, loop, activation)
    return .normal
  }

  private func iterate(_ elements: ListObject, _ loop: LoopObject?, _ activation: Activation) throws {
    let budget = activation.evaluation.budget
    for slot in shape.slots { activation.slots[slot] = .unset }
    var index = 0
    // As in Python, a list that grows or shrinks in the loop is gone through as it is by then.
    while index < elements.count {
      try budget.spendIteration()
      if let loop {
        loop.index = index
        activation.slots[shape.loopSlot] = .instance(loop)
      }
      try shape.target.assign(elements.lend(at: index), activation)
      let flow = try shape.body.run(activation)
      for slot in shape.slots { activation.slots[slot] = .unset }
      elements.takeBack()
      if flow == .breaks { break }
      index += 1
    }
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
  private let elements: ListObject
  private let depth: Int
  private let recursion: (statement: ForStatement, activation: Activation)?
  private var lastChanged: [Object]?

  fileprivate init(_ elements: ListObject, depth: Int, _ recursion: (ForStatement, Activation)?) {
    self.elements = elements
    self.depth = depth
    self.recursion = recursion
  }

  override var typeName: String { "LoopContext" }
  override var qualifiedTypeName: String { "jinja2.runtime.LoopContext" }
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
    case "previtem": index > 0 ? try elements.element(at: index - 1) : neighbour("there is no previous item")
    case "nextitem": index + 1 < elements.count ? try elements.element(at: index + 1) : neighbour("there is no next item")
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
