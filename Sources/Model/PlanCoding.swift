// The plan's file: one JSON object. Within a version keys are only ever added.

extension Plan {
  package struct Unreadable: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String
  }

  /// What marks the file as a plan.
  private static let format = "martlet plan"

  package var value: Value {
    var fields: Value.Dict = [
      "format": .string(Self.format), "version": .int(Self.version), "martlet": .string(martletVersion),
      "made_at": .float(madeAt), "made_by": .string(madeBy), "directory": .string(directory),
      "arguments": .list(arguments.map(Value.string)), "salt": .string(salt),
      "sources": .list(sources.map(\.value)), "inventory": .list(inventory.map(\.value)),
      "extra_variables": .string(extraVariables),
    ]
    fields["summary"] = .dict(Value.Dict(Forecast.allCases.map { (.string($0.rawValue), .int(count($0))) }) { $1 })
    fields["plays"] = .list(plays.map { ["name": .string($0.name), "place": .string($0.place)] })
    fields["tasks"] = .list(lines.map(\.value))
    fields["steps"] = .list(steps.map(\.value))
    return .dict(fields)
  }

  package init(value: Value) throws(Unreadable) {
    guard value["format"]?.string == Self.format, let version = value["version"]?.int else {
      throw Unreadable(description: "this is no plan")
    }
    guard version <= Self.version else {
      let known = "this martlet knows version \(Self.version)"
      throw Unreadable(description: "the plan's format is version \(version), made by martlet \(value["martlet"]?.string ?? "?"); \(known)")
    }
    guard let madeAt = value["made_at"]?.seconds, let arguments = value["arguments"]?.list?.compactMap(\.string),
      let salt = value["salt"]?.string, let lines = value["tasks"]?.list, let steps = value["steps"]?.list
    else { throw Unreadable(description: "the plan is damaged: made_at, arguments, salt, tasks or steps are missing") }
    self.init(
      madeAt: madeAt, madeBy: value["made_by"]?.string ?? "", martletVersion: value["martlet"]?.string ?? "",
      directory: value["directory"]?.string ?? "", arguments: arguments, salt: salt)
    sources = value["sources"]?.list?.compactMap(Source.init(value:)) ?? []
    inventory = value["inventory"]?.list?.compactMap(Source.init(value:)) ?? []
    extraVariables = value["extra_variables"]?.string ?? ""
    plays = value["plays"]?.list?.map { Play(name: $0["name"]?.string ?? "", place: $0["place"]?.string ?? "") } ?? []
    self.lines = try lines.map { line throws(Unreadable) in try Line(value: line) }
    self.steps = try steps.map { step throws(Unreadable) in try Step(value: step, lineCount: lines.count) }
  }
}

extension Plan.Source {
  fileprivate var value: Value { ["name": .string(path), "sha256": .string(digest)] }

  fileprivate init?(value: Value) {
    guard let path = value["name"]?.string, let digest = value["sha256"]?.string else { return nil }
    self.init(path: path, digest: digest)
  }
}

extension Plan.Line {
  fileprivate var value: Value {
    [
      "title": .string(title), "module": .string(module), "place": .string(place), "key": .string(key),
      "kind": .string(kind.rawValue), "play": .int(play),
    ]
  }

  fileprivate init(value: Value) throws(Plan.Unreadable) {
    guard let title = value["title"]?.string, let key = value["key"]?.string,
      let kind = value["kind"]?.string.flatMap(TaskHeader.Kind.init)
    else { throw Plan.Unreadable(description: "the plan is damaged: a task lacks title, key or kind") }
    self.init(
      title: title, module: value["module"]?.string ?? "", place: value["place"]?.string ?? "", key: key, kind: kind,
      play: value["play"]?.int ?? 0)
  }
}

extension Plan.Step {
  fileprivate var value: Value {
    var fields: Value.Dict = [
      "task": .int(line), "host": .string(host), "forecast": .string(forecast.rawValue), "before": .string(before),
      "after": .string(after),
    ]
    if let reason { fields["reason"] = .string(reason) }
    if isIgnored { fields["ignored"] = true }
    if isRescued { fields["rescued"] = true }
    if isCensored { fields["censored"] = true }
    if let delegatedTo { fields["delegated_to"] = .string(delegatedTo) }
    if !diffs.isEmpty { fields["diffs"] = .list(diffs.map(\.value)) }
    if !items.isEmpty {
      fields["items"] = .list(items.map { ["item": .string($0.label), "forecast": .string($0.forecast.rawValue)] })
    }
    return .dict(fields)
  }

  fileprivate init(value: Value, lineCount: Int) throws(Plan.Unreadable) {
    guard let line = value["task"]?.int, 0..<lineCount ~= line, let host = value["host"]?.string,
      let forecast = value["forecast"]?.string.flatMap(Plan.Forecast.init)
    else { throw Plan.Unreadable(description: "the plan is damaged: a step lacks task, host or forecast") }
    self.init(line: line, host: host, forecast: forecast)
    reason = value["reason"]?.string
    isIgnored = value["ignored"]?.bool ?? false
    isRescued = value["rescued"]?.bool ?? false
    isCensored = value["censored"]?.bool ?? false
    delegatedTo = value["delegated_to"]?.string
    diffs = value["diffs"]?.list?.compactMap(FileDiff.init(value:)) ?? []
    before = value["before"]?.string ?? ""
    after = value["after"]?.string ?? ""
    items = value["items"]?.list?.compactMap { item in
      item["forecast"]?.string.flatMap(Plan.Forecast.init).map { Plan.Item(label: item["item"]?.string ?? "", forecast: $0) }
    } ?? []
  }
}

extension Value {
  fileprivate var seconds: Double? {
    switch self {
    case .float(let number): number
    case .int(let number): Double(number)
    default: nil
    }
  }
}
