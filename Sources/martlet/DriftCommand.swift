import ArgumentParser
import Execution
import Foundation
import Model
import Reporting
import Synchronization

/// `martlet drift`: are hosts as runs left them?
struct DriftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift", abstract: "Tell what on hosts is no longer as runs left it.",
    discussion: """
      Looks at everything that runs have put or kept in a state, and changes nothing. drifted: it is otherwise now; missing: it is gone;
      orphaned: the last whole run of its runbook did not look after it any more; unknown: it can't be looked at.
      Exit status: 0 all is as left; 2 something drifted, is missing or orphaned; 4 a host was unreachable.
      """)

  @OptionGroup var flags: RunFlags

  @Argument(help: "Hosts: a pattern such as web:&staging.")
  var pattern = "all"

  @Flag(name: .long, help: "As JSON.")
  var json = false

  @Flag(name: .long, help: "Show what is as it was left, too.")
  var all = false

  @Flag(name: .customLong("forget-orphans"), help: "Forget what is orphaned: nobody looks after it any more.")
  var forgetOrphans = false

  func run() async throws {
    let wiring = try RunWiring(flags, runbooks: ["drift"])
    try wiring.tellDiagnostics()
    let hosts = wiring.roster.hosts(matching: pattern, limit: wiring.limit).hosts
    guard !hosts.isEmpty else { throw CommandFailure(exitStatus: 1, "the pattern '\(pattern)' leaves no hosts to look at") }
    let store = try StateAccess.open()
    let records: [ManagedRecord]
    do { records = try store.managed(on: hosts) } catch { throw CommandFailure(exitStatus: 1, "\(error)") }
    let report = DriftReport(try await findings(records, wiring))
    let palette = wiring.outputSettings(wiring.options).palette
    let text = json
      ? report.value.json(JSONEncoding(ensureASCII: false, indent: 2)) + "\n"
      : DriftText(report, showingAll: all, palette: palette).text
    print(wiring.scrubber.scrub(text), terminator: "")
    if forgetOrphans {
      let orphans = records.filter(\.isOrphaned)
      do { try store.forgetManaged(orphans) } catch { throw CommandFailure(exitStatus: 1, "\(error)") }
      StandardError.write("martlet: \(orphans.count) orphaned resources are forgotten\n")
    }
    if report.exitStatus != 0 { throw CommandFailure(exitStatus: report.exitStatus) }
  }

  private func findings(_ records: [ManagedRecord], _ wiring: RunWiring) async throws -> [DriftReport.Finding] {
    let checked = records.filter { !$0.isOrphaned && $0.resource.arguments != nil }
    let look = try DriftPlay(checked)
    let reporter = DriftReporter()
    if !checked.isEmpty {
      var options = wiring.options
      (options.isCheck, options.isDiff, options.defaultStrategy) = (true, true, "free")
      let summary = try await wiring.execute([("drift", [look.play])], options: options, reporter: reporter)
      guard summary.ending == .completed else { throw CommandFailure(exitStatus: summary.exitStatus) }
    }
    return records.map { record in
      if record.isOrphaned { return .init(record: record, state: .orphaned) }
      guard let task = look.task(of: record.resource) else {
        return .init(record: record, state: .unknown, reason: "its arguments are secret, so none were kept to compare with")
      }
      guard let outcome = reporter.outcome(of: task, on: record.host) else {
        return .init(record: record, state: .unreachable, reason: reporter.unreachable(record.host) ?? "it was not reached")
      }
      return .init(record, seeing: outcome)
    }
  }
}

/// Keeps what came of each task on each host.
final class DriftReporter: Reporter {
  private struct Seen {
    var names: [TaskReference: String] = [:]
    var outcomes: [String: [String: StepOutcome]] = [:]
    var unreachable: [String: String] = [:]
  }

  private let seen = Mutex(Seen())

  func outcome(of task: String, on host: String) -> StepOutcome? { seen.withLock { $0.outcomes[task]?[host] } }
  func unreachable(_ host: String) -> String? { seen.withLock { $0.unreachable[host] } }

  func handle(_ event: RunEvent) {
    seen.withLock { seen in
      switch event {
      case .taskStarted(let header): seen.names[header.task] = header.name
      case .stepFinished(let step, let outcome):
        seen.outcomes[seen.names[step.task] ?? "", default: [:]][step.host] = outcome
        if outcome.result.status == .unreachable { seen.unreachable[step.host] = outcome.result.message }
      default: break
      }
    }
  }
}
