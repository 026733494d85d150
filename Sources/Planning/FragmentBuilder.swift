import Model

/// Writes a fragment's nodes and fills in where blocks and roles end once that is known.
struct FragmentBuilder {
  struct BlockMark { fileprivate let begin: Int }
  struct RoleMark {
    fileprivate let begin: Int
    fileprivate let key: RoleKey
  }

  private var nodes: [Fragment.Node] = []

  mutating func append(_ node: Fragment.Node) { nodes.append(node) }

  mutating func beginBlock() -> BlockMark {
    nodes.append(.blockBegin(.init(rescue: 0, hasRescue: false, always: 0, end: 0)))
    return BlockMark(begin: nodes.count - 1)
  }

  mutating func endBody(_ mark: BlockMark) {
    nodes.append(.bodyEnd)
    change(mark) { [count = nodes.count] in $0.rescue = count }
  }

  mutating func endRescue(_ mark: BlockMark) {
    nodes.append(.rescueEnd)
    change(mark) { [count = nodes.count] in
      $0.hasRescue = count - 1 > $0.rescue
      $0.always = count
    }
  }

  mutating func endBlock(_ mark: BlockMark) {
    nodes.append(.blockEnd)
    change(mark) { [count = nodes.count] in $0.end = count - 1 }
  }

  mutating func beginRole(_ key: RoleKey) -> RoleMark {
    nodes.append(.roleBegin(key, end: 0))
    return RoleMark(begin: nodes.count - 1, key: key)
  }

  mutating func endRole(_ mark: RoleMark) {
    nodes.append(.roleEnd(mark.key))
    nodes[mark.begin] = .roleBegin(mark.key, end: nodes.count - 1)
  }

  func finish() -> (fragment: Fragment, diagnostics: Diagnostics) {
    let grouping = TaskGrouping(nodes)
    var fragment = Fragment(nodes: nodes)
    fragment.groups = grouping.groups
    return (fragment, grouping.diagnostics)
  }

  private mutating func change(_ mark: BlockMark, _ body: (inout Fragment.Section) -> Void) {
    guard case .blockBegin(var section) = nodes[mark.begin] else {
      preconditionFailure("a block's mark is not where it was put: this is a bug in Martlet")
    }
    body(&section)
    nodes[mark.begin] = .blockBegin(section)
  }
}
