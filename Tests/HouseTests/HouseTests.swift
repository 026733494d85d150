import Foundation
import Support
import Testing

/// Reads the tree as git knows it and says where it breaks the rules of the house.
struct HouseTests {
  @Test(arguments: HouseRule.all)
  func `the tree keeps the rule`(_ rule: HouseRule) async throws {
    let files = try await HouseTests.files()
    let findings = files.flatMap(rule.findings)
    #expect(findings.isEmpty, "\(rule.name):\n\(findings.map(\.description).joined(separator: "\n"))")
  }

  @Test func `the rules see the tree`() async throws {
    let paths = Set(try await HouseTests.files().map(\.path))
    #expect(paths.contains("Package.swift"))
    #expect(paths.contains("Sources/Model/Value.swift"))
    #expect(paths.contains("Tests/HouseTests/HouseTests.swift"))
  }

  private static func files() async throws -> [SourceText] { try await reading.value }

  /// Read once for all rules. Text files only: what isn't UTF-8 is nobody's source.
  private static let reading = Task {
    try await SourceTree.files().compactMap { path in
      let text = try? String(contentsOfFile: "\(SourceTree.root)/\(path)", encoding: .utf8)
      return text.map { SourceText(path: path, text: $0) }
    }
  }
}
