/// One hop of ProxyJump.
package struct SSHJumpHost: Sendable, Hashable {
  package var user: String?
  /// Without brackets.
  package var host: String
  package var port: Int?
  /// Further words of ssh(1) for this hop alone.
  package var arguments: [String] = []

  package init(user: String? = nil, host: String, port: Int? = nil) {
    self.user = user
    self.host = host
    self.port = port
  }

  /// Reads `[user@]host[:port]` or `ssh://[user@]host[:port]`; nil where it is neither.
  package init?(_ text: some StringProtocol) {
    var rest = String(text)[...]
    if rest.lowercased().hasPrefix("ssh://") {
      rest = rest.dropFirst(6)
      if rest.hasSuffix("/") { rest = rest.dropLast() }
    }
    if let at = rest.lastIndex(of: "@") {
      guard at > rest.startIndex else { return nil }
      user = String(rest[..<at])
      rest = rest[rest.index(after: at)...]
    }
    guard let (host, port) = Self.hostAndPort(rest), !host.isEmpty, !host.hasPrefix("-") else { return nil }
    self.host = host
    self.port = port
  }

  /// All hops of a list, the first one to connect to first; nil where one can't be read.
  package static func list(_ text: some StringProtocol) -> [SSHJumpHost]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let hops = parts.compactMap { part in
      SSHJumpHost(String(part).trimmingBlanks())
    }
    return hops.count == parts.count ? hops : nil
  }

  private static func hostAndPort(_ text: Substring) -> (String, Int?)? {
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      if rest.isEmpty { return (host, nil) }
      guard rest.hasPrefix(":"), let port = SSHPort.number(rest.dropFirst()) else { return nil }
      return (host, port)
    }
    guard let colon = text.lastIndex(of: ":") else { return (String(text), nil) }
    // An IPv6 address without brackets has no port.
    if text[..<colon].contains(":") { return (String(text), nil) }
    guard let port = SSHPort.number(text[text.index(after: colon)...]) else { return nil }
    return (String(text[..<colon]), port)
  }
}

/// TCP ports, 1 to 65535.
enum SSHPort {
  static func number(_ text: some StringProtocol) -> Int? {
    if text == "ssh" { return 22 }
    guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = Int(text), (1...65535).contains(port)
    else { return nil }
    return port
  }
}

extension String {
  func trimmingBlanks() -> String {
    var rest = self[...]
    while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
    return String(rest)
  }
}
