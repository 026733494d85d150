import Foundation
import Model
import Support
import Testing

@testable import Actions

struct UnarchiveActionTests {
  @Test func `an archive of the controller is unpacked on the host, once, and leaves nothing else there`() async throws {
    try await ActionBench.with { bench in
      try await pack(bench)
      let arguments: Value.Dict = ["src": "a b.tgz", "dest": "{dir}"]
      let first = try await bench.run("unarchive", arguments)
      #expect(first.status == .changed && first.fields["handler"] == "TgzArchive", "\(first)")
      #expect(bench.read("host/d/it's") == "hello\n")
      #expect(try await bench.run("unarchive", arguments).status == .ok)
      let folder = try #require(first.fields["src"]?.string).directoryPart
      #expect(folder != "." && !FileManager.default.fileExists(atPath: folder))
    }
  }

  @Test func `creates leaves it out, and a missing archive is told with the places`() async throws {
    try await ActionBench.with { bench in
      try await pack(bench)
      let left = try await bench.run("unarchive", ["src": "a b.tgz", "dest": "{dir}", "creates": "{dir}"])
      #expect(left.status == .skipped && bench.tree("host").isEmpty)
      let missing = try await bench.run("unarchive", ["src": "none.tgz", "dest": "{dir}"])
      #expect(missing.message?.contains("Could not find or access 'none.tgz'\nSearched in:\n") == true, "\(missing)")
    }
  }

  private func pack(_ bench: ActionBench) async throws {
    try bench.write("hello\n", to: "d/it's")
    _ = try await ChildProcess.run("/bin/tar", ["-C", bench.folder, "-czf", "\(bench.folder)/files/a b.tgz", "d"])
  }
}
