/// What `martlet drift` found: every resource that runs manage, and how it is now.
package struct DriftReport: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    case asLeft = "as_left"
    case drifted, missing, orphaned
    /// Nothing was kept to compare with, or the look at it failed.
    case unknown
    case unreachable
  }

  package struct Finding: Sendable, Equatable {
    package var record: ManagedRecord
    package var state: State
    package var reason: String?
    package var diffs: [FileDiff]

    package init(record: ManagedRecord, state: State, reason: String? = nil, diffs: [FileDiff] = []) {
      self.record = record
      self.state = state
      self.reason = reason
      self.diffs = diffs
    }
  }

  package var findings: [Finding]

  package init(_ findings: [Finding]) { self.findings = findings }

  package func count(_ state: State) -> Int { findings.count { $0.state == state } }

  /// 4 where a host could not be reached, 2 where something is not as it was left, else 0.
  package var exitStatus: Int32 {
    if count(.unreachable) > 0 { return 4 }
    return findings.contains { [.drifted, .missing, .orphaned].contains($0.state) } ? 2 : 0
  }

  package var value: Value {
    let counts = State.allCases.map { (Value.string($0.rawValue), Value.int(count($0))) }
    return ["counts": .dict(Value.Dict(counts) { $1 }), "resources": .list(findings.map(\.value))]
  }
}

extension DriftReport.Finding {
  /// A resource as a module or `stat` sees it now, against what was left.
  package init(_ record: ManagedRecord, seeing outcome: StepOutcome) {
    self.init(record: record, state: record.isOrphaned ? .orphaned : .asLeft)
    switch outcome.result.status {
    case .unreachable: (state, reason) = (.unreachable, outcome.result.message)
    case .failed, .skipped: (state, reason) = (.unknown, outcome.result.message ?? "it could not be looked at")
    case .changed, .ok:
      let found = record.resource.module == "stat" ? fileDifference(outcome) : moduleDifference(outcome)
      if let found { (state, reason) = found }
      diffs = outcome.result.diffs
    }
  }

  private func moduleDifference(_ outcome: StepOutcome) -> (DriftReport.State, String?)? {
    guard outcome.result.status == .changed else { return nil }
    let present = ["apt", "package", "dnf", "dnf5", "yum", "pip", "user", "group"]
    let wanted = record.resource.arguments?["state"]?.string ?? "present"
    let isMissing = present.contains(record.resource.module) && wanted != "absent"
    return (isMissing && diffs.isEmpty && outcome.result.fields["append"] == nil ? .missing : .drifted, outcome.result.message)
  }

  private func fileDifference(_ outcome: StepOutcome) -> (DriftReport.State, String?)? {
    guard let stat = outcome.result.fields["stat"], let wanted = record.resource.arguments else { return nil }
    guard stat["exists"]?.bool == true else { return (.missing, nil) }
    var differences: [String] = []
    if let checksum = wanted["checksum"]?.string, stat["checksum"]?.string != checksum { differences.append("content") }
    for (asked, names) in [("owner", ["pw_name", "uid"]), ("group", ["gr_name", "gid"])] {
      guard let value = wanted[.string(asked)]?.pythonText else { continue }
      if !names.contains(where: { stat[.string($0)]?.pythonText == value }) { differences.append(asked) }
    }
    if let mode = wanted["mode"]?.string, let now = stat["mode"]?.string, Int(mode, radix: 8) != Int(now, radix: 8) {
      differences.append("mode (\(now), was \(mode))")
    }
    return differences.isEmpty ? nil : (.drifted, differences.joined(separator: ", ") + " differs")
  }

  fileprivate var value: Value {
    func value(_ stamp: RunStamp?) -> Value {
      stamp.map { ["run": .string($0.run), "user": .string($0.user), "time": .float($0.time)] } ?? .null
    }
    return [
      "host": .string(record.host), "module": .string(record.resource.module), "name": .string(record.resource.name),
      "state": .string(state.rawValue), "reason": reason.map(Value.string) ?? .null, "runbook": .string(record.runbook),
      "task": .string(record.task), "seen": value(record.seen), "changed": value(record.changed),
      "diffs": .list(diffs.map(\.value)),
    ]
  }
}
