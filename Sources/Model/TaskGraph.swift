/// A runbook's graph to be drawn: its tasks, what each waits for, and, of a past run, how long each took.
package struct TaskGraph: Sendable, Equatable {
  package struct Play: Sendable, Equatable {
    package var name: String
    package var place: String
    /// Where the play says what it needs: the plays that it waits for, by their places. Nil: it waits for all before it.
    package var needs: [Int]?

    package init(name: String, place: String, needs: [Int]? = nil) {
      self.name = name
      self.place = place
      self.needs = needs
    }
  }

  package struct Node: Sendable, Equatable {
    package var title: String
    package var module: String
    package var place: String
    /// Stable between runs of an unchanged runbook.
    package var key: String
    package var kind: TaskHeader.Kind
    /// Its place among `plays`.
    package var play: Int
    /// Of a past run: how long the slowest host took, and which one that was.
    package var seconds: Double?
    package var slowestHost: String?

    package init(title: String, module: String, place: String, key: String, kind: TaskHeader.Kind, play: Int) {
      self.title = title
      self.module = module
      self.place = place
      self.key = key
      self.kind = kind
      self.play = play
    }
  }

  package enum EdgeKind: String, Sendable, CaseIterable {
    /// Written order.
    case order
    /// `needs`.
    case needs
    /// A registered variable or a fact that was set.
    case data
    case notify
  }

  /// From what comes first to what waits; numbers are places among `nodes`.
  package struct Edge: Sendable, Hashable {
    package var from: Int
    package var to: Int
    package var kind: EdgeKind
    /// The variable, or the name that is notified.
    package var label: String?

    package init(from: Int, to: Int, kind: EdgeKind, label: String? = nil) {
      self.from = from
      self.to = to
      self.kind = kind
      self.label = label
    }
  }

  package var plays: [Play] = []
  package var nodes: [Node] = []
  package var edges: [Edge] = []

  package init() {}

  /// Takes over how long the steps of a run took. Returns the titles of tasks of the run that the graph does not have.
  package mutating func time(by run: RunDetails) -> [String] {
    let places = Dictionary(nodes.indices.map { (nodes[$0].key, $0) }) { first, _ in first }
    var unknown: [String] = []
    let steps = Dictionary(grouping: run.steps, by: \.step.task)
    for task in run.tasks where task.module != "meta" {
      guard let place = places[task.key], nodes[place].module == task.module else {
        unknown.append("'\(task.title)' (\(task.place))")
        continue
      }
      for step in steps[task.task] ?? [] {
        guard let seconds = step.outcome?.durationSeconds, seconds >= nodes[place].seconds ?? 0 else { continue }
        nodes[place].seconds = seconds
        nodes[place].slowestHost = step.step.host
      }
    }
    return unknown
  }

  /// It has the times of a run.
  package var isTimed: Bool { nodes.contains { $0.seconds != nil } }

  /// The chain of tasks that no other order could have made shorter: the longest way through the edges, by time. Empty without a run.
  package var criticalPath: [Int] {
    guard isTimed else { return [] }
    var total = nodes.map { $0.seconds ?? 0 }, previous = [Int?](repeating: nil, count: nodes.count)
    // Edges point forwards, but for notifications of handlers that stand before: those wait for nothing that is timed here.
    let incoming = Dictionary(grouping: edges.filter { $0.from < $0.to }, by: \.to)
    for node in nodes.indices {
      let best = (incoming[node] ?? []).max { total[$0.from] < total[$1.from] }
      guard let best else { continue }
      total[node] += total[best.from]
      previous[node] = best.from
    }
    guard let last = total.indices.max(by: { total[$0] < total[$1] }) else { return [] }
    return sequence(first: last) { previous[$0] }.reversed().filter { nodes[$0].seconds != nil }
  }
}
