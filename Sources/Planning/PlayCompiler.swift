import Model
import OrderedCollections
import Parsing
import Templating

/// Compiles plays, and what includes bring, into fragments of the task graph. Tasks that the tags leave out are not compiled.
package struct PlayCompiler {
  package struct Options: Sendable {
    package var tags = TagSelection()
    package var gathersFacts = true
    package var forcesHandlers = false
    /// `private_role_vars`, for roles that don't say `public`; nil: those of included roles are private, others are not.
    package var hidesRoleVariables: Bool?

    package init() {}
  }

  /// A handler in the handlers' fragment, for looking it up by name or topic.
  package struct Handler: Sendable {
    package let index: Int
    package let task: PlannedTask
  }

  package struct CompiledPlay: Sendable {
    package var main: Fragment
    package var handlers: Fragment
    package var context: TaskContext
    /// All roles, in order of use.
    package var roles: [RoleUse]
    /// Roles whose defaults and variables the whole play sees, in order of use.
    package var publicRoles: [RoleUse]
    /// What is wrong with the tasks' `needs`. Tags may leave out what is needed: only a compile of all tasks tells all.
    package var diagnostics: Diagnostics
  }

  package let options: Options
  /// The short name of a module by its name as written.
  package let shortName: @Sendable (String) -> String
  /// Tags may be templates; they see what is known before hosts are: play and extra variables.
  package let renderTags: @Sendable ([SourceValue]) throws(TemplateError) -> Set<String>
  private let numbering: TaskNumbering
  private var handlerNodes: [Fragment.Node] = []
  private var roles: [RoleUse] = []
  private var publicRoles: [RoleUse] = []
  /// Tags that can't be rendered: the first of what was compiled last.
  package private(set) var tagMistake: TemplateError?

  package init(
    options: Options, numbering: TaskNumbering = TaskNumbering(), shortName: @escaping @Sendable (String) -> String,
    renderTags: @escaping @Sendable ([SourceValue]) throws(TemplateError) -> Set<String>
  ) {
    self.options = options
    self.shortName = shortName
    self.renderTags = renderTags
    self.numbering = numbering
  }

  /// The play's graph: facts, then pre_tasks, roles and tasks, post_tasks, each followed by a flush of handlers.
  package mutating func compile(_ play: Play, key: String) -> CompiledPlay {
    let context = playContext(play)
    var main = FragmentBuilder()
    begin()
    if options.gathersFacts { main.append(gatherFacts(play, context, key: key)) }
    compileSection("pre_tasks", play.preTasks.map { ($0, context) }, play, context, key, into: &main)
    let used = play.roles.map { (TaskNode.role($0), context) }
    compileSection("tasks", used + play.tasks.map { ($0, context) }, play, context, key, into: &main)
    compileSection("post_tasks", play.postTasks.map { ($0, context) }, play, context, key, into: &main)
    compileHandlers(play.handlers, context, key: "\(key)/handlers")
    let (fragment, diagnostics) = main.finish()
    return CompiledPlay(
      main: fragment, handlers: Fragment(nodes: handlerNodes), context: context, roles: roles, publicRoles: publicRoles,
      diagnostics: diagnostics)
  }

  /// What an include brought, under the include's context; handlers of roles in it, and roles whose variables the play sees
  /// from now on, come back beside the fragment.
  package mutating func compileInclude(
    _ nodes: [TaskNode], context: TaskContext, key: String, asHandlers: Bool = false
  ) -> (fragment: Fragment, handlers: [Fragment.Node], roles: [RoleUse]) {
    var builder = FragmentBuilder()
    begin()
    for node in nodes { compile(node, context, key: key, kind: asHandlers ? .handler : .task, into: &builder) }
    return (builder.finish().fragment, handlerNodes, publicRoles)
  }

  private mutating func begin() {
    handlerNodes = []
    (roles, publicRoles) = ([], [])
    tagMistake = nil
  }

  private func playContext(_ play: Play) -> TaskContext {
    var parent: TaskContext?
    for imported in play.importKeywords { parent = TaskContext(.block, keywords: imported, parent: parent) }
    return TaskContext(.play, keywords: play.keywords, parent: parent, searchDirectory: play.directory)
  }
}

// MARK: - sections

extension PlayCompiler {
  /// A section and its flush; with force_handlers the flush is the section's `always`.
  private mutating func compileSection(
    _ name: String, _ nodes: [(TaskNode, TaskContext)], _ play: Play, _ context: TaskContext, _ key: String,
    into builder: inout FragmentBuilder
  ) {
    guard !nodes.isEmpty || name == "tasks" || !play.handlers.isEmpty else { return }
    let flush = implicitTask("meta", freeForm: "flush_handlers", play, context, key: "\(key)/\(name)/flush")
    // A play that the tags leave out as a whole needs none.
    guard options.tags.skip.isDisjoint(with: names(of: flush.tags)) else {
      for (node, context) in nodes { compile(node, context, key: "\(key)/\(name)", kind: .task, into: &builder) }
      return
    }
    let block = options.forcesHandlers ? builder.beginBlock() : nil
    for (node, context) in nodes { compile(node, context, key: "\(key)/\(name)", kind: .task, into: &builder) }
    if let block {
      builder.endBody(block)
      builder.endRescue(block)
    }
    builder.append(.flushHandlers(flush))
    if let block { builder.endBlock(block) }
  }

