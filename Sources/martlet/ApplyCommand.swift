import ArgumentParser
import Execution
import Foundation
import Model
import Parsing
import Reporting
import Synchronization

/// `martlet apply`: does what a plan says, and only that.
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Do what a saved plan says, and only that.",
    discussion: """
      Hosts are looked at again first. If a file, the inventory or a host is not as it was when the plan was made, nothing is
      done and what moved is named; at the first surprise on the way, the run stops.
      Exit status: 0 done as planned; 3 refused, or stopped by a surprise; otherwise as run.
      """)

  @Argument(help: "The file of a plan.")
  var file: String

  @Option(name: [.customShort("e"), .customLong("extra-vars")], parsing: .singleValue, help: "The plan's variables: a plan does not hold their values.")
  var extraVars: [String] = []

  @Option(name: .customLong("allowed-signers"), help: "Require a signature by somebody in this file (see ssh-keygen, ALLOWED SIGNERS).")
  var allowedSigners: String?

  @Flag(name: .customLong("require-signature"), help: "Require a signature by somebody in MARTLET_ALLOWED_SIGNERS or ~/.ssh/allowed_signers.")
  var requireSignature = false

  @OptionGroup var leaseFlags: LeaseFlags

  func run() async throws {
    let (plan, bytes) = try PlanFile(file).read()
    if let signers = try signersFile() {
      print("signed by \(try PlanSignature(of: file).signer(of: bytes, allowedBy: signers))")
      fflush(nil)
    }
    try refuse(plan.failures.map { "host \($0.host): \(plan.title(of: $0)) would fail: \($0.reason ?? $0.forecast.words)" }, "can't be applied")
    let request = try PlanRequest.parse(PlanWords.completed(plan.arguments, extra: extraVars))
    let sources = PlanComparison(planned: plan, now: plan.withSourcesOfNow).movedSources
    let here = FileManager.default.currentDirectoryPath
    let elsewhere = here == plan.directory ? [] : ["it was made in \(plan.directory), and this is \(here)"]
    try refuse(sources.isEmpty ? [] : sources + elsewhere, "is out of date")
    do {
      let now = try await PlanMaking(request: request, saved: plan).make(arguments: plan.arguments)
      let asSaved = try PlanFile.asSaved(now.plan, now.wiring.scrubber)
      try refuse(PlanComparison(planned: plan, now: asSaved).moved, "is out of date")
    } catch let moved as PlanMaking.Moved {
      try refuse(moved.reasons, "is out of date")
    }
    try await carryOut(plan, request)
  }

  private func signersFile() throws -> String? {
    if let allowedSigners { return allowedSigners }
    guard requireSignature else { return nil }
    let environment = ProcessInfo.processInfo.environment
    return environment["MARTLET_ALLOWED_SIGNERS"] ?? "\(environment["HOME"] ?? "")/.ssh/allowed_signers"
  }

  private func refuse(_ reasons: [String], _ what: String) throws {
    guard !reasons.isEmpty else { return }
    let lines = reasons.map { "  \($0)\n" }.joined()
    StandardError.write("martlet: the plan \(what), nothing was done:\n\(lines)")
    throw CommandFailure(exitStatus: 3)
  }

  private func carryOut(_ plan: Plan, _ request: PlanRequest) async throws {
    let files = RecordingFiles()
    let wiring = try RunWiring(request.flags, runbooks: request.runbooks, files: files)
    let plays = try wiring.readRunbooks()
    wiring.lease = leaseFlags.lease(of: wiring.runID, isResuming: false)
    let watch = PlanWatch(plan)
    let summary = try await wiring.execute(plays, options: request.options(wiring), check: { try watch.handle($0) })
    print(ApplyText(watch.state).text, terminator: "")
    if watch.state.surprise != nil { throw CommandFailure(exitStatus: 3) }
    if summary.exitStatus != 0 { throw CommandFailure(exitStatus: summary.exitStatus) }
  }
}

/// The guard of a run that applies a plan, as its event sink asks it.
final class PlanWatch: Sendable {
  struct Surprise: Error, CustomStringConvertible {
    var description: String
  }

  private let planGuard: Mutex<PlanGuard>

  init(_ plan: Plan) { planGuard = Mutex(PlanGuard(plan, digest: PlanMaking.digest(salt: plan.salt))) }

  var state: PlanGuard { planGuard.withLock { $0 } }

  func handle(_ event: RunEvent) throws {
    if let surprise = planGuard.withLock({ $0.handle(event) }) { throw Surprise(description: "a surprise: \(surprise)") }
  }
}

extension Plan {
  fileprivate var withSourcesOfNow: Plan {
    var plan = self
    plan.sources = sources.map { Source(path: $0.path, digest: RecordingFiles.digest(of: $0.path)) }
    return plan
  }
}
