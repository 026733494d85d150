/// Further filters of ansible.utils: parts and forms of addresses.
extension Filter {
  static let networkFilters: [Filter] = [
    Filter("ipcut") { object, arguments, evaluation in
      let text = try evaluation.text(object)
      guard let ip = IPAddress(text) else { throw Failure.value("You must pass a valid IP address; \(text) is invalid") }
      let amount = try evaluation.integer(arguments.required(0, "amount", of: "ipcut"))
      let parts = ip.isV6 ? Self.groups(ip, padded: false) : PythonString.split(ip.text(ip.bits), by: ".")
      let kept = amount < 0 ? parts.suffix(-amount) : parts.prefix(amount)
      return .string(kept.joined(separator: ip.isV6 ? ":" : "."))
    },
    Filter("ipv6form") { object, arguments, evaluation in
      let text = try evaluation.text(object)
      guard let ip = IPAddress(text), ip.isV6 else { throw Failure.value("Invalid IPv6 address: \(text)") }
      switch try evaluation.text(arguments.required(0, "format", of: "ipv6form")) {
      case "compress": return .string(ip.text(ip.bits))
      case "expand": return .string(groups(ip, padded: true).joined(separator: ":"))
      case "x509": return .string(groups(ip, padded: false).joined(separator: ":"))
      case let form: throw Failure.value("ipv6form: the form must be compress, expand or x509, not \(form)")
      }
    },
    Filter("usable_range") { object, _, evaluation in
      let text = try evaluation.text(object)
      guard let ip = IPAddress(text) else { throw Failure.value("\(text) does not appear to be an IPv4 or IPv6 network") }
      let count = ip.sizeLessOne &+ 1
      try evaluation.budget.check(elements: ip.sizeLessOne >= 1 << 32 ? .max : Int(count))
      let addresses = (0..<count).map { Object.string(ip.text(ip.network + $0)) }
      return .dict(DictObject([.string("number_of_ips"): .int(Int(count)), .string("usable_ips"): .list(addresses)]))
    },
  ]

  private static func groups(_ ip: IPAddress, padded: Bool) -> [String] {
    (0..<8).map { place in
      let group = String(UInt16(truncatingIfNeeded: ip.bits >> UInt128(112 - 16 * place)), radix: 16)
      return padded ? group.leftPadded(to: 4) : group
    }
  }
}
