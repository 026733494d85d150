import Testing

@testable import Transport

@Suite struct SSHAlgorithmListTests {
  @Test(arguments: [
    ("aes256-ctr,chacha20", ["aes256-ctr"]), ("aes*", ["aes128-ctr", "aes256-ctr"]), ("chacha20", []),
    ("+3des", ["aes128-ctr", "aes256-ctr", "x"]), ("-aes*", ["x"]), ("^x,none", ["x", "aes128-ctr", "aes256-ctr"]),
  ]) func `a list chooses among ours`(text: String, chosen: [String]) {
    #expect(SSHAlgorithmList(text).choosing(from: ["aes128-ctr", "aes256-ctr", "x"]) == chosen)
  }
}
