import CLibCrypto

/// A public key as SSH sends and stores it. Only the type's name is read; the rest is opaque and compared as bytes.
package struct SSHPublicKey: Sendable, Hashable {
  /// The first field of the blob: `ssh-ed25519`, `ssh-rsa`, ….
  package let type: String
  package let blob: [UInt8]

  /// Nil where the blob does not start with a name.
  package init?(blob: [UInt8]) {
    var reader = SSHWireReader(blob)
    guard let name = try? reader.string(), !name.isEmpty, name.allSatisfy(Self.isNameByte), !reader.isAtEnd
    else { return nil }
    type = String(decoding: name, as: UTF8.self)
    self.blob = blob
  }

  /// Reads `TYPE BASE64`, which must agree about the type.
  package init?(type: some Collection<UInt8>, base64: some Collection<UInt8>) {
    guard let blob = Base64.decode(base64), let key = SSHPublicKey(blob: blob), key.type.utf8.elementsEqual(type)
    else { return nil }
    self = key
  }

  /// Reads a line of an `id_x.pub` file: `TYPE BASE64 [COMMENT]`.
  package init?(line: some StringProtocol) {
    let words = line.split(maxSplits: 2) { $0 == " " || $0 == "\t" || $0.isNewline }
    guard words.count >= 2 else { return nil }
    self.init(type: words[0].utf8, base64: words[1].utf8)
  }

  /// `SHA256:…`, as ssh prints it.
  package var fingerprint: String {
    "SHA256:" + Base64.encode(Digest.sha256(blob), isPadded: false)
  }

  /// `TYPE BASE64`, as files hold it.
  package var line: String { "\(type) \(Base64.encode(blob))" }

  /// What people call the type: `ED25519`, `RSA`, ….
  package var typeLabel: String {
    switch type {
    case "ssh-ed25519": "ED25519"
    case "ssh-rsa": "RSA"
    case "ssh-dss": "DSA"
    case _ where type.hasPrefix("ecdsa-sha2-"): "ECDSA"
    case _ where type.hasPrefix("sk-ssh-ed25519"): "ED25519-SK"
    case _ where type.hasPrefix("sk-ecdsa-sha2-"): "ECDSA-SK"
    default: type
    }
  }

  /// The blob under the name of a signature algorithm: how `libssh2_userauth_publickey`, which takes the algorithm from
  /// the blob's first field, is told to offer `rsa-sha2-512` for an `ssh-rsa` key.
  package func blob(named algorithm: SSHSignatureAlgorithm) -> [UInt8] {
    var output: [UInt8] = []
    output.appendSSHString(algorithm.rawValue)
    output.append(contentsOf: blob.dropFirst(4 + type.utf8.count))
    return output
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F
  }
}

extension SSHPublicKey: CustomStringConvertible {
  package var description: String { "\(typeLabel) \(fingerprint)" }
}
