import ArgumentParser
import Execution
import Foundation
import Model
import Store

/// A run that goes on: what is done of it, and which of its steps in doubt are left out.
struct Resumption {
  enum Doubt: String, ExpressibleByArgument, CaseIterable { case run, skip, ask }

  let id: String
  let replay: RunReplay
  let called: ResumableRun
  let inDoubt: Doubt
  /// It goes on although what it was made from has changed.
  let isConfirmed: Bool
  let lease: LeaseFlags
  private(set) var leftOut: [RememberedStep] = []

  init(id: String, replay: RunReplay, called: ResumableRun, inDoubt: Doubt, isConfirmed: Bool, lease: LeaseFlags) {
    self.id = id
    self.replay = replay
    self.called = called
    self.inDoubt = inDoubt
    self.isConfirmed = isConfirmed
    self.lease = lease
  }

  /// Tells what has changed since the run began, and asks what has to be asked. Without a terminal to ask on, the command ends and says
  /// what it would have asked.
  mutating func settle(_ now: ResumableRun) throws {
    let changes = called.changes(to: now)
    let list = changes.map { "\n  \($0)" }.joined()
    if !changes.isEmpty, !isConfirmed {
      let consequence = "tasks that stand elsewhere now count as new"
      guard isatty(STDIN_FILENO) == 1 else {
        throw CommandFailure(exitStatus: 1, "since run \(id) began:\(list)\n  --yes goes on; \(consequence)")
      }
      say("since run \(id) began:\(list)\n  \(consequence)")
      guard try TerminalPrompt.key("Go on? [y]es, [n]o: ", of: "yn") == "y" else { throw CommandFailure(exitStatus: 1, "nothing was done") }
    } else {
      for change in changes { say(change) }
    }
    leftOut = try stepsLeftOut()
    say("resuming \(id): \(replay.doneCount) steps are done and not repeated")
  }

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

  // MARK: steps in doubt

  private func stepsLeftOut() throws -> [RememberedStep] {
    switch inDoubt {
    case .run: return []
    case .skip: return replay.doubts
    case .ask:
      guard !replay.doubts.isEmpty else { return [] }
      guard isatty(STDIN_FILENO) == 1 else {
        let list = replay.doubts.map { "\n  \(describe($0))" }.joined()
        throw CommandFailure(
          exitStatus: 1, "nobody knows whether these steps ran:\(list)\n  look at the hosts, then --in-doubt run or --in-doubt skip")
      }
      return try replay.doubts.filter { try !runsAgain($0) }
    }
  }

  private func runsAgain(_ step: RememberedStep) throws -> Bool {
    try TerminalPrompt.key("In doubt: \(describe(step)). Run it again? [y]es, [n]o, [q]uit: ", of: "yn") == "y"
  }

  private func describe(_ step: RememberedStep) -> String {
    let items = step.finishedItems > 0 ? ", \(step.finishedItems) items had finished" : ""
    // It had ended, but its rollback had not.
    let rollback = step.finishedAt != nil && step.finishedItems == 0 ? ", its rollback had begun" : ""
    return "\(step.host): \(step.task.title) (\(step.task.module), \(step.task.place)\(items)\(rollback))"
  }

  private func say(_ text: String) { StandardError.write("martlet: \(text)\n") }
}
