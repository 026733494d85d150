import Model
import Testing

@testable import Transport

@Suite struct PrivateKeyFileTests {
  /// Each test has its own, for as long as the test runs.
  let folder = TestFolder()

  /// How OpenSSL or OpenSSH makes a key file, and what signs with it.
  struct Recipe: Sendable, CustomTestStringConvertible {
    let title: String
    let command: String
    let algorithms: [SSHSignatureAlgorithm]
    var isEncrypted = false
    /// OpenSSH can't read every format that OpenSSL writes.
    var publicKeyCommand = "ssh-keygen -y -P 'correct horse' -f $KEY"
    var testDescription: String { title }
  }

  static let passphrase = Secret("correct horse")

  static let recipes: [Recipe] =
    [
      ("ed25519", [SSHSignatureAlgorithm.ed25519]), ("ecdsa -b 256", [.ecdsa256]), ("ecdsa -b 384", [.ecdsa384]),
      ("ecdsa -b 521", [.ecdsa521]), ("rsa -b 1024", [.rsaSHA512, .rsaSHA256]),
    ].flatMap { type, algorithms in
      ["RFC4716", "PEM", "PKCS8"].filter { $0 == "RFC4716" || type != "ed25519" }.flatMap { format in
        [
          Recipe(
            title: "\(type) as \(format)", command: "ssh-keygen -q -t \(type) -m \(format) -N '' -C me@here -f $KEY",
            algorithms: algorithms),
          Recipe(
            title: "\(type) as \(format), encrypted",
            command: "ssh-keygen -q -t \(type) -m \(format) -a 1 -N 'correct horse' -f $KEY", algorithms: algorithms,
            isEncrypted: true),
        ]
      }
    } + [
      Recipe(
        title: "ed25519 by openssl as PKCS8", command: "openssl genpkey -algorithm ed25519 -out $KEY",
        algorithms: [.ed25519], publicKeyCommand: opensslPublicKeyCommand),
      Recipe(
        title: "ed25519 by openssl as PKCS8, encrypted",
        command: "openssl genpkey -algorithm ed25519 -aes256 -pass 'pass:correct horse' -out $KEY",
        algorithms: [.ed25519], isEncrypted: true, publicKeyCommand: opensslPublicKeyCommand),
      Recipe(
        title: "ecdsa by openssl with compressed points",
        command: "openssl ecparam -name prime256v1 -genkey -noout -conv_form compressed -out $KEY",
        algorithms: [.ecdsa256]),
    ]
    + OpenSSHKeyCipher.allCases.map { cipher in
      Recipe(
        title: "ed25519 encrypted with \(cipher.rawValue)",
        command: "ssh-keygen -q -t ed25519 -a 2 -Z \(cipher.rawValue) -N 'correct horse' -f $KEY",
        algorithms: [.ed25519], isEncrypted: true)
    }

  /// An ed25519 public key's DER ends with its 32 bytes.
  static let opensslPublicKeyCommand = """
    echo ssh-ed25519 $({ printf '\\0\\0\\0\\013ssh-ed25519\\0\\0\\0 '
      openssl pkey -in $KEY -passin 'pass:correct horse' -pubout -outform DER | tail -c 32; } | base64 -w0)
    """

  private func make(_ recipe: Recipe) -> String {
    let path = folder.path + "/key"
    ShellCommand.mustRun("KEY='\(path)'; umask 077; \(recipe.command)")
    return path
  }

