import Model

/// Handlers that are owed, in words.
package enum OwedText {
  package static func line(_ owed: OwedHandler) -> String {
    "\(owed.host): handler '\(owed.name)' (play '\(owed.play)', notified by '\(owed.task)' in run \(owed.run))".visible
  }

  /// What a run that ends says of what it leaves behind.
  package static func leftBehind(_ owed: [OwedHandler]) -> String {
    var lines = ["handlers were notified and did not run:"]
    for handler in owed { lines.append("  \(handler.host): '\(handler.name)', notified by '\(handler.task)'".visible) }
    lines.append("  `martlet resume` runs them, and so does the next run of the runbook (--owed-handlers)")
    return lines.joined(separator: "\n")
  }
}
