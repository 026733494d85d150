import Model
import Planning
import Templating

/// `package` and `service` hand on to the module of the host's own manager: a variable may name that, facts tell it, and defaults
/// for that module count. Where neither is known, the host finds its manager itself, and only defaults of the task's own module count.
struct HandedOn {
  /// The fact that names the module.
  let fact: String
  /// The variable that stands for the argument `use`.
  var variable: String?

  static let table: [String: HandedOn] = [
    "package": HandedOn(fact: "pkg_mgr", variable: "ansible_package_use"), "service": HandedOn(fact: "service_mgr"),
  ]

  /// The task's arguments with what the other module's defaults add to them.
  func completed(
    _ arguments: Value.Dict, _ keywords: StepKeywords, _ environment: RunEnvironment
  ) throws(TemplateError) -> Value.Dict {
    var arguments = arguments
    let isAuto = [nil, .null, "auto"].contains(arguments["use"])
    if isAuto, let variable, let name = try value(of: variable, keywords)?.string { arguments["use"] = .string(name) }
    let used = arguments["use"]?.string ?? "auto"
    let known = used == "auto" ? try factValue(keywords) : used
    guard let name = known, let manifest = environment.catalog.manifest(named: name) else { return arguments }
    return try keywords.moduleDefaults(for: manifest).merging(arguments) { $1 }
  }

  /// Facts are those of the task's host, not of one it is delegated to.
  private func factValue(_ keywords: StepKeywords) throws(TemplateError) -> String? {
    guard keywords.task.candidates(\.delegateTo).isEmpty else { return nil }
    return try value(of: "ansible_facts", keywords)?.dict?[.string(fact)]?.string
  }

  private func value(of name: String, _ keywords: StepKeywords) throws(TemplateError) -> Value? {
    guard let variable = keywords.scope.variable(named: name) else { return nil }
    return try keywords.renderer.value(of: variable, in: keywords.scope)
  }
}
