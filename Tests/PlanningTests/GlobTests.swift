import Planning
import Testing

struct GlobTests {
  static let matches: [(String, String, Bool)] = [
    ("*", "", true), ("a*c", "abbc", true), ("a*c", "ab", false), ("a?c", "aéc", true), ("[a-c]x", "bx", true),
    ("[!a-c]x", "bx", false),
    ("[]x]", "]", true), ("[", "[", true), ("[a", "[a", true), ("*.com", "x.com.au", false), ("A", "a", false),
    ("**a**", "xay", true),
    ("[z-a]", "b", false), ("web[0-9][0-9]", "web07", true), ("", "", true), ("", "a", false),
  ]

  @Test(arguments: matches)
  func `globs match as Python's fnmatch`(pattern: String, text: String, isMatch: Bool) {
    #expect(Glob(pattern).matches(text) == isMatch)
  }

  @Test func `many stars take no time`() {
    #expect(!Glob(String(repeating: "*a", count: 40) + "b").matches(String(repeating: "a", count: 4000)))
  }
}
