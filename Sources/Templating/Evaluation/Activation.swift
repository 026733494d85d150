import Model

/// One call of a template, block or macro: its local slots, and where its output goes.
final class Activation {
  let unit: TemplateUnit
  let context: TemplateContext
  let evaluation: Evaluation
  /// The activation that a macro was made in.
  let parent: Activation?
  /// As many as the parser counted, which alone hands out their numbers.
  let slots: UnsafeMutableBufferPointer<Object>
  /// Where output goes now.
  var sink: Sink
  /// The template that this one said it extends; from then on its own output goes nowhere.
  var extended: TemplateUnit?
  private let view: ContextView

  init(unit: TemplateUnit, context: TemplateContext, slotCount: Int, sink: Sink, parent: Activation? = nil) {
    self.unit = unit
    self.context = context
    self.evaluation = context.evaluation
    self.parent = parent
    self.sink = sink
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: .unset)
    // A macro sees the context as the template that it stands in does.
    view = parent?.view ?? ContextView(unit, context)
  }

  deinit {
    slots.deinitialize()
    slots.deallocate()
  }

  func forgetNames() {
    for index in slots.indices { slots[index] = .unset }
  }

  /// Forgets all names, its own and its template's.
  func close() {
    forgetNames()
    view.close()
    context.close()
  }

  @inline(__always)
  func slot(_ reference: SlotReference) -> Object {
    if reference.depth == 0 { return slots[reference.slot] }
    var activation = self
    for _ in 0..<reference.depth { activation = activation.parent! }
    return activation.slots[reference.slot]
  }

  func contextObject(_ index: Int) throws -> Object { try view.object(index) }

  /// Sets a name of the template's top level.
  func export(_ name: String, _ index: Int, _ object: Object) { view.export(name, index, object) }

  func failure(_ error: any Error, at range: Range<Int>) -> any Error {
    guard let failure = error as? Failure else { return error }
    return failure.located(range, in: unit)
  }
}

/// A local variable: so many macros out, that slot.
struct SlotReference: Sendable {
  var depth: Int
  var slot: Int
}

/// What a template has seen of its context: names looked up once, for as long as nothing is set at the top level.
private final class ContextView {
  private let unit: TemplateUnit
  private let context: TemplateContext
  private var remembered: [Object] = []
  private var rememberedVersions = -1

  init(_ unit: TemplateUnit, _ context: TemplateContext) {
    self.unit = unit
    self.context = context
  }

  func close() {
    remembered = []
    rememberedVersions = -1
  }

  /// Sets a name in the context; what is remembered of others stays good.
  func export(_ name: String, _ index: Int, _ object: Object) {
    let isCurrent = rememberedVersions == context.versions
    context.export(name, object)
    guard isCurrent else { return }
    remembered[index] = object
    rememberedVersions = context.versions
  }

  func object(_ index: Int) throws -> Object {
    let versions = context.versions
    if rememberedVersions == versions {
      let known = remembered[index]
      if !known.isUnset { return known }
    } else {
      remembered = Array(repeating: .unset, count: unit.names.count)
      rememberedVersions = versions
    }
    guard let object = try context.resolve(unit.names[index]) else { return .unset }
    remembered[index] = object
    return object
  }
}
