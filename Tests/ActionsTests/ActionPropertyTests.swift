import Foundation
import Model
import Support
import Testing

@testable import Actions

/// What `ModulePropertyTests` asks of modules that run on the host, asked of actions with check mode: whatever the host looks like before,
/// check mode touches nothing and says of `changed` what the run then does, a second run changes nothing, and finding that out costs
/// one round trip.
///
/// `MARTLET_SEED` repeats a run, `MARTLET_ROUNDS` sets how many states each action is tried in.
struct ActionPropertyTests {
  static let seed = number("MARTLET_SEED") ?? UInt64.random(in: 1...999_999)
  static let rounds = Int(number("MARTLET_ROUNDS") ?? 10)

  private static func number(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }

  static let kinds = ["copy", "template", "lineinfile", "blockinfile", "replace", "assemble", "copy a tree", "copy on the host"]

  @Test(arguments: kinds)
  func `check mode foretells the run, and a second run changes nothing, in one round trip`(kind: String) async throws {
    var draw = ActionDraw(kind, seed: Self.seed)
    for round in 0..<Self.rounds {
      try await ActionBench.with { bench in
        try draw.prepare(bench)
        let arguments = draw.arguments()
        let place: Comment = "\(kind), MARTLET_SEED=\(Self.seed), round \(round): \(Value.dict(arguments).json), f was \(draw.before)"
        let before = bench.snapshot()
        bench.isCheck = true
        let predicted = try await bench.run(draw.action, arguments)
        #expect(bench.snapshot() == before, "check mode touched something: \(place)")
        bench.isCheck = false
        let result = try await bench.run(draw.action, arguments)
        guard result.status != .failed else {
          #expect(bench.snapshot() == before, "a run that failed changed something: \(place)")
          return
        }
        #expect(predicted.status == result.status, "check mode: \(predicted), the run: \(result) \(place)")
        let trips = (bench.host as? SessionHost)?.roundTrips
        let count = trips?.count ?? 0
        let again = try await bench.run(draw.action, arguments)
        #expect(again.status == .ok, "the second run: \(again) \(place)")
        #expect((trips?.count ?? 0) - count <= draw.roundTripsMax, "round trips to find nothing to do: \(place)")
      }
    }
  }
}

/// Draws states and arguments for an action.
private struct ActionDraw {
  let action: String
  private(set) var before = ""
  private let kind: String
  private var random: SplitMix

  init(_ kind: String, seed: UInt64) {
    self.kind = kind
    action = String(kind.prefix { $0 != " " })
    random = SplitMix(seed: seed ^ kind.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
  }

  /// A tree is looked at kind by kind, and one on the host is walked there.
  var roundTripsMax: Int { kind == "copy a tree" ? 3 : kind == "copy on the host" ? 4 : 1 }

  private static let texts = ["", "x\n", "a=1\nb=2\n", "b=2\n\na=1\n", "no end", "a=1", "é ü\n", "# BEGIN ANSIBLE MANAGED BLOCK\nold\n# END ANSIBLE MANAGED BLOCK\n"]

  mutating func prepare(_ bench: ActionBench) throws {
    before = "absent"
    if random.chance(3, of: 4) {
      before = Self.texts.randomElement(using: &random)!
      try bench.write(before, to: random.chance(1, of: 5) ? "host/target" : "host/f", mode: random.chance(1, of: 2) ? 0o644 : 0o600)
      if bench.read("host/f") == nil { try bench.link("target", at: "host/f") }
    }
    try bench.write(Self.texts.randomElement(using: &random)!, to: "files/s", mode: 0o640)
    try bench.write("{{ 1 + 1 }}\n" + Self.texts.randomElement(using: &random)!, to: "templates/t.j2")
    for name in ["1", "2", "sub/3"] { try bench.write(Self.texts.randomElement(using: &random)!, to: "files/tree/\(name)") }
    for name in ["1", "sub/3"] { try bench.write(Self.texts.randomElement(using: &random)!, to: "host/from/\(name)") }
    if random.chance(1, of: 2) { try bench.link("1", at: "files/tree/link") }
  }

  mutating func arguments() -> Value.Dict {
    var arguments: Value.Dict = [:]
    switch kind {
    case "copy":
      arguments = ["dest": "{dir}/f"]
      if random.chance(1, of: 2) { arguments["src"] = "s" } else { arguments["content"] = text() }
      add("force", [true, false], to: &arguments)
      add("follow", [true, false], to: &arguments)
    case "template":
      arguments = ["src": "t.j2", "dest": "{dir}/f"]
      add("force", [true, false], to: &arguments)
      add("newline_sequence", ["\r\n"], to: &arguments)
    case "lineinfile":
      arguments = ["path": "{dir}/f", "line": random.chance(1, of: 2) ? "a=1" : "a=9", "create": .bool(random.chance(2, of: 3))]
      add("regexp", ["^a=", "^z"], to: &arguments)
      add("insertafter", ["^b=", "EOF"], to: &arguments)
      if random.chance(1, of: 4) { arguments["state"] = "absent" }
    case "blockinfile":
      arguments = ["path": "{dir}/f", "block": random.chance(1, of: 4) ? "" : "one\ntwo", "create": .bool(random.chance(2, of: 3))]
      add("insertbefore", ["^b=", "BOF"], to: &arguments)
    case "replace":
      arguments = ["path": "{dir}/f", "regexp": "^(\\w)=\\d$", "replace": random.chance(1, of: 2) ? "\\1: x" : ""]
    case "assemble": arguments = ["src": "tree", "dest": "{dir}/f", "remote_src": false]
    case "copy a tree":
      arguments = ["src": random.chance(1, of: 2) ? "tree" : "tree/", "dest": "{dir}/d"]
      add("local_follow", [true, false], to: &arguments)
    default:
      arguments = ["src": random.chance(1, of: 2) ? "{dir}/from/" : "{dir}/from/1", "dest": "{dir}/new", "remote_src": true]
      if random.chance(1, of: 3) { arguments["dest"] = "{dir}/f" }
    }
    if kind != "copy on the host" { add("mode", ["0600", "u=rw,g=r,o="], to: &arguments) }
    if ["copy", "template", "lineinfile", "blockinfile", "replace"].contains(kind) { add("backup", [true], to: &arguments) }
    return arguments
  }

  private mutating func text() -> Value { .string(Self.texts.randomElement(using: &random)!) }

  private mutating func add(_ name: Value, _ values: [Value], to arguments: inout Value.Dict) {
    if random.chance(1, of: 2) { arguments[name] = values.randomElement(using: &random) }
  }
}

extension ActionBench {
  /// Everything below the host's folder: content or target, and mode.
  fileprivate func snapshot() -> [String: String] {
    var result: [String: String] = [:]
    for name in tree("host") {
      let path = "\(folder)/host/\(name)"
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
      result[name] = target.map { "-> \($0)" } ?? "\(mode("host/\(name)") ?? 0) \(read("host/\(name)") ?? "")"
    }
    return result
  }
}

extension SplitMix {
  fileprivate mutating func chance(_ hits: Int, of all: Int) -> Bool { Int.random(in: 0..<all, using: &self) < hits }
}
