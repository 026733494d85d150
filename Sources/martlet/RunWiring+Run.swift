import Execution
import Foundation
import Model
import Parsing
import Planning
import Reporting
import Store
import Synchronization
import Templating
import Transport

extension RunWiring {
  /// Runs the plays with journal and output; throws `CommandFailure` where the exit status is not 0.
  func run(
    _ read: [(runbook: String, plays: [Play])], options: RunOptions, reporter: (any Reporter)? = nil,
    flushesFactCache: Bool = false
  ) async throws {
    let summary = try await execute(read, options: options, reporter: reporter, flushesFactCache: flushesFactCache)
    if summary.exitStatus != 0 { throw CommandFailure(exitStatus: summary.exitStatus) }
  }

  /// The same, whatever comes of it. What `check` throws at an event stops the run.
  func execute(
    _ read: [(runbook: String, plays: [Play])], options: RunOptions, reporter: (any Reporter)? = nil,
    flushesFactCache: Bool = false,
    check: @escaping @Sendable (RunEvent) throws -> Void = { _ in }
  ) async throws -> RunSummary {
    let passwords = try ConnectionPasswords(flags, settings)
    passwords.register(in: scrubber)
    let sessions = SessionPool.forRun(environment, scrubber, lease: lease)
    let factCache = try cachedFacts(isFlushing: flushesFactCache)
    var options = options
    options.showsLiveOutput = reporter == nil && isOnTerminal
    let header = makeHeader(isCheck: options.isCheck)
    if !options.isCheck { options.undoRun = header.id }
    let store = try openStore()
    let owed = try takenUpHandlers(of: Set(read.flatMap(\.plays).map(\.absoluteFile)), store, isCheck: options.isCheck)
    let sink = try openSink(header, store, reporter ?? makeReporter(options), check)
    let plays = read.flatMap { entry in entry.plays.map { (entry.runbook, $0) } }
    let runbookOf = Dictionary(plays.map { ($0.1.span, $0.0) }, uniquingKeysWith: { first, _ in first })
    let counts = Dictionary(read.map { ($0.runbook, $0.plays.count) }, uniquingKeysWith: { first, _ in first })
    let resolver = PlayResolver(wiring: self, runbookOf: runbookOf, playCounts: counts)
    var run = runEnvironment(options, sessions: sessions, passwords: passwords)
    run.factCache = factCache
    run.owedHandlers = Dictionary(grouping: owed, by: \.host)
    let loop = ExecutionLoop(
      environment: run, sink: sink,
      resolve: { play throws(RunRefusal) in try resolver.target(of: play) })
    let signals = InterruptSignals { Task { await sink.say(interrupts: loop.interrupt()) } }
    let ticking = Task { await sink.tick() }
    let summary = await loop.run(plays.map(\.1), after: PlayNeeds(read.map(\.plays)).after, header: header)
    ticking.cancel()
    signals.stop()
    await sessions.closeAll()
    if let failure = await loop.failure {
      StandardError.write("martlet: the run was stopped: \(failure)\n")
    } else if !options.isCheck {
      try tellOwed(store, owed)
    }
    return summary
  }

  /// What earlier runs of these runbooks owe to hosts that this run may touch. Its own debts come back as it is resumed.
  private func takenUpHandlers(of files: Set<String>, _ store: StateDatabase, isCheck: Bool) throws -> [OwedHandler] {
    let hosts = Set(roster.hosts(matching: "all", limit: limit).hosts)
    let owed = try store.owedHandlers().filter { $0.run != runID && hosts.contains($0.host) && files.contains($0.file) }
    return try owedHandlers.takenUp(owed, isCheck: isCheck, store: store)
  }

  /// What the run leaves behind: of its own, and of what it took up.
  private func tellOwed(_ store: StateDatabase, _ takenUp: [OwedHandler]) throws {
    let owed = try store.owedHandlers().filter { $0.run == runID || takenUp.contains($0) }
    guard !owed.isEmpty else { return }
    StandardError.write(scrubber.scrub("[WARNING]: \(OwedText.leftBehind(owed))\n"))
  }

