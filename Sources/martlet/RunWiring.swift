import Actions
import Execution
import Foundation
import Model
import ModuleLibrary
import OrderedCollections
import Parsing
import Planning
import Templating
import Transport

/// Puts a run together from flags, settings and files. Mistakes of the user end in `CommandFailure` with all diagnostics.
final class RunWiring {
  let flags: RunFlags
  let runbooks: [String]
  let settings: Settings
  let catalog: ModuleCatalog
  let parser: RunbookParser
  let renderer: Renderer
  let vault: VaultPasswords
  let scrubber = SecretScrubber()
  let inventorySources: [String]
  private let loader: InventoryLoader
  /// Notes the files that are read, where a plan is made of them.
  let recording: RecordingFiles?
  let roster: HostRoster
  let limit: HostLimit?
  let extraVariables: VariableMap
  let environment = ProcessInfo.processInfo.environment
  private(set) var options = RunOptions()
  var diagnostics = Diagnostics()
  /// The name of the run to come.
  var runID = RunName.make()
  /// How the run was called, where it can be resumed; and what is done of it, where it is.
  var called: ResumableRun?
  var resumption: Resumption?
  var owedHandlers = OwedHandlerChoice.run
  /// The run's lease on the hosts that it works on; nil where it takes none.
  var lease: HostLease?

  /// `wantsInventory`: without any, a warning is due.
  init(_ flags: RunFlags, runbooks: [String], files: any SourceFiles = DiskFiles(), wantsInventory: Bool = true) throws {
    self.flags = flags
    self.runbooks = runbooks
    var diagnostics = Diagnostics()
    settings = Settings(environment: environment, into: &diagnostics)
    let folders = runbooks.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }.uniqued
    catalog = ModuleSearch(flags, settings, environment, folders: folders).catalog()
    vault = try VaultPasswords(flags, settings)
    diagnostics.add(contentsOf: vault.diagnostics)
    let access = LookupAccess(settings, vault)
    var renderer = Renderer(lookups: ControllerLookups(access.controller))
    renderer.allowsBrokenConditions = settings.allowsBrokenConditions
    self.renderer = renderer
    var reading = ParserSettings.make(settings)
    reading.decrypt = vault.decrypt
    let scrubber = scrubber
    reading.noteSecret = { scrubber.register($0) }
    let early = RunbookParser(files: files, modules: catalog, settings: reading)
    let extra = early.parseExtraVariables(flags.extraVars)
    try extra.diagnostics.tell(exitStatus: extra.exitStatus)
    extraVariables = extra.variables
    var parserSettings = reading
    parserSettings.extraVariables = extra.variables
    parserSettings.renderer = renderer
    parser = RunbookParser(files: files, modules: catalog, settings: parserSettings)
    options = RunOptions(flags, settings)

