/// Something on a host that a run has put or kept in a state: a file, a package, a service, a user.
package struct ManagedResource: Sendable, Hashable {
  /// The module that can look at it again; `stat` for files whose content a run wrote.
  package var module: String
  /// A path, or the name of a package, service, user …
  package var name: String
  /// What the module was asked for, without secrets; nil where nothing is left to compare with.
  package var arguments: Value.Dict?
  /// The user that the step became; nil for the one that logged in.
  package var becomeUser: String?

  package init(module: String, name: String, arguments: Value.Dict?, becomeUser: String? = nil) {
    self.module = module
    self.name = name
    self.arguments = arguments
    self.becomeUser = becomeUser
  }
}

/// A resource as the state database has it: who left it as it is.
package struct ManagedRecord: Sendable, Equatable {
  package var host: String
  package var resource: ManagedResource
  package var runbook: String
  /// The task's title and place.
  package var task: String
  /// The run that last looked after it, and the one that last changed it; nil where none has yet.
  package var seen: RunStamp
  package var changed: RunStamp?
  /// A later whole run of its runbook did not look after it any more.
  package var isOrphaned: Bool

  package init(
    host: String, resource: ManagedResource, runbook: String, task: String, seen: RunStamp, changed: RunStamp?, isOrphaned: Bool
  ) {
    self.host = host
    self.resource = resource
    self.runbook = runbook
    self.task = task
    self.seen = seen
    self.changed = changed
    self.isOrphaned = isOrphaned
  }
}

package struct RunStamp: Sendable, Equatable {
  package var run: String
  package var user: String
  /// Seconds since 1970.
  package var time: Double

  package init(run: String, user: String, time: Double) {
    self.run = run
    self.user = user
    self.time = time
  }
}
