import ArgumentParser
import Foundation
import Model
import Parsing
import Reporting
import Store

/// `martlet facts`: what is known of hosts, gathered where it is not known or too old.
struct FactsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "facts", abstract: "Show facts of hosts, from the cache where they are young enough.",
    discussion: "Every run that gathers facts fills the cache. Exit status: 0; 2 a host failed; 4 a host was unreachable.")

  @OptionGroup var flags: RunFlags

  @Argument(help: "Hosts: a pattern such as web:&staging.")
  var pattern: String

  @Flag(name: .long, help: "As JSON: by host, the facts and when they were gathered.")
  var json = false

  @Option(name: .customLong("max-age"), help: "Gather anew what is older: seconds, or 10m, 2h, 7d. 0 gathers always.")
  var maxAge = "24h"

  @Flag(name: .customLong("cached"), help: "Ask no host; show what is known, however old.")
  var cachedOnly = false

  @Option(name: .customLong("history"), help: "Show the values that a fact had, and since when.")
  var fact: String?

  func run() async throws {
    guard let seconds = Self.seconds(maxAge) else {
      throw CommandFailure(exitStatus: 5, "'\(maxAge)' is no age: write seconds, or a number with s, m, h or d, such as 12h")
    }
    let wiring = try RunWiring(flags, runbooks: ["facts"])
    try wiring.tellDiagnostics()
    let hosts = wiring.roster.hosts(matching: pattern, limit: wiring.limit).hosts
    guard !hosts.isEmpty else { throw CommandFailure(exitStatus: 1, "the pattern '\(pattern)' leaves no hosts") }
    do {
      let store = try StateAccess.open()
      if let fact { return try showHistory(of: fact, hosts, store) }
      let oldest = cachedOnly ? -Double.infinity : Date().timeIntervalSince1970 - seconds
      var status: Int32 = 0
      let missing = try hosts.filter { try store.facts(of: $0, notBefore: oldest) == nil }
      if !cachedOnly, !missing.isEmpty { status = try await gather(missing, wiring) }
      try show(hosts, store, oldest)
      if status != 0 { throw CommandFailure(exitStatus: status) }
    } catch let error as StoreError {
      throw CommandFailure(exitStatus: 1, "\(error)")
    }
  }

  /// A run like any other, so that its facts are kept as those of any run are.
  private func gather(_ hosts: [String], _ wiring: RunWiring) async throws -> Int32 {
    let play = Play.own("facts", on: hosts, gathersFacts: true)
    return try await wiring.execute([("facts", [play])], options: wiring.options, reporter: FailureReporter(wiring.scrubber)).exitStatus
  }

  private func show(_ hosts: [String], _ store: StateDatabase, _ oldest: Double) throws {
    let now = Date().timeIntervalSince1970
    var all: Value.Dict = [:]
    for host in hosts {
      guard let known = try store.facts(of: host, notBefore: oldest) else {
        if cachedOnly { StandardError.write("[WARNING]: no facts of \(host) are known\n") }
        continue
      }
      if json {
        all[.string(host)] = [
          "gathered_at": .float(known.gatheredAt), "age_seconds": .float(now - known.gatheredAt), "facts": .dict(known.facts),
        ]
      } else {
        print(FactsText(host, known.facts, gatheredAt: known.gatheredAt, now: now).text, terminator: "")
      }
    }
    if json { print(Value.dict(all).json(JSONEncoding(ensureASCII: false, indent: 2))) }
  }

  private func showHistory(of fact: String, _ hosts: [String], _ store: StateDatabase) throws {
    var all: Value.Dict = [:]
    for host in hosts {
      let values = try store.history(of: fact, on: host)
      if values.isEmpty {
        let near = nearestName(to: fact, among: try store.factNames(on: host)).map { "; did you mean '\($0)'?" } ?? ""
        StandardError.write("[WARNING]: no history of '\(fact)' on \(host)\(near)\n")
      } else if json {
        all[.string(host)] = .list(values.map { ["since": .float($0.since), "value": $0.value] })
      } else {
        print(host)
        print(FactsText.history(values.map { ($0.since, $0.value) }), terminator: "")
      }
    }
    if json { print(Value.dict(all).json(JSONEncoding(ensureASCII: false, indent: 2))) }
  }

  /// `90`, `90s`, `10m`, `2h`, `7d`.
  static func seconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    let unit = text.last.flatMap { units[$0] }
    guard let number = Double(unit == nil ? text : String(text.dropLast())), number >= 0, number.isFinite else { return nil }
    return number * (unit ?? 1)
  }
}

/// Says only what goes wrong.
struct FailureReporter: Reporter {
  private let scrubber: SecretScrubber

  init(_ scrubber: SecretScrubber) { self.scrubber = scrubber }

  func handle(_ event: RunEvent) {
    guard case .stepFinished(let step, let outcome) = event, [.failed, .unreachable].contains(outcome.result.status) else { return }
    let text = "\(step.host): \(outcome.result.status.rawValue): \(outcome.result.message ?? "")\n"
    StandardError.write(scrubber.scrub(text))
  }
}
