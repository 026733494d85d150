import Model
import OrderedCollections
import Parsing
import Templating

/// Draws compiled plays as a graph. Edges are what tasks wait for: `needs` where written, else all before; and beside that what is registered,
/// set as a fact, or notified.
package struct TaskGraphBuilder {
  private var graph = TaskGraph()
  /// What a task without `needs` waits for.
  private var frontier: [Int] = []
  /// By play, its last tasks: those that nothing of it waits for, or where it has none, those of the plays that it waits for.
  private var ends: [[Int]] = []
  private var setters: [String: Int] = [:]
  private var starts: [[Int]] = []
  private var waits: [[Int]] = []

  package init() {}

  /// `after` are the places of the plays that this one waits for. Edges from plays that are written later follow by `finish`.
  package mutating func add(_ compiled: PlayCompiler.CompiledPlay, of play: Play, named name: String, after: [Int]) {
    graph.plays.append(
      TaskGraph.Play(name: name, place: "\(play.span.file.path):\(play.span.line)", needs: play.needs == nil ? nil : after))
    let first = graph.nodes.count
    frontier = []
    var ids: [String: Int] = [:]
    var added: [(place: Int, task: PlannedTask)] = []
    for task in compiled.main.tasks where !task.isFlush {
      let place = addNode(task)
      addOrder(task, place, ids)
      addData(task, place)
      if let id = task.task.id { ids[id] = place }
      added.append((place, task))
    }
    let handlers = compiled.handlers.tasks.map { (place: addNode($0), task: $0) }
    addNotifications(added + handlers, handlers)
    ends.append(frontier + handlers.map(\.place))
    starts.append(roots(from: first, handlers: Set(handlers.map(\.place))))
    waits.append(after)
  }

  /// Tasks of the play at hand that wait for none of it.
  private func roots(from first: Int, handlers: Set<Int>) -> [Int] {
    let waiting = Set(graph.edges.filter { $0.to >= first && ($0.kind == .order || $0.kind == .needs) }.map(\.to))
    return (first..<graph.nodes.count).filter { !waiting.contains($0) && !handlers.contains($0) }
  }

  /// Adds what plays wait for: their first tasks come after the last ones of others.
  package mutating func finish() -> TaskGraph {
    for (play, others) in waits.enumerated() {
      let kind: TaskGraph.EdgeKind = graph.plays[play].needs == nil ? .order : .needs
      let last = lastTasks(of: others, behind: []).sorted()
      graph.edges += starts[play].flatMap { start in last.map { TaskGraph.Edge(from: $0, to: start, kind: kind) } }
    }
    return graph
  }

  /// A play without tasks stands for those that it waits for; one that another of them waits for is behind that one already.
  private func lastTasks(of plays: [Int], behind seen: Set<Int>) -> Set<Int> {
    let covered = Set(plays.flatMap { waits[$0] })
    return plays.filter { !covered.contains($0) && !seen.contains($0) }.reduce(into: []) { found, play in
      found.formUnion(ends[play].isEmpty ? lastTasks(of: waits[play], behind: seen.union([play])) : Set(ends[play]))
    }
  }

  private mutating func addNode(_ task: PlannedTask) -> Int {
    let name = task.task.keywords.name.map(Self.text) ?? task.task.module.written
    graph.nodes.append(
      TaskGraph.Node(
        title: task.context.role.map { "\($0.role.name) : \(name)" } ?? name, module: task.task.module.written,
        place: task.place, key: task.key, kind: task.kind, play: graph.plays.count - 1))
    return graph.nodes.count - 1
  }

  private mutating func addOrder(_ task: PlannedTask, _ place: Int, _ ids: [String: Int]) {
    if let needs = task.task.needs {
      let needed = needs.compactMap { ids[$0] }
      graph.edges += needed.map { TaskGraph.Edge(from: $0, to: place, kind: .needs) }
      frontier.removeAll { needed.contains($0) }
      frontier.append(place)
    } else {
      graph.edges += frontier.map { TaskGraph.Edge(from: $0, to: place, kind: .order) }
      frontier = [place]
    }
  }

  private mutating func addData(_ task: PlannedTask, _ place: Int) {
    let names = TaskTexts(task).identifiers
    for (name, setter) in setters.sorted(by: { $0.key < $1.key }) where names.contains(name) && setter != place {
      graph.edges.append(TaskGraph.Edge(from: setter, to: place, kind: .data, label: name))
    }
    if let register = task.task.register?.constant?.string { setters[register] = place }
    guard task.module == "set_fact" else { return }
    for name in task.task.arguments.values.keys where name != "cacheable" { setters[name] = place }
  }

  private mutating func addNotifications(
    _ tasks: [(place: Int, task: PlannedTask)], _ handlers: [(place: Int, task: PlannedTask)]
  ) {
    for (place, task) in tasks {
      for name in task.notify.flatMap({ $0.constant.map { $0.list?.compactMap(\.string) ?? [$0.string].compactMap(\.self) } ?? [] }) {
        for handler in handlers where Self.isNotified(handler.task, by: name) {
          graph.edges.append(TaskGraph.Edge(from: place, to: handler.place, kind: .notify, label: name))
        }
      }
    }
  }

  private static func isNotified(_ handler: PlannedTask, by name: String) -> Bool {
    let own = handler.task.keywords.name.map(text) ?? ""
    let topics = handler.task.listen.flatMap { $0.constant?.list?.compactMap(\.string) ?? [$0.constant?.string].compactMap(\.self) }
    let prefix = handler.context.role.map { "\($0.role.name) : " }
    return ([own] + topics).contains { $0 == name || (prefix ?? "") + $0 == name }
  }

  /// As written.
  private static func text(_ source: SourceValue) -> String {
    if case .template(let template) = source { return template.source }
    return source.constant?.string ?? source.asWritten.pythonText
  }
}

/// The words that stand in a task's templates and conditions.
private struct TaskTexts {
  private(set) var identifiers: Set<String> = []

  init(_ task: PlannedTask) {
    for condition in task.conditions + (task.task.changedWhen ?? []) + (task.task.failedWhen ?? []) + (task.task.until ?? []) {
      add(condition.text)
    }
    for source in task.task.arguments.values.values { add(source) }
    for source in [task.task.arguments.freeForm, task.task.arguments.variable].compactMap(\.self) { add(source) }
    for source in task.task.keywords.vars.values { add(source) }
    switch task.task.loop?.source {
    case .loop(let source)?, .lookup(_, let source)?: add(source)
    case nil: break
    }
  }

  private mutating func add(_ source: SourceValue) {
    switch source {
    case .value: break
    case .template(let template): add(template.source)
    case .list(let sources): for source in sources { add(source) }
    case .dict(let sources): for source in sources.values { add(source) }
    }
  }

  private mutating func add(_ text: String) {
    identifiers.formUnion(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
  }
}
