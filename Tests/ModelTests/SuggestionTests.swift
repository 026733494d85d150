import Testing

@testable import Model

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("mod", "mode"), ("ownre", "owner"), ("STATE", "state"), ("stat", "state"), ("becoem_user", "become_user"),
    ("x", nil), ("completely", nil), ("", nil), ("group", "group"),
  ] as [(String, String?)])
  func `a slip finds the name that was meant`(written: String, expected: String?) {
    #expect(nearestName(to: written, among: ["mode", "owner", "state", "group", "become_user", "dest"]) == expected)
  }

  @Test func `of two as near, the first by name`() {
    #expect(nearestName(to: "cat", among: ["hat", "bat"]) == "bat")
  }
}
