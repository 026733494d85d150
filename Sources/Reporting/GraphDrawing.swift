import Model

/// A task graph as text, for Graphviz, for Mermaid, or for programs.
package struct GraphDrawing {
  private let graph: TaskGraph
  private let critical: [Int]
  private let criticalSteps: Set<[Int]>

  package init(_ graph: TaskGraph) {
    self.graph = graph
    critical = graph.criticalPath
    criticalSteps = Set(zip(critical, critical.dropFirst()).map { [$0, $1] })
  }

  /// Written order is not repeated: a task names what it waits for only where that is not just the task before it.
  package var text: String {
    var lines: [String] = []
    let incoming = Dictionary(grouping: graph.edges, by: \.to)
    for (number, play) in graph.plays.enumerated() {
      lines += ["PLAY \(play.name)  (\(play.place))\(needs(play))".visible]
      for place in graph.nodes.indices where graph.nodes[place].play == number {
        lines.append(line(place))
        lines += (incoming[place] ?? []).filter { $0.kind != .order || $0.from != place - 1 }.map { "         \(words($0))".visible }
        if isApart(place, incoming[place] ?? []) { lines.append("         waits for no task") }
      }
      lines.append("")
    }
    if !critical.isEmpty { lines += criticalLines }
    return lines.joined(separator: "\n") + (critical.isEmpty ? "" : "\n")
  }

  /// It does not come after the task that stands before it in its play, nor after any other.
  private func isApart(_ place: Int, _ incoming: [TaskGraph.Edge]) -> Bool {
    let play = graph.nodes[place].play
    guard place > 0, graph.nodes[place - 1].play == play else { return false }
    return !incoming.contains { $0.kind != .notify && graph.nodes[$0.from].play == play }
  }

  private func needs(_ play: TaskGraph.Play) -> String {
    guard let needs = play.needs else { return "" }
    return needs.isEmpty ? ", waits for no play" : ", needs \(needs.map { graph.plays[$0].name }.joined(separator: ", "))"
  }

  private func line(_ place: Int) -> String {
    let node = graph.nodes[place], number = String(place + 1)
    let mark = critical.contains(place) ? "*" : " "
    let kind = node.kind == .handler ? "handler " : ""
    let time = node.seconds.map { "  \(durationText($0))\(node.slowestHost.map { " on \($0)" } ?? "")" } ?? ""
    let blanks = String(repeating: " ", count: max(0, 4 - number.count))
    return "\(mark)\(blanks)\(number)  \(kind)\(node.title)  [\(node.module)]\(time)".visible
  }

  private func words(_ edge: TaskGraph.Edge) -> String {
    let other = "\(edge.from + 1)"
    return switch edge.kind {
    case .order: "after \(other)"
    case .needs: "needs \(other)"
    case .data: "uses \(edge.label ?? "a variable") of \(other)"
    case .notify: "notified by \(other)"
    }
  }

  private var criticalLines: [String] {
    let total = critical.compactMap { graph.nodes[$0].seconds }.reduce(0, +)
    return ["critical path: \(durationText(total)), marked *: \(critical.map { "\($0 + 1)" }.joined(separator: " > "))"]
  }

  // MARK: pictures

  package var dot: String {
    var lines = ["digraph runbook {", "  rankdir=TB;", "  node [shape=box, fontname=\"sans-serif\"];"]
    for (number, play) in graph.plays.enumerated() {
      lines += ["  subgraph cluster_\(number) {", "    label=\(quoted(play.name));"]
      for place in graph.nodes.indices where graph.nodes[place].play == number {
        let shape = graph.nodes[place].kind == .handler ? ", style=rounded" : ""
        let style = shape + (critical.contains(place) ? ", color=red, penwidth=2" : "")
        lines.append("    t\(place + 1) [label=\(quoted(labels(place).joined(separator: "\n")))\(style)];")
      }
      lines.append("  }")
    }
    for edge in graph.edges {
      var attributes = edge.label.map { ["label=\(quoted($0))"] } ?? []
      if edge.kind == .data || edge.kind == .notify { attributes.append("style=dashed") }
      if isCritical(edge) { attributes += ["color=red", "penwidth=2"] }
      lines.append("  t\(edge.from + 1) -> t\(edge.to + 1)\(attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]");")
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  package var mermaid: String {
    var lines = ["flowchart TD"]
    for (number, play) in graph.plays.enumerated() {
      lines.append("  subgraph p\(number + 1)[\"\(entities(play.name))\"]")
      for place in graph.nodes.indices where graph.nodes[place].play == number {
        let label = labels(place).map(entities).joined(separator: "<br/>")
        lines.append(graph.nodes[place].kind == .handler ? "    t\(place + 1)([\"\(label)\"])" : "    t\(place + 1)[\"\(label)\"]")
      }
      lines.append("  end")
    }
    for edge in graph.edges {
      let arrow = isCritical(edge) ? "==>" : edge.kind == .data || edge.kind == .notify ? "-.->" : "-->"
      let label = edge.label.map { "|\"\(entities($0))\"|" } ?? ""
      lines.append("  t\(edge.from + 1) \(arrow)\(label) t\(edge.to + 1)")
    }
    if !critical.isEmpty {
      let names = critical.map { "t\($0 + 1)" }.joined(separator: ",")
      lines += ["  classDef critical stroke:#c00,stroke-width:3px", "  class \(names) critical"]
    }
    return (lines + [""]).joined(separator: "\n")
  }

  /// `{plays, tasks, edges, critical_path}`; numbers are places in `tasks` from 0.
  package var value: Value {
    let tasks = graph.nodes.map { node -> Value in
      [
        "title": .string(node.title), "module": .string(node.module), "place": .string(node.place), "key": .string(node.key),
        "kind": .string(node.kind.rawValue), "play": .int(node.play), "seconds": node.seconds.map(Value.float) ?? .null,
        "slowest_host": node.slowestHost.map(Value.string) ?? .null,
      ]
    }
    let edges = graph.edges.map { edge -> Value in
      [
        "from": .int(edge.from), "to": .int(edge.to), "kind": .string(edge.kind.rawValue),
        "label": edge.label.map(Value.string) ?? .null,
      ]
    }
    let plays = graph.plays.map { play -> Value in
      ["name": .string(play.name), "place": .string(play.place), "needs": play.needs.map { .list($0.map(Value.int)) } ?? .null]
    }
    return [
      "plays": .list(plays), "tasks": .list(tasks),
      "edges": .list(edges), "critical_path": .list(critical.map(Value.int)),
    ]
  }

  private func isCritical(_ edge: TaskGraph.Edge) -> Bool { criticalSteps.contains([edge.from, edge.to]) }

  private func labels(_ place: Int) -> [String] {
    let node = graph.nodes[place]
    return [node.title, node.module] + (node.seconds.map { [durationText($0)] } ?? [])
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }

  /// Mermaid takes HTML's entities, and nothing else that is safe.
  private func entities(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\n", with: " ")
  }
}
