import Testing

@testable import Transport

@Suite struct HostPatternTests {
  @Test(arguments: [
    ("*", "anything"), ("*", ""), ("web?", "web1"), ("*.example", "a.b.example"), ("w*b*1", "web-b-1"), ("a**", "a"),
    ("10.0.*.1", "10.0.33.1"), ("", ""),
  ]) func `a pattern matches`(pattern: String, text: String) {
    #expect(HostPattern.matches(pattern, text))
  }

  @Test(arguments: [
    ("web?", "web"), ("web?", "web12"), ("*.example", "example"), ("", "a"), ("a", ""), ("w*b*1", "web-b-2"),
  ]) func `a pattern does not match`(pattern: String, text: String) {
    #expect(!HostPattern.matches(pattern, text))
  }

  @Test func `a negated pattern wins wherever it stands`() {
    #expect(!HostPatternList(commaSeparated: "*.example,!h1.example").matches("h1.example"))
    #expect(!HostPatternList(commaSeparated: "!h1.example,*.example").matches("h1.example"))
    #expect(HostPatternList(commaSeparated: "!h1.example,*.example").matches("h2.example"))
    #expect(!HostPatternList(commaSeparated: "!h1.example").matches("h2.example"))
  }

  @Test func `many stars cost no more than pattern times text`() {
    let pattern = String(repeating: "*a", count: 200) + "b"
    #expect(!HostPattern.matches(pattern, String(repeating: "a", count: 2000)))
  }
}
