import BigInt

/// `ipaddr` and its family, as in the collection ansible.utils.
extension Filter {
  static let addressFilters: [Filter] = [
    address("ipaddr", nil), address("ipv4", false), address("ipv6", true),
    Filter("ipwrap") { object, arguments, evaluation in
      try each(object, evaluation) { text in
        guard let ip = IPAddress(text) else { return .string(text) }
        return .string(ip.isV6 ? wrapped(ip) : text)
      }
    },
    Filter("ipsubnet") { object, arguments, evaluation in
      try subnet(evaluation.text(object), arguments, evaluation)
    },
    Filter("ipmath") { object, arguments, evaluation in
      guard let ip = IPAddress(try evaluation.text(object)) else {
        throw Failure.value("You must pass a valid IP address; \(try evaluation.text(object)) is invalid")
      }
      let amount = try evaluation.integer(arguments.required(0, "amount", of: "ipmath"))
      return .string(ip.text(ip.bits &+ UInt128(truncatingIfNeeded: amount)))
    },
    Filter("nthhost") { object, arguments, evaluation in
      let index = try evaluation.integer(evaluation.numberOrText(arguments.required(0, "query", of: "nthhost")))
      guard let ip = IPAddress(try evaluation.text(object)), let bits = ip.host(index) else { return .bool(false) }
      return .string(ip.text(bits))
    },
    Filter("next_nth_usable") { object, arguments, evaluation in
      try neighbour(object, try evaluation.integer(arguments.required(0, "offset", of: "next_nth_usable")), evaluation)
    },
    Filter("previous_nth_usable") { object, arguments, evaluation in
      try neighbour(
        object, -(try evaluation.integer(arguments.required(0, "offset", of: "previous_nth_usable"))), evaluation)
    },
    Filter("network_in_network") { object, arguments, evaluation in
      guard let outer = IPAddress(try evaluation.text(object)),
        let inner = IPAddress(try evaluation.text(arguments, 0, "test", ""))
      else { return .bool(false) }
      return .bool(inner.isIn(outer))
    },
    Filter("network_in_usable") { object, arguments, evaluation in
      guard let outer = IPAddress(try evaluation.text(object)),
        let inner = IPAddress(try evaluation.text(arguments, 0, "test", "")),
        let first = outer.host(1), let last = outer.host(-2)
      else { return .bool(false) }
      return .bool(inner.isV6 == outer.isV6 && inner.network >= first && inner.broadcast <= last)
    },
    Filter("reduce_on_network") { object, arguments, evaluation in
      guard let network = IPAddress(try evaluation.text(arguments.required(0, "network", of: "reduce_on_network")))
      else { return .list([Object]()) }
      return .list(
        try evaluation.elements(object).filter { IPAddress(try evaluation.text($0))?.isIn(network) ?? false })
    },
    Filter("cidr_merge") { object, arguments, evaluation in
      let networks = try evaluation.elements(object).map { element in
        guard let network = IPAddress(try evaluation.text(element)) else {
          throw Failure.value("cidr_merge: invalid IP network \(try evaluation.repr(element))")
        }
        return network
      }
      switch try evaluation.text(arguments, 0, "action", "merge") {
      case "merge": return .strings(IPAddress.merged(networks).map { $0.withPrefix($0.network) })
      case "span":
        guard let span = IPAddress.span(of: networks) else { return .null }
        return .string(span.withPrefix(span.network))
      case let other: throw Failure.value("cidr_merge: invalid action '\(other)'")
      }
    },
    Filter("ip4_hex") { object, arguments, evaluation in
      guard let ip = IPAddress(try evaluation.text(object)), !ip.isV6 else {
        throw Failure.value("\(try evaluation.text(object)) is no IPv4 address")
      }
      let bytes = [24, 16, 8, 0].map { String(ip.bits >> UInt128($0) & 0xFF, radix: 16).leftPadded(to: 2) }
      return .string(bytes.joined(separator: try evaluation.text(arguments, 0, "delimiter", "")))
    },
    Filter("ips_in_ranges") { object, arguments, evaluation in
      let networks = try evaluation.elements(arguments.required(0, "ranges", of: "ips_in_ranges")).compactMap {
        IPAddress(try evaluation.text($0))
      }
      let addresses = try evaluation.elements(object).compactMap { IPAddress(try evaluation.text($0)) }
      return .bool(addresses.contains { ip in networks.contains { ip.isIn($0) } })
    },
    Filter("slaac") { object, arguments, evaluation in
      guard let ip = IPAddress(try evaluation.text(object)), ip.isV6,
        let mac = HardwareAddress(try evaluation.text(arguments, 0, "query", ""))
      else { return .bool(false) }
      return .string(ip.text(ip.network | mac.interfaceIdentifier))
    },
    Filter("hwaddr") { object, arguments, evaluation in
      guard let mac = HardwareAddress(try evaluation.text(object)) else { return .bool(false) }
      return mac.answer(try evaluation.string(arguments, 0, "query") ?? "", object)
    },
    Filter("macaddr") { object, arguments, evaluation in
      guard let mac = HardwareAddress(try evaluation.text(object)) else { return .bool(false) }
      return mac.answer(try evaluation.string(arguments, 0, "query") ?? "linux", object)
    },
  ]

