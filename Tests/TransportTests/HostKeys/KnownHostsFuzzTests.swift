import Testing

@testable import Transport

@Suite struct KnownHostsFuzzTests {
  static let pieces = [
    "|1|", "|", "@revoked", "@cert-authority", "@", "#", " ", "\t", "\n", "\r", ",", "!", "*", "?", "[h]:22", "h1",
    "ssh-ed25519", "ssh-rsa", "AAAA", "AAAAC3NzaC1lZDI1NTE5AAAAIAEB", "=", "\u{0}", "ü", "\u{FEFF}", testKeyLine(1),
    "|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  ]

  @Test func `noise never crashes and never makes a line that was not there`() {
    var random = SeededRandom.announced()
    let key = SSHPublicKey(line: testKeyLine(1))!
    FuzzRounds.run(2000) {
      let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in Self.pieces.randomElement(using: &random)! }
        .joined()
      let lineCount = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).count
      let file = KnownHostsFile(path: "noise", text: text)
      for record in file.records(for: "h1") {
        #expect((1...lineCount).contains(record.line))
        #expect(text.contains(record.key.type))
      }
      _ = KnownHostKeys(name: HostKeyName(host: "h", port: 2222), files: [file]).verdict(on: key)
    }
  }

  @Test func `what is written is read again`() {
    var random = SeededRandom.announced()
    FuzzRounds.run(500) {
      let blob = PublicKeyBlob.ed25519(publicPoint: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
      let key = SSHPublicKey(blob: blob)!
      #expect(SSHPublicKey(line: key.line + " comment") == key)
      let bytes = (0..<Int.random(in: 0...50, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Base64.decode(Array(Base64.encode(bytes).utf8)) == bytes)
    }
  }
}
