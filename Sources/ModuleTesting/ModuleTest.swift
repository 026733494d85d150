import Glibc
import Model
import ModuleLibrary
import Parsing
import Transport

/// The cases of one module on the shells that this machine has.
package struct ModuleTest {
  /// What one case came to on one shell.
  package enum Outcome: Sendable {
    case passed
    case failed([CaseFinding])
    /// It can't be run here.
    case skipped(reason: String)
  }

  private let manifest: ModuleManifest
  private let catalog: ModuleCatalog
  private let interruption: CaseInterruption?

  /// `manifest` is of a module that runs on hosts, and in the catalog.
  package init(_ manifest: ModuleManifest, catalog: ModuleCatalog, interruption: CaseInterruption? = nil) {
    self.manifest = manifest
    self.catalog = catalog
    self.interruption = interruption
  }

  package func outcome(of example: ModuleCase, on shell: [String]) -> Outcome {
    if example.needsRoot && geteuid() != 0 { return .skipped(reason: "it needs root") }
    do {
      if shell[0] == "busybox", let applet = try Self.applet(among: example.tools.keys.compactMap(\.string)) {
        return .skipped(reason: "nothing can stand in for busybox's own \(applet)")
      }
      let findings = try CaseRun(example, of: manifest, shell: shell, catalog: catalog, interruption: interruption).findings()
      return findings.isEmpty ? .passed : .failed(findings)
    } catch {
      let name = shell.joined(separator: " ")
      return .failed([CaseFinding(place: example.place, name: example.name, shell: name, text: error.description)])
    }
  }

  /// What a shell says against the module's text without running it; nil where it can read it. A text that it can't read would leave
  /// it waiting for an end of the quotation.
  package func complaint(of shell: [String]) throws(CaseTrouble) -> String? {
    for name in LocalFile.entries(of: manifest.directory).sorted() where name.hasSuffix(".sh") {
      let scratch = try Scratch()
      let reader = try ShellUnderTest(["sh"], in: scratch)
      let path = ShellText.quoted("\(manifest.directory)/\(name)")
      let request = ShellRequest(script: "exec \(shell.joined(separator: " ")) -n \(path)")
      let response = try reader.run(request, stderrFile: scratch.root + "/stderr")
      guard response.ending == .exited(0) else {
        let words = String(decoding: response.stderr, as: UTF8.self).split(separator: "\n").joined(separator: "; ")
        return words.isEmpty ? "\(name) is not what this shell can read" : words
      }
    }
    return nil
  }

  /// The first of some commands that BusyBox's shell has inside: it runs its own, whatever is on PATH.
  private static func applet(among commands: [String]) throws(CaseTrouble) -> String? {
    if commands.isEmpty { return nil }
    let scratch = try Scratch()
    let list = try ShellUnderTest(["sh"], in: scratch)
      .run(ShellRequest(script: "busybox --list"), stderrFile: scratch.root + "/stderr").stdout
    let applets = Set(String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init))
    return commands.first(where: applets.contains)
  }
}