    let given = flags.inventory + flags.inventoryFile
    inventorySources = given.isEmpty ? settings.inventories : given
    recording = files as? RecordingFiles
    let variableReading = VariableReading(settings: parserSettings).noting(recording)
    var inventoryOptions = settings.inventoryOptions
    if !wantsInventory { inventoryOptions.warnsOfEmptyInventory = false }
    var loader = InventoryLoader(options: inventoryOptions, reading: variableReading)
    loader.evaluation = .init(renderer: renderer, extraVariables: extra.variables)
    self.loader = loader
    let inventory = loader.load(inventorySources, into: &diagnostics)
    var limitPatterns: [String] = []
    var limitDiagnostics = Diagnostics()
    for text in flags.limit { limitPatterns += HostLimit(text, into: &limitDiagnostics).patterns }
    try limitDiagnostics.tell(exitStatus: 1)
    limit = limitPatterns.isEmpty ? nil : HostLimit(patterns: limitPatterns)
    let variableFiles = VariableFiles(
      reading: variableReading, extensions: settings.inventoryOptions.variableExtensions,
      precedence: settings.variablePrecedence)
    roster = HostRoster(
      inventory, files: variableFiles, playbookDirectories: folders, extraVariables: extra.variables,
      constants: RunConstants(flags, settings, options, inventorySources).values,
      mismatch: HostSelection.Mismatch(rawValue: settings.hostPatternMismatch) ?? .warning,
      regex: HostSelection.pythonRegex)
    access.roster.set(roster)
    diagnostics.add(contentsOf: roster.diagnostics)
    self.diagnostics = diagnostics
  }

  /// Reads all runbooks. Their mistakes, and those found so far, are told at once; errors end the command with status 4.
  func readRunbooks() throws -> [(runbook: String, plays: [Play])] {
    try checkRunbooksExist()
    var read: [(runbook: String, plays: [Play])] = []
    for path in runbooks {
      let (runbook, found) = parser.parse(path)
      diagnostics.add(contentsOf: found)
      if let runbook {
        diagnostics.add(contentsOf: UnsupportedKeywords(runbook.plays).diagnostics)
        diagnostics.add(contentsOf: ReservedNames(runbook.plays, extra: extraVariables.keys).diagnostics)
        diagnostics.add(contentsOf: NeedsCheck(runbook.plays, catalog).diagnostics)
        read.append((path, runbook.plays))
      }
    }
    for play in read.flatMap(\.plays) { noteSealed(play) }
    try tellDiagnostics()
    return read
  }

  /// Before anything is read, as in the reference, and with its status.
  private func checkRunbooksExist() throws {
    let wrong = runbooks.compactMap { path -> String? in
      switch parser.kind(ofRunbook: path) {
      case .file: nil
      case .folder: "the playbook: \(path) does not appear to be a file"
      case nil: "the playbook: \(path) could not be found"
      }
    }
    if !wrong.isEmpty { throw CommandFailure(exitStatus: 1, wrong.joined(separator: "\n")) }
  }

  /// Variable files of the play's hosts that no password opens. A pattern with a template is looked at when its play starts.
  private func noteSealed(_ play: Play) {
    guard let hosts = play.hosts.constant else { return }
    let pattern = hosts.list?.map(\.pythonText).joined(separator: ",") ?? hosts.pythonText
    let found = roster.hosts(matching: pattern, limit: limit, at: play.span).diagnostics
    for diagnostic in found.all where diagnostic.isLocked { diagnostics.add(diagnostic) }
  }

  /// Warnings go to standard error once; errors end the command.
  func tellDiagnostics() throws {
    tell(diagnostics)
    let errors = diagnostics.all.filter { $0.severity == .error }
    diagnostics = Diagnostics()
    guard let first = errors.first else { return }
    // Scripts look for one line that says why; whoever sits at a terminal has just read it.
    throw CommandFailure(exitStatus: errors.allSatisfy(\.isLocked) ? 1 : 4, CommandFailure.isAtTerminal ? nil : first.message)
  }

  private func tell(_ diagnostics: Diagnostics) { Self.tell(diagnostics, scrubber) }

  private static func tell(_ diagnostics: Diagnostics, _ scrubber: SecretScrubber) {
    let text = diagnostics.all.map(\.told).joined(separator: "\n\n")
    if !text.isEmpty { StandardError.write(scrubber.scrub(text) + "\n") }
  }

  /// The hosts of a play, and its name.
  func target(of play: Play, runbook: String?) throws(RunRefusal) -> ExecutionLoop.PlayTarget {
    let scope = LayeredScope(
      Dictionary(uniqueKeysWithValues: play.allVars.map { ($0.key, Variable.source($0.value)) })
        .merging(extraVariables.map { ($0.key, Variable.source($0.value)) }) { $1 })
    func text(_ source: SourceValue) throws(RunRefusal) -> String {
      do throws(TemplateError) {
        let value = try renderer.value(of: source, in: scope)
        return value.list?.map(\.pythonText).joined(separator: ",") ?? value.pythonText
      } catch {
        throw RunRefusal(error.diagnostic.description)
      }
    }
    let pattern = try text(play.hosts)
    let order = try play.order.map(text).flatMap { HostSelection.Order(rawValue: $0) } ?? .inventory
    let found = roster.hosts(matching: pattern, limit: limit, order: order, seed: "\(runID) \(play.span)", at: play.span)
    try refuse(found.diagnostics)
    let name = try play.keywords.name.map(text) ?? pattern
    return ExecutionLoop.PlayTarget(play: play, name: name, hosts: found.hosts, runbook: runbook)
  }

  /// A pattern that matches nothing is worth a warning, or ends the run where the settings say so.
  private func refuse(_ found: Diagnostics) throws(RunRefusal) {
    if let error = found.all.first(where: { $0.severity == .error }) {
      throw RunRefusal(error.isLocked ? error.description : error.message)
    }
    for warning in found.all {
      StandardError.write(scrubber.scrub("[WARNING]: \(warning.message)\n"))
    }
  }

  /// A limit that leaves nobody is a mistake of whoever gave it.
  func checkLimit() throws {
    guard let limit, !roster.variables.current.hosts.isEmpty else { return }
    if roster.hosts(matching: "all", limit: limit).hosts.isEmpty {
      throw CommandFailure(
        exitStatus: 1, "Specified inventory, host pattern and/or --limit leaves us with no hosts to target.")
    }
  }

  func runEnvironment(
    _ options: RunOptions, sessions: SessionPool, passwords: ConnectionPasswords
  ) -> RunEnvironment {
    var run = RunEnvironment(
      variables: roster.variables, renderer: renderer, catalog: catalog, actions: ActionRegistry(),
      includes: IncludeReader(parser), options: options,
      connection: ConnectionChoice(commandLine: passwords.added(to: flags.connectionVariables), settings: settings),
      openSession: { settings throws(TransportError) in try await sessions.session(for: settings) },
      closeSession: { await sessions.close($0) })
    run.replay = resumption?.replay.leavingOut(resumption?.leftOut ?? [])
    run.registerSecret = { [scrubber] in scrubber.register($0) }
    run.refreshInventory = { [roster, loader, inventorySources, scrubber] in
      var diagnostics = Diagnostics()
      roster.replace(loader.load(inventorySources, into: &diagnostics))
      Self.tell(diagnostics, scrubber)
    }
    run.unseal = vault.unseal
    run.noteFile = { [recording] in recording?.note($0) }
    run.askBefore = { Self.ask(before: $0) }
    run.inventory.addHost = { [roster] in roster.addHost($0, groups: $1, variables: $2) }
    run.inventory.addToGroup = { [roster] in roster.add($0, toGroup: $1, parents: $2) }
    return run
  }
}

