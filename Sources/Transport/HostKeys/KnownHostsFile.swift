/// A known_hosts file, parsed: plain names by index, patterns and hashes one after the other.
package struct KnownHostsFile: Sendable {
  package let path: String
  /// Numbers and reasons of the lines that are passed over.
  package private(set) var invalidLines: [(number: Int, reason: String)] = []

  private var entries: [(number: Int, line: KnownHostsLine)] = []
  private var entriesByName: [String: [Int]] = [:]
  /// Entries that must be asked one by one.
  private var patterns: [(entry: Int, list: HostPatternList)] = []
  private var hashes: [(entry: Int, salt: [UInt8], hash: [UInt8])] = []

  package init(path: String, text: String) { self.init(path: path, content: Array(text.utf8)) }

  package init(path: String, content: [UInt8]) {
    self.path = path
    for (offset, line) in content.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      switch KnownHostsLine.read(line) {
      case .nothing: continue
      case .invalid(let reason): invalidLines.append((offset + 1, reason))
      case .entry(let line): add(line, number: offset + 1)
      }
    }
  }

  /// What the file says about a name, in the order of its lines.
  package func records(for name: String) -> [HostKeyRecord] {
    var found = entriesByName[name] ?? []
    found += patterns.filter { $0.list.matches(name) }.map(\.entry)
    found += hashed(name)
    return found.sorted().map { index in
      let (number, line) = entries[index]
      return HostKeyRecord(marker: line.marker, key: line.key, path: path, line: number)
    }
  }

  private func hashed(_ name: String) -> [Int] {
    guard !hashes.isEmpty else { return [] }
    let hasher = HostNameHash()
    let name = Array(name.utf8)
    var found: [Int] = []
    for (entry, salt, hash) in hashes where hasher.hash(of: name, salt: salt) == hash { found.append(entry) }
    return found
  }

  private mutating func add(_ line: KnownHostsLine, number: Int) {
    let index = entries.count
    entries.append((number, line))
    switch line.names {
    case .hashed(let salt, let hash): hashes.append((index, salt, hash))
    case .patterns(let list) where list.isLiteral:
      for name in Set(list.wanted) { entriesByName[name, default: []].append(index) }
    case .patterns(let list): patterns.append((index, list))
    }
  }
}

/// A key that a file holds for a name, and where.
package struct HostKeyRecord: Sendable, Hashable {
  package let marker: KnownHostsLine.Marker
  package let key: SSHPublicKey
  package let path: String
  package let line: Int

  package init(marker: KnownHostsLine.Marker, key: SSHPublicKey, path: String, line: Int) {
    self.marker = marker
    self.key = key
    self.path = path
    self.line = line
  }
}
