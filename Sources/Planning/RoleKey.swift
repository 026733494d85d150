import Parsing
import Templating

/// What makes two uses of a role the same one for de-duplication: its folder, how it is asked for, and with what.
package struct RoleKey: Sendable, Hashable {
  package var directory: String
  package var parameters: String
  package var allowsDuplicates: Bool

  package init(directory: String, parameters: String, allowsDuplicates: Bool) {
    self.directory = directory
    self.parameters = parameters
    self.allowsDuplicates = allowsDuplicates
  }

  /// Parameters, variables, conditions and tags count; an import or include is never the same as an entry of `roles`.
  package init(_ use: RoleUse) {
    func text(_ variables: VariableMap) -> [String] {
      variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
    let lines = text(use.parameters) + ["vars"] + text(use.keywords.vars) + ["when"] + use.keywords.when.map(\.text)
      + ["tags"] + use.keywords.tags.map { "\($0)" } + ["import \(use.isImport)"]
    self.init(
      directory: use.role.directory, parameters: lines.joined(separator: "\n"),
      allowsDuplicates: use.role.allowsDuplicates || use.allowsDuplicates?.constant?.bool ?? use.isImport)
  }
}
