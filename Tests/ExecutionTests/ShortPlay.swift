import Model
import OrderedCollections
import Parsing
import Templating

@testable import Execution
@testable import Planning

/// A play in short words (see `RunStateTests`), run by a loop that ends every step at once.
struct ShortPlay {
  private let given: RunStateTests.Case
  private var state: RunState
  private let handlerNames: [String]

  init(_ given: RunStateTests.Case) {
    self.given = given
    handlerNames = given.handlers.split(separator: " ").map { String($0.prefix { $0 != "*" }) }
    state = RunState(
      fragments: [Self.fragment(given.play), Self.fragment(given.handlers)], handlers: 1, hostCount: given.hosts,
      strategy: given.strategy)
  }

  mutating func run() -> (events: String, ends: String) {
    var events: [String] = []
    while !state.isFinished {
      let rounds = state.proposeRounds()
      precondition(!rounds.isEmpty, "stuck after \(events)")
      for round in rounds { state.open(round) }
      for start in state.startable(limit: .max) {
        guard let task = state.rounds[start.round]?.task else { continue }
        if !task.isFlush { events.append("\(task.module)@\(start.host)") }
        let end = end(of: task, start.host)
        if end == .passed, let name = task.notify.first?.constant?.string, let index = handlerNames.firstIndex(of: name) {
          state.notify([index], host: start.host)
        }
        if let round = state.stepEnded(start, end) { state.close(round.id) }
      }
    }
    return (events.joined(separator: " "), state.cursors.map { "\($0.status)" }.joined(separator: " "))
  }

  private func end(of task: PlannedTask, _ host: Int) -> RunState.StepEnd {
    let step = "\(task.module)@\(host)"
    if given.skipping.contains(step) { return .skipped }
    return given.failing.contains(step) ? .failed : given.unreachable.contains(step) ? .unreachable : .passed
  }

  static func fragment(_ text: String) -> Fragment {
    var builder = FragmentBuilder()
    var blocks: [(mark: FragmentBuilder.BlockMark, part: Int)] = []
    var roles: [FragmentBuilder.RoleMark] = []
    for word in text.split(separator: " ").map(String.init) {
      switch word {
      case "(": blocks.append((builder.beginBlock(), 0))
      case "|":
        if blocks[blocks.count - 1].part == 0 {
          builder.endBody(blocks[blocks.count - 1].mark)
        } else {
          builder.endRescue(blocks[blocks.count - 1].mark)
        }
        blocks[blocks.count - 1].part += 1
      case ")": builder.endBlock(blocks.removeLast().mark)
      case ">": builder.endRole(roles.removeLast())
      case "!": builder.append(.flushHandlers(task("meta", freeForm: "flush_handlers")))
      default:
        if word.hasPrefix("<") {
          roles.append(builder.beginRole(RoleKey(directory: word, parameters: "", allowsDuplicates: false)))
        } else {
          let parts = word.split(separator: "*").map(String.init)
          builder.append(.task(task(parts[0], notify: parts.count > 1 ? parts[1] : nil)))
        }
      }
    }
    return builder.finish().fragment
  }

  private static func task(_ module: String, freeForm: String? = nil, notify: String? = nil) -> PlannedTask {
    let span = SourceSpan(file: SourceFile(path: "play.yml", text: ""), line: 1, column: 1)
    var arguments = TaskArguments(span: span)
    arguments.freeForm = freeForm.map { .value(.string($0)) }
    var task = RunbookTask(span: span, module: ModuleName(written: module, span: span), arguments: arguments)
    task.keywords.notify = notify.map { [.value(.string($0))] } ?? []
    return PlannedTask(
      reference: 0, task: task, context: TaskContext(.play, keywords: Keywords(), parent: nil), kind: .task,
      module: module, isImplicit: false, key: module)
  }
}
