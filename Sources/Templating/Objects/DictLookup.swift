import Model

extension Value.Dict {
  /// The place of a text among the keys. Most dicts are small and most keys are short: then looking at each is faster than
  /// hashing, and comparing their bits faster than comparing values.
  @inline(__always)
  func index(ofText text: String) -> Int? {
    guard count <= Self.scannedMax else { return keys.firstIndex(of: .string(text)) }
    return keys.withContiguousStorageIfAvailable { keys in
      var holdsOnlyText = true
      for index in keys.indices {
        guard case .string(let key) = keys[index] else {
          holdsOnlyText = false
          continue
        }
        if key.hasSameText(as: text) { return index }
      }
      return holdsOnlyText ? nil : keys.firstIndex(of: .string(text))
    } ?? nil
  }

  private static var scannedMax: Int { 8 }
}

extension String {
  /// As `hasSameBytes`, mostly decided right here.
  @inline(__always)
  fileprivate func hasSameText(as other: String) -> Bool {
    if unsafeBitCast(self, to: (UInt64, UInt64).self) == unsafeBitCast(other, to: (UInt64, UInt64).self) { return true }
    return utf8.count == other.utf8.count && hasSameBytes(as: other)
  }
}
