import Model

/// The default output: line by line what `ansible-playbook` writes to a pipe, so that scripts around it keep working.
package struct DefaultReporter: Reporter {
  let settings: OutputSettings
  private let sink: any OutputSink
  /// The play whose banner was shown last, and those that run.
  private var play: PlayHeader?
  private var plays: [PlayReference: PlayHeader] = [:]
  private var runbook: String?
  private var isCheck = false
  private var tasks: [TaskReference: TaskHeader] = [:]
  private var bannerTask: TaskReference?
  /// Messages are shown once, however many hosts bring them.
  private var shownMessages: Set<String> = []
  private var liveOutput = LiveOutput()

  package init(_ settings: OutputSettings, to sink: any OutputSink) {
    self.settings = settings
    self.sink = sink
  }

  package mutating func handle(_ event: RunEvent) {
    switch event {
    case .runStarted(let header): startRun(header)
    case .playStarted(let header): startPlay(header)
    case .playSkipped(let header, let reason): skipPlay(header, reason)
    case .taskStarted(let header): startTask(header)
    case .stepStarted(let step): startStep(step)
    case .stepOutput(let step, let chunk): showOutput(step, chunk)
    case .itemFinished(let step, let item): finish(item, of: step)
    case .stepRetrying(let step, let item, let remaining): retry(step, item, remaining)
    case .stepFinished(let step, let outcome): finish(step, outcome)
    case .message(let message): show(message)
    case .playFinished(let play):
      tasks = tasks.filter { $0.value.play != play }
      plays[play] = nil
    case .runFinished(let summary): finishRun(summary)
    }
  }

  // MARK: Runs and plays

  private mutating func startRun(_ header: RunHeader) {
    isCheck = header.isCheck
    if settings.marksCheckMode && isCheck { banner("DRY RUN") }
  }

  private mutating func startPlay(_ header: PlayHeader) {
    if settings.verbosity > 1, let file = header.runbook, file != runbook {
      runbook = file
      banner("PLAYBOOK: \(file.split(separator: "/").last ?? "")")
      line("\(header.runbookPlayCount) plays in \(file)", .verbose)
    }
    plays[header.play] = header
    showBanner(of: header)
  }

  private mutating func showBanner(of header: PlayHeader) {
    play = header
    bannerTask = nil
    let name = trimmed(header.name)
    let mark = settings.marksCheckMode && header.isCheck ? " [CHECK MODE]" : ""
    banner(name.isEmpty ? "PLAY\(mark)" : "PLAY [\(name)]\(mark)")
  }

  private mutating func skipPlay(_ header: PlayHeader, _ reason: String) {
    showBanner(of: header)
    line("skipping: \(reason.isEmpty ? "no hosts matched" : reason)", .skip)
  }

  private func finishRun(_ summary: RunSummary) {
    banner("PLAY RECAP")
    for (host, counts) in summary.hosts.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      sink.write(RecapLine(host: host, counts: counts).text(settings.palette) + "\n", to: .standardOutput)
    }
    line("")
    if settings.showsCustomStats && !summary.customStats.isEmpty { showCustomStats(summary) }
    if settings.marksCheckMode && isCheck { banner("DRY RUN") }
  }

  private func showCustomStats(_ summary: RunSummary) {
    func text(_ value: Value) -> String {
      value.json(JSONEncoding(ensureASCII: false, indent: 1, sortsKeys: true)).filter { $0 != "\n" }
    }
    banner("CUSTOM STATS: ")
    for (host, value) in summary.customStats.sorted(by: { $0.key < $1.key }) where host != "_run" {
      line("\t\(host): \(text(value))")
    }
    if let value = summary.customStats["_run"] {
      line("")
      line("\tRUN: \(text(value))")
    }
    line("")
  }

  // MARK: Tasks

  private mutating func startTask(_ header: TaskHeader) {
    tasks[header.task] = header
    bannerTask = nil
    let isInOrder = plays[header.play].map { $0.strategy == "linear" || $0.strategy.hasSuffix(".linear") } ?? true
    if isInOrder && settings.showsSkippedHosts && settings.showsOkHosts { showBanner(of: header.task) }
  }

  /// Prints the task's banner unless the last banner is already this task's.
  private mutating func showBanner(of task: TaskReference) {
    guard bannerTask != task, let header = tasks[task] else { return }
    // Plays may run side by side: their banners say where the results of each go on.
    if header.play != play?.play, let other = plays[header.play] { showBanner(of: other) }
    bannerTask = task
    let prefix = header.kind == .handler ? "RUNNING HANDLER" : "TASK"
    let mark = settings.marksCheckMode && header.isCheck ? " [CHECK MODE]" : ""
    banner("\(prefix) [\(trimmed(header.title))]\(mark)")
    if settings.verbosity > 1 { showPath(of: header) }
  }

  private func showPath(of header: TaskHeader) {
    line("task path: \(settings.absolute(header.place))", .debug)
  }

  // MARK: Steps

  private func startStep(_ step: StepReference) {
    guard settings.showsStarts, let header = tasks[step.task] else { return }
    line(" [started \(header.title) on \(step.host)]", .ok)
  }

  private mutating func showOutput(_ step: StepReference, _ chunk: OutputChunk) {
    guard settings.showsLiveOutput else { return }
    for text in liveOutput.lines(step, chunk) { line(text) }
  }

  private mutating func retry(_ step: StepReference, _ item: ItemOutcome, _ remaining: Int) {
    let name = tasks[step.task].map { $0.name.isEmpty ? $0.title : $0.name } ?? ""
    var text = "FAILED - RETRYING: [\(label(step, item.outcome))]: \(name) (\(remaining) retries left)."
    if settings.verbosity > 2 { text += "Result was: \(result(step, item.outcome).text)" }
    line(text, .debug)
  }

  private mutating func finish(_ item: ItemOutcome, of step: StepReference) {
    // What an item includes has a line of its own.
    if isInclude(step), [.ok, .changed].contains(item.outcome.result.status) { return }
    let outcome = item.outcome, label = label(step, outcome), result = result(step, outcome)
    let name = outcome.isCensored ? "(censored due to no_log)" : item.label.pythonText
    let dump = result.isShown ? " => \(result.text)" : ""
    guard isShown(outcome.result.status) else { return }
    showDiffs(step, outcome)
    showBanner(of: step.task)
    showNotes(outcome)
    switch outcome.result.status {
    case .ok: line("ok: [\(label)] => (item=\(name))\(dump)", .ok)
    case .changed: line("changed: [\(label)] => (item=\(name))\(dump)", .changed)
    case .skipped: line("skipping: [\(step.host)] => (item=\(name)) \(dump)", .skip)
    case .failed, .unreachable: line("failed: [\(label)] (item=\(name)) => \(result.text)", .error, failureStream)
    }
  }

  private mutating func finish(_ step: StepReference, _ outcome: StepOutcome) {
    for text in liveOutput.end(of: step) { line(text) }
    switch outcome.result.status {
    case .ok, .changed: finishWell(step, outcome)
    case .skipped: finishSkipped(step, outcome)
    case .failed: finishFailed(step, outcome)
    case .unreachable: finishUnreachable(step, outcome)
    }
  }

  private mutating func finishWell(_ step: StepReference, _ outcome: StepOutcome) {
    let isChanged = outcome.result.status == .changed
    if isInclude(step) { return showBanner(of: step.task) }
    if !outcome.isLoop { showDiffs(step, outcome) }
    guard isChanged || settings.showsOkHosts else { return }
    showBanner(of: step.task)
    showNotes(outcome)
    guard !outcome.isLoop else { return }
    let result = result(step, outcome)
    let dump = result.isShown ? " => \(result.text)" : ""
    line("\(isChanged ? "changed" : "ok"): [\(label(step, outcome))]\(dump)", isChanged ? .changed : .ok)
  }

  private mutating func finishSkipped(_ step: StepReference, _ outcome: StepOutcome) {
    guard settings.showsSkippedHosts else { return }
    showBanner(of: step.task)
    showNotes(outcome)
    var shown = outcome
    if outcome.isLoop { shown.result.fields["results"] = nil }
    let result = result(step, shown)
    line("skipping: [\(step.host)]\(result.isShown ? " => \(result.text)" : "")", .skip)
  }

  private mutating func finishFailed(_ step: StepReference, _ outcome: StepOutcome) {
    showBanner(of: step.task)
    showNotes(outcome)
    if !outcome.isLoop {
      if settings.verbosity < 2, settings.showsTaskPathOnFailure, let header = tasks[step.task] { showPath(of: header) }
      line("fatal: [\(label(step, outcome))]: FAILED! => \(result(step, outcome).text)", .error, failureStream)
    }
    if outcome.isIgnored { line("...ignoring", .skip) }
  }

  private mutating func finishUnreachable(_ step: StepReference, _ outcome: StepOutcome) {
    showBanner(of: step.task)
    showNotes(outcome)
    let text = "fatal: [\(label(step, outcome))]: UNREACHABLE! => \(result(step, outcome).text)"
    line(text, .unreachable, failureStream)
    if outcome.isIgnored { line("...ignoring", .skip) }
  }

  private func isShown(_ status: StepResult.Status) -> Bool {
    switch status {
    case .ok: settings.showsOkHosts
    case .skipped: settings.showsSkippedHosts
    case .changed, .failed, .unreachable: true
    }
  }

  private mutating func showDiffs(_ step: StepReference, _ outcome: StepOutcome) {
    guard outcome.isDiffShown, !outcome.isCensored, outcome.result.status == .changed else { return }
    let text = outcome.result.diffs.map { DiffText(diff: $0).text(settings.palette) }.joined()
    guard !text.isEmpty else { return }
    showBanner(of: step.task)
    sink.write(text.hasSuffix("\n") ? text : text + "\n", to: .standardOutput)
  }

  /// What the result says beside its status: warnings, deprecations, and why it failed. Of a censored one nothing: Ansible
  /// prints the failure's message here, which is what `no_log` was to hide.
  private mutating func showNotes(_ outcome: StepOutcome) {
    guard !outcome.isCensored else { return }
    for warning in outcome.result.fields["warnings"]?.list ?? [] { show(.init(kind: .warning, text: warning.noteText)) }
    for note in outcome.result.fields["deprecations"]?.list ?? [] {
      show(.init(kind: .deprecation, text: note.noteText))
    }
    if let failure = outcome.failure {
      note("[ERROR]: \(SourceExcerpt(diagnostic: failure, settings: settings).text)", .error, failureStream)
    }
  }

  // MARK: Messages

  private mutating func show(_ message: RunMessage) {
    switch message.kind {
    case .warning: note("[WARNING]: \(spaced(message.text))", .warn)
    case .error: note("[ERROR]: \(spaced(message.text))", .error)
    case .deprecation:
      guard settings.showsDeprecations else { return }
      note("[WARNING]: \(deprecationHint)\n", .warn)
      note("[DEPRECATION WARNING]: \(spaced(message.text))", .deprecate)
    case .meta: if settings.showsMeta || settings.verbosity > 1 { line("META: \(message.text)", .verbose) }
    case .debug:
      if settings.verbosity > 2 { line((message.host.map { "<\($0)> " } ?? "") + message.text, .verbose) }
    case .included: line(message.text, .included)
    case .progress: line("\n\(message.text)", .verbose)
    case .noHostsLeft: banner("NO MORE HOSTS LEFT")
    case .rescued: break
    }
  }

  /// An empty line follows a message of several lines.
  private func spaced(_ text: String) -> String {
    let text = trimmed(text)
    return text.contains("\n") ? text + "\n\n" : text + "\n"
  }

  private mutating func note(_ text: String, _ role: Role, _ stream: OutputStream = .standardError) {
    guard shownMessages.insert(text).inserted else { return }
    write(text, role, stream)
  }

  // MARK: Writing

  private var failureStream: OutputStream {
    settings.sendsFailuresToStandardError ? .standardError : .standardOutput
  }

  private func result(_ step: StepReference, _ outcome: StepOutcome) -> ResultText {
    ResultText(outcome: outcome, module: tasks[step.task]?.moduleShortName ?? "", settings: settings)
  }

  private func isInclude(_ step: StepReference) -> Bool {
    ["include_tasks", "include_role"].contains(tasks[step.task]?.moduleShortName ?? "")
  }

  private func label(_ step: StepReference, _ outcome: StepOutcome) -> String {
    guard let delegate = outcome.delegatedTo, delegate != step.host else { return step.host }
    return "\(step.host) -> \(delegate)"
  }

  private func banner(_ text: String) {
    let text = trimmed(text).visible
    let stars = String(repeating: "*", count: max(3, settings.columns - text.displayWidth))
    sink.write("\n\(text) \(stars)\n", to: .standardOutput)
  }

  private func line(_ text: String, _ role: Role? = nil, _ stream: OutputStream = .standardOutput) {
    write(text, role, stream)
  }

  /// A line feed at the end is there already, or is added: never two.
  private func write(_ text: String, _ role: Role?, _ stream: OutputStream) {
    let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
    sink.write(settings.palette.paint(text.visible, role) + "\n", to: stream)
  }
}

private let deprecationHint =
  "Deprecation warnings can be disabled by setting `deprecation_warnings=False` in ansible.cfg."

private func trimmed(_ text: String) -> String {
  let start = text.drop { $0.isWhitespace }
  guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
  return String(start[...last])
}

extension Value {
  /// A warning is a text, a deprecation a text or a dict with `msg`.
  fileprivate var noteText: String { (self["msg"] ?? self).pythonText }
}