  @Test(arguments: recipes) func `a key signs what ssh-keygen verifies`(_ recipe: Recipe) throws {
    let path = make(recipe)
    let key = try PrivateKeyFile.load(path: path, passphrase: recipe.isEncrypted ? Self.passphrase : nil)

    let publicLine = ShellCommand.mustRun("KEY='\(path)'; \(recipe.publicKeyCommand)")
    #expect(key.publicKey == SSHPublicKey(line: publicLine))
    #expect(Array(key.algorithms.prefix(recipe.algorithms.count)) == recipe.algorithms)
    for algorithm in recipe.algorithms {
      let outcome = try verify(key: key, algorithm)
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output.contains("Good \"martlet\" signature"))
    }
  }

  /// Wraps a signature as ssh-keygen -Y does (PROTOCOL.sshsig), so that OpenSSH judges it.
  private func verify(key: PrivateKey, _ algorithm: SSHSignatureAlgorithm) throws -> ShellCommand.Outcome {
    let message = "what the server wants signed\n"
    var signed = Array("SSHSIG".utf8)
    signed.appendSSHString("martlet")
    signed.appendSSHString("")
    signed.appendSSHString("sha512")
    signed.appendSSHString(Digest.sha512(Array(message.utf8)))
    var envelope = Array("SSHSIG".utf8)
    envelope.appendUInt32(1)
    envelope.appendSSHString(key.publicKey.blob)
    envelope.appendSSHString("martlet")
    envelope.appendSSHString("")
    envelope.appendSSHString("sha512")
    envelope.appendSSHString(try key.sign(signed, algorithm).blob)
    let armoured = "-----BEGIN SSH SIGNATURE-----\n\(Base64.encode(envelope))\n-----END SSH SIGNATURE-----\n"
    let signature = folder.write("signature", armoured)
    let signers = folder.write("signers", "me@here \(key.publicKey.line)\n")
    let content = folder.write("message", message)
    return ShellCommand.run(
      "ssh-keygen -Y verify -f '\(signers)' -I me@here -n martlet -s '\(signature)' <'\(content)'")
  }

  @Test func `a comment comes with OpenSSH's format`() throws {
    let path = make(Self.recipes[0])
    #expect(try PrivateKeyFile.load(path: path).comment == "me@here")
  }

  @Test func `an RSA key signs with SHA-1 for servers that know nothing newer`() throws {
    let path = folder.path + "/key"
    ShellCommand.mustRun("ssh-keygen -q -t rsa -b 1024 -m PEM -N '' -f '\(path)'")
    let signature = try PrivateKeyFile.load(path: path).sign(Array("text".utf8), .rsaSHA1)
    #expect(signature.algorithm == "ssh-rsa")
    folder.write("text", "text")
    folder.write("signature.base64", Base64.encode(signature.bytes) + "\n")
    let verified = ShellCommand.mustRun(
      """
      cd '\(folder.path)'; openssl rsa -in key -pubout -out public 2>/dev/null
      base64 -d signature.base64 >signature; openssl dgst -sha1 -verify public -signature signature text
      """)
    #expect(verified.contains("Verified OK"))
  }

  @Test(arguments: recipes.filter(\.isEncrypted))
  func `an encrypted key asks for a passphrase and knows a wrong one`(_ recipe: Recipe) {
    let path = make(recipe)
    #expect(throws: CredentialError(.needsPassphrase, path: path)) { try PrivateKeyFile.load(path: path) }
    #expect(throws: CredentialError(.wrongPassphrase, path: path)) {
      try PrivateKeyFile.load(path: path, passphrase: Secret("wrong horse"))
    }
  }

  @Test func `a missing passphrase is told with what to do`() {
    #expect(
      CredentialError(.needsPassphrase, path: "/home/x/.ssh/id_rsa").description == """
        key /home/x/.ssh/id_rsa is encrypted and no passphrase was given; load it in ssh-agent or set \
        ansible_ssh_private_key_passphrase
        """)
  }

  @Test func `a public key is known without the passphrase`() throws {
    let path = make(Self.recipes.first { $0.title == "ed25519 as RFC4716, encrypted" }!)
    let expected = SSHPublicKey(line: folder.read("key.pub"))
    ShellCommand.mustRun("mv '\(path).pub' '\(path).away'")
    #expect(expected != nil)
    #expect(PrivateKeyFile.publicKey(path: path) == expected)
  }

  @Test func `a public key beside an encrypted PEM key is read`() throws {
    let path = make(Self.recipes.first { $0.title == "ecdsa -b 256 as PEM, encrypted" }!)
    #expect(PrivateKeyFile.publicKey(path: path) == SSHPublicKey(line: folder.read("key.pub")))
    #expect(PrivateKeyFile.publicKey(path: path) != nil)
  }

  @Test(arguments: [0o644, 0o640, 0o604, 0o660] as [UInt32])
  func `a key that others may read is refused`(mode: UInt32) {
    let path = folder.write("key", "anything", mode: mode)
    #expect(throws: CredentialError(.tooOpen(mode: mode), path: path)) { try PrivateKeyFile.load(path: path) }
  }

  @Test(arguments: [
    ("PuTTY-User-Key-File-3: ssh-ed25519\n", "puttygen"),
    ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", "ssh-keygen -i"),
    ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5H6jhB0xQ4a0p5v0YbdnvyYqkPrYfJcQbmdkmWvLQk me\n", "without .pub"),
    ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "the private key"),
    ("", "no BEGIN line"), ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", "END line"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\n*\n-----END OPENSSH PRIVATE KEY-----\n", "base64"),
    ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "damaged"),
  ]) func `what is no private key says what it is and what to do`(text: String, told: String) throws {
    let path = folder.write("key", text)
    let error = #expect(throws: CredentialError.self) { try PrivateKeyFile.load(path: path) }
    #expect(error?.description.contains(told) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(path) == true)
  }

  @Test func `a DSA key is told to be too old`() throws {
    let path = folder.path + "/key"
    ShellCommand.mustRun("umask 077; openssl dsaparam -noout -genkey -out '\(path)' 1024 2>/dev/null")
    let error = #expect(throws: CredentialError.self) { try PrivateKeyFile.load(path: path) }
    #expect(error?.description.contains("DSA") == true)
  }

  @Test func `a missing key file is told by name`() {
    let error = #expect(throws: CredentialError.self) { try PrivateKeyFile.load(path: "/nowhere/id_rsa") }
    #expect(error?.description == "key /nowhere/id_rsa can't be read: No such file or directory")
  }

  @Test func `every cut of a key file is an error, never a crash`() throws {
    let path = make(Self.recipes[0])
    let text = Array(ShellCommand.mustRun("cat '\(path)'").utf8)
    let body = text.split(separator: UInt8(ascii: "\n")).dropFirst().dropLast().joined()
    let binary = try #require(Base64.decode(Array(body)))
    for count in 0..<binary.count {
      #expect(throws: KeyFormatError.self) {
        try OpenSSHPrivateKey(binary: Array(binary.prefix(count))).privateKey(passphrase: nil)
      }
    }
  }
}
