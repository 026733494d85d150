import ArgumentParser
import Foundation
import Model
import ModuleLibrary
import Parsing
import Reporting

/// `martlet undo`: puts files back as they were before a run.
struct UndoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Put files back as they were before a run.",
    discussion: """
      Hosts keep what runs replace, privately: files up to 10 MB, of the last 20 runs. A file that was changed again after the run is left alone.
      Packages, services, users and whatever commands did are not undone, and named. --check says what would be done.
      Exit status: 0 undone; 2 a file was left or had not been kept, or a host failed; 4 a host was unreachable.
      """)

  @OptionGroup var flags: RunFlags

  @OptionGroup var leaseFlags: LeaseFlags

  @Argument(help: "A run's name, or the beginning of it, or last: the newest that was no check and no undo.")
  var runName: String

  func run() async throws {
    let details = try StateAccess.details(of: runName, lastOf: { ["run", "apply"].contains($0.subcommand) }, "that could be undone")
    guard !details.run.header.isCheck else { throw CommandFailure(exitStatus: 1, "run \(details.run.header.id) was in check mode: it changed nothing") }
    let wiring = try RunWiring(flags, runbooks: ["undo"])
    try wiring.tellDiagnostics()
    let known = Set(wiring.roster.hosts(matching: "all", limit: wiring.limit).hosts)
    let changed = details.steps.filter { $0.outcome?.result.status == .changed }
    let touched = details.steps.filter(\.mayHaveChanged)
    let hosts = Array(Set(touched.map { $0.outcome?.delegatedTo ?? $0.step.host })).sorted().filter(known.contains)
    guard !hosts.isEmpty else {
      throw CommandFailure(exitStatus: 1, "run \(details.run.header.id) changed nothing on hosts of this inventory and limit")
    }
    let users = try becomeUsers(touched, run: details.run.header.id)
    let reporter = DriftReporter()
    var options = wiring.options
    options.defaultStrategy = "free"
    if !options.isCheck { wiring.lease = leaseFlags.lease(of: wiring.runID, isResuming: false) }
    let play = Self.play(hosts, run: details.run.header.id, users)
    let summary = try await wiring.execute([("undo", [play])], options: options, reporter: reporter)
    guard summary.ending == .completed else { throw CommandFailure(exitStatus: summary.exitStatus) }
    let report = UndoReport(run: details.run.header.id, hosts: hosts.compactMap { name in
      var host = UndoReport.Host(name: name)
      for number in users.indices { if let outcome = reporter.outcome(of: String(number), on: name) { host.add(outcome) } }
      let (others, files) = Self.changes(details, changed, on: name, wiring.catalog)
      (host.others, host.hasChangedFiles) = (others, files > 0)
      // One on which a step failed, or was cut off, and nothing had changed.
      let isUntouched = host.isEmpty && host.earlier == 0 && others.isEmpty && files == 0
      return isUntouched ? nil : host
    })
    print(UndoText(report, isCheck: options.isCheck).text, terminator: "")
    if report.exitStatus != 0 { throw CommandFailure(exitStatus: report.exitStatus) }
  }

  /// Nil is whoever logs in: each keeps files in a place of its own.
  private func becomeUsers(_ touched: [StepRecord], run: String) throws -> [String?] {
    var users = Set(touched.flatMap { $0.outcome?.becomeUsers ?? [] })
    do {
      // Outcomes that an earlier Martlet recorded do not say it.
      for record in try StateAccess.open().managed() where record.seen.run == run || record.changed?.run == run {
        if let user = record.resource.becomeUser { users.insert(user) }
      }
    } catch {
      throw CommandFailure(exitStatus: 1, "\(error)")
    }
    // Whom a step had become that was cut off, nobody has written down.
    if users.isEmpty, touched.contains(where: { $0.outcome == nil }) { users.insert("root") }
    return [nil] + users.sorted()
  }

  private static func play(_ hosts: [String], run: String, _ users: [String?]) -> Play {
    var play = Play.own("undo", on: hosts)
    let place = play.span
    play.tasks = users.enumerated().map { number, user in
      var arguments = TaskArguments(span: place)
      arguments.values["run"] = .value(.string(run))
      var task = RunbookTask(span: place, module: ModuleName(written: "martlet_undo", span: place), arguments: arguments)
      task.keywords.name = .value(.string(String(number)))
      task.keywords.ignoreErrors = .value(true)
      task.keywords.become = .value(.bool(user != nil))
      task.keywords.becomeUser = user.map { .value(.string($0)) }
      return .task(task)
    }
    return play
  }

  /// Changes of a host that are none of files, in words, and how many are.
  private static func changes(
    _ details: RunDetails, _ changed: [StepRecord], on host: String, _ catalog: ModuleCatalog
  ) -> (others: [String], files: Int) {
    let tasks = Dictionary(details.tasks.map { ($0.task, $0) }) { first, _ in first }
    let own = changed.filter { ($0.outcome?.delegatedTo ?? $0.step.host) == host }.compactMap { tasks[$0.step.task] }
    let others = own.filter { catalog.manifest(named: $0.module)?.changesFilesOnly != true }
    return (others.map { "'\($0.title)' (\($0.module), \($0.place))" }, own.count - others.count)
  }
}

extension StepRecord {
  /// It changed its host, or it failed or was cut off, and may have.
  fileprivate var mayHaveChanged: Bool {
    switch outcome?.result.status {
    case .changed, .failed, .unreachable, nil: true
    case .ok, .skipped: false
    }
  }
}
