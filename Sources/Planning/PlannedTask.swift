import Model
import Parsing
import Templating

/// A task in its place in the graph, with all that it inherits worked out once.
package final class PlannedTask: Sendable {
  package let reference: TaskReference
  package let task: RunbookTask
  package let context: TaskContext
  package let kind: TaskHeader.Kind
  /// Conditions of the play's imports, roles and blocks, then the task's own: all must hold.
  package let conditions: [Condition]
  package let tags: [SourceValue]
  package let notify: [SourceValue]
  /// Martlet added the task itself: fact gathering, flushing handlers.
  package let isImplicit: Bool
  /// Stable between runs of an unchanged runbook.
  package let key: String
  /// Short module name: `copy` for `ansible.builtin.copy`.
  package let module: String

  package init(
    reference: TaskReference, task: RunbookTask, context: TaskContext, kind: TaskHeader.Kind, module: String,
    isImplicit: Bool, key: String
  ) {
    self.reference = reference
    self.task = task
    self.context = context
    self.kind = kind
    self.module = module
    self.isImplicit = isImplicit
    self.key = key
    let chain = [task.keywords] + context.chain.map(\.keywords)
    conditions = isImplicit ? [] : chain.reversed().flatMap(\.when)
    tags = chain.flatMap(\.tags)
    notify = chain.flatMap(\.notify)
  }

  /// The values given for a keyword, the task's own first, then outwards; the first that does not render to `omit` counts.
  package func candidates(_ keyword: KeyPath<Keywords, SourceValue?>) -> [SourceValue] {
    var found: [SourceValue] = []
    if let own = task.keywords[keyPath: keyword] { found.append(own) }
    var next: TaskContext? = context
    while let enclosing = next {
      if let value = enclosing.keywords[keyPath: keyword] { found.append(value) }
      next = enclosing.parent
    }
    return found
  }

  /// Lists of a keyword that add up, outermost first: `environment`, `module_defaults`.
  package func inherited<Element>(_ keyword: KeyPath<Keywords, [Element]>) -> [Element] {
    ([task.keywords] + context.chain.map(\.keywords)).reversed().flatMap { $0[keyPath: keyword] }
  }

  package var isFlush: Bool {
    module == "meta" && task.arguments.freeForm?.constant?.string == "flush_handlers"
  }

  /// Modules that concern no host in particular: under `linear` one host runs them, and only it registers the result.
  package var runsOnFirstHost: Bool { module == "add_host" || module == "pause" }

  /// Meta tasks that concern the run, not one host.
  package var runsOnceForAll: Bool {
    guard module == "meta", let action = task.arguments.freeForm?.constant?.string else { return false }
    return !["noop", "reset_connection", "end_host", "flush_handlers", "end_role"].contains(action)
  }

  /// `ansible_search_path`: the task's roles, the folder of its file, and what encloses it.
  package var searchPath: [String] {
    let path = task.span.file.path
    let own = TextFile.absolute(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".", from: TextFile.currentDirectory)
    var seen = Set<String>()
    return (context.roles.map(\.role.directory) + [own] + context.searchDirectories).filter { seen.insert($0).inserted }
  }

  package var place: String { "\(task.span.file.path):\(task.span.line)" }
}

extension TaskContext {
  /// This context and all around it, innermost first.
  package var chain: [TaskContext] {
    Array(sequence(first: self, next: \.parent))
  }
}
