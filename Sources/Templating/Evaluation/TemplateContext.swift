import Model

/// The names that a template sees besides its local ones: what it and those it extends have set at the top level, what
/// was passed to it, and the variables of the scope.
final class TemplateContext {
  struct Block {
    let unit: TemplateUnit
    let definition: BlockDefinition
  }

  let evaluation: Evaluation
  private let parent: TemplateContext?
  /// Sees globals only: imported without context.
  private let isBare: Bool
  private(set) var own: [String: Object]
  private(set) var exported: Set<String> = []
  /// Counts changes, so that views know when what they remember is old.
  private(set) var version = 0
  /// The bodies of each block, the innermost template's first.
  var blocks: [String: [Block]] = [:]

  init(
    in evaluation: Evaluation, over parent: TemplateContext? = nil, _ own: [String: Object] = [:], isBare: Bool = false
  ) {
    self.evaluation = evaluation
    self.parent = parent
    self.own = own
    self.isBare = isBare
  }

  func export(_ name: String, _ object: Object) {
    if own.updateValue(object, forKey: name) == nil || !exported.contains(name) { exported.insert(name) }
    version += 1
  }

  /// A name's object; undefined where there is none.
  func resolve(_ name: String) throws -> Object? {
    if let object = own[name] { return object }
    if name == "self" { return .instance(TemplateReference(self)) }
    if let parent { return try parent.resolve(name) }
    return try isBare ? evaluation.global(named: name) : evaluation.variable(named: name)
  }

  func close() { own = [:] }

  var versions: Int { version + (parent?.versions ?? 0) }

  func addBlocks(of unit: TemplateUnit) {
    for (name, definition) in unit.blocks {
      blocks[name, default: []].append(Block(unit: unit, definition: definition))
    }
  }

  /// Everything that the template set at its top level, for importers.
  var exports: [String: Object] { own.filter { exported.contains($0.key) && !$0.key.hasPrefix("_") } }
}
