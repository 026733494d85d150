import Model
import OrderedCollections

extension YAMLNode {
  /// The node as plain data: no text in it is a template, and `!vault` text stays as it is written.
  package func value() -> Value {
    switch kind {
    case .scalar(let text, let style): PlainScalar.value(text, as: scalarTag(text, style)) ?? .string(text)
    case .sequence(let items):
      tag == .omap || tag == .pairs ? .list(items.flatMap(\.pairs)) : .list(items.map { $0.value() })
    case .mapping(let entries): tag == .set ? .list(entries.map { $0.key.value() }) : .dict(dict(entries))
    }
  }

  /// `[key, value]` lists: what `!!omap` and `!!pairs` make of their one-entry mappings.
  private var pairs: [Value] {
    (entries ?? []).map { .list([$0.key.value(), $0.value.value()]) }
  }

  private func dict(_ entries: [Entry]) -> Value.Dict {
    var dict = Value.Dict(minimumCapacity: entries.count)
    for entry in entries { dict[entry.key.value()] = entry.value.value() }
    return dict
  }
}
