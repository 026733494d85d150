/// JMESPath, the language of `json_query`.
indirect enum JMESPath {
  case current
  case field(String)
  case index(Int)
  case slice(Int?, Int?, Int)
  case literal(Object)
  case chain(JMESPath, JMESPath)
  case project(JMESPath, JMESPath)
  case projectValues(JMESPath, JMESPath)
  case flatten(JMESPath)
  case filter(JMESPath, condition: JMESPath, JMESPath)
  case compare(String, JMESPath, JMESPath)
  case and(JMESPath, JMESPath)
  case or(JMESPath, JMESPath)
  case not(JMESPath)
  case list([JMESPath])
  case dict([(String, JMESPath)])
  case call(String, [JMESPath])
  case reference(JMESPath)
  case pipe(JMESPath, JMESPath)

  static func parse(_ text: String) throws -> JMESPath {
    var parser = JMESPathParser(text)
    return try parser.parseWhole()
  }

  func search(_ object: Object, _ evaluation: Evaluation) throws -> Object {
    try evaluation.budget.checkStack()
    let object = evaluation.reveal(object)
    switch self {
    case .current: return object
    case .field(let name):
      guard case .dict(let dict) = object else { return .null }
      return try dict.entry(.string(name)) ?? .null
    case .index(let index):
      guard case .list(let list) = object else { return .null }
      let place = index < 0 ? index + list.count : index
      return (0..<list.count).contains(place) ? try list.element(at: place) : .null
    case .slice(let start, let stop, let step):
      guard case .list = object else { return .null }
      if step == 0 { throw Failure.value("slice step cannot be 0") }
      return try evaluation.slice(object, Slice(start: start, stop: stop, step: step))
    case .literal(let value): return value
    case .chain(let left, let right), .pipe(let left, let right):
      return try right.search(left.search(object, evaluation), evaluation)
    case .project(let left, let right):
      guard case .list(let list) = try left.search(object, evaluation) else { return .null }
      return .list(try list.all().map { try right.search($0, evaluation) }.filter { !$0.isNone })
    case .projectValues(let left, let right):
      guard case .dict(let dict) = try left.search(object, evaluation) else { return .null }
      return .list(try dict.all().values.map { try right.search($0, evaluation) }.filter { !$0.isNone })
    case .flatten(let left):
      guard case .list(let list) = try left.search(object, evaluation) else { return .null }
      return .list(try evaluation.flattened(list.all(), levels: 1))
    case .filter(let left, let condition, let right):
      guard case .list(let list) = try left.search(object, evaluation) else { return .null }
      return .list(
        try list.all().filter { try Self.isTrue(condition.search($0, evaluation), evaluation) }
          .map { try right.search($0, evaluation) }.filter { !$0.isNone })
    case .compare(let symbol, let left, let right):
      return try compare(symbol, left.search(object, evaluation), right.search(object, evaluation), evaluation)
    case .and(let left, let right):
      let first = try left.search(object, evaluation)
      return try Self.isTrue(first, evaluation) ? right.search(object, evaluation) : first
    case .or(let left, let right):
      let first = try left.search(object, evaluation)
      return try Self.isTrue(first, evaluation) ? first : right.search(object, evaluation)
    case .not(let inner): return .bool(try !Self.isTrue(inner.search(object, evaluation), evaluation))
    case .list(let parts): return object.isNone ? .null : .list(try parts.map { try $0.search(object, evaluation) })
    case .dict(let parts):
      if object.isNone { return .null }
      let dict = DictObject()
      for (name, part) in parts { dict[.string(name)] = try part.search(object, evaluation) }
      return .dict(dict)
    case .call(let name, let arguments): return try JMESPathFunctions.call(name, arguments, object, evaluation)
    case .reference: throw Failure.value("an expression reference stands where a value must")
    }
  }

  /// Empty text, lists and dicts count as false, and so do null and false; zero does not.
  static func isTrue(_ object: Object, _ evaluation: Evaluation) throws -> Bool {
    Number(object) != nil && !object.isBool ? true : try evaluation.isTrue(object)
  }

  private func compare(_ symbol: String, _ left: Object, _ right: Object, _ evaluation: Evaluation) throws -> Object {
    switch symbol {
    case "==": return .bool(try left.isBool == right.isBool && evaluation.equal(left, right))
    case "!=": return .bool(try left.isBool != right.isBool || !evaluation.equal(left, right))
    default:
      guard let left = Number(left), let right = Number(right), let order = left.compare(right) else { return .null }
      switch symbol {
      case "<": return .bool(order < 0)
      case "<=": return .bool(order <= 0)
      case ">": return .bool(order > 0)
      default: return .bool(order >= 0)
      }
    }
  }
}

extension Object {
  var isBool: Bool { if case .bool = self { true } else { false } }
}

extension Filter {
  static let queryFilters: [Filter] = [
    Filter("json_query") { object, arguments, evaluation in
      let text = try evaluation.text(arguments.required(0, "expr", of: "json_query"))
      do { return try JMESPath.parse(text).search(object, evaluation) } catch let failure as Failure
        where failure.kind == .runtime
      {
        throw Failure.value("error in json_query filter: \(failure.message)")
      }
    }
  ]
}
