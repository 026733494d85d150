import ArgumentParser
import Execution
import Foundation
import Model
import Store

/// `martlet resume [RUN]`: goes on with a run that failed, was interrupted, or died with its controller.
struct ResumeCommand: AsyncParsableCommand {
  enum Doubt: String, ExpressibleByArgument, CaseIterable { case run, skip, ask }

  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run where it stopped.",
    discussion: """
      Steps that are done are not repeated: registered variables, facts, notified handlers and batches are as they were. A \
      step that failed is tried again. A step that started and is not known to have ended is in doubt: it is run again if its \
      module looks before it changes anything, or if its task says retry_safe; of any other you are asked. The run's flags \
      are its own; the environment is yours.
      """)

  @Argument(help: "A run's name, or the beginning of it; the last one that did not end well if not given.")
  var name: String?

  @Option(name: .customLong("in-doubt"), help: "What to do with steps in doubt that can't be repeated blindly: run, skip or ask.")
  var inDoubt = Doubt.ask

  @Flag(name: .shortAndLong, help: "Go on even though runbooks or variable files have changed.")
  var yes = false

  @OptionGroup var leaseFlags: LeaseFlags

  func run() async throws {
    let store = try StateAccess.open()
    let id = try runID(store)
    let (memory, called) = try remembered(id, store)
    guard FileManager.default.changeCurrentDirectoryPath(called.directory) else {
      throw CommandFailure(exitStatus: 1, "run \(id) was called in \(called.directory), which is not there any more")
    }
    let changes = called.changes
    guard yes || changes.isEmpty else {
      let list = changes.map { "\n  \($0)" }.joined()
      throw CommandFailure(exitStatus: 1, "since run \(id) began:\(list)\n  --yes goes on; tasks that stand elsewhere now count as new")
    }
    let replay = RunReplay(memory)
    let resumption = Resumption(id: id, replay: replay, leftOut: try leftOut(replay.doubts), lease: leaseFlags)
    guard let command = try Martlet.parseAsRoot(called.words) as? RunCommand else {
      throw CommandFailure(exitStatus: 1, "run \(id) was no `martlet run`; only those can be resumed")
    }
    for change in changes { say(change) }
    say("resuming \(id): \(replay.doneCount) steps are done and not repeated")
    try await command.execute(resuming: resumption)
  }

  private func runID(_ store: StateDatabase) throws -> String {
    guard let name else {
      let unfinished = try store.runs(limit: .max).first { !$0.header.isCheck && ($0.state != .ended(.completed) || $0.exitStatus != 0) }
      guard let unfinished else { throw CommandFailure(exitStatus: 1, "every run has ended well; there is nothing to resume") }
      return unfinished.header.id
    }
    return try store.onlyRunID(matching: name)
  }

  private func remembered(_ id: String, _ store: StateDatabase) throws -> (RunMemory, ResumableRun) {
    if let run = try store.run(id)?.run {
      if case .running(let processID) = run.state {
        throw CommandFailure(exitStatus: 1, "run \(id) is running: process \(processID)")
      }
      if run.header.isCheck { throw CommandFailure(exitStatus: 1, "run \(id) was a check: there is nothing to resume") }
      if run.state == .ended(.completed), run.exitStatus == 0 { throw CommandFailure(exitStatus: 1, "run \(id) has ended well") }
    }
    guard let memory = try store.memory(of: id), let called = ResumableRun(memory.settings) else {
      throw CommandFailure(
        exitStatus: 1, "run \(id) can't be resumed: what it did is not kept, or the key it was sealed with (resume.key) is another one")
    }
    return (memory, called)
  }

  // MARK: steps in doubt

  /// The steps in doubt that are not to run. Without a terminal to ask on, the command ends and names them.
  private func leftOut(_ doubts: [RememberedStep]) throws -> [RememberedStep] {
    switch inDoubt {
    case .run: return []
    case .skip: return doubts
    case .ask:
      guard !doubts.isEmpty else { return [] }
      guard isatty(STDIN_FILENO) == 1 else {
        let list = doubts.map { "\n  \(describe($0))" }.joined()
        throw CommandFailure(
          exitStatus: 1, "nobody knows whether these steps ran:\(list)\n  look at the hosts, then --in-doubt run or --in-doubt skip")
      }
      return try doubts.filter { try !runsAgain($0) }
    }
  }

  private func runsAgain(_ step: RememberedStep) throws -> Bool {
    try TerminalPrompt.key("In doubt: \(describe(step)). Run it again? [y]es, [n]o, [q]uit: ", of: "yn") == "y"
  }

  private func describe(_ step: RememberedStep) -> String {
    let items = step.finishedItems > 0 ? ", \(step.finishedItems) items had finished" : ""
    return "\(step.host): \(step.task.title) (\(step.task.module), \(step.task.place)\(items))"
  }

  private func say(_ text: String) { StandardError.write("martlet: \(text)\n") }
}

/// A run that goes on: what is done of it, and which of its steps in doubt are left out.
struct Resumption {
  var id: String
  var replay: RunReplay
  var leftOut: [RememberedStep]
  var lease: LeaseFlags

  /// Takes the run up in the journal.
  func journal(_ store: StateDatabase) throws -> Journal {
    let places = Set(leftOut.map(\.place))
    let repeated = (replay.repeated + replay.doubts).map(\.place).filter { !places.contains($0) }
    let settled = leftOut.map { step in
      let (memory, outcome) = RunReplay.leftOut(host: step.host)
      return (place: step.place, memory: memory, outcome: outcome)
    }
    guard let journal = try store.resumeRun(id, repeated: repeated, leftOut: settled, now: { Date().timeIntervalSince1970 })
    else { throw CommandFailure(exitStatus: 1, "another martlet has just taken up run \(id)") }
    return journal
  }
}