  /// One of the three filters that answer queries about addresses: of any, of old or of new ones.
  private static func address(_ name: String, _ isV6: Bool?) -> Filter {
    Filter(name) { object, arguments, evaluation in
      let query = try arguments[0, "query"].map { try evaluation.text($0) } ?? ""
      if object.isNone { return .bool(false) }
      if let list = object.plainText == nil ? try evaluation.iterable(object) : nil {
        let answers = try list.map { try answer(evaluation.reveal($0), query, isV6, evaluation) }
        return .list(answers.filter { if case .bool(false) = $0 { false } else { true } })
      }
      return try answer(object, query, isV6, evaluation)
    }
  }

  private static func answer(_ object: Object, _ query: String, _ isV6: Bool?, _ evaluation: Evaluation) throws
    -> Object
  {
    if case .bool = object { return .bool(false) }
    var text = try evaluation.text(object)
    if let number = Number(object)?.big ?? (text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? BigInt(text) : nil) {
      text = IPAddress.text(UInt128(truncatingIfNeeded: number), isV6: number > 0xFFFF_FFFF)
    }
    guard let ip = IPAddress(text), isV6 == nil || isV6 == ip.isV6 else { return .bool(false) }
    return IPQuery(ip, text).answer(query)
  }

  private static func wrapped(_ ip: IPAddress) -> String {
    "[\(ip.text(ip.bits))]" + (ip.hasPrefix ? "/\(ip.prefix)" : "")
  }

  private static func each(_ object: Object, _ evaluation: Evaluation, _ body: (String) throws -> Object) throws
    -> Object
  {
    if object.plainText == nil, let list = try evaluation.iterable(object) {
      return .list(try list.map { try body(evaluation.text($0)) })
    }
    return try body(evaluation.text(object))
  }

  private static func neighbour(_ object: Object, _ offset: Int, _ evaluation: Evaluation) throws -> Object {
    guard let ip = IPAddress(try evaluation.text(object)), ip.sizeLessOne > 1 else { return .bool(false) }
    let moved = ip.bits &+ UInt128(truncatingIfNeeded: offset)
    let first = ip.network + 1
    let last = ip.isV6 ? ip.broadcast : ip.broadcast - 1
    return (first...last).contains(moved) ? .string(ip.text(moved)) : .bool(false)
  }

  /// How many subnets of a size there are, the one of an index, or the place of one among those of a network.
  private static func subnet(_ text: String, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    guard let ip = IPAddress(text) else { return .bool(false) }
    guard let query = try arguments[0, "query"].map({ try evaluation.text($0) }), !query.isEmpty else {
      return .string(ip.withPrefix(ip.network))
    }
    let index = try arguments[1, "index"].map { try evaluation.text($0) }
    guard let size = Int(query) else { return try place(of: ip, in: query, size: index.flatMap { Int($0) }) }
    guard (0...ip.width).contains(size) else { throw invalid(size) }
    if !ip.hasPrefix || ip.prefix == ip.width {
      let around = IPAddress(isV6: ip.isV6, bits: ip.bits, prefix: size, hasPrefix: true)
      return .string(around.withPrefix(around.network))
    }
    guard size >= ip.prefix else { throw invalid(size) }
    let shift = UInt128(ip.width - size)
    let count = BigInt(1) << (size - ip.prefix)
    guard let index, let wanted = Int(index) else { return .string(count.description) }
    let place = wanted < 0 ? count + BigInt(wanted) : BigInt(wanted)
    guard place >= 0, place < count else { return .bool(false) }
    let bits = ip.network + UInt128(truncatingIfNeeded: place) << shift
    return .string("\(ip.text(bits))/\(size)")
  }