  private mutating func gatherFacts(_ play: Play, _ context: TaskContext, key: String) -> Fragment.Node {
    var arguments = TaskArguments(span: play.span)
    // One text is one subset, commas and all.
    arguments.values["gather_subset"] = play.gatherSubset.map { $0.constant?.string == nil ? $0 : .list([$0]) }
    arguments.values["gather_timeout"] = play.gatherTimeout
    arguments.values["fact_path"] = play.factPath
    return .task(implicitTask("gather_facts", arguments, play, context, name: "Gathering Facts", key: "\(key)/facts"))
  }

  private mutating func implicitTask(
    _ module: String, _ arguments: TaskArguments? = nil, freeForm: String? = nil, _ play: Play, _ context: TaskContext,
    name: String? = nil, key: String
  ) -> PlannedTask {
    var arguments = arguments ?? TaskArguments(span: play.span)
    arguments.freeForm = freeForm.map { .value(.string($0)) }
    var task = RunbookTask(
      span: play.span, module: ModuleName(written: module, span: play.span), arguments: arguments)
    task.keywords.name = name.map { .value(.string($0)) }
    return planned(task, context, .task, isImplicit: true, key: key)
  }

  private mutating func planned(
    _ task: RunbookTask, _ context: TaskContext, _ kind: TaskHeader.Kind, isImplicit: Bool = false, key: String
  ) -> PlannedTask {
    PlannedTask(
      reference: numbering.take(), task: task, context: context, kind: kind, module: shortName(task.module.written),
      isImplicit: isImplicit, key: key)
  }
}

// MARK: - nodes

extension PlayCompiler {
  private mutating func compile(
    _ node: TaskNode, _ context: TaskContext, key: String, kind: TaskHeader.Kind, into builder: inout FragmentBuilder
  ) {
    switch node {
    case .task(let task):
      let planned = planned(task, context, kind, key: "\(key)/\(task.span)")
      if isSelected(planned) { builder.append(planned.isFlush ? .flushHandlers(planned) : .task(planned)) }
    case .block(let block):
      compile(block, context, key: key, kind: kind, into: &builder)
    case .role(let use):
      compile(use, context, key: key, into: &builder)
    }
  }

  private mutating func isSelected(_ task: PlannedTask) -> Bool {
    options.tags.includes(names(of: task.tags))
  }

  private mutating func names(of tags: [SourceValue]) -> Set<String> {
    do throws(TemplateError) { return try renderTags(tags) } catch {
      tagMistake = tagMistake ?? error
      return []
    }
  }

  private mutating func compile(
    _ block: TaskBlock, _ context: TaskContext, key: String, kind: TaskHeader.Kind, into builder: inout FragmentBuilder
  ) {
    let inner = TaskContext(.block, keywords: block.keywords, parent: context)
    let key = "\(key)/\(block.span)"
    guard !block.rescue.isEmpty || !block.always.isEmpty else {
      for node in block.tasks { compile(node, inner, key: key, kind: kind, into: &builder) }
      return
    }
    let mark = builder.beginBlock()
    for node in block.tasks { compile(node, inner, key: key, kind: kind, into: &builder) }
    builder.endBody(mark)
    for node in block.rescue { compile(node, inner, key: key, kind: kind, into: &builder) }
    builder.endRescue(mark)
    for node in block.always { compile(node, inner, key: key, kind: kind, into: &builder) }
    builder.endBlock(mark)
  }

  private mutating func compile(
    _ use: RoleUse, _ context: TaskContext, key: String, isDynamic: Bool = false, into builder: inout FragmentBuilder
  ) {
    let inner = TaskContext(.role(use), keywords: use.keywords, parent: context)
    let key = "\(key)/\(use.role.name)@\(use.span.line)"
    let isDynamic = isDynamic || use.isDynamic
    for dependency in use.role.dependencies { compile(dependency, inner, key: key, isDynamic: isDynamic, into: &builder) }
    // After those that it depends on: its variables beat theirs.
    roles.append(use)
    if use.isPublic?.constant?.bool ?? !(options.hidesRoleVariables ?? isDynamic) { publicRoles.append(use) }
    for node in use.role.handlers { compileHandler(node, inner, key: "\(key)/handlers") }
    let mark = builder.beginRole(RoleKey(use))
    if let validation = use.validation { compile(.task(validation), inner, key: key, kind: .task, into: &builder) }
    for node in use.role.tasks { compile(node, inner, key: key, kind: .task, into: &builder) }
    builder.endRole(mark)
  }

  private mutating func compileHandlers(_ nodes: [TaskNode], _ context: TaskContext, key: String) {
    for node in nodes { compileHandler(node, context, key: key) }
  }

  /// Handlers form one flat list in the order of definition; blocks only lend their keywords.
  private mutating func compileHandler(_ node: TaskNode, _ context: TaskContext, key: String) {
    switch node {
    case .task(let task):
      handlerNodes.append(.task(planned(task, context, .handler, key: "\(key)/\(task.span)")))
    case .block(let block):
      let inner = TaskContext(.block, keywords: block.keywords, parent: context)
      for node in block.tasks + block.rescue + block.always { compileHandler(node, inner, key: key) }
    case .role(let use):
      let inner = TaskContext(.role(use), keywords: use.keywords, parent: context)
      for node in use.role.tasks { compileHandler(node, inner, key: key) }
    }
  }
}
