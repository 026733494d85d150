import ArgumentParser
import Foundation

// The command line: one file per command. It is the only place that wires the parts together.

struct Martlet: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "martlet", abstract: "Runs runbooks on hosts over SSH, with nothing but a shell on them.",
    version: version,
    subcommands: [
      RunCommand.self, ResumeCommand.self, PlanCommand.self, ApplyCommand.self, GraphCommand.self, DriftCommand.self,
      FactsCommand.self, UndoCommand.self, HistoryCommand.self, ShowCommand.self, VaultCommand.self, ExecCommand.self,
      InventoryCommand.self,
      ConfigCommand.self, TemplateCommand.self, DocCommand.self, SchemaCommand.self,
      ModuleCommand.self,
    ])
}

@main
enum Main {
  /// Exit statuses are Ansible's: a wrong flag is 5 there, and 64 in the argument parser.
  static func main() async {
    // A reader that went away (`| head`) is an error of that write, not the end of a run.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try Martlet.parseAsRoot()
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch let failure as CommandFailure {
      if let message = failure.message {
        // Off the terminal in the reference's form: scripts look for it.
        let mark = CommandFailure.isAtTerminal ? "martlet:" : "[ERROR]:"
        FileHandle.standardError.write(Data("\(mark) \(message)\n".utf8))
      }
      exit(failure.exitStatus)
    } catch {
      let code = Martlet.exitCode(for: error)
      FileHandle.standardError.write(Data((code.isSuccess ? "" : Martlet.fullMessage(for: error) + "\n").utf8))
      if code.isSuccess { print(Martlet.fullMessage(for: error)) }
      exit(code.isSuccess ? 0 : 5)
    }
  }
}