  private static func invalid(_ size: Int) -> Failure { .value("Requested subnet size of \(size) is invalid") }

  private static func place(of ip: IPAddress, in query: String, size: Int?) throws -> Object {
    guard let outer = IPAddress(query) else { return .bool(false) }
    guard ip.isIn(outer) else {
      throw Failure.value("\(ip.withPrefix(ip.bits)) is not in the subnet \(outer.withPrefix(outer.network))")
    }
    let size = size ?? ip.prefix
    guard size >= outer.prefix else { return .bool(false) }
    let place = (ip.network - outer.network) >> UInt128(ip.width - size)
    return .string(String(place + 1))
  }
}

extension Evaluation {
  /// A number, also where it is written as text.
  func numberOrText(_ object: Object) throws -> Object {
    object.plainText.flatMap { Int($0) }.map { .int($0) } ?? object
  }
}

extension IPAddress {
  /// The address at a place of the network, counted from its end where negative; nil outside of it.
  func host(_ index: Int) -> UInt128? {
    let distance = UInt128(index.magnitude)
    if index >= 0 { return distance <= sizeLessOne ? network + distance : nil }
    return distance - 1 <= sizeLessOne ? broadcast - (distance - 1) : nil
  }
}

/// One question about an address.
private struct IPQuery {
  private let ip: IPAddress
  private let written: String

  init(_ ip: IPAddress, _ written: String) {
    self.ip = ip
    self.written = written
  }

  private func text(_ bits: UInt128) -> Object { .string(ip.text(bits)) }
  private func only(_ holds: Bool) -> Object { holds ? .string(written) : .bool(false) }
  private var shown: String { ip.hasPrefix ? ip.withPrefix(ip.bits) : ip.text(ip.bits) }

  func answer(_ query: String) -> Object {
    switch query {
    case "": return .string(shown)
    case "bool": return .bool(true)
    case "version": return .int(ip.isV6 ? 6 : 4)
    case "type": return .string(ip.isNetwork ? "network" : "address")
    case "address", "ip": return ip.isNetwork && !ip.isV6 && ip.prefix < ip.width - 1 ? .bool(false) : text(ip.bits)
    case "host": return ip.isNetwork && ip.prefix < ip.width - 1 ? .bool(false) : .string(ip.withPrefix(ip.bits))
    case "host/prefix", "address/prefix", "ip/prefix", "hostnet", "gateway", "gw":
      return ip.hasPrefix && !ip.isNetwork ? .string(ip.withPrefix(ip.bits)) : .bool(false)
    case "prefix": return .int(ip.prefix)
    case "netmask": return text(ip.mask)
    case "wildcard", "hostmask": return text(ip.all & ~ip.mask)
    case "network", "network_id": return text(ip.network)
    case "subnet", "cidr": return .string(ip.withPrefix(query == "cidr" ? ip.bits : ip.network))
    case "network/prefix": return ip.hasPrefix ? .string(ip.withPrefix(ip.network)) : .bool(false)
    case "next_usable": return usableNeighbour(of: ip.bits &+ 1)
    case "previous_usable": return usableNeighbour(of: ip.bits &- 1)
    case "net": return ip.isNetwork ? .string(ip.withPrefix(ip.network)) : .bool(false)
    case "network_netmask": return .string("\(ip.text(ip.network)) \(ip.text(ip.mask))")
    case "network_wildcard": return .string("\(ip.text(ip.network)) \(ip.text(ip.all & ~ip.mask))")
    case "ip_netmask": return .string("\(ip.text(ip.bits)) \(ip.text(ip.mask))")
    case "ip_wildcard": return .string("\(ip.text(ip.bits)) \(ip.text(ip.all & ~ip.mask))")
    case "broadcast": return ip.sizeLessOne > 1 ? text(ip.broadcast) : .bool(false)
    case "size": return .integer(BigInt(ip.sizeLessOne) + 1)
    case "size_usable": return .integer(usable.map { BigInt($0.last - $0.first) + 1 } ?? 0)
    case "first_usable": return usable.map { text($0.first) } ?? .bool(false)
    case "last_usable": return usable.map { text($0.last) } ?? .bool(false)
    case "range_usable": return usable.map { .string("\(ip.text($0.first))-\(ip.text($0.last))") } ?? .bool(false)
    case "peer": return peer
    case "int":
      return ip.hasPrefix && ip.prefix < ip.width ? .string("\(ip.bits)/\(ip.prefix)") : .integer(BigInt(ip.bits))
    case "revdns": return .string(ip.reverseName)
    case "wrap": return .string(ip.isV6 ? "[\(ip.text(ip.bits))]" + (ip.hasPrefix ? "/\(ip.prefix)" : "") : shown)
    case "ipv4": return only(!ip.isV6)
    case "ipv6": return only(ip.isV6)
    case "loopback", "lo": return only(ip.isIn(["127.0.0.0/8", "::1/128"]))
    case "link-local", "lla": return only(ip.isIn(["169.254.0.0/16", "fe80::/10"]))
    case "multicast": return only(ip.isIn(["224.0.0.0/4", "ff00::/8"]))
    case "unicast": return only(!ip.isIn(["224.0.0.0/4", "ff00::/8"]))
    case "private": return only(ip.isIn(Self.privateNetworks))
    case "public": return only(!ip.isIn(Self.privateNetworks + Self.specialNetworks))
    default: return answerNumber(query)
    }
  }

