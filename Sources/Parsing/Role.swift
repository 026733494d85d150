import Model
import OrderedCollections
import Templating

/// A role as read from its folder. One object per (folder, *_from choices), shared by its uses.
package final class Role: Sendable {
  /// As used: `web`, or `namespace.collection.web`.
  package let name: String
  package let directory: String
  package let tasks: [TaskNode]
  package let handlers: [TaskNode]
  package let defaults: OrderedDictionary<String, SourceValue>
  package let vars: OrderedDictionary<String, SourceValue>
  package let dependencies: [RoleUse]
  package let allowsDuplicates: Bool
  package let collection: String?
  /// The entry of the role's argument specs for the chosen tasks file: a dict with `options` and `short_description`.
  package let argumentSpec: SourceValue?
  package let choices: RoleChoices

  package init(
    name: String, directory: String, tasks: [TaskNode], handlers: [TaskNode],
    defaults: OrderedDictionary<String, SourceValue>, vars: OrderedDictionary<String, SourceValue>,
    dependencies: [RoleUse], allowsDuplicates: Bool, collection: String?, argumentSpec: SourceValue? = nil,
    choices: RoleChoices = RoleChoices()
  ) {
    self.name = name
    self.directory = directory
    self.tasks = tasks
    self.handlers = handlers
    self.defaults = defaults
    self.vars = vars
    self.dependencies = dependencies
    self.allowsDuplicates = allowsDuplicates
    self.collection = collection
    self.argumentSpec = argumentSpec
    self.choices = choices
  }

  package var identity: SourceContext.RoleIdentity {
    SourceContext.RoleIdentity(name: name, directory: directory, collection: collection)
  }
}

/// Which files of a role are used: `tasks_from` and its like; nil is `main`.
package struct RoleChoices: Sendable, Hashable {
  package var tasks: String?
  package var handlers: String?
  package var defaults: String?
  package var vars: String?

  package init(tasks: String? = nil, handlers: String? = nil, defaults: String? = nil, vars: String? = nil) {
    self.tasks = tasks
    self.handlers = handlers
    self.defaults = defaults
    self.vars = vars
  }
}

extension Role {
  /// Without the collection that it comes from.
  package var shortName: String {
    guard let collection, name.hasPrefix("\(collection).") else { return name }
    return String(name.dropFirst(collection.count + 1))
  }
}
