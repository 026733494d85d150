import Foundation
import Model
import Support
import Testing

@testable import Actions

/// What it costs to find out that nothing is to be done, in requests that the host answers one after the other. Modules that run on the
/// host are counted in ExecutionTests' `OneTripTests`, by their cases; actions that change files in `ActionPropertyTests`. This is
/// about the other actions.
struct RoundTripTests {
  private struct Step: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var action: String
    var arguments: Value.Dict
    var tripsMax = 1
  }

  private static let steps: [Step] = [
    Step(testDescription: "fetch", action: "fetch", arguments: ["src": "{dir}/f", "dest": "{dir}/../got/", "flat": true]),
    Step(testDescription: "unarchive on the host", action: "unarchive", arguments: ["src": "{dir}/a.tgz", "dest": "{dir}/out", "remote_src": true]),
    Step(testDescription: "patch on the host", action: "patch", arguments: ["src": "{dir}/p", "dest": "{dir}/f", "remote_src": true]),
    // What the host is to compare must be there first: a folder for it, the module, and the folder's end.
    Step(testDescription: "unarchive of the controller", action: "unarchive", arguments: ["src": "a.tgz", "dest": "{dir}/out"], tripsMax: 3),
    Step(testDescription: "patch of the controller", action: "patch", arguments: ["src": "p", "dest": "{dir}/f"], tripsMax: 3),
  ]

  /// Actions that no test counts, and why.
  private static let uncounted: [String: String] = [
    "debug assert fail set_fact meta add_host group_by set_stats pause include_tasks include_role include_vars validate_argument_spec":
      "they are of the controller and never ask the host",
    "gather_facts": "it runs the module setup, which is counted by its cases",
    "script": "it always runs: the script goes with one request as text, or as a file before it",
    "async_status": "it asks after a job until that has ended",
    "wait_for_connection reboot": "they ask until the host answers",
    "synchronize": "rsync has a connection of its own",
  ]

  @Test func `each action is counted, or is known to have nothing to count`() {
    let counted = Set(Self.steps.map(\.action)).union(ActionPropertyTests.kinds.map { String($0.prefix { $0 != " " }) })
    let named = Self.uncounted.keys.flatMap { $0.split(separator: " ").map(String.init) }
    #expect(counted.isDisjoint(with: named))
    #expect(counted.union(named) == Set(ActionRegistry.all.map { $0.name }))
  }

  @Test(arguments: steps)
  private func `a step that finds nothing to do takes as few round trips as it can`(step: Step) async throws {
    try await ActionBench.with { bench in
      try await prepare(bench)
      _ = try await bench.run(step.action, step.arguments)
      let trips = try #require(bench.host as? SessionHost).roundTrips
      let count = trips.count
      let again = try await bench.run(step.action, step.arguments)
      #expect(again.status == .ok, "\(again)")
      #expect(trips.count - count <= step.tripsMax)
    }
  }

  private func prepare(_ bench: ActionBench) async throws {
    try bench.write("one\n", to: "host/f")
    try bench.write("hello\n", to: "d/a")
    let patch = "--- f\n+++ f\n@@ -1 +1 @@\n-one\n+two\n"
    for place in ["files", "host"] {
      try bench.write(patch, to: "\(place)/p")
      _ = try await ChildProcess.run("/bin/tar", ["-C", bench.folder, "-czf", "\(bench.folder)/\(place)/a.tgz", "d"])
    }
    try FileManager.default.createDirectory(atPath: "\(bench.folder)/host/out", withIntermediateDirectories: true)
  }
}
