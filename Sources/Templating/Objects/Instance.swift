import Model

/// An object with behaviour of its own. Subclasses say what it can do; what they don't say, it can't.
class Instance {
  var typeName: String { "object" }
  /// The type's name with its Python module, where it has one.
  var qualifiedTypeName: String { typeName }

  func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? { nil }

  func item(_ key: Object, in evaluation: Evaluation) throws -> Object? { nil }

  func call(_ arguments: Arguments, in evaluation: Evaluation) throws -> Object {
    throw Failure.type("'\(typeName)' object is not callable")
  }

  var isCallable: Bool { false }

  func elements(in evaluation: Evaluation) throws -> [Object]? { nil }

  func text(in evaluation: Evaluation) throws -> String { "<\(typeName) object>" }

  /// What it counts as outside the template; nil where it has no meaning there.
  func plain(in evaluation: Evaluation) throws -> Object? { nil }

  func isTrue(in evaluation: Evaluation) throws -> Bool { true }

  /// Negative, zero or positive; nil where there is no order between the two.
  func order(against other: Instance) -> Int? { nil }

  /// The result of an operator with this on its left; nil where there is none.
  func combined(_ operation: BinaryOperator, _ right: Object, in evaluation: Evaluation) throws -> Object? { nil }
}

/// A function: a global, a method bound to its object, a macro.
class Callable: Instance {
  let name: String

  init(name: String) { self.name = name }

  override var typeName: String { "function" }
  override var isCallable: Bool { true }
  override func text(in evaluation: Evaluation) throws -> String { "<function \(name)>" }
}

/// A function made of a closure.
final class NativeFunction: Callable {
  typealias Body = (Arguments, Evaluation) throws -> Object
  private let body: Body

  init(_ name: String, _ body: @escaping Body) {
    self.body = body
    super.init(name: name)
  }

  override func call(_ arguments: Arguments, in evaluation: Evaluation) throws -> Object {
    try body(arguments, evaluation)
  }
}

/// A class of Python's: `dict`, `x.__class__`.
final class PythonClass: Callable {
  private let body: NativeFunction.Body?

  init(_ name: String, _ body: NativeFunction.Body? = nil) {
    self.body = body
    super.init(name: name)
  }

  override var typeName: String { "type" }
  override func text(in evaluation: Evaluation) throws -> String { "<class '\(name)'>" }

  override func attribute(_ attribute: String, in evaluation: Evaluation) throws -> Object? {
    guard attribute == "__name__", !evaluation.dialect.isSandboxed else { return nil }
    return .string(name.split(separator: ".").last.map(String.init) ?? name)
  }

  override func call(_ arguments: Arguments, in evaluation: Evaluation) throws -> Object {
    guard let body else { throw Failure.type("cannot create '\(name)' instances") }
    return try body(arguments, evaluation)
  }
}

/// A method of a built-in type, bound to its object: `text.split`.
final class BoundMethod: Callable {
  private let receiver: Object
  private let body: Method

  init(_ name: String, of receiver: Object, _ body: @escaping Method) {
    self.receiver = receiver
    self.body = body
    super.init(name: name)
  }

  override var typeName: String { "builtin_function_or_method" }

  override func call(_ arguments: Arguments, in evaluation: Evaluation) throws -> Object {
    try body(receiver, arguments, evaluation)
  }
}

/// A method of a built-in type.
typealias Method = @Sendable (Object, Arguments, Evaluation) throws -> Object

/// `namespace()`: the one thing that templates may assign attributes of.
final class Namespace: Instance {
  private(set) var attributes: [String: Object]

  init(_ attributes: [String: Object]) { self.attributes = attributes }

  override var typeName: String { "Namespace" }
  override var qualifiedTypeName: String { "jinja2.utils.Namespace" }
  override func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? { attributes[name] }

  override func item(_ key: Object, in evaluation: Evaluation) throws -> Object? {
    if case .string(let name) = key { attributes[name] } else { nil }
  }

  func set(_ name: String, to object: Object) { attributes[name] = object }

  override func text(in evaluation: Evaluation) throws -> String {
    let dict = DictObject()
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { dict[.string(name)] = value }
    return "<Namespace \(try evaluation.repr(.dict(dict)))>"
  }
}
