import Model
import OrderedCollections
import Synchronization
import Templating
import YAML

/// What was read once is not read again in the same run.
final class ParseCache: Sendable {
  struct Document {
    /// Nil for an empty file, or a broken one.
    var node: YAMLNode?
    var diagnostics: Diagnostics
    var isEncrypted: Bool
  }

  struct Variables {
    var values: OrderedDictionary<String, SourceValue>
    var diagnostics: Diagnostics
  }

  struct RoleKey: Hashable {
    var directory: String
    var name: String
    var choices: RoleChoices
    var parents: [String]
    var scopeNumber: Int
    var flags: [Bool]
  }

  struct TaskFileKey: Hashable {
    var path: String
    var role: String?
    var includeDirectories: [String]
    var collections: [String]
    var scopeNumber: Int
    var flags: [Bool]
  }

  private struct Contents {
    var documents: [String: Document] = [:]
    var variables: [String: Variables] = [:]
    var roles: [RoleKey: (role: Role?, diagnostics: Diagnostics)] = [:]
    var taskFiles: [TaskFileKey: (tasks: [TaskNode], diagnostics: Diagnostics)] = [:]
    var actionGroups: [String: ActionGroupSearch.Finding] = [:]
    var lastScopeNumber = 0
  }

  private let contents = Mutex(Contents())

  /// A number that stands for a set of variables which names of static imports may use.
  func nextScopeNumber() -> Int {
    contents.withLock { contents in
      contents.lastScopeNumber += 1
      return contents.lastScopeNumber
    }
  }

  func document(_ path: String, make: () -> Document?) -> Document? {
    if let known = contents.withLock({ $0.documents[path] }) { return known }
    guard let made = make() else { return nil }
    contents.withLock { $0.documents[path] = made }
    return made
  }

  func variables(_ path: String, make: () -> Variables?) -> Variables? {
    if let known = contents.withLock({ $0.variables[path] }) { return known }
    guard let made = make() else { return nil }
    contents.withLock { $0.variables[path] = made }
    return made
  }

  func role(_ key: RoleKey, make: () -> (role: Role?, diagnostics: Diagnostics)) -> (
    role: Role?, diagnostics: Diagnostics
  ) {
    if let known = contents.withLock({ $0.roles[key] }) { return known }
    let made = make()
    contents.withLock { $0.roles[key] = made }
    return made
  }

  func taskFile(
    _ key: TaskFileKey, make: () -> (tasks: [TaskNode], diagnostics: Diagnostics)
  ) -> (tasks: [TaskNode], diagnostics: Diagnostics) {
    if let known = contents.withLock({ $0.taskFiles[key] }) { return known }
    let made = make()
    contents.withLock { $0.taskFiles[key] = made }
    return made
  }

  /// `isNew` is true once for each key.
  func actionGroup(
    _ key: String, make: () -> ActionGroupSearch.Finding
  ) -> (finding: ActionGroupSearch.Finding, isNew: Bool) {
    if let known = contents.withLock({ $0.actionGroups[key] }) { return (known, false) }
    let made = make()
    let isNew = contents.withLock { $0.actionGroups.updateValue(made, forKey: key) == nil }
    return (made, isNew)
  }
}
