import Support
import Testing

@testable import Transport

@Suite struct KnownHostKeysTests {
  static let first = SSHPublicKey(line: testKeyLine(1))!
  static let second = SSHPublicKey(line: testKeyLine(2))!
  static let rsa = SSHPublicKey(blob: PublicKeyBlob.rsa(exponent: [1, 0, 1], modulus: Array(1...255)))!

  private func keys(
    _ text: String, host: String = "h1.example", port: Int = 22, alias: String? = nil
  ) -> KnownHostKeys {
    let text = text.replacing("KEY1", with: Self.first.line).replacing("KEY2", with: Self.second.line)
      .replacing("RSA", with: Self.rsa.line)
    return KnownHostKeys(
      name: HostKeyName(host: host, port: port, alias: alias), files: [KnownHostsFile(path: "known", text: text)])
  }

  private func verdict(_ keys: KnownHostKeys) -> String {
    switch keys.verdict(on: Self.first) {
    case .known(let record): "known at \(record.line)"
    case .unknown: "unknown"
    case .changed(let record): "changed from \(record.line)"
    case .revoked(let record): "revoked at \(record.line)"
    }
  }

  @Test(arguments: [
    ("plain", "h1.example KEY1", "known at 1"),
    ("list", "10.0.0.1,h1.example KEY1 a comment", "known at 1"),
    ("tabs and leading blanks", " \th1.example\tKEY1", "known at 1"),
    ("DOS line ends", "# comment\r\nh1.example KEY1\r\n", "known at 2"),
    ("wildcard", "*.example KEY1", "known at 1"),
    ("negation", "!h1.example,*.example KEY1", "unknown"),
    ("other case", "H1.Example KEY1", "known at 1"),
    ("another port", "[h1.example]:2222 KEY1", "unknown"),
    ("another host", "h2.example KEY1", "unknown"),
    ("another key", "\nh1.example KEY2", "changed from 2"),
    ("another type", "h1.example RSA", "changed from 1"),
    ("another key of the same type is named first", "h1.example RSA\nh1.example KEY2", "changed from 2"),
    ("the right key among others", "h1.example RSA\nh1.example KEY2\nh1.example KEY1", "known at 3"),
    ("revoked", "h1.example KEY1\n@revoked h1.example KEY1", "revoked at 2"),
    ("revoked everywhere", "@revoked * KEY1", "revoked at 1"),
    ("another revoked", "@revoked h1.example KEY2", "unknown"),
    ("an authority's key is no host key", "@cert-authority *.example KEY1", "unknown"),
    ("an authority next to a key", "@cert-authority *.example KEY2\nh1.example KEY1", "known at 2"),
    ("invalid lines are passed over", "h1.example\nnoise\n@what h1.example KEY1\nh1.example KEY1", "known at 4"),
    ("a type that lies", "h1.example ssh-rsa \(first.line.split(separator: " ")[1])", "unknown"),
    ("comments", "#h1.example KEY2\n", "unknown"),
    ("nothing", "", "unknown"),
  ]) func `a file gives a verdict`(title: String, text: String, expected: String) {
    #expect(verdict(keys(text)) == expected, "\(title)")
  }

  @Test(arguments: [
    ("[h1.example]:2222 KEY1", "known at 1"), ("[h1.example]:2222 KEY2", "changed from 1"),
    ("[*.example]:* KEY1", "known at 1"), ("*.example KEY2", "unknown"),
    // OpenSSH: "found matching key w/out port".
    ("h1.example KEY1", "known at 1"), ("h1.example KEY2", "unknown"),
    ("[h1.example]:2222 KEY2\nh1.example KEY1", "changed from 1"), ("@revoked h1.example KEY1", "revoked at 1"),
  ]) func `a host on another port has its own entries`(text: String, expected: String) {
    #expect(verdict(keys(text, port: 2222)) == expected)
  }

  @Test func `an alias stands for name and port`() {
    #expect(verdict(keys("cluster KEY1", port: 2222, alias: "Cluster")) == "known at 1")
    #expect(verdict(keys("[h1.example]:2222 KEY1", port: 2222, alias: "cluster")) == "unknown")
  }

