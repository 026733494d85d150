import Model
import OrderedCollections
import Parsing
import Templating

/// Draws compiled plays as a graph: its edges are those that a run goes by. Beside them stands what is registered, set as a fact, or notified.
package struct TaskGraphBuilder {
  private var graph = TaskGraph()
  /// The last tasks so far, that nothing waits for yet.
  private var frontier: [Int] = []
  /// Tasks of the play at hand by their ids.
  private var ids: [String: Int] = [:]
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
    (frontier, ids) = ([], [:])
    let added = addTasks(of: compiled.main)
    starts.append(roots(from: first))
    let handlers = compiled.handlers.tasks.map { task in
      let place = addNode(task)
      addData(task, place)
      addInOrder(place)
      return (place: place, task: task)
    }
    addNotifications(added + handlers, handlers)
    ends.append(frontier)
    waits.append(after)
  }

  private mutating func addTasks(of fragment: Fragment) -> [(place: Int, task: PlannedTask)] {
    var added: [(place: Int, task: PlannedTask)] = [], index = 0
    while index < fragment.nodes.count {
      if let group = fragment.groups[index] {
        added += add(group, Fragment(nodes: Array(fragment.nodes[group.range])).tasks)
        index = group.range.upperBound
        continue
      }
      if case .task(let task) = fragment.nodes[index] {
        let place = addNode(task)
        addData(task, place)
        addInOrder(place)
        added.append((place, task))
      }
      index += 1
    }
    return added
  }

  /// Tasks that `needs` orders; the first of them come after all before the group.
  private mutating func add(_ group: TaskGroup, _ tasks: [PlannedTask]) -> [(place: Int, task: PlannedTask)] {
    let wall = frontier, places = tasks.map { addNode($0) }
    for (offset, task) in tasks.enumerated() {
      let named = Set((task.task.needs ?? []).compactMap { ids[$0] })
      graph.edges += named.sorted().map { TaskGraph.Edge(from: $0, to: places[offset], kind: .needs) }
      addData(task, places[offset])
      let drawn = Set(graph.edges.filter { $0.to == places[offset] }.map(\.from))
      let seen = group.after[offset].filter { !drawn.contains(places[$0]) }
      // A task without `needs` comes after all before it: it is enough to show the last of them.
      let shown = task.task.needs == nil ? seen.filter { earlier in !seen.contains { group.after[$0].contains(earlier) } } : seen
      let kind: TaskGraph.EdgeKind = task.task.needs == nil ? .order : .data
      graph.edges += shown.map { TaskGraph.Edge(from: places[$0], to: places[offset], kind: kind) }
      if group.after[offset].isEmpty { graph.edges += wall.map { TaskGraph.Edge(from: $0, to: places[offset], kind: .order) } }
    }
    frontier = tasks.indices.filter { group.before[$0].isEmpty }.map { places[$0] }
    return Array(zip(places, tasks)).map { (place: $0, task: $1) }
  }

  private mutating func addInOrder(_ place: Int) {
    graph.edges += frontier.map { TaskGraph.Edge(from: $0, to: place, kind: .order) }
    frontier = [place]
  }

  /// Tasks of the play at hand that wait for none of it.
  private func roots(from first: Int) -> [Int] {
    let waiting = Set(graph.edges.filter { $0.from >= first && $0.kind != .notify }.map(\.to))
    return (first..<graph.nodes.count).filter { !waiting.contains($0) }
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

  private mutating func addData(_ task: PlannedTask, _ place: Int) {
    if let id = task.task.id { ids[id] = place }
    let used = TaskReferences(task).used
    for (name, setter) in setters.sorted(by: { $0.key < $1.key }) where used.contains(name) && setter != place {
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
