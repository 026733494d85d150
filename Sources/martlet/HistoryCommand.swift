import ArgumentParser
import Foundation
import Model
import Reporting
import Store
import Vault

/// `martlet history`: the runs that the journal has.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "history", abstract: "List past runs.")

  @Option(name: [.customShort("n"), .long], help: "How many runs to list, newest first.")
  var limit = 20

  func run() throws {
    let runs = try StateAccess.open().runs(limit: limit)
    print(HistoryText(runs).text, terminator: "")
  }
}

/// `martlet show RUN`: what a run did, and what of it is in doubt.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a run: hosts, steps, what is in doubt.")

  @Argument(help: "A run's name, or the beginning of it; the last run if not given.")
  var name: String?

  func run() throws {
    print(RunText(try StateAccess.details(of: name)).text, terminator: "")
  }
}

extension StateDatabase {
  /// The run that a name, or the beginning of one, means.
  func onlyRunID(matching name: String) throws -> String {
    let matches = try runIDs(matching: name)
    guard let id = matches.first else { throw CommandFailure(exitStatus: 1, "there is no run '\(name)'; `martlet history` lists them") }
    guard matches.count == 1 else {
      throw CommandFailure(exitStatus: 1, "'\(name)' may be any of \(matches.joined(separator: ", "))")
    }
    return id
  }
}

enum StateAccess {
  /// A run by its name or the beginning of it; the last one where none is given.
  static func details(of name: String?) throws -> RunDetails {
    let store = try open()
    let name = try name ?? store.runs(limit: 1).first?.header.id
    guard let name else { throw CommandFailure(exitStatus: 1, "there are no runs yet") }
    let id = try store.onlyRunID(matching: name)
    guard var details = try store.run(id) else { throw CommandFailure(exitStatus: 1, "run \(id) is no longer kept") }
    details.owed = try store.owedHandlers(ofRun: id)
    return details
  }

  /// The same; `last` is the newest of the runs that are meant, and was no check.
  static func details(of name: String, lastOf isMeant: (RunHeader) -> Bool, _ kind: String) throws -> RunDetails {
    guard name == "last" else { return try details(of: name) }
    let last = try open().runs(limit: .max).first { !$0.header.isCheck && isMeant($0.header) }
    guard let last else { throw CommandFailure(exitStatus: 1, "there is no run \(kind) yet; `martlet history` lists all") }
    return try details(of: last.header.id)
  }

  /// What only resuming needs is sealed with a key beside the database; without a key it is not kept.
  @Sendable static func seal(inFolder folder: String) -> RecordSeal? {
    guard let key = StateKey(path: "\(folder)/resume.key") else { return nil }
    return RecordSeal(seal: { key.seal($0) }, open: { key.open($0) })
  }

  static func open() throws -> StateDatabase {
    guard let folder = StateDatabase.folder(environment: ProcessInfo.processInfo.environment) else {
      throw CommandFailure(exitStatus: 1, "no folder for the journal: neither MARTLET_HOME nor HOME is set")
    }
    do { return try StateDatabase.open(inFolder: folder, seal: seal) } catch { throw CommandFailure(exitStatus: 1, "\(error)") }
  }
}

extension RunHeader {
  /// The command of martlet that it was: `run`, `apply`, `undo` and so on.
  var subcommand: String? { command.dropFirst().first }
}
