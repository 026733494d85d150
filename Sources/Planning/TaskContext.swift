import Model
import OrderedCollections
import Parsing
import Templating

/// What encloses a task: play, role uses, blocks, imports and includes, innermost first. Shared by all tasks beside it.
package final class TaskContext: Sendable {
  package enum Kind: Sendable {
    case play
    case block
    case role(RoleUse)
    /// A dynamic include; its vars beat facts and registered variables.
    case include
  }

  package let kind: Kind
  package let keywords: Keywords
  package let parent: TaskContext?
  /// Enclosing role uses, innermost first; a dependency's parent is the role that asked for it.
  package let roles: [RoleUse]
  /// Variables of blocks, roles and imports (precedence 15 to 17), highest first. A role's dependencies beat what it stands in.
  package let variables: [OrderedDictionary<String, SourceValue>]
  /// Role and include parameters (precedence 20 and 21), highest first.
  package let parameters: [OrderedDictionary<String, SourceValue>]
  /// Role defaults (precedence 2), innermost role first.
  package let defaults: [OrderedDictionary<String, SourceValue>]
  /// Folders in which the files of a task are looked for, nearest first.
  package let searchDirectories: [String]

  package init(
    _ kind: Kind, keywords: Keywords, parent: TaskContext?, searchDirectory: String? = nil
  ) {
    self.kind = kind
    self.keywords = keywords
    self.parent = parent
    let inherited = parent?.searchDirectories ?? []
    switch kind {
    case .role(let use):
      roles = [use] + (parent?.roles ?? [])
      let dependencies = use.role.allDependencies
      variables = Self.nonEmpty([keywords.vars, use.role.vars] + dependencies.map(\.vars)) + (parent?.variables ?? [])
      parameters = Self.nonEmpty([use.parameters]) + (parent?.parameters ?? [])
      defaults = Self.nonEmpty([use.role.defaults]) + (parent?.defaults ?? []) + Self.nonEmpty(dependencies.map(\.defaults))
      searchDirectories = [use.role.directory] + inherited
    case .include:
      roles = parent?.roles ?? []
      variables = parent?.variables ?? []
      parameters = Self.nonEmpty([keywords.vars]) + (parent?.parameters ?? [])
      defaults = parent?.defaults ?? []
      searchDirectories = (searchDirectory.map { [$0] } ?? []) + inherited
    case .block:
      roles = parent?.roles ?? []
      variables = Self.nonEmpty([keywords.vars]) + (parent?.variables ?? [])
      parameters = parent?.parameters ?? []
      defaults = parent?.defaults ?? []
      searchDirectories = inherited
    case .play:
      // What an import_playbook sets beats the play's own variables, which are looked up apart.
      (roles, variables, parameters, defaults) = ([], parent?.variables ?? [], [], [])
      searchDirectories = searchDirectory.map { [$0] } ?? []
    }
  }

  package var role: RoleUse? { roles.first }

  private static func nonEmpty(
    _ layers: [OrderedDictionary<String, SourceValue>]
  ) -> [OrderedDictionary<String, SourceValue>] {
    layers.filter { !$0.isEmpty }
  }
}

extension Role {
  /// Roles that this one depends on, and those that they depend on, nearest and last named first.
  fileprivate var allDependencies: [Role] {
    dependencies.reversed().flatMap { [$0.role] + $0.role.allDependencies }
  }
}
