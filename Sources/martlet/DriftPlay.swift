import Foundation
import Model
import Parsing
import Templating

/// A play that looks at managed resources: a task for each that some hosts share, on those hosts. Its arguments are values, never templates.
struct DriftPlay {
  private(set) var play: Play
  private var names: [ManagedResource: String] = [:]

  init(_ records: [ManagedRecord]) throws {
    var hosts: [ManagedResource: [String]] = [:], order: [ManagedResource] = []
    for record in records {
      if hosts[record.resource] == nil { order.append(record.resource) }
      hosts[record.resource, default: []].append(record.host)
    }
    play = Play.own("drift", on: Set(records.map(\.host)).sorted())
    play.strategy = .value("free")
    for (number, resource) in order.enumerated() {
      let variable = "martlet_drift_\(number)"
      play.keywords.vars[variable] = .value(.list(hosts[resource, default: []].map(Value.string)))
      names[resource] = String(number)
      play.tasks.append(.task(try Self.task(resource, named: String(number), on: variable, at: play.span)))
    }
  }

  func task(of resource: ManagedResource) -> String? { names[resource] }

  private static func task(
    _ resource: ManagedResource, named name: String, on hosts: String, at place: SourceSpan
  ) throws -> RunbookTask {
    var arguments = TaskArguments(span: place)
    for (option, value) in resource.arguments ?? [:] where resource.module != "stat" {
      arguments.values[option.string ?? ""] = .value(value)
    }
    if resource.module == "stat" {
      arguments.values["path"] = .value(resource.arguments?["path"] ?? .string(resource.name))
      for (option, value) in [("get_mime", false), ("get_attributes", false), ("follow", true)] {
        arguments.values[option] = .value(.bool(value))
      }
    }
    var task = RunbookTask(span: place, module: ModuleName(written: resource.module, span: place), arguments: arguments)
    task.keywords.name = .value(.string(name))
    let condition = "inventory_hostname in \(hosts)"
    let source = SourceValue.template(try Template.compileExpression(condition, at: place))
    task.keywords.when = [Condition(source: source, text: condition, span: place)]
    task.keywords.ignoreErrors = .value(true)
    task.keywords.become = .value(.bool(resource.becomeUser != nil))
    task.keywords.becomeUser = resource.becomeUser.map { .value(.string($0)) }
    return task
  }
}
