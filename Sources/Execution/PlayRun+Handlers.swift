import Model
import Parsing
import Planning
import Templating

/// Notifications: names that steps give, and the handlers that they come to.
extension PlayRun {
  /// Saves what a step notifies for every host that shares it; while handlers run they are marked at once.
  /// Returns why the run can't go on: a name that no handler has.
  func notify(_ report: StepReport, _ task: PlannedTask, _ sharing: [RunState.HostIndex]) async -> String? {
    for name in report.outcome.notified {
      let found = await handlers(notifiedBy: name, on: sharing[0])
      if found.isEmpty {
        let message =
          "The requested handler '\(name)' was not found in either the main handlers list nor in the listening handlers list"
        guard environment.options.failsOnMissingHandler else {
          await loop.warn(message)
          continue
        }
        return message
      }
      for host in sharing {
        if state.cursors[host].runsHandlers {
          mark(found, for: name, on: host)
        } else if notifications[host]?.contains(name) != true {
          notifications[host, default: []].append(name)
        }
      }
    }
    return nil
  }

  /// Marks what was notified up to here as due: a flush begins on these hosts.
  func expandNotifications(of flushing: [RunState.HostIndex]) async {
    for host in flushing {
      for name in notifications.removeValue(forKey: host) ?? [] {
        let found = await handlers(notifiedBy: name, on: host)
        if found.isEmpty { await loop.warn(noSuchHandler(name, hosts[host].name)) }
        mark(found, for: name, on: host)
      }
    }
  }

  private func mark(_ found: [Int], for name: String, on host: RunState.HostIndex) {
    state.notify(found, host: host)
    let nodes = state.fragments[1].nodes
    ledger.expand(name, to: found.compactMap { if case .task(let task) = nodes[$0] { task.reference } else { nil } }, on: host)
  }

  /// Node indexes of the handlers that a name means; names that can't be rendered are told once.
  private func handlers(notifiedBy name: String, on host: RunState.HostIndex) async -> [Int] {
    let notified = handlers.notified(by: name) { source, handler throws(TemplateError) in
      try environment.renderer.value(of: source, in: scope(host, handler)).asText
    }
    for handler in notified.unusable where unusableHandlers.insert(handler.name).inserted {
      await loop.warn(
        "Handler '\(handler.name)' is unusable because it has no listen topics and the name could not be templated "
          + "(host-specific variables are not supported in handler names). The error: \(handler.reason)")
    }
    return notified.indexes
  }
}

/// Only one that an earlier run left can be missing: a name that a step gives is looked up at once.
private func noSuchHandler(_ name: String, _ host: String) -> String {
  "\(host): handler '\(name)', which is owed since an earlier run, is not in the play any more; it stays owed until --owed-handlers forget"
}