  /// The cache of facts, with what it knows of the inventory's hosts taken over.
  private func cachedFacts(isFlushing: Bool) throws -> FactCache? {
    let caching = FactCaching(settings: settings, scrubber: scrubber, environment: environment)
    guard let cache = try caching.cache() else { return nil }
    caching.load(cache, into: roster.variables.allRecords, isFlushing: isFlushing)
    return cache
  }

  private func makeHeader(isCheck: Bool) -> RunHeader {
    RunHeader(
      id: runID, runbooks: runbooks, inventories: inventorySources, command: CommandLine.arguments,
      user: userName, isCheck: isCheck)
  }

  var userName: String { environment["SUDO_USER"] ?? NSUserName() }

  private func openStore() throws -> StateDatabase {
    guard let folder = StateDatabase.folder(environment: environment) else {
      throw CommandFailure(exitStatus: 1, "no folder for the journal: neither MARTLET_HOME nor HOME is set")
    }
    do { return try StateDatabase.open(inFolder: folder, scrubber: scrubber, seal: StateAccess.seal) } catch {
      throw CommandFailure(exitStatus: 1, "\(error)")
    }
  }

  private func openSink(
    _ header: RunHeader, _ store: StateDatabase, _ reporter: any Reporter, _ check: @escaping @Sendable (RunEvent) throws -> Void
  ) throws -> RunSink {
    do {
      let journal = try resumption?.journal(store)
        ?? store.beginRun(header, settings: called?.value, now: { Date().timeIntervalSince1970 })
      return RunSink(
        journal: journal, reporter: reporter, scrubber: scrubber, settings: settingsToKeep(), check: check)
    } catch let error as StoreError {
      throw CommandFailure(exitStatus: 1, "\(error)")
    }
  }

  /// How the run was called, whenever more files were read since it was asked last: includes read some while it runs.
  private func settingsToKeep() -> @Sendable () -> Value? {
    guard let called, let recording else { return { nil } }
    // A run that is resumed goes on from what there is now.
    let known = Mutex(resumption == nil ? recording.digests.count : 0)
    return {
      let digests = recording.digests
      guard known.withLock({ count in defer { count = digests.count }; return count != digests.count }) else { return nil }
      var called = called
      called.sources.merge(digests) { $1 }
      return called.value
    }
  }

  private func makeReporter(_ options: RunOptions) -> any Reporter {
    var output = outputSettings(options)
    let sink = ScrubbingSink(scrubber, before: DescriptorSink())
    let choice = outputChoice()
    if let chosen = choice.reporter(output, to: sink) { return chosen }
    if case .yaml = choice { output.resultFormat = .blockYAML }
    guard isOnTerminal else { return ReporterGroup([DefaultReporter(output, to: sink), WaitingReporter(to: sink)]) }
    output.showsLiveOutput = options.verbosity > 0
    let columns = Self.terminalColumns ?? 80
    output.columns = max(79, columns - 1)
    return TerminalReporter(output, columns: columns, to: sink, foot: StandardError.foot)
  }

