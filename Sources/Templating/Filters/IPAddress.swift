/// An IP address with the length of its network's prefix.
struct IPAddress {
  let isV6: Bool
  let bits: UInt128
  let prefix: Int
  /// A prefix was written, or a mask.
  let hasPrefix: Bool

  var width: Int { isV6 ? 128 : 32 }
  var mask: UInt128 { prefix == 0 ? 0 : all << UInt128(width - prefix) & all }
  var all: UInt128 { isV6 ? .max : 0xFFFF_FFFF }
  var network: UInt128 { bits & mask }
  var broadcast: UInt128 { network | (all & ~mask) }
  /// The number of addresses less one, which always fits.
  var sizeLessOne: UInt128 { all & ~mask }

  init(isV6: Bool, bits: UInt128, prefix: Int, hasPrefix: Bool) {
    self.isV6 = isV6
    self.bits = bits
    self.prefix = prefix
    self.hasPrefix = hasPrefix
  }

  /// `10.0.0.1`, `10.0.0.1/24`, `10.0.0.1/255.255.255.0`, `fe80::1/64`; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, let (isV6, bits) = Self.address(first) else { return nil }
    let width = isV6 ? 128 : 32
    guard parts.count == 2 else {
      self.init(isV6: isV6, bits: bits, prefix: width, hasPrefix: false)
      return
    }
    var prefix = parts[1].allSatisfy { $0.isASCII && $0.isNumber } ? Int(parts[1]) : nil
    if prefix == nil, !isV6, let (_, mask) = Self.address(parts[1]) { prefix = Self.prefix(ofMask: mask) }
    guard let prefix, (0...width).contains(prefix) else { return nil }
    self.init(isV6: isV6, bits: bits, prefix: prefix, hasPrefix: true)
  }

  /// The length of a mask of ones before zeros, or of a wildcard, which is the reverse.
  private static func prefix(ofMask mask: UInt128) -> Int? {
    let ones = mask.nonzeroBitCount
    if mask == (ones == 0 ? 0 : 0xFFFF_FFFF << UInt128(32 - ones) & 0xFFFF_FFFF) { return ones }
    let inverted = ~mask & 0xFFFF_FFFF
    return mask == (UInt128(1) << UInt128(ones)) - 1 ? inverted.nonzeroBitCount : nil
  }

  private static func address(_ text: String) -> (isV6: Bool, bits: UInt128)? {
    text.contains(":") ? v6(text).map { (true, $0) } : v4(text).map { (false, $0) }
  }

  private static func v4(_ text: String) -> UInt128? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt128 = 0
    for part in parts {
      guard part.allSatisfy({ $0.isASCII && $0.isNumber }), part.count <= 3, let byte = UInt8(part) else { return nil }
      bits = bits << 8 | UInt128(byte)
    }
    return bits
  }

  private static func v6(_ text: String) -> UInt128? {
    var text = text
    if let dot = text.firstIndex(of: "."), let colon = text[..<dot].lastIndex(of: ":") {
      guard let tail = v4(String(text[text.index(after: colon)...])) else { return nil }
      text = text[...colon] + String(tail >> 16, radix: 16) + ":" + String(tail & 0xFFFF, radix: 16)
    }
    let halves = PythonString.split(text, by: "::")
    guard halves.count <= 2 else { return nil }
    func groups(_ half: String) -> [UInt16]? {
      if half.isEmpty { return [] }
      let parts = half.split(separator: ":", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { $0.count <= 4 ? UInt16($0, radix: 16) : nil }
      return numbers.count == parts.count ? numbers : nil
    }
    guard let head = groups(halves[0]) else { return nil }
    var all = head
    if halves.count == 2 {
      guard let tail = groups(halves[1]), head.count + tail.count < 8 else { return nil }
      all = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }
    return all.count == 8 ? all.reduce(0) { $0 << 16 | UInt128($1) } : nil
  }

  static func text(_ bits: UInt128, isV6: Bool) -> String {
    if !isV6 { return [24, 16, 8, 0].map { String(bits >> UInt128($0) & 0xFF) }.joined(separator: ".") }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
    var best = 0..<0
    var index = 0
    while index < 8 {
      let end = groups[index...].firstIndex { $0 != 0 } ?? 8
      if end - index > best.count { best = index..<end }
      index = max(end, index + 1)
    }
    func joined(_ part: ArraySlice<UInt16>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
    return best.count < 2
      ? joined(groups[...]) : joined(groups[..<best.lowerBound]) + "::" + joined(groups[best.upperBound...])
  }

  func text(_ bits: UInt128) -> String { Self.text(bits, isV6: isV6) }
  func withPrefix(_ bits: UInt128) -> String { "\(text(bits))/\(prefix)" }

  /// An address of a network with room for hosts that stands at its start.
  var isNetwork: Bool { hasPrefix && prefix < width && bits == network }

  func isIn(_ other: IPAddress) -> Bool {
    isV6 == other.isV6 && prefix >= other.prefix && bits & other.mask == other.network
  }

  func isIn(_ networks: [String]) -> Bool { networks.contains { IPAddress($0).map { isIn($0) } ?? false } }

  var reverseName: String {
    if !isV6 { return text(bits).split(separator: ".").reversed().joined(separator: ".") + ".in-addr.arpa." }
    let digits = String(bits, radix: 16).leftPadded(to: 32)
    return digits.reversed().map { String($0) }.joined(separator: ".") + ".ip6.arpa."
  }
}

/// Networks together.
extension IPAddress {
  private func network(prefix: Int) -> IPAddress {
    IPAddress(isV6: isV6, bits: bits, prefix: prefix, hasPrefix: true)
  }

  /// As few networks as hold the same addresses.
  static func merged(_ networks: [IPAddress]) -> [IPAddress] {
    let sorted = networks.sorted { ($0.isV6 ? 1 : 0, $0.network, $0.prefix) < ($1.isV6 ? 1 : 0, $1.network, $1.prefix) }
    var result: [IPAddress] = []
    for network in sorted {
      if let last = result.last, network.isIn(last) { continue }
      result.append(network)
      // Two halves of a network are that network.
      while result.count > 1, let around = result[result.count - 2].joined(with: result[result.count - 1]) {
        result.removeLast(2)
        result.append(around)
      }
    }
    return result
  }

  private func joined(with other: IPAddress) -> IPAddress? {
    guard isV6 == other.isV6, prefix == other.prefix, prefix > 0, network != other.network else { return nil }
    let around = network(prefix: prefix - 1)
    return other.isIn(around) ? around : nil
  }

  /// The smallest network that holds all; nil for none, and for old and new addresses together.
  static func span(of networks: [IPAddress]) -> IPAddress? {
    guard let first = networks.first else { return nil }
    return (0...first.prefix).reversed().map { first.network(prefix: $0) }.first { around in
      networks.allSatisfy { $0.isIn(around) }
    }
  }
}
