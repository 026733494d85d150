/// What `martlet undo` came to.
package struct UndoReport: Sendable, Equatable {
  package struct Host: Sendable, Equatable {
    package var name: String
    package var restored: [String] = []
    package var removed: [String] = []
    /// Files left as they are, each with the reason.
    package var left: [String] = []
    package var failures: [String] = []
    /// Changes of the run that were none of files: undo can't take them back.
    package var others: [String] = []
    package var isUnreachable = false
    /// How many changes had been taken back before.
    package var earlier = 0
    /// The run changed files there.
    package var hasChangedFiles = false

    /// Nothing is there to take back.
    package var isEmpty: Bool { restored.isEmpty && removed.isEmpty && left.isEmpty && failures.isEmpty }
    /// What the run changed could not be kept, or its time is over.
    package var isLost: Bool { isEmpty && hasChangedFiles && earlier == 0 }

    package init(name: String) { self.name = name }

    /// Takes over what a call of `martlet_undo` said.
    package mutating func add(_ outcome: StepOutcome) {
      func texts(_ key: Value) -> [String] { outcome.result.fields[key]?.list?.compactMap(\.string) ?? [] }
      restored += texts("restored")
      removed += texts("removed")
      left += texts("left")
      earlier += outcome.result.fields["earlier"]?.int ?? 0
      if outcome.result.status == .unreachable { isUnreachable = true }
      if [.failed, .unreachable].contains(outcome.result.status), texts("left").isEmpty {
        failures.append(outcome.result.message ?? outcome.result.status.rawValue)
      }
    }
  }

  package var run: String
  package var hosts: [Host]

  package init(run: String, hosts: [Host]) {
    self.run = run
    self.hosts = hosts
  }

  /// 4 where a host could not be reached, 2 where a file was left as it is, was not kept, or something failed.
  package var exitStatus: Int32 {
    if hosts.contains(where: \.isUnreachable) { return 4 }
    return hosts.contains { !$0.left.isEmpty || !$0.failures.isEmpty || $0.isLost } ? 2 : 0
  }
}
