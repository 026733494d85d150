/// The names of one function (template, block or macro) while it is parsed: which have a slot, from which place on.
final class FunctionScope {
  /// Names of the parts of a function, the innermost last.
  private var parts: [[String: Int]] = [[:]]
  private(set) var slotCount = 0
  let parent: FunctionScope?
  /// Names that are set at the top level of a template belong to its context.
  let isTemplate: Bool
  /// The names a macro has without declaring them, once it uses them.
  private(set) var implicit: [String: Int] = [:]
  /// Their slots, from the start: a loop forgets the slots made within it.
  private var implicitSlots: [String: Int] = [:]

  init(parent: FunctionScope?, isTemplate: Bool = false, implicitNames: [String] = []) {
    self.parent = parent
    self.isTemplate = isTemplate
    for name in implicitNames { implicitSlots[name] = reserve() }
  }

  var isTopLevel: Bool { isTemplate && parts.count == 1 }

  func enter() { parts.append([:]) }
  func leave() { parts.removeLast() }

  /// Puts the innermost part aside, for what stands in its middle but is computed outside.
  func takePart() -> [String: Int] { parts.removeLast() }
  func putPart(_ part: [String: Int]) { parts.append(part) }

  /// The slot of a name of the innermost part.
  func declare(_ name: String) -> Int {
    if let slot = parts[parts.count - 1][name] { return slot }
    let slot = reserve()
    parts[parts.count - 1][name] = slot
    return slot
  }

  func isDeclaredHere(_ name: String) -> Bool { parts[parts.count - 1][name] != nil }

  func reserve() -> Int {
    slotCount += 1
    return slotCount - 1
  }

  /// The slots that a name may be in, the nearest first.
  func slots(of name: String) -> [SlotReference] {
    var found: [SlotReference] = []
    var scope: FunctionScope? = self
    var depth = 0
    while let current = scope {
      found += current.ownSlots(of: name).map { SlotReference(depth: depth, slot: $0) }
      scope = current.parent
      depth += 1
    }
    return found
  }

  private func ownSlots(of name: String) -> [Int] {
    let slots = parts.reversed().compactMap { $0[name] }
    guard slots.isEmpty, let slot = implicitSlots[name] else { return slots }
    implicit[name] = slot
    return [slot]
  }

  /// All local names that can be seen here.
  var visible: VisibleNames {
    var names: Set<String> = []
    var scope: FunctionScope? = self
    while let current = scope {
      for part in current.parts { names.formUnion(part.keys) }
      scope = current.parent
    }
    return VisibleNames(names: names.sorted().map { ($0, slots(of: $0)) })
  }
}
