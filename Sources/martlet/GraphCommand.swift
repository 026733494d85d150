import ArgumentParser
import Execution
import Foundation
import Model
import Parsing
import Planning
import Reporting

/// `martlet graph`: a runbook's tasks and what each waits for.
struct GraphCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, dot, mermaid, json }

  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Draw a runbook's tasks and what each waits for.",
    discussion: "No host is touched. What include_tasks and include_role bring is known only while a run goes on, and not drawn.")

  @OptionGroup var flags: RunFlags

  @Argument(help: "Runbooks: YAML files of plays.")
  var runbooks: [String]

  @Option(name: .long, help: "text, dot (Graphviz), mermaid or json.")
  var format = Format.text

  @Option(name: .customLong("run"), help: "Show how long the steps of this past run took, and its critical path; last is the newest of these runbooks.")
  var runName: String?

  func run() throws {
    let wiring = try RunWiring(flags, runbooks: runbooks)
    var graph = try drawn(try wiring.readRunbooks().map(\.plays), wiring)
    if let runName {
      let names = Set(runbooks.map(Self.fileName))
      let details = try StateAccess.details(
        of: runName, lastOf: { !names.isDisjoint(with: $0.runbooks.map(Self.fileName)) }, "of \(names.sorted().joined(separator: ", "))")
      let unknown = graph.time(by: details)
      if !graph.isTimed { throw CommandFailure(exitStatus: 1, "run \(details.run.header.id) ran no task of this graph") }
      if !unknown.isEmpty {
        let names = unknown.joined(separator: ", ")
        StandardError.write("[WARNING]: tasks of the run that are not in the graph (included, or the runbook changed): \(names)\n")
      }
    }
    let drawing = GraphDrawing(graph)
    switch format {
    case .text: print(drawing.text, terminator: "")
    case .dot: print(drawing.dot, terminator: "")
    case .mermaid: print(drawing.mermaid, terminator: "")
    case .json: print(drawing.value.json(JSONEncoding(ensureASCII: false, indent: 2)))
    }
  }

  private static func fileName(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  private func drawn(_ runbooks: [[Play]], _ wiring: RunWiring) throws -> TaskGraph {
    let listing = RunListing(wiring: wiring, showsHosts: false, showsTasks: true, showsTags: false)
    var builder = TaskGraphBuilder()
    let after = PlayNeeds(runbooks).after
    for (reference, play) in runbooks.joined().enumerated() {
      let target: ExecutionLoop.PlayTarget
      do { target = try wiring.target(of: play, runbook: nil) } catch { throw CommandFailure(exitStatus: 4, error.message) }
      let scope = PlayScope(target: target, extra: wiring.extraVariables)
      let gathers = try play.gatherFacts.flatMap { try wiring.renderer.value(of: $0, in: scope).asFlag } ?? (wiring.options.gathering != "explicit")
      let compiled = try listing.compiled(play, scope, key: "play \(reference)", gathersFacts: gathers)
      builder.add(compiled, of: play, named: target.name, after: after[reference])
    }
    return builder.finish()
  }
}
