import Model

/// A mutable Python list. Elements that come from a variable stay as they are until somebody reads them.
final class ListObject {
  private enum Origin {
    case values([Value])
    case sources([SourceValue], Evaluation)
  }

  /// All of them, or where there is an origin, none or `unset` for those that nobody has read.
  private var elements: [Object]
  private var origin: Origin?
  private var mayHoldLazy = false

  init(_ elements: [Object]) { self.elements = elements }

  init(values: [Value]) {
    elements = []
    origin = .values(values)
  }

  init(sources: [SourceValue], in evaluation: Evaluation) {
    elements = []
    origin = .sources(sources, evaluation)
  }

  var count: Int {
    switch origin {
    case nil: elements.count
    case .values(let values): values.count
    case .sources(let sources, _): sources.count
    }
  }

  /// The element, rendered; `index` is in bounds.
  func element(at index: Int) throws -> Object {
    if case .values(let values) = origin { return element(at: index, of: values) }
    settle()
    guard case .lazy(let lazy) = elements[index] else { return elements[index] }
    let object = try lazy.force()
    elements[index] = object
    return object
  }

  /// Reads one element without making objects of the others.
  private func element(at index: Int, of values: [Value]) -> Object {
    if let scalar = Object(scalar: values[index]) { return scalar }
    if elements.isEmpty { elements = Array(repeating: .unset, count: values.count) }
    if elements[index].isUnset { elements[index] = Object(values[index]) }
    return elements[index]
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
    case .values(let values) where elements.isEmpty: elements = values.map(Object.init)
    case .values(let values):
      for index in values.indices where elements[index].isUnset { elements[index] = Object(values[index]) }
    case .sources(let sources, let evaluation):
      elements = sources.map { evaluation.lazyObject(of: $0) }
      mayHoldLazy = true
    }
    origin = nil
  }
}
