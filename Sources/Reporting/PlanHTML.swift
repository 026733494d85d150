import Model

/// A plan as one HTML page without scripts or outside parts: for change control.
package struct PlanHTML {
  private let plan: Plan

  package init(_ plan: Plan) { self.plan = plan }

  package var text: String {
    let tasks = PlanGroup.groups(of: plan).map(section).joined()
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Plan of \(escaped(timeText(plan.madeAt)))</title>
      <style>\(Self.style)</style></head><body>
      <h1>Plan</h1>
      <p>Made \(escaped(timeText(plan.madeAt))) by \(escaped(plan.madeBy)), martlet \(escaped(plan.martletVersion)), in
      <code>\(escaped(plan.directory))</code>:<br><code>martlet plan \(escaped(plan.arguments.joined(separator: " ")))</code></p>
      <p class="summary">\(escaped(PlanText(plan).summary))</p>
      \(tasks)<h2>Made from</h2>
      <table><tr><th>file</th><th>SHA-256</th></tr>
      \(plan.sources.map { "<tr><td>\(escaped($0.path))</td><td><code>\(escaped($0.digest))</code></td></tr>\n" }.joined())</table>
      </body></html>

      """
  }

  private func section(_ group: PlanGroup) -> String {
    let kind = group.line.kind == .handler ? "Handler" : "Task"
    let title = "\(kind) <b>\(escaped(group.line.title))</b> <small>\(escaped(group.line.module)), \(escaped(group.line.place))</small>"
    return "<section><h3>\(title)</h3>\n\(group.outcomes.map(row).joined())</section>\n"
  }

  private func row(_ outcome: PlanGroup.Outcome) -> String {
    let reason = outcome.reason.map { " <i>\(escaped($0))</i>" } ?? ""
    let notes = (outcome.isIgnored ? " (ignored)" : "") + (outcome.isRescued ? " (rescued)" : "")
      + (outcome.isCensored ? " (hidden by no_log)" : "")
    let hosts = escaped(outcome.hosts.joined(separator: ", "))
    let head = "<span class=\"\(outcome.forecast.rawValue)\">\(outcome.forecast.words)</span> \(hosts)\(reason)\(notes)"
    let items = outcome.items.map { "\($0.forecast.words)  item \($0.label)\n" }.joined()
    let diffs = outcome.diffs.map { DiffText(diff: $0).text(.none) }.joined()
    if items.isEmpty && diffs.isEmpty { return "<p>\(head)</p>\n" }
    return "<details open><summary>\(head)</summary><pre>\(colored(items + diffs))</pre></details>\n"
  }

  private func colored(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let line = String(line)
      if line.hasPrefix("+") { return "<ins>\(escaped(line))</ins>" }
      return line.hasPrefix("-") ? "<del>\(escaped(line))</del>" : escaped(line)
    }.joined(separator: "\n")
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text.visible {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  private static let style = """
    body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
    h3{font-weight:normal;margin:1.2rem 0 .2rem}small{color:#666}p{margin:.2rem 0}.summary{font-weight:bold}
    span{display:inline-block;min-width:9rem;font-weight:bold}.changed{color:#9a6700}.ok{color:#1a7f37}.skipped{color:#666}
    .known_after_apply{color:#0969da}.failed,.unreachable{color:#cf222e}ins{color:#1a7f37;text-decoration:none}
    del{color:#cf222e;text-decoration:none}pre{background:#f6f8fa;padding:.6rem;overflow:auto}td,th{text-align:left;padding-right:1rem}
    """
}
