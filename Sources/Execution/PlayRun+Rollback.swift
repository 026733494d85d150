import Actions
import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// `on_failure: rollback`: a host that has failed takes back what this run changed on it, the newest change first.
extension PlayRun {
  /// A step that changed its host and then failed counts, too.
  func note(_ report: StepReport, _ task: PlannedTask, _ host: RunState.HostIndex) {
    let result = report.outcome.result
    let isChanged = result.status == .changed || (result.status == .failed && result.fields["changed"]?.bool == true)
    guard isChanged, !environment.options.isCheck, task.module != "meta", !state.cursors[host].isRollingBack else { return }
    changes[host, default: []].append(task)
  }

  func rollBackFailed() async {
    for host in hosts.indices where state.cursors[host].status == .failed && !state.cursors[host].isRollingBack {
      guard let tasks = changes.removeValue(forKey: host), !tasks.isEmpty else { continue }
      let message = "rollback: \(hosts[host].name) takes back \(tasks.count) changes"
      await loop.emit(.message(RunMessage(kind: .meta, text: message, host: hosts[host].name)))
      let fragments = tasks.reversed().map { task in
        let nodes = rollback(of: task, on: host), key = RollbackKey(of: task.key, on: hosts[host].name).text
        return state.add(compiler.compileInclude(nodes, context: context(of: task), key: key).fragment)
      }
      state.rollBack(host, through: fragments)
    }
  }

  /// The task's own `rollback`; without one, files that its step replaced are put back.
  private func rollback(of task: PlannedTask, on host: RunState.HostIndex) -> [TaskNode] {
    guard task.task.rollback.isEmpty else { return task.task.rollback }
    guard let run = environment.options.undoRun else { return [] }
    var arguments = TaskArguments(span: task.task.span)
    arguments.values["run"] = .value(.string(run))
    arguments.values["step"] = .value(.string(task.undoName(on: hosts[host].name)))
    var undo = RunbookTask(
      span: task.task.span, module: ModuleName(written: "martlet_undo", span: task.task.span), arguments: arguments)
    undo.keywords.name = .value(.string("Rollback: \(task.shownName)"))
    return [.task(undo)]
  }

  /// As the task ran: as the same user, in the same place, with the same variables.
  private func context(of task: PlannedTask) -> TaskContext {
    var keywords = Keywords()
    let own = task.task.keywords
    keywords.vars = own.vars
    (keywords.become, keywords.becomeUser, keywords.becomeMethod) = (own.become, own.becomeUser, own.becomeMethod)
    (keywords.delegateTo, keywords.noLog, keywords.environment) = (own.delegateTo, own.noLog, own.environment)
    return TaskContext(.block, keywords: keywords, parent: task.context)
  }
}

extension PlannedTask {
  /// What a host keeps the files under that a step replaced: the same in every sitting of a run. One machine may stand for several
  /// hosts of the inventory.
  func undoName(on host: String) -> String { "\(key) \(host)" }
}
