import Model

/// A mutable Python list. Elements that come from a variable stay as they are until somebody reads them.
final class ListObject {
  private enum Origin {
    case values
    indirect case sources([SourceValue], Evaluation)
  }

  /// All of them, or where there is an origin, none or `unset` for those that nobody has read.
  private var elements: [Object]
  private var origin: Origin?
  /// What came from a variable, where that is the origin: never changed, so that reading it costs nothing.
  private let values: [Value]
  /// The element that a loop has now; see `lend`.
  private var lent: (index: Int, dict: DictObject)?
  private var mayHoldLazy = false

  init(_ elements: [Object]) {
    self.elements = elements
    values = []
  }

  init(values: [Value]) {
    elements = []
    origin = .values
    self.values = values
  }

  init(sources: [SourceValue], in evaluation: Evaluation) {
    elements = []
    values = []
    origin = .sources(sources, evaluation)
  }

  var count: Int {
    switch origin {
    case nil: elements.count
    case .values: values.count
    case .sources(let sources, _): sources.count
    }
  }

  /// The element, rendered; `index` is in bounds.
  func element(at index: Int) throws -> Object {
    if case .values = origin { return valueElement(at: index) }
    settle()
    guard case .lazy(let lazy) = elements[index] else { return elements[index] }
    let object = try lazy.force()
    elements[index] = object
    return object
  }

  /// Reads one element without making objects of the others.
  private func valueElement(at index: Int) -> Object {
    if let scalar = Object(scalar: values[index]) { return scalar }
    if let lent, lent.index == index { return .dict(lent.dict) }
    if elements.isEmpty { elements = Array(repeating: .unset, count: values.count) }
    if elements[index].isUnset { elements[index] = Object(values[index]) }
    return elements[index]
  }

  /// The element for one round of a loop, which gives it back. A dict that nobody has kept or changed by then is
  /// forgotten, so that a loop over many of them has them one at a time.
  func lend(at index: Int) throws -> Object {
    guard lent == nil, case .values = origin, case .dict(let entries) = values[index],
      elements.isEmpty || elements[index].isUnset
    else { return try element(at: index) }
    let dict = DictObject(values: entries)
    lent = (index, dict)
    return .dict(dict)
  }

  /// Ends what `lend` began; the loop's own variables don't hold the element any more.
  func takeBack() {
    guard lent != nil else { return }
    if isKnownUniquelyReferenced(&lent!.dict), lent!.dict.isUntouched {
      lent = nil
    } else {
      keepLent()
    }
  }

  private func keepLent() {
    guard let lent else { return }
    self.lent = nil
    if elements.isEmpty { elements = Array(repeating: .unset, count: values.count) }
    elements[lent.index] = .dict(lent.dict)
  }

  /// All elements, rendered.
  func all() throws -> [Object] {
    settle()
    guard mayHoldLazy else { return elements }
    for index in elements.indices {
      if case .lazy(let lazy) = elements[index] { elements[index] = try lazy.force() }
    }
    mayHoldLazy = false
    return elements
  }

  /// All elements as they stand, for a copy that stays lazy.
  func unrendered() -> [Object] {
    settle()
    return elements
  }

  /// A list that shares what is not rendered yet.
  func copy() -> ListObject {
    settle()
    let copy = ListObject(elements)
    copy.mayHoldLazy = mayHoldLazy
    return copy
  }

  func change(_ body: (inout [Object]) throws -> Void) rethrows {
    settle()
    try body(&elements)
  }

  /// Makes objects of what came from a variable, one level deep.
  private func settle() {
    switch origin {
    case nil: return
    case .values where elements.isEmpty && lent == nil: elements = values.map(Object.init)
    case .values:
      keepLent()
      for index in values.indices where elements[index].isUnset { elements[index] = Object(values[index]) }
    case .sources(let sources, let evaluation):
      elements = sources.map { evaluation.lazyObject(of: $0) }
      mayHoldLazy = true
    }
    origin = nil
  }
}
