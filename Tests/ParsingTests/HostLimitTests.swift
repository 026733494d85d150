import Model
import Parsing
import Support
import Testing

struct HostLimitTests {
  static let lists: [(String, [String])] = [
    (
      "a,b", ["a", "b"]), (" a , ,b", ["a", "b"]), ("a:b", ["a", "b"]), ("a:&b:!c", ["a", "&b", "!c"]), ("web:22",
      ["web:22"]
    ),
    ("::1", ["::1"]), ("2001:db8::1,b", ["2001:db8::1", "b"]), ("web[1:3]", ["web[1:3]"]),
    ("web[1:3]:db[0]", ["web[1:3]", "db[0]"]),
    ("~(a|b).*:c", ["~(a|b).*", "c"]), ("~web[0-9]+", ["~web[0-9]+"]), ("a b", ["a", "b"]), ("", []),
  ]

  @Test(arguments: lists)
  func `patterns are told apart without tearing addresses and ranges`(text: String, patterns: [String]) {
    #expect(HostPatternText.split(text) == patterns)
  }

  @Test func `a retry file reads back as the hosts that it was written for`() async throws {
    try await ScratchFolder.with { folder in
      try write(HostLimit.retryFileText(hosts: ["a", "::1"]) + "\n  b \r\n", to: "\(folder)/site.retry")
      var diagnostics = Diagnostics()
      #expect(HostLimit("x,@\(folder)/site.retry", into: &diagnostics).patterns == ["x", "a", "::1", "b"])
      #expect(diagnostics.all.isEmpty)
    }
  }

  @Test func `a limit file that can't be read is an error`() async throws {
    try await ScratchFolder.with { folder in
      var diagnostics = Diagnostics()
      #expect(HostLimit("@\(folder)/none,@\(folder)", into: &diagnostics).patterns == [])
      #expect(diagnostics.all.map(\.message) == [
        "Unable to find limit file \(folder)/none",
        "Limit starting with \"@\" must be a file, not a directory: \(folder)",
      ])
    }
  }
}
