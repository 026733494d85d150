/// How a signature is made, by its name on the wire.
package enum SSHSignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
  case ed25519 = "ssh-ed25519"
  case ecdsa256 = "ecdsa-sha2-nistp256"
  case ecdsa384 = "ecdsa-sha2-nistp384"
  case ecdsa521 = "ecdsa-sha2-nistp521"
  case rsaSHA512 = "rsa-sha2-512"
  case rsaSHA256 = "rsa-sha2-256"
  /// RSA with SHA-1: only for servers that know nothing newer.
  case rsaSHA1 = "ssh-rsa"

  /// What a key of this type can sign with, the one to try first first. Unknown types (FIDO, certificates) give none.
  package static func usable(withKeyType keyType: String) -> [SSHSignatureAlgorithm] {
    if keyType == rsaSHA1.rawValue { return [.rsaSHA512, .rsaSHA256, .rsaSHA1] }
    return SSHSignatureAlgorithm(rawValue: keyType).map { [$0] } ?? []
  }
}

/// A signature over what the server asked to have signed.
package struct SSHSignature: Sendable, Hashable {
  package let algorithm: String
  /// The signature without its name, as libssh2's sign callback returns it.
  package let bytes: [UInt8]

  package init(algorithm: String, bytes: [UInt8]) {
    self.algorithm = algorithm
    self.bytes = bytes
  }

  /// Name and signature, as they go over the wire.
  package var blob: [UInt8] {
    var output: [UInt8] = []
    output.appendSSHString(algorithm)
    output.appendSSHString(bytes)
    return output
  }
}
