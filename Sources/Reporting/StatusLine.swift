import Model

/// What runs right now, in one line: how many steps, the oldest of them, and who waits for whom.
struct StatusLine {
  private static let shownSteps = 3
  private static let tailBytesMax = 200

  private struct Running {
    var sequence: Int
    var startedSeconds: Double
    /// The last line that the step has printed.
    var tail: String = ""
  }

  private var tasks: [TaskReference: TaskHeader] = [:]
  private var running: [StepReference: Running] = [:]
  private var started = 0
  private var playHosts: Set<String> = []
  private var isLinear = true
  /// Plays may run side by side.
  private var openPlays: Set<PlayReference> = []
  /// As the last tick said.
  private var elapsedSeconds = 0.0

  var isEmpty: Bool { running.isEmpty }

  mutating func tick(_ elapsedSeconds: Double) { self.elapsedSeconds = elapsedSeconds }

  mutating func handle(_ event: RunEvent) {
    switch event {
    case .playStarted(let header):
      openPlays.insert(header.play)
      playHosts = Set(header.hosts)
      isLinear = header.strategy == "linear" || header.strategy.hasSuffix(".linear")
    case .taskStarted(let header): tasks[header.task] = header
    case .stepStarted(let step):
      running[step] = Running(sequence: started, startedSeconds: elapsedSeconds)
      started += 1
    case .stepOutput(let step, let chunk): noteTail(of: step, chunk)
    case .stepFinished(let step, let outcome):
      running[step] = nil
      if outcome.result.status == .unreachable || outcome.result.status == .failed, !outcome.isIgnored {
        playHosts.remove(step.host)
      }
    case .playFinished(let play):
      openPlays.remove(play)
      tasks = tasks.filter { $0.value.play != play }
    case .runFinished: running.removeAll()
    case .runStarted, .playSkipped, .itemFinished, .stepRetrying, .message: break
    }
  }

  private var oldest: ArraySlice<(key: StepReference, value: Running)> {
    running.sorted { $0.value.sequence < $1.value.sequence }.prefix(Self.shownSteps)
  }

  /// `waiting for HOST (12 s): TASK`, the oldest step first; nil where nothing runs.
  var waitingText: String? {
    guard !running.isEmpty else { return nil }
    let steps = oldest.map { step, state in
      let task = tasks[step.task].map { ": " + ($0.name.isEmpty ? "\($0.moduleShortName)" : $0.name) }
      return "\(step.host) (\(seconds(of: state)) s)\(task ?? "")"
    }
    let rest = running.count > Self.shownSteps ? " and \(running.count - Self.shownSteps) more" : ""
    return "waiting for \(steps.joined(separator: ", "))\(rest)".singleLine
  }

  private func seconds(of state: Running) -> Int { Int(max(0, elapsedSeconds - state.startedSeconds)) }

  /// As wide as asked at most; empty where nothing runs.
  func text(columns: Int) -> String {
    guard !running.isEmpty else { return "" }
    let oldest = oldest
    var parts = ["\(running.count) running: "]
    for (index, (step, state)) in oldest.enumerated() { parts.append((index == 0 ? "" : " · ") + text(step, state)) }
    if running.count > Self.shownSteps { parts.append(" · \(running.count - Self.shownSteps) more") }
    parts.append(waiting(for: oldest.map(\.key.host)))
    if let tail = oldest.first?.value.tail, !tail.isEmpty { parts.append(" › \(tail)") }
    return clipped(parts.joined().singleLine, to: columns)
  }

  private func text(_ step: StepReference, _ state: Running) -> String {
    let task = tasks[step.task].map { header in
      header.name.isEmpty || header.name == header.module
        ? " \(header.moduleShortName)" : " \(header.moduleShortName): \(header.name)"
    }
    return "\(step.host) (\(seconds(of: state)) s)\(task ?? "")"
  }

  /// In a linear play the others can't go on before the last host is done: worth saying once few are left.
  private func waiting(for hosts: [String]) -> String {
    let busy = Set(running.keys.map(\.host))
    let idle = playHosts.subtracting(busy).count
    guard isLinear, openPlays.count < 2, idle > 0, busy.count <= Self.shownSteps else { return "" }
    return " · \(idle) \(idle == 1 ? "waits" : "wait") for \(hosts.joined(separator: ", "))"
  }

  private mutating func noteTail(of step: StepReference, _ chunk: OutputChunk) {
    guard let line = chunk.bytes.split(separator: UInt8(ascii: "\n")).last(where: { !$0.isEmpty }) else { return }
    running[step]?.tail = String(visible: Array(line.prefix(Self.tailBytesMax)))
  }
}

/// The text cut to a width, with an ellipsis where something is missing.
private func clipped(_ text: String, to columns: Int) -> String {
  guard text.displayWidth > columns else { return text }
  var width = 0, kept = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    width += scalar.displayWidth
    if width > columns - 1 { break }
    kept.append(scalar)
  }
  return String(kept) + "…"
}

extension String {
  /// Without anything that could leave the line.
  fileprivate var singleLine: String {
    String(visible.map { $0 == "\n" || $0 == "\t" ? " " : $0 })
  }
}
