import CLibCrypto

/// libcrypto's big integers as big-endian bytes.
enum BigNumber {
  static func bytes(of number: OpaquePointer?) -> [UInt8] {
    guard let number else { return [] }
    var output = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
    BN_bn2bin(number, &output)
    return output
  }

  /// The caller frees it with `BN_clear_free`.
  static func make(_ bigEndian: [UInt8]) -> OpaquePointer {
    guard let number = BN_bin2bn(bigEndian, Int32(bigEndian.count), nil) else { fatalError("out of memory") }
    return number
  }
}
