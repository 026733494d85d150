// Records of past runs as values, for `--json`. Keys are only ever added.

extension RunRecord {
  /// Times are seconds since 1970; `state` is `running`, `completed`, `interrupted`, `crashed` or `died`.
  package var value: Value { .dict(fields) }

  var fields: Value.Dict {
    var fields = header.fields
    switch state {
    case .running(let processID):
      fields["state"] = "running"
      fields["process_id"] = .int(Int(processID))
    case .ended(let ending): fields["state"] = .string(ending.rawValue)
    case .died: fields["state"] = "died"
    }
    fields["started_at"] = .float(startedAt)
    fields["ended_at"] = endedAt.map(Value.float) ?? .null
    fields["exit_status"] = exitStatus.map { .int(Int($0)) } ?? .null
    let counts = StepResult.Status.allCases.map { (Value.string($0.rawValue), Value.int(steps[$0] ?? 0)) }
    fields["steps"] = .dict(Value.Dict(uniqueKeysWithValues: counts))
    fields["open_steps"] = .int(openSteps)
    let recap = hosts.map { (Value.string($0.key), Value.dict($0.value.fields)) }
    fields["hosts"] = .dict(Value.Dict(uniqueKeysWithValues: recap))
    return fields
  }
}

extension RunDetails {
  /// The run with its plays, tasks, steps and messages; a step in doubt has no `status`.
  package var value: Value {
    var fields = run.fields
    fields["plays"] = .list(plays.map { .dict($0.fields) })
    fields["tasks"] = .list(tasks.map { .dict($0.fields) })
    fields["step_results"] = .list(steps.map(\.value))
    fields["messages"] = .list(messages.map { .dict($0.fields) })
    return .dict(fields)
  }
}

extension StepRecord {
  fileprivate var value: Value {
    var fields = step.fields
    fields["started_at"] = .float(startedAt)
    fields["finished_at"] = finishedAt.map(Value.float) ?? .null
    fields["finished_items"] = .int(finishedItems)
    if let outcome { fields.merge(outcome.fields) { _, new in new } }
    return .dict(fields)
  }
}
