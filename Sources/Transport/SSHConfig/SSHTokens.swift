/// The percent tokens of ssh_config(5), with `${VARIABLE}` and `~`.
struct SSHTokens: Sendable {
  let context: SSHLocalContext
  /// As the user gave it (`%n`).
  let originalHost: String
  /// After HostName (`%h`).
  let host: String
  let port: Int
  let user: String
  let hostKeyAlias: String?
  /// ProxyJump as it was written (`%j`).
  let jumps: String

  struct Problem: Error, Hashable {
    let reason: String
  }

  /// Expands `${VARIABLE}`, then tokens, then a leading `~`.
  func expandedPath(_ text: String) throws(Problem) -> String {
    let text = try Self.tokens(in: try Self.variables(in: text, context)) { self.value(of: $0) }
    guard let path = Self.tildeExpanded(text, context) else { throw Problem(reason: "\(text): there is no such user") }
    return path
  }

  /// Expands tokens, nothing else.
  func expanded(_ text: String) throws(Problem) -> String {
    try Self.tokens(in: text) { self.value(of: $0) }
  }

  /// HostName knows `%%` and `%h` only, where `%h` is the name that the user gave.
  static func hostName(_ text: String, originalHost: String) throws(Problem) -> String {
    try tokens(in: text) { $0 == UInt8(ascii: "h") ? originalHost : nil }
  }

  private func value(of token: UInt8) -> String? {
    let localName = context.hostName
    switch token {
    case UInt8(ascii: "C"):
      let digest = Digest.sha1(Array((localName + host + "\(port)" + user).utf8))
      return digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    case UInt8(ascii: "d"): return context.homeFolder
    case UInt8(ascii: "h"): return host
    case UInt8(ascii: "i"): return "\(context.userID)"
    case UInt8(ascii: "j"): return jumps
    case UInt8(ascii: "k"): return hostKeyAlias ?? originalHost
    case UInt8(ascii: "L"): return localName.split(separator: ".").first.map(String.init) ?? localName
    case UInt8(ascii: "l"): return localName
    case UInt8(ascii: "n"): return originalHost
    case UInt8(ascii: "p"): return "\(port)"
    case UInt8(ascii: "r"): return user
    case UInt8(ascii: "u"): return context.user
    default: return nil
    }
  }

  private static func tokens(in text: String, _ value: (UInt8) -> String?) throws(Problem) -> String {
    var output: [UInt8] = []
    var bytes = text.utf8.makeIterator()
    while let byte = bytes.next() {
      guard byte == UInt8(ascii: "%") else {
        output.append(byte)
        continue
      }
      guard let token = bytes.next() else { throw Problem(reason: "\(text) ends in %") }
      if token == UInt8(ascii: "%") {
        output.append(token)
      } else if let value = value(token) {
        output.append(contentsOf: value.utf8)
      } else {
        throw Problem(reason: "\(text): %\(Character(Unicode.Scalar(token))) is not known here")
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func variables(in text: String, _ context: SSHLocalContext) throws(Problem) -> String {
    var output = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        throw Problem(reason: "\(text): } is missing")
      }
      let name = String(rest[start.upperBound..<end])
      guard let value = context.environment[name] else { throw Problem(reason: "\(text): $\(name) is not set") }
      output += rest[..<start.lowerBound] + value
      rest = rest[rest.index(after: end)...]
    }
    return output + rest
  }

  /// `~` and `~name` at the start; nil where there is no such user.
  static func tildeExpanded(_ text: String, _ context: SSHLocalContext) -> String? {
    guard text.hasPrefix("~") else { return text }
    let name = text.dropFirst().prefix { $0 != "/" }
    let rest = text.dropFirst(1 + name.count)
    guard !name.isEmpty else { return context.homeFolder + rest }
    return context.homeFolderOfUser(String(name)).map { $0 + rest }
  }
}
