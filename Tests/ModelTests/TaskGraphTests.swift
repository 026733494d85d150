import Model
import Testing

struct TaskGraphTests {
  /// Three roots that a fourth task waits for; the second is the slowest.
  private func graph() -> TaskGraph {
    var graph = TaskGraph()
    graph.plays = [.init(name: "web", place: "site.yml:1")]
    graph.nodes = ["a", "b", "c", "d"].map {
      .init(title: $0, module: "command", place: "site.yml:2", key: "k/\($0)", kind: .task, play: 0)
    }
    graph.edges = [0, 1, 2].map { .init(from: $0, to: 3, kind: .needs) }
    return graph
  }

  private func run(_ seconds: [(task: String, host: String, seconds: Double)]) -> RunDetails {
    let header = RunHeader(id: "r", runbooks: [], inventories: [], command: [], user: "ada", isCheck: false)
    let record = RunRecord(
      header: header, state: .ended(.completed), startedAt: 0, endedAt: 1, exitStatus: 0, hosts: [:], steps: [:], openSteps: 0)
    let names = ["a", "b", "c", "d", "e"]
    let tasks = names.enumerated().map {
      TaskHeader(task: $0, play: 0, kind: .task, name: $1, role: nil, module: "command", place: "site.yml:2", key: "k/\($1)")
    }
    let steps = seconds.map { step in
      StepRecord(
        step: StepReference(task: names.firstIndex(of: step.task) ?? 0, host: step.host), startedAt: 0, finishedAt: 1,
        outcome: StepOutcome(result: StepResult(.ok), durationSeconds: step.seconds), finishedItems: 0)
    }
    return RunDetails(run: record, plays: [], tasks: tasks, steps: steps, messages: [])
  }

  @Test func `the critical path goes through the slowest task by its slowest host`() {
    var graph = graph()
    #expect(graph.criticalPath.isEmpty)
    let unknown = graph.time(by: run([("a", "h1", 1), ("b", "h1", 2), ("b", "h2", 5), ("c", "h1", 3), ("d", "h1", 1)]))
    #expect(unknown == ["'e' (site.yml:2)"])
    #expect(graph.nodes.map(\.seconds) == [1, 5, 3, 1])
    #expect(graph.nodes[1].slowestHost == "h2")
    #expect(graph.criticalPath == [1, 3])
  }
}