extension RunWiring {
  /// `--step`, with the reference's words; an answer that can't be read is a no.
  private static func ask(before title: String) -> StepAnswer {
    let answer = try? TerminalPrompt.ask("Perform task: TASK: \(title) (N)o/(y)es/(c)ontinue: ", isHidden: false)
    switch answer?.lowercased() {
    case "y", "yes": return .run
    case "c", "continue": return .runAll
    default: return .skip
    }
  }
}

/// Ends the command with a status; what there is to say has been said.
struct CommandFailure: Error {
  static var isAtTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  var exitStatus: Int32
  var message: String?

  init(exitStatus: Int32, _ message: String? = nil) {
    self.exitStatus = exitStatus
    self.message = message
  }
}

extension VariableReading {
  fileprivate func noting(_ files: RecordingFiles?) -> VariableReading {
    guard let files else { return self }
    var noting = self
    noting.file = { [file] source in
      files.note(source)
      return file(source)
    }
    return noting
  }
}

extension ParserSettings {
  static func make(_ settings: Settings) -> ParserSettings {
    var made = ParserSettings()
    made.rolesPath = settings.rolesPath
    made.collectionsPath = settings.collectionsPath
    made.checksGroupMetadata = settings.checksGroupMetadata
    made.duplicateKeys = DuplicateKeys(rawValue: settings.duplicateKeys) ?? .warn
    return made
  }
}

extension RunOptions {
  init(_ flags: RunFlags, _ settings: Settings) {
    self.init()
    isCheck = flags.check
    isDiff = flags.diff || settings.alwaysDiffs
    isDebug = settings.isDebug
    verbosity = max(flags.verbose, settings.verbosity)
    // Ansible's default of 5 is for forked interpreters; a step of ours costs microseconds.
    if let given = flags.forks ?? (settings.isSet("DEFAULT_FORKS") ? settings.forks : nil) { forks = max(1, given) }
    forcesHandlers = settings.forcesHandlers
    anyErrorsFatal = settings.areErrorsFatal
    gathering = settings.gathering
    isNoLog = settings.isNoLog
    defaultStrategy = settings.strategy
    failsOnMissingHandler = settings.isMissingHandlerError
    hidesRoleVariables = settings.isSet("DEFAULT_PRIVATE_ROLE_VARS") ? settings.hasPrivateRoleVariables : nil
    func words(_ texts: [String], _ fallback: [String]) -> [String] {
      texts.isEmpty ? fallback : texts.flatMap { $0.split(separator: ",").map(String.init) }
    }
    tags = TagSelection(only: words(flags.tags, settings.tags), skip: words(flags.skipTags, settings.skippedTags))
  }
}

extension Settings {
  func isSet(_ name: String) -> Bool { entry(name).map { $0.origin != .default } ?? false }
}

extension Array where Element: Hashable {
  var uniqued: [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}
