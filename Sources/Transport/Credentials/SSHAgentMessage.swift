/// What is said to ssh-agent and what it answers (draft-miller-ssh-agent): bytes only, no socket.
package enum SSHAgentMessage {
  /// Longer answers are refused, as OpenSSH does.
  package static let answerByteCountMax = 256 << 10
  package static let headerByteCount = 4

  private static let failure: UInt8 = 5
  private static let requestIdentities: UInt8 = 11
  private static let identitiesAnswer: UInt8 = 12
  private static let signRequest: UInt8 = 13
  private static let signResponse: UInt8 = 14
  private static let extensionFailure: UInt8 = 28

  /// A whole request, length included.
  package static func listRequest() -> [UInt8] { framed([requestIdentities]) }

  /// A whole request, length included. RSA keys need a flag to sign with SHA-2.
  package static func signRequest(
    key: SSHPublicKey, content: [UInt8], algorithm: SSHSignatureAlgorithm?
  ) -> [UInt8] {
    var body = [signRequest]
    body.appendSSHString(key.blob)
    body.appendSSHString(content)
    body.appendUInt32(flags(of: algorithm))
    return framed(body)
  }

  /// How many bytes follow the header; nil where they would be too many or none.
  package static func bodyByteCount(header: [UInt8]) -> Int? {
    var reader = SSHWireReader(header)
    guard let count = try? Int(reader.uint32()), (1...answerByteCountMax).contains(count) else { return nil }
    return count
  }

  /// The keys in the agent's order; keys of kinds that have no readable name are left out.
  package static func identities(from body: [UInt8]) throws(SSHAgentAnswerError) -> [SSHAgentIdentity] {
    var reader = try answer(body, expected: identitiesAnswer)
    return try readable { () throws(SSHWireError) in
      var identities: [SSHAgentIdentity] = []
      for _ in 0..<(try reader.uint32()) {
        let blob = try reader.string()
        let comment = try reader.text()
        if let key = SSHPublicKey(blob: blob) { identities.append(SSHAgentIdentity(publicKey: key, comment: comment)) }
      }
      return identities
    }
  }

  package static func signature(from body: [UInt8]) throws(SSHAgentAnswerError) -> SSHSignature {
    var reader = try answer(body, expected: signResponse)
    return try readable { () throws(SSHWireError) in
      var signature = SSHWireReader(try reader.string())
      let algorithm = try signature.text()
      return SSHSignature(algorithm: algorithm, bytes: try signature.string())
    }
  }

  private static func answer(_ body: [UInt8], expected: UInt8) throws(SSHAgentAnswerError) -> SSHWireReader {
    switch body.first {
    case expected: return SSHWireReader(body.dropFirst())
    case failure, extensionFailure: throw .refused
    case let other: throw .unreadable(detail: "it sent a message of type \(other.map { "\($0)" } ?? "none")")
    }
  }

  private static func readable<Field>(
    _ read: () throws(SSHWireError) -> Field
  ) throws(SSHAgentAnswerError) -> Field {
    do throws(SSHWireError) {
      return try read()
    } catch {
      throw .unreadable(detail: error.description)
    }
  }

  private static func framed(_ body: [UInt8]) -> [UInt8] {
    var message: [UInt8] = []
    message.appendSSHString(body)
    return message
  }

  private static func flags(of algorithm: SSHSignatureAlgorithm?) -> UInt32 {
    switch algorithm {
    case .rsaSHA256: 2
    case .rsaSHA512: 4
    case .ed25519, .ecdsa256, .ecdsa384, .ecdsa521, .rsaSHA1, nil: 0
    }
  }
}

/// A key that an agent holds.
package struct SSHAgentIdentity: Sendable, Hashable {
  package let publicKey: SSHPublicKey
  package let comment: String

  package init(publicKey: SSHPublicKey, comment: String) {
    self.publicKey = publicKey
    self.comment = comment
  }
}

/// An answer that is no, or nothing that can be read.
package enum SSHAgentAnswerError: Error, Sendable, Hashable {
  case refused
  case unreadable(detail: String)
}
