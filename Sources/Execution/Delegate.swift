import Actions
import Model
import Planning
import Templating

/// The host that a step is delegated to. It is chosen once, before the step's condition is looked at.
struct Delegate: Sendable {
  let record: HostRecord

  /// Nil where the task is not delegated, or `omit` says so.
  init?(_ keywords: StepKeywords, _ environment: RunEnvironment) throws(ActionFailure) {
    let written = keywords.task.candidates(\.delegateTo).first
    // An empty text as written means none; one that a template comes to is a mistake.
    guard let written, written.constant?.asText != "" else { return nil }
    guard let value = try rendering(try keywords.value(\.delegateTo)) else { return nil }
    guard !value.asText.isEmpty else {
      throw .message("Task failed: Empty hostname produced from delegate_to: \"\(written.asWritten.asText)\"")
    }
    record = environment.variables.record(of: value.asText) ?? environment.makeStranger(value.asText)
  }

  /// `ansible_delegated_vars`: the delegate's variables as the task sees them, under the task's own `inventory_hostname`.
  func variables(beside scope: StepScope) -> Variable {
    var delegated = StepScope(run: scope.run, play: scope.play, host: record, task: scope.task)
    delegated.temporary["inventory_hostname"] = .value(.string(scope.host.name))
    return .mapping(OneEntry(name: record.name, scope: delegated))
  }

  /// What `ansible_host` is for the task where its own host has none.
  func address(beside scope: StepScope) -> Variable {
    StepScope(run: scope.run, play: scope.play, host: record).variable(named: "ansible_host") ?? .value(.string(record.name))
  }

  private struct OneEntry: LazyMapping {
    let name: String
    let scope: StepScope

    var keys: [String] { [name] }
    func variable(forKey key: String) -> Variable? { key == name ? .mapping(ScopeMapping(scope: scope)) : nil }
  }
}
