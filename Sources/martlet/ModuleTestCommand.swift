import ArgumentParser
import Foundation
import Model
import ModuleLibrary
import ModuleTesting
import Parsing

/// `martlet module test`: runs the cases of a module on this machine's shells.
struct ModuleTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run the cases of a module on dash, bash, busybox ash and mksh.",
    discussion: """
      Each case runs in a scratch directory, in check mode, for real and again. What differed is told, a line per case and shell, \
      and the exit status is 1.
      """)

  @Option(help: "A shell to run on: dash, bash, busybox or mksh. May be repeated. Default: all that this machine has.")
  var shell: [String] = []

  @Option(name: .customLong("case"), help: "The name of the one case to run.")
  var caseName: String?

  @Option(help: "Folders of further modules, and of the shell library, separated by colons.")
  var modulePath: String?

  @Argument(help: "The module's folder.", completion: .directory)
  var folder: String

  func validate() throws {
    for name in shell where !ShellUnderTest.kinds.contains(where: { $0[0] == name }) {
      throw ValidationError("modules are not tested on '\(name)': --shell takes \(ShellUnderTest.kinds.map { $0[0] }.formatted())")
    }
  }

  func run() throws {
    do {
      let (manifest, catalog) = try module()
      let cases = try chosenCases(of: manifest)
      let interruption = try CaseInterruption()
      let signals = InterruptSignals { interruption.raise() }
      defer { signals.stop() }
      let test = ModuleTest(manifest, catalog: catalog, interruption: interruption)
      let tally = try told(cases, on: chosenShells(), test, until: interruption)
      print(tally)
      if tally.failed > 0 { throw CommandFailure(exitStatus: 1) }
    } catch let trouble as CaseTrouble {
      throw CommandFailure(exitStatus: 1, trouble.description)
    }
  }

  /// The module in the folder; its neighbours are found too, and the shell library where all modules are.
  private func module() throws -> (ModuleManifest, ModuleCatalog) {
    let place = URL(fileURLWithPath: folder).standardizedFileURL
    let parent = place.deletingLastPathComponent().path
    let catalog = try ModuleSearch.catalog(modulePath: [parent, modulePath].compactMap { $0 }.joined(separator: ":"))
    let manifest = catalog.manifest(named: place.lastPathComponent)
    try catalog.diagnostics.tell(exitStatus: 1)
    guard let manifest, FileManager.default.fileExists(atPath: "\(place.path)/module.yml") else {
      throw CommandFailure(exitStatus: 1, "\(folder) is no module: it takes a folder with module.yml, as 'martlet module new' makes")
    }
    guard manifest.kind == .shell else {
      throw CommandFailure(exitStatus: 1, "\(folder) has no module.sh: only modules that run on hosts have cases")
    }
    return (manifest, catalog)
  }

  private func chosenCases(of manifest: ModuleManifest) throws -> [ModuleCase] {
    var path = folder
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    var diagnostics = Diagnostics()
    let cases = ModuleCase.all(of: manifest.name, in: "\(path)/cases", into: &diagnostics)
    try diagnostics.tell(exitStatus: 1)
    guard !cases.isEmpty else { throw CommandFailure(exitStatus: 1, "\(path)/cases has no case") }
    guard let caseName else { return cases }
    let chosen = cases.filter { $0.name == caseName }
    guard chosen.isEmpty else { return chosen }
    let near = nearestName(to: caseName, among: cases.map(\.name)).map { ": did you mean '\($0)'?" } ?? ""
    throw CommandFailure(exitStatus: 1, "\(path) has no case '\(caseName)'\(near)")
  }

  /// Shells that are here. One that was asked for and is not is an error, the others are told.
  private func chosenShells() throws -> [[String]] {
    let wanted = ShellUnderTest.kinds.filter { shell.isEmpty || shell.contains($0[0]) }
    let missing = wanted.filter { !ShellUnderTest.isHere($0) }
    if !missing.isEmpty {
      let text = "this machine has no \(missing.map { $0[0] }.joined(separator: ", no "))"
      guard shell.isEmpty, missing.count < wanted.count else { throw CommandFailure(exitStatus: 1, text) }
      print("\(text): not tested there")
    }
    return wanted.filter { !missing.contains($0) }
  }

  private func told(
    _ cases: [ModuleCase], on shells: [[String]], _ test: ModuleTest, until interruption: CaseInterruption
  ) throws -> CaseTally {
    var tally = CaseTally()
    for shell in shells {
      let name = shell.joined(separator: " ")
      tally.shells.append(name)
      if let complaint = try test.complaint(of: shell) {
        print("\(folder): not run on \(name): \(complaint)")
        tally.failed += cases.count
        continue
      }
      for example in cases {
        let outcome = test.outcome(of: example, on: shell)
        guard !interruption.isRaised else { throw CommandFailure(exitStatus: 99, "interrupted in '\(example.name)' on \(name)") }
        switch outcome {
        case .passed: tally.passed += 1
        case .skipped(let reason):
          tally.skipped += 1
          print("\(example.place): \(example.name), on \(name): skipped, \(reason)")
        case .failed(let findings):
          tally.failed += 1
          print("\(example.place): \(example.name), on \(name): \(findings.map(\.text).joined(separator: "; "))")
        }
      }
    }
    return tally
  }
}

/// How many cases, counted once per shell, came to what.
private struct CaseTally: CustomStringConvertible {
  var shells: [String] = []
  var passed = 0
  var failed = 0
  var skipped = 0

  var description: String {
    "passed \(passed), failed \(failed), skipped \(skipped), on \(shells.joined(separator: ", "))"
  }
}
