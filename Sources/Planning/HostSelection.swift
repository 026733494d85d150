import Model
import Parsing
import Templating

/// Finds the hosts that patterns mean, in the inventory's order.
package struct HostSelection: Sendable {
  /// `host_pattern_mismatch`: what a pattern that matches nothing is.
  package enum Mismatch: String, Sendable, CaseIterable { case warning, error, ignore }

  /// `order:` of a play.
  package enum Order: String, Sendable, CaseIterable {
    case inventory, reverseInventory = "reverse_inventory", sorted, reverseSorted = "reverse_sorted", shuffle
  }

  /// Compiles a regular expression into a test that is anchored at the start of a name; nil where it is none.
  package typealias RegexCompiler = @Sendable (_ pattern: String) -> (@Sendable (_ name: String) -> Bool)?

  /// Python's `re.match`. A name that would take the engine beyond its limits counts as no match.
  package static let pythonRegex: RegexCompiler = { pattern in
    guard let regex = try? PythonRegex(pattern) else { return nil }
    return { name in (try? regex.match(name)).flatMap { $0 } != nil }
  }

  package let inventory: Inventory
  package var mismatch: Mismatch
  private let regex: RegexCompiler
  private var known: [String: [HostID]] = [:]

  package init(
    in inventory: Inventory, mismatch: Mismatch = .warning, regex: @escaping RegexCompiler = HostSelection.pythonRegex
  ) {
    self.inventory = inventory
    self.mismatch = mismatch
    self.regex = regex
  }

  /// Hosts of a pattern list such as `web:&staging:!web3`, within the limit if there is one.
  package mutating func hosts(
    matching text: String, limit: HostLimit? = nil, at span: SourceSpan? = nil, into diagnostics: inout Diagnostics
  ) -> [HostID] {
    hosts(matching: HostPatternText.split(text), limit: limit, at: span, into: &diagnostics)
  }

  /// Hosts of a list of single patterns.
  package mutating func hosts(
    matching patterns: [String], limit: HostLimit? = nil, at span: SourceSpan? = nil,
    into diagnostics: inout Diagnostics
  ) -> [HostID] {
    let chosen = select(patterns, at: span, &diagnostics)
    guard let limit, !limit.patterns.isEmpty else { return chosen }
    let allowed = Set(select(limit.patterns, at: nil, &diagnostics))
    return chosen.filter(allowed.contains)
  }

  /// Hosts in the order in which a play takes them; `shuffle` needs numbers from outside.
  package func sorted(
    _ hosts: [HostID], by order: Order, using generator: inout some RandomNumberGenerator
  ) -> [HostID] {
    switch order {
    case .inventory: hosts
    case .reverseInventory: hosts.reversed()
    case .sorted: hosts.sorted { name($0).utf8.lexicographicallyPrecedes(name($1).utf8) }
    case .reverseSorted: hosts.sorted { name($1).utf8.lexicographicallyPrecedes(name($0).utf8) }
    case .shuffle: hosts.shuffled(using: &generator)
    }
  }

  private func name(_ host: HostID) -> String { inventory[host].name }
}

extension HostSelection {
  /// First all that adds, then all that intersects, then all that excludes, however they were written.
  private mutating func select(
    _ written: [String], at span: SourceSpan?, _ diagnostics: inout Diagnostics
  ) -> [HostID] {
    let patterns = written.filter { !$0.isEmpty }.map(HostPattern.init)
    var adding = patterns.filter { $0.effect == .plain }
    if adding.isEmpty { adding = [HostPattern("all")] }
    var hosts: [HostID] = [], seen: Set<HostID> = []
    for pattern in adding {
      let found = inventory.host(named: pattern.text).map { [$0] } ?? matches(of: pattern, at: span, &diagnostics)
      hosts += found.filter { seen.insert($0).inserted }
    }
    for pattern in patterns where pattern.effect != .plain {
      let found = Set(matches(of: pattern, at: span, &diagnostics))
      let keeps = pattern.effect == .intersection
      hosts.removeAll { found.contains($0) != keeps }
    }
    return hosts
  }

  private mutating func matches(
    of pattern: HostPattern, at span: SourceSpan?, _ diagnostics: inout Diagnostics
  ) -> [HostID] {
    if let found = known[pattern.text] { return found }
    var hosts = enumerate(pattern, at: span, &diagnostics)
    if let part = pattern.subscripted, !hosts.isEmpty {
      if let chosen = part.choose(from: hosts) {
        hosts = chosen
      } else {
        diagnostics.add(.outOfRange(pattern.text, count: hosts.count, at: span))
        hosts = []
      }
    }
    known[pattern.text] = hosts
    return hosts
  }

