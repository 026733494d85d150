// Events as values: the schema of JSON lines, and of outcomes in the journal. Keys are only ever added.

extension RunEvent {
  /// The event as a dict whose `event` names it.
  package var value: Value {
    switch self {
    case .runStarted(let header): Self.named("run_started", header.fields)
    case .playStarted(let header): Self.named("play_started", header.fields)
    case .playSkipped(let header, let reason):
      Self.named("play_skipped", header.fields.adding(["reason": .string(reason)]))
    case .taskStarted(let header): Self.named("task_started", header.fields)
    case .stepStarted(let step): Self.named("step_started", step.fields)
    case .stepOutput(let step, let chunk): Self.named("step_output", step.fields.adding(chunk.fields))
    case .itemFinished(let step, let item): Self.named("item_finished", step.fields.adding(item.fields))
    case .stepRetrying(let step, let item, let remaining):
      Self.named("step_retrying", step.fields.adding(item.fields).adding(["retries_left": .int(remaining)]))
    case .stepFinished(let step, let outcome): Self.named("step_finished", step.fields.adding(outcome.fields))
    case .message(let message): Self.named("message", message.fields)
    case .playFinished(let play): Self.named("play_finished", ["play": .int(play)])
    case .runFinished(let summary): Self.named("run_finished", summary.fields)
    }
  }

  private static func named(_ name: String, _ fields: Value.Dict) -> Value {
    .dict((["event": .string(name)] as Value.Dict).adding(fields))
  }
}

extension RunHeader {
  var fields: Value.Dict {
    [
      "run": .string(id), "runbooks": .texts(runbooks), "inventories": .texts(inventories), "command": .texts(command),
      "user": .string(user), "check": .bool(isCheck),
    ]
  }
}

extension PlayHeader {
  var fields: Value.Dict {
    [
      "play": .int(play), "name": .string(name), "hosts": .texts(hosts), "place": .string(place),
      "strategy": .string(strategy), "check": .bool(isCheck),
    ]
  }
}

extension TaskHeader {
  var fields: Value.Dict {
    [
      "task": .int(task), "play": .int(play), "kind": .string(kind.rawValue), "name": .string(name),
      "role": role.map(Value.string) ?? .null, "module": .string(module), "place": .string(place), "key": .string(key),
      "check": .bool(isCheck),
    ]
  }
}

extension StepReference {
  var fields: Value.Dict { ["task": .int(task), "host": .string(host)] }
}

extension OutputChunk {
  /// Bytes that are no UTF-8 become U+FFFD.
  var fields: Value.Dict {
    ["stream": .string(stream.rawValue), "text": .string(String(decoding: bytes, as: UTF8.self))]
  }
}

extension ItemOutcome {
  /// The label of a censored item is not told.
  var fields: Value.Dict {
    (["item": outcome.isCensored ? .string(Secret.mask) : label] as Value.Dict).adding(outcome.fields)
  }
}

extension RunMessage {
  var fields: Value.Dict {
    ["kind": .string(kind.rawValue), "text": .string(text), "host": host.map(Value.string) ?? .null]
  }
}

extension RunSummary {
  var fields: Value.Dict {
    let recap = hosts.map { (Value.string($0.key), Value.dict($0.value.fields)) }
    return [
      "ending": .string(ending.rawValue), "exit_status": .int(Int(exitStatus)),
      "hosts": .dict(Value.Dict(uniqueKeysWithValues: recap)),
    ]
  }
}

extension HostSummary {
  package var fields: Value.Dict {
    [
      "ok": .int(ok), "changed": .int(changed), "unreachable": .int(unreachable), "failed": .int(failed),
      "skipped": .int(skipped), "rescued": .int(rescued), "ignored": .int(ignored),
    ]
  }

  package init(fields: Value.Dict) {
    func count(_ name: Value) -> Int { fields[name]?.int ?? 0 }
    self.init()
    (ok, changed, unreachable, failed) = (count("ok"), count("changed"), count("unreachable"), count("failed"))
    (skipped, rescued, ignored) = (count("skipped"), count("rescued"), count("ignored"))
  }
}

