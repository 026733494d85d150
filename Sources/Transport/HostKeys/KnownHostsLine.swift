/// What a line of known_hosts says (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
package struct KnownHostsLine: Sendable, Hashable {
  package enum Marker: Sendable, Hashable {
    case none
    case certificateAuthority
    case revoked
  }

  package enum Names: Sendable, Hashable {
    case patterns(HostPatternList)
    /// `|1|SALT|HASH`: one name, hidden.
    case hashed(salt: [UInt8], hash: [UInt8])

    package func matches(_ name: String) -> Bool {
      switch self {
      case .patterns(let patterns): patterns.matches(name)
      case .hashed(let salt, let hash): Digest.hmacSHA1(key: salt, Array(name.utf8)) == hash
      }
    }
  }

  package enum Reading: Sendable, Hashable {
    case entry(KnownHostsLine)
    /// Empty, or a comment.
    case nothing
    /// OpenSSH passes over such a line too.
    case invalid(reason: String)
  }

  package let marker: Marker
  package let names: Names
  package let key: SSHPublicKey

  package init(marker: Marker, names: Names, key: SSHPublicKey) {
    self.marker = marker
    self.names = names
    self.key = key
  }

  package static func read(_ line: some StringProtocol) -> Reading {
    var words = line.split { $0 == " " || $0 == "\t" || $0.isNewline }[...]
    guard let first = words.first, !first.hasPrefix("#") else { return .nothing }
    var marker = Marker.none
    if first.hasPrefix("@") {
      switch first {
      case "@cert-authority": marker = .certificateAuthority
      case "@revoked": marker = .revoked
      default: return .invalid(reason: "unknown marker \(first)")
      }
      words.removeFirst()
    }
    guard words.count >= 3 else { return .invalid(reason: "it needs names, a key type and a key") }
    let fields = Array(words)
    guard let names = names(fields[0]) else { return .invalid(reason: "its hashed name can't be read") }
    guard let key = SSHPublicKey(type: fields[1], base64: fields[2]) else {
      return .invalid(reason: "its key is no \(fields[1]) key")
    }
    return .entry(KnownHostsLine(marker: marker, names: names, key: key))
  }

  private static func names(_ field: some StringProtocol) -> Names? {
    guard field.hasPrefix("|") else { return .patterns(HostPatternList(commaSeparated: field.asciiLowercased())) }
    let parts = field.dropFirst().split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "1", let salt = Base64.decode(Array(parts[1].utf8)), salt.count == 20,
      let hash = Base64.decode(Array(parts[2].utf8)), hash.count == 20
    else { return nil }
    return .hashed(salt: salt, hash: hash)
  }
}