  /// Hosts of matching groups, then matching hosts; a subscript counts in this list.
  private func enumerate(
    _ pattern: HostPattern, at span: SourceSpan?, _ diagnostics: inout Diagnostics
  ) -> [HostID] {
    guard let test = test(for: pattern) else {
      diagnostics.add(.badRegex(pattern.text, at: span))
      return []
    }
    let groups = test.matches(inventory.groups.count, exact: { inventory.group(named: $0).map { Int($0.index) } }) {
      inventory.groups[$0].name
    }
    var hosts = groups.flatMap { inventory.hosts(in: GroupID($0)) }
    if groups.isEmpty || pattern.looksAtHostsAnyway {
      let found = test.matches(inventory.hosts.count, exact: { inventory.host(named: $0).map { Int($0.index) } }) {
        inventory.hosts[$0].name
      }
      hosts += found.filter { !inventory.hosts[$0].isImplicit }.map(HostID.init)
    }
    if hosts.isEmpty, let local = inventory.hostOrLocalhost(named: pattern.expression) { hosts = [local] }
    if hosts.isEmpty, groups.isEmpty, pattern.expression != "all" { report(pattern.expression, at: span, &diagnostics) }
    return hosts
  }

  private func report(_ expression: String, at span: SourceSpan?, _ diagnostics: inout Diagnostics) {
    let names = inventory.groups.map(\.name) + (inventory.hosts.count < 2000 ? inventory.hosts.map(\.name) : [])
    let advice = nearestName(to: expression, among: names).map { "did you mean '\($0)'?" }
    let message = "Could not match supplied host pattern, ignoring: \(expression)"
    switch mismatch {
    case .ignore: break
    case .warning: diagnostics.add(.warning(message, advice: advice, at: span))
    case .error: diagnostics.add(.error(message, advice: advice, at: span))
    }
  }

  private func test(for pattern: HostPattern) -> NameTest? {
    if pattern.isRegex { return regex(String(pattern.expression.dropFirst())).map(NameTest.matching) }
    if !pattern.isGlob { return .equal(pattern.expression) }
    let glob = Glob(pattern.expression)
    return .matching { glob.matches($0) }
  }
}

/// A way to find names: one that is known whole, or any that a test lets through.
private enum NameTest {
  case equal(String)
  case matching(@Sendable (String) -> Bool)

  func matches(_ count: Int, exact: (String) -> Int?, name: (Int) -> String) -> [Int] {
    switch self {
    case .equal(let text): exact(text).map { [$0] } ?? []
    case .matching(let test): (0..<count).filter { test(name($0)) }
    }
  }
}

extension HostPattern.Subscript {
  /// Nil where a single element is out of range; ranges just end where the list does.
  fileprivate func choose(from hosts: [HostID]) -> [HostID]? {
    switch self {
    case .element(let index):
      let place = index < 0 ? hosts.count + index : index
      return hosts.indices.contains(place) ? [hosts[place]] : nil
    case .range(let first, let last):
      // As Ansible has it: an end of 0 counts for the first element alone.
      if last == 0 { return HostPattern.Subscript.element(first).choose(from: hosts) }
      let end = min(last ?? hosts.count - 1, hosts.count - 1)
      return first <= end ? Array(hosts[first...end]) : []
    }
  }
}

extension Diagnostic {
  fileprivate static func outOfRange(_ pattern: String, count: Int, at span: SourceSpan?) -> Diagnostic {
    .error(
      "No hosts matched the subscripted pattern '\(pattern)'",
      advice: "there are \(count) hosts, from [0] to [\(count - 1)]", at: span)
  }

  fileprivate static func badRegex(_ pattern: String, at span: SourceSpan?) -> Diagnostic {
    .error(
      "Invalid host list pattern: \(pattern)", advice: "after ~ stands a regular expression as Python has them",
      at: span)
  }

  /// What the command line says where nothing is left to do.
  package static let noHostsLeft = Diagnostic.error(
    "Specified inventory, host pattern and/or --limit leaves us with no hosts to target.",
    advice: "check --limit, and what 'martlet inventory --graph' shows", at: nil)

  package static let onlyLocalhost = Diagnostic.warning(
    "provided hosts list is empty, only localhost is available. Note that the implicit localhost does not match 'all'",
    at: nil)
}
