import Actions
import Model
import Parsing
import Planning

/// Reads what includes name while a run goes on. Each file is read and parsed once per run.
package struct IncludeReader: Sendable {
  private let parser: RunbookParser

  package init(_ parser: RunbookParser) { self.parser = parser }

  struct Tasks: Sendable {
    var path: String
    var nodes: [TaskNode]
    /// Keywords that `apply` gives what is included.
    var apply: Keywords
  }

  func tasks(_ include: IncludeTasks, for task: PlannedTask) throws(IncludeFailure) -> Tasks {
    let context = context(of: task)
    let (found, places) = parser.findTaskFile(include.name, from: context)
    guard let path = found else {
      let tried = places.map { "\t\($0)" }.joined(separator: "\n")
      throw IncludeFailure("Could not find or access '\(include.name)'\nSearched in:\n\(tried)")
    }
    let (nodes, diagnostics) = parser.parseTaskFile(path, context.including(include.name))
    if diagnostics.hasErrors { throw IncludeFailure("'\(path)' has mistakes", diagnostics: diagnostics) }
    return Tasks(path: path, nodes: nodes, apply: task.task.apply ?? Keywords())
  }

  func role(_ include: IncludeRole, for task: PlannedTask) throws(IncludeFailure) -> Role {
    let choices = RoleChoices(
      tasks: include.tasksFrom, handlers: include.handlersFrom, defaults: include.defaultsFrom, vars: include.varsFrom)
    let (role, diagnostics) = parser.loadRole(
      include.name, choices: choices, context(of: task), at: task.task.module.span)
    guard let role, !diagnostics.hasErrors else {
      let reason = diagnostics.all.first { $0.severity == .error }?.message ?? "it could not be read"
      throw IncludeFailure("cannot include the role '\(include.name)': \(reason)", diagnostics: diagnostics)
    }
    return role
  }

  /// What else there is to say of a step that failed for want of a plugin.
  func pluginAdvice(for message: String, of task: PlannedTask) -> String? {
    parser.pluginAdvice(for: message, in: context(of: task))
  }

  func variables(path: String) throws(IncludeFailure) -> VariableMap {
    let (variables, diagnostics) = parser.parseVariableFile(path)
    if diagnostics.hasErrors { throw IncludeFailure("'\(path)' has mistakes", diagnostics: diagnostics) }
    return variables
  }

  func read(_ path: String) throws(ActionFailure) -> VariableMap {
    do throws(IncludeFailure) { return try variables(path: path) } catch {
      let details = error.diagnostics.all.map(\.description).joined(separator: "\n")
      throw .message("\(error.message)\n\(details)")
    }
  }

  private func context(of task: PlannedTask) -> SourceContext {
    task.task.context ?? SourceContext(playDirectory: task.context.searchDirectories.last ?? ".")
  }
}

/// What is wrong with an included file; the step that includes it fails with it.
struct IncludeFailure: Error, Sendable {
  var message: String
  var diagnostics: Diagnostics

  init(_ message: String, diagnostics: Diagnostics = Diagnostics()) {
    self.message = message
    self.diagnostics = diagnostics
  }
}