extension StepOutcome {
  /// All of the outcome; `init(fields:)` reads it back, but for the place of `failure` and the marks on secrets.
  package var fields: Value.Dict {
    let shown = isCensored ? result.censored : result
    var fields: Value.Dict = ["status": .string(shown.status.rawValue), "result": .dict(shown.fields)]
    if !shown.diffs.isEmpty { fields["diffs"] = .list(shown.diffs.map(\.value)) }
    if isIgnored { fields["ignored"] = true }
    if isRescued { fields["rescued"] = true }
    if isLoop { fields["loop"] = true }
    if isCensored { fields["censored"] = true }
    if !isDiffShown { fields["diff_shown"] = false }
    if let delegatedTo { fields["delegated_to"] = .string(delegatedTo) }
    if !becomeUsers.isEmpty { fields["become"] = .texts(becomeUsers) }
    if !notified.isEmpty { fields["notified"] = .texts(notified) }
    if let failure, !isCensored {
      fields["failure"] = ["message": .string(failure.message), "place": failure.span.map { .string("\($0)") } ?? .null]
    }
    if let knownAfterApply { fields["known_after_apply"] = .string(knownAfterApply) }
    fields["seconds"] = .float(durationSeconds)
    return fields
  }

  /// Nil where the fields are none of an outcome.
  package init?(fields: Value.Dict) {
    guard let status = fields["status"]?.string.flatMap(StepResult.Status.init), let result = fields["result"]?.dict else {
      return nil
    }
    let diffs = fields["diffs"]?.list?.compactMap(FileDiff.init(value:)) ?? []
    self.init(
      result: StepResult(status, result, diffs: diffs), isIgnored: fields["ignored"]?.bool ?? false,
      isLoop: fields["loop"]?.bool ?? false, delegatedTo: fields["delegated_to"]?.string,
      isCensored: fields["censored"]?.bool ?? false, notified: fields["notified"]?.list?.compactMap(\.string) ?? [],
      durationSeconds: fields["seconds"]?.float ?? 0,
      failure: fields["failure"]?["message"]?.string.map { .error($0, at: nil) },
      isDiffShown: fields["diff_shown"]?.bool ?? true)
    isRescued = fields["rescued"]?.bool ?? false
    becomeUsers = fields["become"]?.list?.compactMap(\.string) ?? []
    knownAfterApply = fields["known_after_apply"]?.string
  }
}

extension FileDiff {
  var value: Value {
    var fields: Value.Dict = [:]
    if !beforeHeader.isEmpty { fields["before_header"] = .string(beforeHeader) }
    if !afterHeader.isEmpty { fields["after_header"] = .string(afterHeader) }
    if let beforeDigest { fields["before_digest"] = .string(beforeDigest) }
    switch body {
    case .text(let before, let after):
      fields["before"] = .string(before)
      fields["after"] = .string(after)
    case .note(let note): fields["note"] = .string(note)
    case .prepared(let text): fields["prepared"] = .string(text)
    }
    return .dict(fields)
  }

  init?(value: Value) {
    let body: Body
    if let before = value["before"]?.string, let after = value["after"]?.string {
      body = .text(before: before, after: after)
    } else if let note = value["note"]?.string {
      body = .note(note)
    } else if let text = value["prepared"]?.string {
      body = .prepared(text)
    } else {
      return nil
    }
    self.init(
      beforeHeader: value["before_header"]?.string ?? "", afterHeader: value["after_header"]?.string ?? "", body: body,
      beforeDigest: value["before_digest"]?.string)
  }
}

extension Value {
  fileprivate static func texts(_ texts: [String]) -> Value { .list(texts.map(Value.string)) }

  fileprivate var float: Double? {
    switch self {
    case .float(let number): number
    case .int(let number): Double(number)
    default: nil
    }
  }
}

extension Value.Dict {
  fileprivate func adding(_ others: Value.Dict) -> Value.Dict { merging(others) { _, other in other } }
}
