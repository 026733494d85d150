import BigInt
import Model
import OrderedCollections

final class StringLiteral: Expression {
  let range: Range<Int>
  let text: String

  init(_ text: String, at range: Range<Int>) {
    self.text = text
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object { .string(text) }
}

/// A string that is itself a template.
final class EmbeddedTemplate: Expression {
  let range: Range<Int>
  private let template: Template

  init(_ template: Template, at range: Range<Int>) {
    self.template = template
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object { try activation.evaluation.render(template) }
}

/// A number, boolean or None.
final class ScalarLiteral: Expression {
  let range: Range<Int>
  let value: Value

  init(_ value: Value, at range: Range<Int>) {
    self.value = value
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object { Object(value) }
}

final class ListLiteral: Expression {
  let range: Range<Int>
  private let elements: [any Expression]

  init(_ elements: [any Expression], at range: Range<Int>) {
    self.elements = elements
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object {
    var objects: [Object] = []
    objects.reserveCapacity(elements.count)
    for element in elements { objects.append(try element.evaluate(activation)) }
    return .list(ListObject(objects))
  }
}

final class TupleLiteral: Expression {
  let range: Range<Int>
  let elements: [any Expression]

  init(_ elements: [any Expression], at range: Range<Int>) {
    self.elements = elements
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object {
    var objects: [Object] = []
    objects.reserveCapacity(elements.count)
    for element in elements { objects.append(try element.evaluate(activation)) }
    return .tuple(objects)
  }
}

final class DictLiteral: Expression {
  let range: Range<Int>
  private let entries: [(key: any Expression, value: any Expression)]

  init(_ entries: [(key: any Expression, value: any Expression)], at range: Range<Int>) {
    self.entries = entries
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object {
    var objects = OrderedDictionary<Object, Object>(minimumCapacity: entries.count)
    for entry in entries {
      let key = try entry.key.evaluate(activation)
      do { try activation.evaluation.checkHashable(key) } catch { throw activation.failure(error, at: entry.key.range) }
      objects[activation.evaluation.reveal(key)] = try entry.value.evaluate(activation)
    }
    return .dict(DictObject(objects))
  }
}

/// A name: local slots from the inside out, then the context.
final class NameExpression: Expression {
  let range: Range<Int>
  let name: String
  /// The slot of this very activation that comes first; -1 where there is none.
  private let nearest: Int
  private let others: [SlotReference]
  private let index: Int

  init(_ name: String, slots: [SlotReference], index: Int, at range: Range<Int>) {
    self.name = name
    nearest = slots.first.map { $0.depth == 0 ? $0.slot : -1 } ?? -1
    others = nearest >= 0 ? Array(slots.dropFirst()) : slots
    self.index = index
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let object = try find(activation)
    if !object.isUnset { return object }
    let (unit, range, name) = (activation.unit, range, name)
    return .undefined(
      Undefined(name: name) {
        Failure(.undefined, "'\(name)' is undefined", place: Failure.Place(unit: unit, range: range), variable: name)
      })
  }

  func evaluateIfDefined(_ activation: Activation) throws -> Object? {
    let object = try find(activation)
    return object.isUnset ? nil : object.ifDefined
  }

  /// `unset` where there is no such name.
  @inline(__always)
  private func find(_ activation: Activation) throws -> Object {
    if nearest >= 0 {
      let object = activation.slots[nearest]
      if !object.isUnset { return object }
    }
    for slot in others {
      let object = activation.slot(slot)
      if !object.isUnset { return object }
    }
    do { return try activation.contextObject(index) } catch { throw activation.failure(error, at: range) }
  }
}