  /// Where a line can be redrawn.
  private var isOnTerminal: Bool { isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb" }

  func outputSettings(_ options: RunOptions) -> OutputSettings {
    var output = OutputSettings()
    output.verbosity = options.verbosity
    output.showsMeta = options.isDebug
    output.showsSkippedHosts = settings.showsSkippedHosts
    output.showsOkHosts = settings.showsOKHosts
    output.sendsFailuresToStandardError = settings.showsFailuresOnStderr
    output.showsCustomStats = settings.showsCustomStats
    output.marksCheckMode = settings.marksCheckMode
    output.showsTaskPathOnFailure = settings.showsTaskPathOnFailure
    output.showsDeprecations = settings.showsDeprecations
    if settings.resultFormat == "yaml" { output.resultFormat = .blockYAML }
    output.workingDirectory = FileManager.default.currentDirectoryPath
    let isTerminal = isatty(STDOUT_FILENO) == 1
    if settings.forcesColor || OutputSettings.isColored(environment: environment, isTerminal: isTerminal) {
      output.palette = settings.avoidsColor ? .none : .standard
    }
    return output
  }

  private static var terminalColumns: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

extension Play {
  /// The file that it stands in.
  var absoluteFile: String { URL(fileURLWithPath: span.file.path).standardizedFileURL.path }
}

/// Resolves a play's hosts when its turn comes.
private struct PlayResolver: @unchecked Sendable {
  // The wiring is not changed any more once a run has begun; all that it reads is Sendable.
  let wiring: RunWiring
  let runbookOf: [SourceSpan: String]
  let playCounts: [String: Int]

  func target(of play: Play) throws(RunRefusal) -> ExecutionLoop.PlayTarget {
    var target = try wiring.target(of: play, runbook: runbookOf[play.span])
    target.file = play.absoluteFile
    target.runbookPlayCount = target.runbook.flatMap { playCounts[$0] } ?? 1
    target.prompted = try PlayPrompts(
      play: play, given: Set(wiring.extraVariables.keys), renderer: wiring.renderer,
      scope: LayeredScope(wiring.extraVariables.reduce(into: [:]) { $0[$1.key] = .source($1.value) })
    ).answers()
    for value in target.prompted.values { if case .secret(let secret) = value { wiring.scrubber.register(secret) } }
    return target
  }
}

/// Events go first to the journal, then to the reporter.
///
/// The loop records one batch after the other, so that reporters see events in their order.
actor RunSink: EventSink {
  private let journal: Journal
  private var reporter: any Reporter
  /// Throws where the run must not go on, after the event is on record.
  private let check: @Sendable (RunEvent) throws -> Void
  private let scrubber: SecretScrubber
  /// What resuming needs, where it is more than the journal has.
  private let settings: @Sendable () -> Value?
  private let start = ContinuousClock.now
  private var hasBeenStopped = false

  init(
    journal: Journal, reporter: any Reporter, scrubber: SecretScrubber, settings: @escaping @Sendable () -> Value?,
    check: @escaping @Sendable (RunEvent) throws -> Void
  ) {
    self.settings = settings
    self.check = check
    self.scrubber = scrubber
    self.journal = journal
    self.reporter = reporter
  }

  /// What comes with an event that must stop the run, behind it, is neither journaled nor told: it has not happened. How steps
  /// end that were under way is; also where the journal fails: who watches sees more than is on record then.
  func take(_ told: [Told]) async throws {
    let (told, reason) = checked(told)
    defer { for event in told.compactMap(\.reported) { reporter.handle(event) } }
    if let settings = settings() { await journal.keep(settings) }
    try await journal.append(told.compactMap(\.journaled))
    if let reason { throw reason }
  }

  private func checked(_ told: [Told]) -> ([Told], (any Error)?) {
    for (index, each) in told.enumerated() {
      guard let event = each.journaled else { continue }
      do { try check(event) } catch where !hasBeenStopped {
        hasBeenStopped = true
        return (Array(told[...index]), error)
      } catch { continue }
    }
    return (told, nil)
  }

  /// Keeps what shows time going until cancelled: the line that says what runs and whom it waits for.
  func tick() async {
    while !Task.isCancelled {
      reporter.tick(elapsedSeconds: (ContinuousClock.now - start) / .seconds(1))
      do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
    }
  }

  /// Answers somebody who interrupts the run.
  func say(interrupts: Int) {
    let waiting = reporter.waitingText ?? "what runs may finish"
    let text = switch interrupts {
    case 1: "interrupted: nothing new starts, \(waiting); interrupt again to kill it"
    default: "interrupted again: killing what runs"
    }
    if interrupts > 1 { StandardError.withdrawQuestion() }
    StandardError.write(scrubber.scrub("martlet: \(text)\n"))
  }
}

/// A run's name: its start in UTC, so that names sort by time, and a few random digits.
enum RunName {
  static func make() -> String {
    var now = time(nil), parts = tm()
    gmtime_r(&now, &parts)
    var bytes = [CChar](repeating: 0, count: 32)
    let count = strftime(&bytes, bytes.count, "%Y%m%dT%H%M%SZ", &parts)
    let text = String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    let digits = String(UInt32.random(in: 0..<(1 << 24)), radix: 16)
    return text + "-" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}

/// Calls back for every SIGINT and SIGTERM while it lives.
final class InterruptSignals {
  private let sources: [any DispatchSourceSignal]

  init(_ handler: @escaping @Sendable () -> Void) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler(handler: handler)
      source.resume()
      return source
    }
  }

  func stop() {
    for source in sources { source.cancel() }
  }
}
