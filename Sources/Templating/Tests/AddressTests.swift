/// Tests of addresses, as in the collection ansible.utils, with the ranges that Python's ipaddress knows.
extension TemplateTest {
  static let addressTests: [TemplateTest] = [
    address("ip") { $0.isAddressOrNetwork }, address("ip_address") { !$0.hasPrefix },
    address("ipv4") { !$0.isV6 && $0.isAddressOrNetwork }, address("ipv4_address") { !$0.isV6 && !$0.hasPrefix },
    address("ipv6") { $0.isV6 && $0.isAddressOrNetwork }, address("ipv6_address") { $0.isV6 && !$0.hasPrefix },
    address("ipv4_netmask") { !$0.isV6 && !$0.hasPrefix && $0.bits.isMask },
    address("ipv4_hostmask") { !$0.isV6 && !$0.hasPrefix && (~$0.bits & $0.all).isMask },
    address("ipv6_ipv4_mapped") { $0.isIn(["::ffff:0:0/96"]) }, address("ipv6_sixtofour") { $0.isIn(["2002::/16"]) },
    address("ipv6_teredo") { $0.isIn(["2001::/32"]) },
    address("loopback") { $0.isIn(["127.0.0.0/8", "::1/128"]) }, address("multicast") { $0.isIn(["224.0.0.0/4", "ff00::/8"]) },
    address("private") { $0.isIn(privateRanges) }, address("public") { !$0.isIn(privateRanges + ["100.64.0.0/10"]) },
    address("reserved") { $0.isIn(reservedRanges) }, address("unspecified") { !$0.hasPrefix && $0.bits == 0 },
    pair("in_network") { $0.isIn($1) }, pair("subnet_of") { $0.isIn($1) }, pair("supernet_of") { $1.isIn($0) },
    TemplateTest("in_any_network") { object, arguments, evaluation in try networks(object, arguments, evaluation) > 0 },
    TemplateTest("in_one_network") { object, arguments, evaluation in try networks(object, arguments, evaluation) == 1 },
    TemplateTest("mac") { object, _, _ in object.plainText.flatMap(HardwareAddress.init) != nil },
  ]

  private static func address(_ name: String, _ holds: @escaping @Sendable (IPAddress) -> Bool) -> TemplateTest {
    TemplateTest(name) { object, _, evaluation in
      IPAddress(try evaluation.text(object)).map(holds) ?? false
    }
  }

  private static func pair(
    _ name: String, _ holds: @escaping @Sendable (IPAddress, IPAddress) -> Bool
  ) -> TemplateTest {
    TemplateTest(name) { object, arguments, evaluation in
      guard let left = IPAddress(try evaluation.text(object)),
        let right = IPAddress(try evaluation.text(arguments.required(0, "network", of: name)))
      else { return false }
      return holds(left, right)
    }
  }

  /// How many of the networks given hold the address.
  private static func networks(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Int {
    guard let address = IPAddress(try evaluation.text(object)) else { return 0 }
    return try evaluation.elements(arguments.required(0, "networks", of: "in_any_network")).count {
      IPAddress(try evaluation.text($0)).map(address.isIn) ?? false
    }
  }

  private static let privateRanges = [
    "0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29", "192.0.0.170/31",
    "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
    "::1/128", "::/128", "::ffff:0:0/96", "100::/64", "2001::/23", "2001:db8::/32", "fc00::/7", "fe80::/10",
  ]

  private static let reservedRanges = [
    "240.0.0.0/4", "::/8", "100::/8", "200::/7", "400::/6", "800::/5", "1000::/4", "4000::/3", "6000::/3", "8000::/3",
    "a000::/3", "c000::/3", "e000::/4", "f000::/5", "f800::/6", "fe00::/9",
  ]
}

extension IPAddress {
  /// A network's address has nothing where hosts have their numbers.
  fileprivate var isAddressOrNetwork: Bool { !hasPrefix || bits == network }
}

extension UInt128 {
  /// Ones before zeros in the lowest 32 bits.
  fileprivate var isMask: Bool {
    let inverted = ~self & 0xFFFF_FFFF
    return inverted & (inverted + 1) == 0
  }
}
