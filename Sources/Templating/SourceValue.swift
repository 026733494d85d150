import Model
import OrderedCollections

/// A value as a source file has it: literal, template, or a container of those. Rendering turns it into a `Value`.
///
/// Parsing folds what holds no template into `value`, so that constants cost nothing at run time.
package indirect enum SourceValue: Sendable {
  case value(Value)
  case template(Template)
  case list([SourceValue])
  case dict(OrderedDictionary<Value, SourceValue>)

  /// A container that is constant when all its elements are.
  package static func folded(_ elements: [SourceValue]) -> SourceValue {
    let constants = elements.compactMap(\.constant)
    return constants.count == elements.count ? .value(.list(constants)) : .list(elements)
  }

  package static func folded(_ entries: OrderedDictionary<Value, SourceValue>) -> SourceValue {
    let constants = entries.compactMapValues(\.constant)
    return constants.count == entries.count ? .value(.dict(constants)) : .dict(entries)
  }

  /// The value, where there is nothing to render.
  package var constant: Value? {
    if case .value(let value) = self { value } else { nil }
  }
}
