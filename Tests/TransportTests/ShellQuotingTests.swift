import Testing

@testable import Transport

struct ShellQuotingTests {
  @Test(arguments: [("", "''"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$x `y` \\", "'$x `y` \\'")])
  func `text is one word, whatever is in it`(text: String, quoted: String) {
    #expect(shellQuoted(text) == quoted)
    var bytes: [UInt8] = []
    bytes.appendShellQuoted(text)
    #expect(String(decoding: bytes, as: UTF8.self) == quoted)
  }
}
