import CLibCrypto

/// A private key's numbers, as OpenSSH's format holds them, on their way into libcrypto.
enum KeyComponents {
  case ed25519(seed: [UInt8])
  case ecdsa(curve: EllipticCurve, publicPoint: [UInt8], scalar: [UInt8])
  case rsa(RSA)

  struct RSA {
    var modulus: [UInt8]
    var publicExponent: [UInt8]
    var privateExponent: [UInt8]
    var coefficient: [UInt8]
    var firstPrime: [UInt8]
    var secondPrime: [UInt8]
  }

  /// A libcrypto key that the caller owns.
  func makeHandle() throws(KeyFormatError) -> OpaquePointer {
    switch self {
    case .ed25519(let seed): try makeEd25519(seed: seed)
    case .ecdsa(let curve, let point, let scalar): try makeECDSA(curve, publicPoint: point, scalar: scalar)
    case .rsa(let numbers): try makeRSA(numbers)
    }
  }

  private func makeEd25519(seed: [UInt8]) throws(KeyFormatError) -> OpaquePointer {
    guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
      throw .malformed(detail: "its ed25519 number is not one" + reason())
    }
    return key
  }

  private func makeECDSA(
    _ curve: EllipticCurve, publicPoint: [UInt8], scalar: [UInt8]
  ) throws(KeyFormatError) -> OpaquePointer {
    let number = BigNumber.make(scalar)
    defer { BN_clear_free(number) }
    return try publicPoint.withUnsafeBufferPointer { (point) throws(KeyFormatError) in
      try make(type: "EC") { builder in
        OSSL_PARAM_BLD_push_utf8_string(builder, pinned("group"), pinned(curve.libCryptoName), 0) == 1
          && OSSL_PARAM_BLD_push_octet_string(builder, pinned("pub"), point.baseAddress, point.count) == 1
          && OSSL_PARAM_BLD_push_BN(builder, pinned("priv"), number) == 1
      }
    }
  }

  private func makeRSA(_ numbers: RSA) throws(KeyFormatError) -> OpaquePointer {
    guard !numbers.firstPrime.isEmpty, !numbers.secondPrime.isEmpty else {
      throw .malformed(detail: "an RSA prime is missing")
    }
    let privateExponent = BigNumber.make(numbers.privateExponent)
    let firstPrime = BigNumber.make(numbers.firstPrime)
    let secondPrime = BigNumber.make(numbers.secondPrime)
    let firstExponent = exponent(privateExponent, modulo: firstPrime)
    let secondExponent = exponent(privateExponent, modulo: secondPrime)
    let named: [(StaticString, OpaquePointer)] = [
      ("n", BigNumber.make(numbers.modulus)), ("e", BigNumber.make(numbers.publicExponent)), ("d", privateExponent),
      ("rsa-factor1", firstPrime), ("rsa-factor2", secondPrime), ("rsa-exponent1", firstExponent),
      ("rsa-exponent2", secondExponent), ("rsa-coefficient1", BigNumber.make(numbers.coefficient)),
    ]
    defer { for (_, number) in named { BN_clear_free(number) } }
    return try make(type: "RSA") { builder in
      named.allSatisfy { name, number in OSSL_PARAM_BLD_push_BN(builder, pinned(name), number) == 1 }
    }
  }

  /// d mod (p − 1), which OpenSSH's format leaves out.
  private func exponent(_ privateExponent: OpaquePointer, modulo prime: OpaquePointer) -> OpaquePointer {
    guard let result = BN_new(), let less = BN_dup(prime), let scratch = BN_CTX_secure_new() else {
      fatalError("out of memory")
    }
    defer {
      BN_clear_free(less)
      BN_CTX_free(scratch)
    }
    BN_sub_word(less, 1)
    BN_set_flags(privateExponent, BN_FLG_CONSTTIME)
    // A prime of 1 leaves nothing to divide by: the key is rejected when libcrypto checks it.
    BN_div(nil, result, privateExponent, less, scratch)
    return result
  }

  /// OSSL_PARAM_BLD(3): the builder keeps pointers, names included, until it makes the parameters.
  private func pinned(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  private func make(
    type: String, _ fill: (_ builder: OpaquePointer) -> Bool
  ) throws(KeyFormatError) -> OpaquePointer {
    guard let builder = OSSL_PARAM_BLD_new(), let context = EVP_PKEY_CTX_new_from_name(nil, type, nil) else {
      throw .fromLibCrypto("no memory for a key")
    }
    defer {
      OSSL_PARAM_BLD_free(builder)
      EVP_PKEY_CTX_free(context)
    }
    guard fill(builder), let parameters = OSSL_PARAM_BLD_to_param(builder) else {
      throw .fromLibCrypto("its numbers can't be used")
    }
    defer { OSSL_PARAM_free(parameters) }
    var key: OpaquePointer?
    guard EVP_PKEY_fromdata_init(context) == 1,
      EVP_PKEY_fromdata(context, &key, Self.keyPair, parameters) == 1, let key
    else { throw .malformed(detail: "its \(type) numbers are not a key" + reason()) }
    return key
  }

  /// EVP_PKEY_KEYPAIR, a macro that Swift doesn't see: private key, public key, domain and other parameters.
  private static let keyPair: Int32 = 0x01 | 0x02 | 0x04 | 0x80

  private func reason() -> String {
    LibCryptoErrorQueue.drained().map { ": \($0)" } ?? ""
  }
}
