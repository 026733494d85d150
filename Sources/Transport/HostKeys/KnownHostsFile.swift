/// A known_hosts file, parsed: plain names by index, patterns and hashes one after the other.
package struct KnownHostsFile: Sendable {
  package let path: String
  /// Numbers and reasons of the lines that are passed over.
  package private(set) var invalidLines: [(number: Int, reason: String)] = []

  private var entries: [(number: Int, line: KnownHostsLine)] = []
  private var entriesByName: [String: [Int]] = [:]
  /// Entries that must be asked one by one.
  private var unindexed: [Int] = []

  package init(path: String, text: String) {
    self.path = path
    // Characters would take "\r\n" for one, and a lone "\r" for an end.
    for (offset, bytes) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      switch KnownHostsLine.read(Substring(bytes)) {
      case .nothing: continue
      case .invalid(let reason): invalidLines.append((offset + 1, reason))
      case .entry(let line): add(line, number: offset + 1)
      }
    }
  }

  /// What the file says about a name, in the order of its lines.
  package func records(for name: String) -> [HostKeyRecord] {
    let asked = unindexed.filter { entries[$0].line.names.matches(name) }
    let found = (asked + (entriesByName[name] ?? [])).sorted()
    return found.map { index in
      let (number, line) = entries[index]
      return HostKeyRecord(marker: line.marker, key: line.key, path: path, line: number)
    }
  }

  private mutating func add(_ line: KnownHostsLine, number: Int) {
    let index = entries.count
    entries.append((number, line))
    if case .patterns(let patterns) = line.names, patterns.isLiteral {
      for name in Set(patterns.wanted) { entriesByName[name, default: []].append(index) }
    } else {
      unindexed.append(index)
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
