import Glibc

/// An address to connect to, as the system calls take it.
struct SocketAddress: Sendable, Equatable {
  let family: Int32
  let bytes: [UInt8]

  /// Whether ssh_config's AddressFamily lets it be used.
  func isOf(_ wanted: ResolvedSSHSettings.AddressFamily) -> Bool {
    switch wanted {
    case .any: true
    case .inet: family == AF_INET
    case .inet6: family == AF_INET6
    }
  }

  /// All addresses of a name, IPv6 and IPv4 in turn, in the resolver's order otherwise. Blocks unless `isNumeric`.
  static func resolve(_ name: String, port: Int, isNumeric: Bool) -> Result<[SocketAddress], ResolveFailure> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = isNumeric ? AI_NUMERICHOST | AI_NUMERICSERV : AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(name, String(port), &hints, &list)
    guard code == 0 else { return .failure(ResolveFailure(code: code)) }
    defer { freeaddrinfo(list) }
    var found: [SocketAddress] = []
    var next = list
    while let entry = next?.pointee {
      let bytes = [UInt8](UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen)))
      let address = SocketAddress(family: entry.ai_family, bytes: bytes)
      if !found.contains(address) { found.append(address) }
      next = entry.ai_next
    }
    return .success(interleaved(found))
  }

  /// RFC 8305: families alternate, so that one that leads nowhere costs one attempt's time.
  static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
    guard let first = addresses.first?.family else { return [] }
    let own = addresses.filter { $0.family == first }
    let other = addresses.filter { $0.family != first }
    return (0..<max(own.count, other.count)).flatMap { index in
      [own, other].compactMap { index < $0.count ? $0[index] : nil }
    }
  }
}

/// Why a name has no address, in the resolver's words.
struct ResolveFailure: Error {
  let code: Int32

  var reason: String { String(cString: gai_strerror(code)).lowercased() }
}
