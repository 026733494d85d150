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

  package static func read(_ line: ArraySlice<UInt8>) -> Reading {
    var words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }[...]
    guard let first = words.first, first.first != UInt8(ascii: "#") else { return .nothing }
    var marker = Marker.none
    if first.first == UInt8(ascii: "@") {
      guard let known = Self.markers[String(decoding: first, as: UTF8.self)] else {
        return .invalid(reason: "unknown marker \(String(decoding: first, as: UTF8.self))")
      }
      marker = known
      words.removeFirst()
    }
    guard words.count >= 3 else { return .invalid(reason: "it needs names, a key type and a key") }
    let fields = Array(words)
    guard let names = names(fields[0]) else { return .invalid(reason: "its hashed name can't be read") }
    guard let key = SSHPublicKey(type: fields[1], base64: fields[2]) else {
      return .invalid(reason: "its key is no \(String(decoding: fields[1], as: UTF8.self)) key")
    }
    return .entry(KnownHostsLine(marker: marker, names: names, key: key))
  }

  private static let markers: [String: Marker] = ["@cert-authority": .certificateAuthority, "@revoked": .revoked]

  private static func names(_ field: ArraySlice<UInt8>) -> Names? {
    let delimiter = UInt8(ascii: "|")
    guard field.first == delimiter else {
      return .patterns(HostPatternList(commaSeparated: String(decoding: field, as: UTF8.self).asciiLowercased()))
    }
    let parts = field.dropFirst().split(separator: delimiter, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].elementsEqual([UInt8(ascii: "1")]),
      let salt = Base64.decode(parts[1]), salt.count == HostNameHash.byteCount,
      let hash = Base64.decode(parts[2]), hash.count == HostNameHash.byteCount
    else { return nil }
    return .hashed(salt: salt, hash: hash)
  }
}
