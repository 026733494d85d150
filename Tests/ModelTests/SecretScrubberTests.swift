import Testing

@testable import Model

@Suite struct SecretScrubberTests {
  private let scrubber = SecretScrubber()

  @Test func `known secrets are masked wherever they stand`() {
    scrubber.register("hunter2")
    scrubber.register("hunter2-longer")
    #expect(scrubber.scrub("hunter2") == "***")
    #expect(scrubber.scrub("a hunter2hunter2-longer, hunter hunter3") == "a ******, hunter hunter3")
    #expect(scrubber.scrub("hunter") == "hunter")
    #expect(scrubber.scrub(Array("\u{0}hunter2\u{0}".utf8)) == Array("\u{0}***\u{0}".utf8))
  }

  @Test func `a secret that JSON has escaped is found`() throws {
    let secret = "p\"w\\ü\n$"
    scrubber.register(secret)
    for encoding in [JSONEncoding(), .compact] {
      #expect(scrubber.scrub(encoding.text(of: .string(secret))) == "\"***\"")
    }
  }

  @Test func `the long lines of a key are found one by one`() {
    scrubber.register("-----BEGIN KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\nshort\n-----END KEY-----\n")
    #expect(scrubber.scrub("+b3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n+short") == "+***\n+short")
  }

  @Test func `everything inside a secret value counts`() {
    let ignored = scrubber.register(Secret(["user": "admin", "ports": [22, 1_234_567], "on": true, "inner": ["abc"]]))
    #expect(ignored.count { $0 != .registered } == 2)
    #expect(scrubber.scrub("admin 22 1234567 true abc") == "*** 22 *** true abc")
  }

  @Test func `what is too short is left alone, with the reason`() {
    #expect(
      scrubber.register("abc")
        == .ignored(reason: "shorter than 4 bytes: masking it would blank out ordinary output"))
    #expect(scrubber.scrub("abc") == "abc")
  }
}
