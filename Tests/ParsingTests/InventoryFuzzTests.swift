import Model
import Parsing
import Support
import Testing

/// Texts that nobody would write: reading must end, and what it says must stand in the file.
struct InventoryFuzzTests {
  private static let pieces = [
    "[", "]", "web", ":children", ":vars", ":hosts", "a", "b=1", "=", "'", "\"", "\\", "#", ";", " ", "\n", "\n",
    "\n[g]\n", "[1:3]", "[a:c]",
    ":22", "::1", "{{ x }}", "{", "}", "all", "ungrouped", "é", "\t", "\r\n", "- ", ": ", "hosts:", "children:",
    "vars:", "\n  ", "---", ",",
  ]

  @Test(arguments: 0..<400)
  func `any text ends in an inventory that holds together`(seed: Int) async throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let length = Int.random(in: 1...30, using: &generator)
    let text = (0..<length).map { _ in Self.pieces.randomElement(using: &generator)! }.joined()
    let (inventory, diagnostics) = try await ScratchFolder.with { folder in
      try write(text, to: "\(folder)/\(seed.isMultiple(of: 2) ? "hosts.ini" : "hosts.yml")")
      var found = Diagnostics()
      let inventory = InventoryLoader(baseDirectory: folder)
        .load([seed.isMultiple(of: 2) ? "hosts.ini" : "hosts.yml"], into: &found)
      return (inventory, found)
    }
    let listed = Set(inventory.allHosts)
    for index in inventory.hosts.indices where !inventory.hosts[index].isImplicit {
      let host = HostID(index), groups = inventory.groupNames(of: host)
      #expect(listed.contains(host))
      #expect(!groups.isEmpty && (groups == ["ungrouped"] || !groups.contains("ungrouped") || groups.count > 1))
    }
    let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).count
    for span in diagnostics.all.compactMap(\.span) {
      // What is missing at the end of a file may be told on the line behind the last.
      #expect((1...lines + 1).contains(span.line) && span.column >= 1)
    }
    #expect(diagnostics.all.allSatisfy { !$0.description.isEmpty })
  }
}

/// The same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
