import ArgumentParser
import Execution
import Foundation
import Model
import Parsing
import Planning
import Reporting

/// `martlet exec`: one task on the hosts of a pattern, as `ansible` does it, with its flags.
struct ExecCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Run one module on the hosts of a pattern.",
    discussion: "Exit status: 0 all well; 2 a host failed, or a flag is wrong; 4 a host was unreachable.")

  @OptionGroup var flags: RunFlags

  @Argument(help: "Hosts: a pattern such as web:&staging.")
  var pattern: String

  @Option(name: [.customShort("m", allowingJoined: true), .customLong("module-name")], help: "The module; command if not given.")
  var moduleName: String?

  @Option(name: [.customShort("a", allowingJoined: true), .customLong("args")], parsing: .unconditional, help: "Its arguments, as k=v words or JSON.")
  var moduleArguments: String?

  @Flag(name: [.customShort("o"), .customLong("one-line")], help: "One line per host.")
  var oneLine = false

  @Option(name: [.customShort("B", allowingJoined: true), .customLong("background")], help: "Run in the background, for at most so many seconds.")
  var background: Int?

  @Option(name: [.customShort("P", allowingJoined: true), .customLong("poll")], help: "Seconds between looks at what runs in the background.")
  var poll: Int?

  @Option(name: .customLong("task-timeout"), help: "Seconds after which the task is ended.")
  var taskTimeout: Int?

  @Option(name: .customLong("playbook-dir"), help: "The folder that stands for the runbook's.")
  var playbookDirectory: String?

  @Flag(name: .customLong("list-hosts"), help: "Only list the hosts.")
  var listHosts = false

  /// Modules that are nothing without arguments.
  private static let needsArguments: Set<String> = ["command", "shell", "raw", "script", "win_command", "win_shell"]

  func run() async throws {
    let folder = DiskFiles().absolutePath(playbookDirectory ?? FileManager.default.currentDirectoryPath)
    let files = AdHocFiles(path: "\(folder)/<exec>")
    let wiring = try RunWiring(flags, runbooks: [files.path], files: files)
    let module = moduleName ?? wiring.settings.moduleName
    let arguments = moduleArguments ?? wiring.settings.moduleArguments ?? ""
    let short = module.split(separator: ".").last.map(String.init) ?? module
    if arguments.isEmpty, Self.needsArguments.contains(short), !listHosts {
      throw CommandFailure(exitStatus: 5, "No argument passed to \(module) module")
    }
    if short == "import_playbook" { throw CommandFailure(exitStatus: 5, "'\(module)' is not a valid action for ad-hoc commands") }
    files.set(try runbookText(module: module, arguments: arguments))
    if listHosts { return try list(wiring) }
    let plays: [(runbook: String, plays: [Play])]
    // What is wrong with the one task is a failure of it, for scripts that tell failures from hosts that can't be reached.
    do { plays = try wiring.readRunbooks() } catch let failure as CommandFailure where failure.exitStatus == 4 {
      throw CommandFailure(exitStatus: 2, failure.message)
    }
    if wiring.limit != nil, wiring.roster.hosts(matching: pattern, limit: wiring.limit).hosts.isEmpty {
      throw CommandFailure(exitStatus: 1, "pattern '\(pattern)' and --limit leave no hosts to target")
    }
    try await wiring.run(plays, options: wiring.options, reporter: makeReporter(wiring))
  }

  private func list(_ wiring: RunWiring) throws {
    try wiring.tellDiagnostics()
    let found = wiring.roster.hosts(matching: pattern, limit: wiring.limit)
    if found.hosts.isEmpty { VaultAccess.tell("[WARNING]: No hosts matched, nothing to do") }
    print("  hosts (\(found.hosts.count)):")
    for host in found.hosts { print("    \(host)") }
  }

  /// The runbook of one play and one task. JSON is YAML, and quotes what a shell or a user gave.
  private func runbookText(module: String, arguments: String) throws -> String {
    var task: Value.Dict = [:]
    if arguments.hasPrefix("{"), arguments.hasSuffix("}"), let value = try? JSONDecoding().value(from: arguments), value.dict != nil {
      task[.string(module)] = value
    } else {
      task[.string(module)] = arguments.isEmpty ? .null : .string(arguments)
    }
    if let background { task["async"] = .int(background) }
    if let poll { task["poll"] = .int(poll) }
    if let taskTimeout { task["timeout"] = .int(taskTimeout) }
    let play: Value = [
      "name": "Ansible Ad-Hoc", "hosts": .string(pattern), "gather_facts": false, "tasks": [.dict(task)],
    ]
    return Value.list([play]).json(JSONEncoding(ensureASCII: true))
  }

  private func makeReporter(_ wiring: RunWiring) -> any Reporter {
    let output = wiring.outputSettings(wiring.options)
    let sink = ScrubbingSink(wiring.scrubber, before: DescriptorSink())
    return oneLine ? OnelineReporter(output, to: sink) : AdHocReporter(output, to: sink)
  }
}

/// The disk, and one runbook that is written when the command's arguments are known.
final class AdHocFiles: SourceFiles, @unchecked Sendable {
  // `text` is set once, before anything reads.
  let path: String
  private var text = ""
  private let disk = DiskFiles()

  init(path: String) { self.path = path }

  func set(_ text: String) { self.text = text }

  func read(_ path: String) -> FileReading { path == self.path ? .text(text) : disk.read(path) }
  func kind(_ path: String) -> FileKind? { path == self.path ? .file : disk.kind(path) }
  func names(in folder: String) -> [String] { disk.names(in: folder) }
  func canonicalPath(_ path: String) -> String { path == self.path ? path : disk.canonicalPath(path) }
  var workingDirectory: String { disk.workingDirectory }
}
