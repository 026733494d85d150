/// Everything that is known about one host's keys; answers what the handshake asks. Pure.
package struct KnownHostKeys: Sendable {
  package let name: HostKeyName
  /// Filed under the name itself.
  private let records: [HostKeyRecord]
  /// Filed under the name without its port.
  private let portlessRecords: [HostKeyRecord]

  package init(name: HostKeyName, files: [KnownHostsFile]) {
    self.name = name
    records = files.flatMap { $0.records(for: name.text) }
    portlessRecords = name.withoutPort.map { bare in files.flatMap { $0.records(for: bare) } } ?? []
  }

  /// Key types to prefer in the handshake, so that a server with several keys shows one that we know.
  package var keyTypes: [String] {
    let own = records.filter { $0.marker == .none }
    let usable = own.isEmpty ? portlessRecords.filter { $0.marker == .none } : own
    var types: [String] = []
    for record in usable where !types.contains(record.key.type) { types.append(record.key.type) }
    return types
  }

  /// A certificate authority vouches for this host: only a transport that checks host certificates can use that.
  package var hasCertificateAuthority: Bool {
    (records + portlessRecords).contains { $0.marker == .certificateAuthority }
  }

  /// OpenSSH's rule: a revoked key is never good; any plain entry with this key makes it known; other plain entries
  /// make it changed, whatever their type. Entries without the port can make a key known, not changed.
  package func verdict(on key: SSHPublicKey) -> HostKeyVerdict {
    if let revoked = (records + portlessRecords).first(where: { $0.marker == .revoked && $0.key == key }) {
      return .revoked(revoked)
    }
    let plain = records.filter { $0.marker == .none }
    if let known = plain.first(where: { $0.key == key }) { return .known(known) }
    if let other = plain.first(where: { $0.key.type == key.type }) ?? plain.first { return .changed(other) }
    if let known = portlessRecords.first(where: { $0.marker == .none && $0.key == key }) { return .known(known) }
    return .unknown
  }
}

/// What the files say about the key that a host showed.
package enum HostKeyVerdict: Sendable, Hashable {
  case known(HostKeyRecord)
  case unknown
  /// Another key is on file.
  case changed(HostKeyRecord)
  case revoked(HostKeyRecord)
}