  @Test func `key types that are known come first in the handshake`() {
    #expect(keys("h1.example RSA\nh1.example KEY1\nh1.example KEY2").keyTypes == ["ssh-rsa", "ssh-ed25519"])
    #expect(keys("h2.example RSA\n@cert-authority * KEY1\n@revoked * KEY2").keyTypes == [])
    #expect(keys("h1.example KEY1", port: 2222).keyTypes == ["ssh-ed25519"])
    #expect(keys("h1.example KEY1\n[h1.example]:2222 RSA", port: 2222).keyTypes == ["ssh-rsa"])
  }

  @Test func `an authority is told, since only the ssh binary can use it`() {
    #expect(keys("@cert-authority *.example KEY1").hasCertificateAuthority)
    #expect(!keys("@cert-authority *.elsewhere KEY1").hasCertificateAuthority)
  }

  @Test func `later files add to earlier ones`() {
    let name = HostKeyName(host: "h1.example", port: 22)
    let user = KnownHostsFile(path: "user", text: "h1.example \(Self.first.line)")
    let system = KnownHostsFile(path: "system", text: "\n@revoked * \(Self.first.line)")
    let revoked = HostKeyRecord(marker: .revoked, key: Self.first, path: "system", line: 2)
    #expect(KnownHostKeys(name: name, files: [user, system]).verdict(on: Self.first) == .revoked(revoked))
  }

  @Test func `invalid lines are listed with their reason`() {
    let key = Self.first.line
    let file = KnownHostsFile(path: "known", text: "fine \(key)\n|1|x|y \(key)\nhost 1024 35 1\n")
    #expect(file.invalidLines.map(\.number) == [2, 3])
    #expect(file.invalidLines.map(\.reason) == ["its hashed name can't be read", "its key is no 1024 key"])
  }

  @Test func `a random file is read as ssh-keygen -F reads it`() {
    var random = SeededRandom.announced()
    let folder = TestFolder()
    let names = ["h1.example", "H2.example", "[h1.example]:2222", "10.0.0.1", "fe80::1", "deep.sub.example", "x"]
    let patterns = names + ["*.example", "h?.example", "!h1.example", "*", "10.*", "[*]:2222", "!*.sub.example"]
    for _ in 0..<25 {
      let lines = (0..<6).map { _ in
        let chosen = (0..<Int.random(in: 1...3, using: &random)).map { _ in patterns.randomElement(using: &random)! }
        return chosen.joined(separator: ",") + " " + [Self.first, Self.second].randomElement(using: &random)!.line
      }
      let text = lines.joined(separator: "\n") + "\n"
      let path = folder.write("known", text)
      let file = KnownHostsFile(path: path, text: text)
      let name = names.randomElement(using: &random)!
      let theirs = ShellCommand.run("ssh-keygen -F '\(name)' -f '\(path)'").output
        .split(separator: "\n").filter { $0.hasPrefix("#") }.map { String($0.split(separator: " ").last!) }
      #expect(file.records(for: name.asciiLowercased()).map { "\($0.line)" } == theirs, "\(name) in\n\(text)")
    }
  }

  @Test func `names that ssh-keygen hashed are found`() throws {
    let folder = TestFolder()
    let path = folder.write("known", "h1.example \(Self.first.line)\n[h1.example]:2222 \(Self.second.line)\n")
    ShellCommand.mustRun("ssh-keygen -H -f '\(path)'")
    let text = folder.read("known")
    #expect(!text.contains("h1.example"))
    #expect(verdict(keys(text)) == "known at 1")
    #expect(verdict(keys(text, port: 2222)) == "changed from 2")
    #expect(verdict(keys(text, host: "h2.example")) == "unknown")
  }
}

/// An ed25519 public key that nobody has the private half of.
func testKeyLine(_ number: UInt8) -> String {
  SSHPublicKey(blob: PublicKeyBlob.ed25519(publicPoint: [UInt8](repeating: number, count: 32)))!.line
}
