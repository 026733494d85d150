import Execution
import Foundation
import Model
import Reporting
import Synchronization
import Vault

/// Makes a plan: check mode on all hosts, its events recorded.
struct PlanMaking {
  let request: PlanRequest
  /// A saved plan that is made again to be compared with: it gives the salt, and what the inventory must be.
  var saved: Plan?

  /// What the plan is, and where the colours for showing it come from.
  struct Made {
    var plan: Plan
    var wiring: RunWiring
  }

  /// What has moved, so that no host need be asked.
  struct Moved: Error {
    var reasons: [String]
  }

  func make(arguments: [String]) async throws -> Made {
    let files = RecordingFiles()
    let wiring = try RunWiring(request.flags, runbooks: request.runbooks, files: files)
    let plays = try wiring.readRunbooks()
    try wiring.checkLimit()
    for source in wiring.inventorySources { files.note(source) }
    if let settings = wiring.settings.path { files.note(settings) }
    let salt = saved?.salt ?? Self.freshSalt()
    let inventory = PlanInventory(wiring.roster.variables, salt: salt)
    if let saved {
      var now = saved
      now.inventory = inventory.sources(of: saved.hosts)
      now.extraVariables = inventory.extraVariables
      let reasons = PlanComparison(planned: saved, now: now).movedInventory
      guard reasons.isEmpty else { throw Moved(reasons: reasons) }
    }
    var options = request.options(wiring)
    options.isCheck = true
    options.isPlanning = true
    let empty = Plan(
      madeAt: Date().timeIntervalSince1970, madeBy: wiring.userName, martletVersion: Martlet.version,
      directory: FileManager.default.currentDirectoryPath, arguments: arguments, salt: salt)
    let recorder = PlanReporter(into: empty, scrubber: wiring.scrubber)
    let summary = try await wiring.execute(plays, options: options, reporter: recorder)
    guard summary.ending == .completed else { throw CommandFailure(exitStatus: summary.exitStatus, "no plan was made") }
    var plan = recorder.plan
    plan.sources = files.sources
    plan.inventory = inventory.sources(of: plan.hosts)
    plan.extraVariables = inventory.extraVariables
    return Made(plan: plan, wiring: wiring)
  }

  static func digest(salt: String) -> @Sendable (String) -> String { { ContentDigest.sha256(salt + $0) } }

  private static func freshSalt() -> String {
    (0..<4).map { _ in
      let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

/// Takes down what check mode says; what goes wrong outside of any step is told at once.
final class PlanReporter: Reporter {
  private let recording: Mutex<PlanRecording>
  private let scrubber: SecretScrubber

  init(into plan: Plan, scrubber: SecretScrubber) {
    recording = Mutex(PlanRecording(into: plan, digest: PlanMaking.digest(salt: plan.salt)))
    self.scrubber = scrubber
  }

  var plan: Plan { recording.withLock { $0.plan } }

  func handle(_ event: RunEvent) {
    if case .message(let message) = event, message.kind == .warning || message.kind == .error {
      let host = message.host.map { "\($0): " } ?? ""
      StandardError.write(scrubber.scrub("\(message.kind.rawValue): \(host)\(message.text)\n"))
    }
    recording.withLock { $0.handle(event) }
  }
}
