import CLibCrypto

/// Private keys in PEM, read by libcrypto.
enum PEMPrivateKey {
  /// What libcrypto's callback sees while it reads one key.
  private struct Asked {
    var passphrase: [UInt8]
    var isAsked = false
  }

  static func privateKey(text: [UInt8], passphrase: String?) throws(KeyFormatError) -> PrivateKey {
    guard let source = BIO_new_mem_buf(text, Int32(clamping: text.count)) else { throw .fromLibCrypto("no memory") }
    defer { BIO_free(source) }
    var asked = Asked(passphrase: Array((passphrase ?? "").utf8))
    let handle = withUnsafeMutablePointer(to: &asked) { asked in
      PEM_read_bio_PrivateKey(source, nil, giveTo, asked)
    }
    OPENSSL_cleanse(&asked.passphrase, asked.passphrase.count)
    guard let handle else { throw failure(wasAsked: asked.isAsked, hasPassphrase: !asked.passphrase.isEmpty) }
    return try PrivateKey(owning: handle, comment: "")
  }

  private static func failure(wasAsked: Bool, hasPassphrase: Bool) -> KeyFormatError {
    let reason = LibCryptoErrorQueue.drained() ?? "it can't be read"
    guard wasAsked else { return .malformed(detail: reason) }
    return hasPassphrase ? .wrongPassphrase : .needsPassphrase
  }

  /// pem_password_cb: the passphrase's length, or −1 for none.
  private static let giveTo: @convention(c) (
    UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?
  ) -> Int32 = { buffer, size, _, context in
    guard let asked = context?.assumingMemoryBound(to: Asked.self), let buffer else { return -1 }
    asked.pointee.isAsked = true
    let passphrase = asked.pointee.passphrase
    guard !passphrase.isEmpty, passphrase.count <= Int(size) else { return -1 }
    for (index, byte) in passphrase.enumerated() { buffer[index] = CChar(bitPattern: byte) }
    return Int32(passphrase.count)
  }
}
