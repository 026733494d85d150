import Model
import Testing

@testable import Actions

struct PauseActionTests {
  @Test(arguments: [1, "1", " 1 ", 1.9, 0, -3] as [Value])
  func `a pause lasts, whatever form its number has, and a second at least`(seconds: Value) async throws {
    try await ActionBench.with { bench in
      let result = try await bench.run("pause", ["seconds": seconds])
      #expect(result.status == .ok && result.fields["stdout"] == "Paused for 1.0 seconds", "\(result)")
      #expect(result.fields["delta"]?.int ?? 0 >= 1)
    }
  }

  @Test func `what is no number is refused`() async throws {
    try await ActionBench.with { bench in
      let result = try await bench.run("pause", ["minutes": "soon"])
      #expect(result.status == .failed && result.message == "'minutes' must be a number, not soon", "\(result)")
    }
  }
}
