import Testing
import Vault

/// Sealed by the reference implementation with the password 'sesame'.
private let sealedWithoutIdentity = """
$ANSIBLE_VAULT;1.1;AES256
39343264633033633863353765343634343366663933633962306166613064316365653563323162
3338343835643665353734303435336539306563636337640a383666366132396330383333623861
64663634313031626137333337343761363739343036656130636362316364303936303362666636
3161326437636662360a396536373663353865396664373465346566633564613863386638313366
32383738636364613632326538306537393835326630333032316461636237636332
"""

private let sealedAsProd = """
$ANSIBLE_VAULT;1.2;AES256;prod
66363338333333326262303162633965383937323166333631366365643136636232313938346161
3036353432313930333265323933393533633632383464330a313733363966393062316435346434
36303937313430373431333039643232316432383564613138643535623335346230323035323435
3766613031353431330a666631346430663164393232653636303661373334646239653964336139
35623138353365373836383564656464363737376239663262656331623033333333
"""

private let content = "user: ana\nword: \"naïve ☃\"\n"

@Suite struct VaultKeyringTests {
  private func keyring(_ entries: (String, String)..., matchesIdentity: Bool = false) throws -> VaultKeyring {
    VaultKeyring(
      try entries.map { VaultKeyring.Entry(identity: $0.0, password: try #require(VaultPassword(Array($0.1.utf8)))) },
      matchesIdentity: matchesIdentity)
  }

  @Test(arguments: [sealedWithoutIdentity, sealedAsProd])
  func `a text of the reference opens with its password, whatever the password is called`(sealed: String) throws {
    #expect(try keyring(("default", "wrong"), ("other", "sesame")).decryptText(sealed) == content)
  }

  @Test func `lines indented as in YAML, or ended as on Windows, read the same`() throws {
    let ring = try keyring(("default", "sesame"))
    #expect(try ring.decryptText(sealedAsProd.replacing("\n", with: "\n      ")) == content)
    #expect(try ring.decryptText(sealedAsProd.replacing("\n", with: "\r\n")) == content)
  }

  @Test func `a wrong password is one error that names the identities tried and no password`() throws {
    let ring = try keyring(("default", "wrong"), ("dev", "also wrong"))
    let error = #expect(throws: VaultError.self) { try ring.decryptText(sealedAsProd) }
    #expect(error?.description == "no vault secrets were found that could decrypt the vault text, which was made with 'prod': tried default, dev")
  }

  @Test func `with vault_id_match only passwords of the text's identity count`() throws {
    #expect(throws: VaultError.self) { try keyring(("dev", "sesame"), matchesIdentity: true).decryptText(sealedAsProd) }
    #expect(try keyring(("dev", "x"), ("prod", "sesame"), matchesIdentity: true).decryptText(sealedAsProd) == content)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 5000])
  func `what is sealed opens again`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let ring = try keyring(("prod", "sésame"))
    let sealed = try ring.entry(toEncryptAs: "prod").encrypt(bytes)
    #expect(try ring.decrypt(sealed) == bytes)
    let lines = String(decoding: sealed, as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "$ANSIBLE_VAULT;1.2;AES256;prod")
    #expect(lines.dropFirst().dropLast().allSatisfy { $0.count == 80 })
  }

  @Test func `the default identity leaves no name and version 1_1`() throws {
    let sealed = try keyring(("default", "x")).entry(toEncryptAs: nil).encrypt([1])
    #expect(String(decoding: sealed, as: UTF8.self).hasPrefix("$ANSIBLE_VAULT;1.1;AES256\n"))
  }

  @Test func `a changed text does not open`() throws {
    var bytes = Array(sealedAsProd.utf8)
    let last = try #require(bytes.lastIndex { $0 != 10 })
    bytes[last] = bytes[last] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
    #expect(throws: VaultError.self) { try keyring(("default", "sesame")).decrypt(bytes) }
  }

  @Test(arguments: [
    ("no vault at all", "no vault text"), ("$ANSIBLE_VAULT;1.1", "header"), ("$ANSIBLE_VAULT;1.0;AES256\n00", "version '1.0'"),
    ("$ANSIBLE_VAULT;1.1;AES\n00", "cipher 'AES'"), ("$ANSIBLE_VAULT;1.1;AES256\nxyz", "damaged"),
    ("$ANSIBLE_VAULT;1.1;AES256\n3030", "damaged"), ("$ANSIBLE_VAULT;1.1;AES256", "damaged"),
  ])
  func `a broken text says what is broken`(text: String, part: String) throws {
    let error = #expect(throws: VaultError.self) { try keyring(("default", "x")).decryptText(text) }
    #expect(error?.message.contains(part) == true, "\(String(describing: error))")
  }

  @Test func `several identities need one to encrypt as`() throws {
    let ring = try keyring(("dev", "x"), ("prod", "y"))
    let error = #expect(throws: VaultError.self) { try ring.entry(toEncryptAs: nil) }
    #expect(error?.message == "the vault-ids dev,prod are available to encrypt")
    #expect(try ring.entry(toEncryptAs: "prod").identity == "prod")
    #expect(throws: VaultError.self) { try ring.entry(toEncryptAs: "stage") }
  }

  @Test func `a password never prints`() throws {
    let password = try #require(VaultPassword(Array("sesame".utf8)))
    #expect("\(password)" == "***")
    #expect(!String(reflecting: try keyring(("a", "sesame"))).contains("115"))
  }
}
