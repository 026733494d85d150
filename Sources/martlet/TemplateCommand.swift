import ArgumentParser
import Foundation
import Model
import Parsing
import Planning
import Reporting
import Templating

/// `martlet template`: a template as a host would get it, for people who look for a mistake in one.
struct TemplateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Render a template file as a host would get it.",
    discussion: "Facts are not gathered: what a template needs of them can be given with -e. Secrets print as ***.")

  @OptionGroup var flags: RunFlags

  @Option(name: .long, help: "The host whose variables count; without it only -e does.")
  var host: String?

  @Argument(help: "The template; - is standard input.")
  var file: String

  func run() throws {
    let wiring = try RunWiring(flags, runbooks: [FileManager.default.currentDirectoryPath + "/<template>"], wantsInventory: host != nil)
    try wiring.tellDiagnostics()
    let scope = try scope(wiring)
    let bytes = try VaultFile(file).read()
    guard let text = String(validating: bytes, as: UTF8.self) else { throw CommandFailure(exitStatus: 1, "\(file) is not UTF-8 text") }
    let name = file == "-" ? "<stdin>" : file
    var renderer = wiring.renderer
    renderer.templates = FolderTemplates()
    do throws(TemplateError) {
      var syntax = TemplateSyntax.file
      syntax.keepsTrailingNewline = true
      let template = try TemplateFile.compile(
        text, at: SourceSpan(file: SourceFile(path: name, text: text), line: 1, column: 1), syntax: syntax)
      let value = try renderer.text(of: template, in: scope)
      let shown = value.isSecret ? wiring.scrubber.scrub(value.string ?? "") : value.string ?? ""
      ScrubbingSink(wiring.scrubber, before: DescriptorSink()).write(shown, to: .standardOutput)
    } catch {
      var diagnostics = Diagnostics()
      diagnostics.add(error.diagnostic)
      try diagnostics.tell(exitStatus: 1, scrubber: wiring.scrubber)
    }
  }

  private func scope(_ wiring: RunWiring) throws -> any VariableScope {
    let extra = wiring.extraVariables.reduce(into: [String: Variable]()) { $0[$1.key] = .source($1.value) }
    let path = URL(fileURLWithPath: file).path
    let own: [String: Variable] = [
      "ansible_managed": .value(.string(wiring.settings.managedText)), "template_path": .value(.string(file)),
      "template_fullpath": .value(.string(path)), "template_host": .value(.string(ProcessInfo.processInfo.hostName)),
    ]
    guard let host else { return LayeredScope(own.merging(extra) { $1 }) }
    guard let record = wiring.roster.variables.record(of: host) else {
      throw CommandFailure(exitStatus: 1, "there is no host '\(host)' in the inventory")
    }
    let step = StepScope(run: wiring.roster.variables, play: nil, host: record)
    return LayeredScope(own.filter { step.variable(named: $0.key) == nil }, over: step)
  }
}

/// Templates that a template includes: beside it.
private struct FolderTemplates: TemplateSource {
  func template(named name: String, from path: String) throws(TemplateError) -> Template? {
    let folder = URL(fileURLWithPath: path.hasPrefix("<") ? "./-" : path).deletingLastPathComponent()
    let found = folder.appendingPathComponent(name).path
    guard let bytes = FileManager.default.contents(atPath: found), let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return try TemplateFile.compile(text, at: SourceSpan(file: SourceFile(path: found, text: text), line: 1, column: 1))
  }
}
