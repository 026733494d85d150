import BigInt
import Model

/// What an expression comes to while a template renders: a Python object, with Python's identity and mutability.
///
/// An object never leaves the evaluation that made it; `Evaluation.value(of:)` turns it into a `Value`.
enum Object {
  /// A slot that nothing was assigned to yet. It never reaches a template.
  case unset
  case null
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  /// Text as a source file spells it; see `Value.source`. Whoever computes with it takes it for a string, by `reveal`.
  case source(String)
  case bigInt(BigNumber)
  /// Text that is safe in HTML: escaping leaves it alone.
  case markup(Markup)
  case timestamp(Moment)
  case tuple([Object])
  case list(ListObject)
  case dict(DictObject)
  case range(RangeObject)
  /// Everything with behaviour of its own: macros, `loop`, namespaces, bound methods, imported templates.
  case instance(Instance)
  case undefined(Undefined)
  /// Whoever looks inside makes what he computes secret too; see `Evaluation.reveal`.
  case secret(SecretObject)
  /// A container's element that is rendered when somebody reads it. Containers never hand it out.
  case lazy(LazyObject)
  case omit

  /// An integer of any size, as a machine word where it fits.
  static func integer(_ number: BigInt) -> Object {
    if let small = Int(exactly: number) { .int(small) } else { .bigInt(BigNumber(number)) }
  }

  static func list(_ elements: [Object]) -> Object { .list(ListObject(elements)) }

  static func strings(_ texts: [String]) -> Object { .list(ListObject(texts.map { .string($0) })) }

  var isUndefined: Bool { if case .undefined = self { true } else { false } }
  var isNone: Bool { if case .null = self { true } else { false } }
  var isUnset: Bool { if case .unset = self { true } else { false } }
  var isMarkup: Bool { if case .markup = self { true } else { false } }
  /// True for what `reveal` changes.
  var isMarked: Bool {
    switch self {
    case .secret, .source: true
    default: false
    }
  }
}

final class BigNumber {
  let value: BigInt
  init(_ value: BigInt) { self.value = value }
}

final class Markup {
  let text: String
  init(_ text: String) { self.text = text }
}

final class SecretObject {
  let inner: Object
  init(_ inner: Object) { self.inner = inner }
}

/// What stands for a variable, attribute or element that isn't there. The words that say so are made when they are
/// needed:
/// most undefined values meet a `default`.
final class Undefined {
  /// The name that was looked for: a variable or an attribute.
  let name: String
  /// An `if` without an `else` that did not hold: it prints as nothing.
  let isInlineIf: Bool
  /// What a dialect that prints undefined values shows between braces.
  let shown: String?
  private let make: () -> Failure
  /// Where it was looked for, once somebody knows.
  var place: Failure.Place?

  init(name: String, isInlineIf: Bool = false, shown: String? = nil, make: @escaping () -> Failure) {
    self.name = name
    self.isInlineIf = isInlineIf
    self.shown = shown
    self.make = make
  }

  /// What is undefined for a reason that its failure gives.
  convenience init(name: String, failure: Failure, isInlineIf: Bool = false) {
    self.init(name: name, isInlineIf: isInlineIf, shown: "undefined value printed: \(failure.message)") { failure }
  }

  var failure: Failure {
    let failure = make()
    guard let place else { return failure }
    return failure.located(place.range, in: place.unit)
  }
}

/// Python's `range`, which is never built whole.
final class RangeObject {
  let start: Int, stop: Int, step: Int

  init(start: Int, stop: Int, step: Int) {
    self.start = start
    self.stop = stop
    self.step = step
  }

  var count: Int {
    if step > 0 { return start < stop ? (stop - start - 1) / step + 1 : 0 }
    return start > stop ? (start - stop - 1) / -step + 1 : 0
  }

  subscript(index: Int) -> Int { start + index * step }

  func sliced(_ slice: Slice) -> RangeObject {
    let bounds = slice.bounds(count: count)
    return RangeObject(start: self[bounds.from], stop: self[bounds.to], step: step &* slice.step)
  }
}
