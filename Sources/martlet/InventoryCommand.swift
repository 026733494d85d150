import ArgumentParser
import Foundation
import Model
import ModuleLibrary
import Parsing
import Planning
import Templating

/// `martlet inventory`: what `ansible-inventory` prints, with its flags.
struct InventoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inventory", abstract: "Show hosts, groups and variables of an inventory, as ansible-inventory does.")

  @Option(name: [.customShort("i", allowingJoined: true), .long], parsing: .singleValue, help: "Inventory file, folder, script, or list of hosts.")
  var inventory: [String] = []

  @Option(name: .customLong("inventory-file"), parsing: .singleValue, help: .hidden)
  var inventoryFile: [String] = []

  @Option(name: [.customShort("l", allowingJoined: true), .long], parsing: .singleValue, help: "Only these hosts; --host and --graph ignore it.")
  var limit: [String] = []

  @Option(name: [.customShort("e", allowingJoined: true), .customLong("extra-vars")], parsing: .singleValue, help: "Variables that beat all others.")
  var extraVars: [String] = []

  @OptionGroup var vault: VaultFlags

  @Flag(name: .customLong("flush-cache"), help: .hidden)
  var flushCache = false

  @Option(name: .customLong("playbook-dir"), help: "The folder that stands for the runbook's: its group_vars count.")
  var playbookDirectory: String?

  @Flag(name: .long, help: "All hosts and groups, as an inventory script prints them.")
  var list = false

  @Option(name: .long, help: "The variables of one host.")
  var host: String?

  @Flag(name: .long, help: "The groups as a tree, from the one named, or from all.")
  var graph = false

  @Argument(help: "A group, for --graph.")
  var group: String?

  @Flag(name: [.customShort("y"), .long], help: "YAML in place of JSON.")
  var yaml = false

  @Flag(name: .long, help: "Print TOML instead of JSON.")
  var toml = false

  @Flag(name: .customLong("vars"), help: "Add variables to --graph.")
  var showsVariables = false

  @Flag(name: .long, help: "For --list: groups with their variables, hosts with their own only.")
  var export = false

  @Option(name: .long, help: "For --list and --host: write to this file.")
  var output: String?

  private func checkAction() throws {
    let used = [list, host != nil, graph].filter { $0 }.count
    if used == 0 {
      throw CommandFailure(exitStatus: 5, "No action selected, at least one of --host, --graph or --list needs to be specified.")
    }
    if used > 1 {
      throw CommandFailure(
        exitStatus: 5, "Conflicting options used, only one of --host, --graph or --list can be used at the same time.")
    }
  }

  func run() throws {
    try checkAction()
    let source = try InventorySource(self)
    let text: String
    do { text = try source.text(of: self) } catch let error as TOMLText.Unwritable {
      throw CommandFailure(exitStatus: 1, error.message)
    }
    try source.finish()
    // JSON ends without a line break, YAML and TOML with one; a terminal gets one in any case.
    guard let output else { return print(source.scrubber.scrub(text)) }
    try VaultFile(output).write(Array((text + (yaml || toml ? "\n" : "")).utf8))
  }
}

/// An inventory that was read for showing it.
private final class InventorySource {
  let scrubber = SecretScrubber()
  private let settings: Settings
  private let inventory: Inventory
  private let extra: VariableMap
  private let files: VariableFiles
  private var full: InventoryVariables
  private var own: InventoryVariables
  private var diagnostics = Diagnostics()

  init(_ command: InventoryCommand) throws {
    let environment = ProcessInfo.processInfo.environment
    settings = Settings(environment: environment, into: &diagnostics)
    let vault = try VaultPasswords(command.vault, settings)
    diagnostics.add(contentsOf: vault.diagnostics)
    var reading = ParserSettings.make(settings)
    reading.decrypt = vault.decrypt
    let scrubber = scrubber
    reading.noteSecret = { scrubber.register($0) }
    let parser = RunbookParser(files: DiskFiles(), modules: ModuleCatalog(moduleFolders: []), settings: reading)
    let extraVariables = parser.parseExtraVariables(command.extraVars)
    try extraVariables.diagnostics.tell(exitStatus: extraVariables.exitStatus)
    extra = extraVariables.variables
    let variableReading = VariableReading(settings: reading)
    let given = command.inventory + command.inventoryFile
    var loader = InventoryLoader(options: settings.inventoryOptions, reading: variableReading)
    loader.evaluation = .init(renderer: Renderer(lookups: ControllerLookups(vault.opening(.local))), extraVariables: extra)
    inventory = loader.load(given.isEmpty ? settings.inventories : given, into: &diagnostics)
    files = VariableFiles(
      reading: variableReading, extensions: settings.inventoryOptions.variableExtensions, precedence: settings.variablePrecedence)
    let folder = command.playbookDirectory ?? settings.playbookDirectory
    full = InventoryVariables(
      of: inventory, files: files, playbookDirectories: [folder ?? FileManager.default.currentDirectoryPath], extra: extra)
    own = InventoryVariables(of: inventory, files: files, playbookDirectories: folder.map { [$0] } ?? [])
    try finish()
  }

  /// Tells what was wrong so far.
  func finish() throws {
    var all = diagnostics
    all.add(contentsOf: full.diagnostics)
    all.add(contentsOf: own.diagnostics)
    diagnostics = Diagnostics()
    try all.tell(exitStatus: 1, scrubber: scrubber)
  }

  func text(of command: InventoryCommand) throws -> String {
    let isExport = command.export || settings.exportsInventory
    let format: InventoryListing.Format = command.yaml ? .yaml : command.toml ? .toml : .json
    if let name = command.host { return try listing(isExport, nil).host(try host(name), format) }
    if command.graph {
      let name = command.group ?? "all"
      guard let group = inventory.group(named: name) else {
        throw CommandFailure(exitStatus: 5, "Pattern must be valid group name when using --graph: there is no group '\(name)'")
      }
      return listing(isExport, nil).graph(from: group, showsVariables: command.showsVariables)
    }
    return try listing(isExport, try limited(command.limit)).list(format)
  }

  private func listing(_ isExport: Bool, _ hosts: [HostID]?) -> InventoryListing {
    InventoryListing(
      of: inventory, hosts: hosts, isExport: isExport,
      variablesOfHost: { isExport ? self.own.variables(of: $0, ownOnly: true) : self.full.variables(of: $0) },
      variablesOfGroup: { self.own.variables(of: $0) })
  }

  private func host(_ name: String) throws -> HostID {
    var selection = selection
    let found = selection.hosts(matching: name, into: &diagnostics)
    guard found.count == 1 else { throw CommandFailure(exitStatus: 5, "You must pass a single valid host to --host parameter") }
    return found[0]
  }

  private func limited(_ texts: [String]) throws -> [HostID]? {
    guard !texts.isEmpty else { return nil }
    var patterns: [String] = []
    for text in texts { patterns += HostLimit(text, into: &diagnostics).patterns }
    var selection = selection
    return selection.hosts(matching: "all", limit: HostLimit(patterns: patterns), into: &diagnostics)
  }

  private var selection: HostSelection {
    HostSelection(
      in: inventory, mismatch: HostSelection.Mismatch(rawValue: settings.hostPatternMismatch) ?? .warning,
      regex: { _ in nil })
  }
}