  /// A place in the network, or a network that the address must be in.
  private func answerNumber(_ query: String) -> Object {
    if let index = Int(query) {
      return ip.host(index).map { .string(ip.hasPrefix ? ip.withPrefix($0) : ip.text($0)) } ?? .bool(false)
    }
    guard let other = IPAddress(query) else { return .bool(false) }
    return only(ip.isIn(other))
  }

  private func usableNeighbour(of bits: UInt128) -> Object {
    guard ip.sizeLessOne > 0, let usable, (usable.first...usable.last).contains(bits) else { return .bool(false) }
    return text(bits)
  }

  private var usable: (first: UInt128, last: UInt128)? {
    switch ip.sizeLessOne {
    case 0: (ip.bits, ip.bits)
    case 1: (ip.network, ip.broadcast)
    default: (ip.network + 1, ip.broadcast - 1)
    }
  }

  private var peer: Object {
    switch ip.sizeLessOne {
    case 1: text(ip.bits ^ 1)
    case 3 where ip.bits != ip.network && ip.bits != ip.broadcast: text(ip.bits ^ 3)
    default: .bool(false)
    }
  }

  private static let privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
  private static let specialNetworks = [
    "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::1/128", "::/128", "fe80::/10", "ff00::/8",
  ]
}

/// A network card's address.
struct HardwareAddress {
  private let bytes: [UInt8]

  init?(_ text: String) {
    let digits = text.filter { !":-.".contains($0) }
    guard digits.count == 12, digits.allSatisfy(\.isHexDigit) else { return nil }
    let all = Array(digits)
    bytes = stride(from: 0, to: 12, by: 2).compactMap { UInt8(String(all[$0...($0 + 1)]), radix: 16) }
  }

  private func text(_ separator: String, uppercase: Bool = false) -> String {
    bytes.map { String($0, radix: 16, uppercase: uppercase).leftPadded(to: 2) }.joined(separator: separator)
  }

  private var words: [String] {
    stride(from: 0, to: 6, by: 2).map {
      String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16).leftPadded(to: 4)
    }
  }

  func answer(_ query: String, _ object: Object) -> Object {
    switch query {
    case "": object
    case "bool": .bool(true)
    case "bare": .string(text("", uppercase: true))
    case "cisco": .string(words.joined(separator: "."))
    case "eui48", "win": .string(text("-", uppercase: true))
    case "linux": .string(text(":"))
    case "unix": .string(bytes.map { String($0, radix: 16) }.joined(separator: ":"))
    case "pgsql": .string(text("").prefix(6) + ":" + text("").suffix(6))
    case "int": .int(bytes.reduce(0) { $0 << 8 | Int($1) })
    default: .bool(false)
    }
  }

  /// The lower half of an address that a host makes of its card's.
  var interfaceIdentifier: UInt128 {
    let all = [bytes[0] ^ 2, bytes[1], bytes[2], 0xFF, 0xFE, bytes[3], bytes[4], bytes[5]]
    return all.reduce(0) { $0 << 8 | UInt128($1) }
  }
}
