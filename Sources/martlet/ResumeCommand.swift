import ArgumentParser
import Execution
import Foundation
import Model
import Store

/// `martlet resume [RUN]`: goes on with a run that failed, was interrupted, or died with its controller.
struct ResumeCommand: AsyncParsableCommand {
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
  var inDoubt = Resumption.Doubt.ask

  @Flag(name: .shortAndLong, help: "Go on even though runbooks, variable files or the inventory have changed.")
  var yes = false

  @OptionGroup var leaseFlags: LeaseFlags

  func run() async throws {
    let store = try StateAccess.open()
    let id = try runID(store)
    let (memory, called) = try remembered(id, store)
    guard FileManager.default.changeCurrentDirectoryPath(called.directory) else {
      throw CommandFailure(exitStatus: 1, "run \(id) was called in \(called.directory), which is not there any more")
    }
    let resumption = Resumption(
      id: id, replay: RunReplay(memory), called: called, inDoubt: inDoubt, isConfirmed: yes, lease: leaseFlags)
    guard let command = try Martlet.parseAsRoot(called.words) as? RunCommand else {
      throw CommandFailure(exitStatus: 1, "run \(id) was no `martlet run`; only those can be resumed")
    }
    try await command.execute(resuming: resumption)
  }

  private func runID(_ store: StateDatabase) throws -> String {
    guard let name else {
      let unfinished = try store.runs(limit: .max).first {
        // What asks or undoes is not gone on with, but called again.
        let isResumable = !$0.header.isCheck && ["run", "apply"].contains($0.header.subcommand)
        return isResumable && ($0.state != .ended(.completed) || $0.exitStatus != 0)
      }
      guard let unfinished else { throw CommandFailure(exitStatus: 1, "every run has ended well; there is nothing to resume") }
      return unfinished.header.id
    }
    return try store.onlyRunID(matching: name)
  }

  private static func notResumable(_ header: RunHeader) -> CommandFailure {
    let advice = switch header.subcommand {
    case "apply": "the hosts are not as it was planned for any more: make a new plan, which has what is left to do"
    case "undo": "call it again: what is undone already is passed over"
    default: "call it again"
    }
    return CommandFailure(exitStatus: 1, "run \(header.id) was `martlet \(header.subcommand ?? "")`, and only `martlet run` can be resumed\n  \(advice)")
  }

  private func remembered(_ id: String, _ store: StateDatabase) throws -> (RunMemory, ResumableRun) {
    if let run = try store.run(id)?.run {
      if case .running(let processID) = run.state {
        throw CommandFailure(exitStatus: 1, "run \(id) is running: process \(processID)")
      }
      if run.header.isCheck { throw CommandFailure(exitStatus: 1, "run \(id) was a check: there is nothing to resume") }
      if run.state == .ended(.completed), run.exitStatus == 0 { throw CommandFailure(exitStatus: 1, "run \(id) has ended well") }
    }
    if let run = try store.run(id)?.run, run.header.subcommand != "run" { throw Self.notResumable(run.header) }
    guard let memory = try store.memory(of: id), let called = ResumableRun(memory.settings) else {
      throw CommandFailure(
        exitStatus: 1, "run \(id) can't be resumed: what it did is not kept, or the key it was sealed with (resume.key) is another one")
    }
    return (memory, called)
  }
}
