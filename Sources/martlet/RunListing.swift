import Execution
import Model
import Parsing
import Planning
import Templating

/// `--list-hosts`, `--list-tasks`, `--list-tags`: what a run would be, in the form that scripts read.
struct RunListing {
  let wiring: RunWiring
  let showsHosts: Bool
  let showsTasks: Bool
  let showsTags: Bool

  func text(of plays: [Play], in runbook: String) throws -> String {
    var lines = ["", "playbook: \(runbook)"]
    for (number, play) in plays.enumerated() { lines += try self.lines(of: play, number + 1) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(of play: Play, _ number: Int) throws -> [String] {
    let target: ExecutionLoop.PlayTarget
    do { target = try wiring.target(of: play, runbook: nil) } catch { throw CommandFailure(exitStatus: 4, error.message) }
    let scope = PlayScope(target: target, extra: wiring.extraVariables)
    // The target is found by it, so that it can be rendered.
    let hosts = try wiring.renderer.value(of: play.hosts, in: scope)
    let patterns = hosts.list?.map(\.pythonText) ?? [hosts.pythonText]
    func tagNames(_ tags: [SourceValue]) throws -> Set<String> {
      do { return try wiring.renderer.tagNames(tags, in: scope) } catch {
        throw CommandFailure(exitStatus: 1, error.diagnostic.description)
      }
    }
    // Those of the play itself stand as they are written; those of its import and of tasks are what they come to.
    let tags = try tagNames(play.importKeywords.flatMap(\.tags)).union(play.keywords.tags.map(constantText))
    var lines = ["", "  play #\(number) (\(patterns.joined(separator: ","))): \(target.name)\tTAGS: [\(tags.sorted().joined(separator: ","))]"]
    if showsHosts {
      lines.append("    pattern: \(Value.list(patterns.map(Value.string)).pythonText)")
      lines.append("    hosts (\(target.hosts.count)):")
      lines += target.hosts.map { "      \($0)" }
    }
    guard showsTasks || showsTags else { return lines }
    let tasks = try compiledTasks(play, scope)
    if showsTasks {
      lines.append("    tasks:")
      lines += try tasks.map { "      \(title(of: $0))\tTAGS: [\(try tagNames($0.tags).sorted().joined(separator: ", "))]" }
    }
    if showsTags {
      let all = Set(try tasks.flatMap { try tagNames($0.tags) }).sorted()
      lines.append("      TASK TAGS: [\(all.joined(separator: ", "))]")
    }
    return lines
  }

  private func compiledTasks(_ play: Play, _ scope: PlayScope) throws -> [PlannedTask] {
    try compiled(play, scope, key: "", gathersFacts: false).main.tasksOutsideOfRescues.filter { !$0.isImplicit }
  }

  func compiled(_ play: Play, _ scope: PlayScope, key: String, gathersFacts: Bool) throws -> PlayCompiler.CompiledPlay {
    var options = PlayCompiler.Options()
    options.tags = wiring.options.tags
    // Tags are listed whether or not a run without `--tags` would heed them.
    if showsTags, options.tags.only == ["all"] { options.tags.only.insert("never") }
    options.gathersFacts = gathersFacts
    let catalog = wiring.catalog, renderer = wiring.renderer
    var compiler = PlayCompiler(
      options: options, shortName: { catalog.manifest(named: $0)?.name ?? $0 },
      renderTags: { tags throws(TemplateError) in try renderer.tagNames(tags, in: scope) })
    let compiled = compiler.compile(play, key: key)
    if let mistake = compiler.tagMistake { throw CommandFailure(exitStatus: 1, mistake.diagnostic.description) }
    return compiled
  }

  private func title(of task: PlannedTask) -> String {
    guard let name = task.task.keywords.name.map(constantText) else { return task.task.module.written }
    // An include of a role says which one it is for, not where it stands.
    if task.module == "include_role" { return name }
    return task.context.role.map { "\($0.role.name) : \(name)" } ?? name
  }

  private func constantText(_ source: SourceValue) -> String {
    let value = source.asWritten
    return value.list?.map(\.asText).joined(separator: ",") ?? value.asText
  }
}
