import Actions
import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// Growing the graph: what hosts include at the same place is read and compiled once for all that include the same.
extension PlayRun {
  private struct Group {
    let effect: StepEffect
    var hosts: [RunState.HostIndex]
  }

  func include(_ round: RunState.Round) async {
    guard let wanted = pendingIncludes.removeValue(forKey: round.id) else { return }
    var counted: Set<RunState.HostIndex> = []
    for group in grouped(wanted) {
      do throws(IncludeFailure) {
        try checkDepth(group.hosts[0], round.task)
        let (fragment, text) = try await compile(group.effect, round.task)
        let index = state.add(fragment)
        for host in group.hosts { state.include(index, for: host) }
        // The recap counts what is included: the step stands for a host's first file.
        for host in group.hosts where !counted.insert(host).inserted { await loop.countInclude(host: hosts[host].name) }
        let item = round.task.task.loop.flatMap { _ in group.effect.loopItem?.pythonText }
        await loop.emit(.message(.included(text, hosts: group.hosts.map { hosts[$0].name }, item: item)))
      } catch {
        await fail(group.hosts, round, error)
      }
    }
  }

  /// Includes that include themselves end here, and not with the controller's memory.
  private static let includeDepthMax = 100

  private func checkDepth(_ host: RunState.HostIndex, _ task: PlannedTask) throws(IncludeFailure) {
    guard state.cursors[host].includeDepth >= Self.includeDepthMax else { return }
    throw IncludeFailure(
      "includes are nested \(Self.includeDepthMax) deep at \(task.place): does a file include itself without an end?")
  }

  private func grouped(_ wanted: OrderedDictionary<RunState.HostIndex, [StepEffect]>) -> [Group] {
    var groups: [Group] = []
    // In the play's order, whoever came first: two runs tell the same.
    for (host, effects) in wanted.sorted(by: { $0.key < $1.key }) {
      var next = 0
      for effect in effects {
        // Later items of a host never join a group before that of its earlier items: order within a host is kept.
        if let same = groups.indices.first(where: { $0 >= next && groups[$0].effect.includesSame(as: effect) }),
          !groups[same].hosts.contains(host)
        {
          groups[same].hosts.append(host)
          next = same + 1
        } else {
          groups.append(Group(effect: effect, hosts: [host]))
          next = groups.count
        }
      }
    }
    return groups
  }

  private func compile(
    _ effect: StepEffect, _ task: PlannedTask
  ) async throws(IncludeFailure) -> (Fragment, String) {
    switch effect {
    case .includeTasks(let include):
      let read = try environment.includes.tasks(include, for: task)
      let context = includeContext(task, include.variables, read.apply, directory: read.path.directoryPart)
      let key = "\(task.key)/\(read.path)"
      let compiled = compiler.compileInclude(read.nodes, context: context, key: key, asHandlers: task.kind == .handler)
      try checkTags()
      await takeOver(compiled.handlers, compiled.roles)
      return (compiled.fragment, read.path)
    case .includeRole(let include):
      let role = try environment.includes.role(include, for: task)
      let context = includeContext(task, include.variables, task.task.apply ?? Keywords(), directory: nil)
      var use = RoleUse(
        role: role, keywords: Keywords(), parameters: [:], span: task.task.span, isImport: false)
      use.isDynamic = true
      use.allowsDuplicates = .value(.bool(include.allowsDuplicates))
      use.validatesArguments = .value(.bool(include.validatesArguments))
      use.isPublic = include.isPublic.map { .value(.bool($0)) }
      let key = "\(task.key)/\(include.name)"
      let compiled = compiler.compileInclude([.role(use)], context: context, key: key, asHandlers: task.kind == .handler)
      try checkTags()
      await takeOver(compiled.handlers, compiled.roles)
      return (compiled.fragment, include.name)
    case .values, .facts, .includedVariables, .addHost, .addToGroup, .meta, .stats, .about:
      preconditionFailure("an effect that includes nothing was taken for an include: this is a bug in Martlet")
    }
  }

  private func checkTags() throws(IncludeFailure) {
    if let mistake = compiler.tagMistake { throw IncludeFailure(mistake.diagnostic.description) }
  }

  /// Included tasks see the include's own vars and its loop's; of its keywords they inherit only what `apply` says.
  private func includeContext(
    _ task: PlannedTask, _ variables: [String: Value], _ apply: Keywords, directory: String?
  ) -> TaskContext {
    var keywords = Keywords()
    keywords.vars = task.task.keywords.vars
    for (name, value) in variables { keywords.vars[name] = .value(value) }
    let include = TaskContext(.include, keywords: keywords, parent: task.context, searchDirectory: directory)
    return TaskContext(.block, keywords: apply, parent: include)
  }

  private func takeOver(_ nodes: [Fragment.Node], _ roles: [RoleUse]) async {
    if !nodes.isEmpty {
      let start = state.addHandlers(nodes)
      handlers.add(state.fragments[1], from: start)
    }
    if !roles.isEmpty {
      variables.update {
        $0.roles += roles
        $0.publicRoles += roles
      }
    }
  }

  private func fail(_ indexes: [RunState.HostIndex], _ round: RunState.Round, _ failure: IncludeFailure) async {
    for diagnostic in failure.diagnostics.all {
      await loop.emit(.message(RunMessage(kind: .error, text: diagnostic.description)))
    }
    for host in indexes {
      let result = StepResult.failed(failure.message)
      var outcome = StepOutcome(result: result)
      outcome.isRescued = state.cursors[host].isRescuable
      await loop.count(outcome, host: hosts[host].name)
      await loop.emit(.stepFinished(StepReference(task: round.task.reference, host: hosts[host].name), outcome))
      state.failLater(host)
      if isFatal(round.task, host) { fatalRounds.insert(round.id) }
    }
  }
}

extension StepEffect {
  /// The item of the include's loop.
  fileprivate var loopItem: Value? {
    let variables: [String: Value]
    switch self {
    case .includeTasks(let include): variables = include.variables
    case .includeRole(let include): variables = include.variables
    case .values, .facts, .includedVariables, .addHost, .addToGroup, .meta, .stats, .about: return nil
    }
    return variables[variables["ansible_loop_var"]?.string ?? "item"]
  }

  func includesSame(as other: StepEffect) -> Bool {
    switch (self, other) {
    case (.includeTasks(let left), .includeTasks(let right)): left == right
    case (.includeRole(let left), .includeRole(let right)): left == right
    default: false
    }
  }
}

extension String {
  /// The folder of a path; `.` where it names none.
  var directoryPart: String {
    lastIndex(of: "/").map { $0 == startIndex ? "/" : String(self[..<$0]) } ?? "."
  }
}
