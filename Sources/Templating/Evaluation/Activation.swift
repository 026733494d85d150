import Model

/// One call of a template, block or macro: its local slots, and where its output goes.
final class Activation {
  let unit: TemplateUnit
  let context: TemplateContext
  let evaluation: Evaluation
  /// The activation that a macro was made in.
  let parent: Activation?
  var slots: [Object]
  var sink: Sink
  /// The template that this one said it extends; from then on its own output goes nowhere.
  var extended: TemplateUnit?
  private var remembered: [Object]
  private var rememberedVersions: Int

  init(unit: TemplateUnit, context: TemplateContext, slotCount: Int, sink: Sink, parent: Activation? = nil) {
    self.unit = unit
    self.context = context
    self.evaluation = context.evaluation
    self.parent = parent
    self.sink = sink
    slots = Array(repeating: .unset, count: slotCount)
    remembered = []
    rememberedVersions = -1
  }

  @inline(__always)
  func slot(_ reference: SlotReference) -> Object {
    if reference.depth == 0 { return slots[reference.slot] }
    var activation = self
    for _ in 0..<reference.depth { activation = activation.parent! }
    return activation.slots[reference.slot]
  }

  /// A name of the context, remembered as long as nothing is set at the top level.
  func contextObject(_ index: Int) throws -> Object {
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
