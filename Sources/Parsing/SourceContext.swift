import OrderedCollections
import Templating

/// Where a list of tasks stands: what its relative names are resolved against, and what it inherits while it is parsed.
/// A task keeps it, so that includes at run time find their files by the same rules.
package struct SourceContext: Sendable {
  /// The role that a file belongs to.
  package struct RoleIdentity: Sendable, Equatable {
    package var name: String
    package var directory: String
    package var collection: String?

    package init(name: String, directory: String, collection: String?) {
      self.name = name
      self.directory = directory
      self.collection = collection
    }
  }

  /// `playbook_dir`.
  package var playDirectory: String
  package var role: RoleIdentity?
  /// Roles that brought this one in, nearest first.
  package var parentRoles: [RoleIdentity] = []
  /// Folders of the including tasks' file names as written, innermost first.
  package var includeDirectories: [String] = []
  /// Files and roles that are being read, outermost first, to notice that one brings in itself.
  package var chain: [String] = []
  /// Collections to look for modules and roles in, when a name has no dots.
  package var collections: [String] = []
  package var isHandlerList = false
  /// Stands for `variables`, and changes when they do.
  package var scopeNumber = 0
  /// What static imports may use in names, nearest first.
  package var variables: [OrderedDictionary<String, SourceValue>] = []
  /// A failure here does not end the run (`rescue`, `ignore_errors`): mistakes that show only when a task runs are warnings.
  package var toleratesFailure = false
  /// `module_defaults` may supply what a task leaves out.
  package var hasModuleDefaults = false

  /// What tells contexts apart, besides what is looked up in them.
  var flags: [Bool] { [isHandlerList, toleratesFailure, hasModuleDefaults] }

  package init(playDirectory: String) { self.playDirectory = playDirectory }

  /// The context of the tasks of a file that a task here brings in by a name.
  package func including(_ name: String) -> SourceContext {
    var inner = self
    inner.includeDirectories.insert(SourcePath.directory(of: name), at: 0)
    return inner
  }

  /// `ansible_search_path`: where actions look for `files/`, `templates/` and the like.
  package func searchPath(of file: String) -> [String] {
    var paths = ([role].compactMap(\.self) + parentRoles).map(\.directory)
    for folder in [SourcePath.directory(of: file), playDirectory] where !paths.contains(folder) { paths.append(folder) }
    return paths
  }
}
