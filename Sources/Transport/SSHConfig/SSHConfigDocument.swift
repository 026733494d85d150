/// A parsed file of ssh_config, with what it includes; nothing in it depends on a host yet.
struct SSHConfigDocument: Sendable, Hashable {
  indirect enum Item: Sendable, Hashable {
    /// Begins a block for hosts by the name that the user gave.
    case host(HostPatternList)
    case match(SSHMatchRule)
    case include([SSHConfigDocument])
    case option(SSHConfigStatement)
    /// ssh refuses such a file as a whole.
    case invalid(SSHConfigPlace, reason: String)
  }

  let items: [Item]

  /// `include` reads the files that a pattern names; pure but for that.
  init(path: String, text: some Collection<UInt8>, include: (_ pattern: String) -> [SSHConfigDocument]) {
    var items: [Item] = []
    for (offset, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let place = SSHConfigPlace.file(path: path, line: offset + 1)
      switch SSHConfigStatement.read(line, at: place) {
      case .nothing: continue
      case .invalid(let reason): items.append(.invalid(place, reason: reason))
      case .statement(let statement): items.append(Self.item(statement, include))
      }
    }
    self.items = items
  }

  /// A file that can't be used.
  init(path: String, problem: String) {
    items = [.invalid(.file(path: path, line: 0), reason: problem)]
  }

  private static func item(
    _ statement: SSHConfigStatement, _ include: (_ pattern: String) -> [SSHConfigDocument]
  ) -> Item {
    switch statement.keyword {
    case "host": return .host(HostPatternList(statement.arguments))
    case "match":
      switch SSHMatchRule.read(statement.rest, at: statement.place) {
      case .success(let rule): return .match(rule)
      case .failure(let problem): return .invalid(statement.place, reason: problem.reason)
      }
    case "include": return .include(statement.arguments.flatMap(include))
    default: return .option(statement)
    }
  }
}
