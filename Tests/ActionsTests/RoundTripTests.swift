import Foundation
import Model
import Support
import Testing

@testable import Actions

/// What it costs to find out that nothing is to be done, in requests that the host answers one after the other. A module that runs on the
/// host is one request by its making; actions that change files are counted in `ActionPropertyTests`. This is about the others.
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
