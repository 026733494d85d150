import CLibCrypto

/// A private key that signs: the owner of an `EVP_PKEY`.
///
/// Safe to use from many threads: after `init` the key is only read, every signature has its own context, and
/// libcrypto counts references and guards RSA blinding itself (openssl-threads(7): an object may be used by several
/// threads at once as long as none of them changes it).
package final class PrivateKey: @unchecked Sendable {
  package let publicKey: SSHPublicKey
  /// From the key file; OpenSSH's format has one, PEM has none.
  package let comment: String
  private let handle: OpaquePointer

  /// Takes over the handle: it is freed with this object, or at once where SSH has no name for the key's kind.
  init(owning handle: OpaquePointer, comment: String) throws(KeyFormatError) {
    do throws(KeyFormatError) {
      publicKey = try PublicKeyBlob.of(handle)
    } catch {
      EVP_PKEY_free(handle)
      throw error
    }
    self.handle = handle
    self.comment = comment
  }

  deinit { EVP_PKEY_free(handle) }

  /// What this key can sign with, the one to try first first.
  package var algorithms: [SSHSignatureAlgorithm] { SSHSignatureAlgorithm.usable(withKeyType: publicKey.type) }

  /// Signs `content`; `algorithm` must be one of `algorithms`. Takes 0.05 to 2 ms of computation and waits for nothing.
  package func sign(_ content: [UInt8], _ algorithm: SSHSignatureAlgorithm) throws(KeyFormatError) -> SSHSignature {
    precondition(algorithms.contains(algorithm), "this is a bug: \(publicKey.type) can't sign \(algorithm.rawValue)")
    let raw = try rawSignature(content, digest(of: algorithm))
    switch algorithm {
    case .ed25519, .rsaSHA512, .rsaSHA256, .rsaSHA1:
      return SSHSignature(algorithm: algorithm.rawValue, bytes: raw)
    case .ecdsa256, .ecdsa384, .ecdsa521:
      return SSHSignature(algorithm: algorithm.rawValue, bytes: try sshECDSASignature(der: raw))
    }
  }

  private func rawSignature(_ content: [UInt8], _ digest: OpaquePointer?) throws(KeyFormatError) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { throw .fromLibCrypto("no memory for a signature") }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestSignInit(context, nil, digest, nil, handle) == 1 else {
      throw .fromLibCrypto("signing can't start")
    }
    var count = 0
    guard EVP_DigestSign(context, nil, &count, content, content.count) == 1 else {
      throw .fromLibCrypto("the signature has no size")
    }
    var output = [UInt8](repeating: 0, count: count)
    guard EVP_DigestSign(context, &output, &count, content, content.count) == 1 else {
      throw .fromLibCrypto("signing failed")
    }
    return Array(output.prefix(count))
  }

  private func digest(of algorithm: SSHSignatureAlgorithm) -> OpaquePointer? {
    switch algorithm {
    case .ed25519: nil
    case .ecdsa256, .rsaSHA256: EVP_sha256()
    case .ecdsa384: EVP_sha384()
    case .ecdsa521, .rsaSHA512: EVP_sha512()
    case .rsaSHA1: EVP_sha1()
    }
  }
}

/// RFC 5656, section 3.1.2: r and s as SSH integers, where libcrypto gives DER.
private func sshECDSASignature(der: [UInt8]) throws(KeyFormatError) -> [UInt8] {
  let parsed = der.withUnsafeBufferPointer { bytes in
    var cursor = bytes.baseAddress
    return d2i_ECDSA_SIG(nil, &cursor, bytes.count)
  }
  guard let parsed else { throw .fromLibCrypto("the ECDSA signature can't be read") }
  defer { ECDSA_SIG_free(parsed) }
  var output: [UInt8] = []
  output.appendSSHInteger(BigNumber.bytes(of: ECDSA_SIG_get0_r(parsed)))
  output.appendSSHInteger(BigNumber.bytes(of: ECDSA_SIG_get0_s(parsed)))
  return output
}
