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
  /// Where a descriptor below 3 is closed (`martlet run >&-`), the next file or connection would take its place, and be written to.
  private static func fillStandardDescriptors() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
  }

  /// `-ename=value` as two words: the argument parser would take it for an option named `ename`. What follows `-a` is left alone.
  private static func separated(_ words: some Sequence<String>) -> [String] {
    var found: [String] = []
    for word in words {
      let isJoined = ["-e", "-a"].contains(String(word.prefix(2))) && word.contains("=")
      if isJoined, !found.contains("--"), found.last != "-a", found.last != "--args" {
        found += [String(word.prefix(2)), String(word.dropFirst(2))]
      } else {
        found.append(word)
      }
    }
    return found
  }

  /// Exit statuses are Ansible's: a wrong flag is 2 there, and 64 in the argument parser.
  static func main() async {
    // A reader that went away (`| head`) is an error of that write, not the end of a run.
    signal(SIGPIPE, SIG_IGN)
    fillStandardDescriptors()
    // Services and jobs of cron may run without it.
    if getenv("HOME") == nil, let user = getpwuid(geteuid()) { setenv("HOME", user.pointee.pw_dir, 0) }
    do {
      var command = try Martlet.parseAsRoot(separated(CommandLine.arguments.dropFirst()))
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch let failure as CommandFailure {
      if let message = failure.message {
        // Off the terminal in the reference's form: scripts look for it.
        let mark = CommandFailure.isAtTerminal ? "martlet:" : "[ERROR]:"
        StandardError.write("\(mark) \(message)\n")
      }
      exit(failure.exitStatus)
    } catch {
      let code = Martlet.exitCode(for: error)
      StandardError.write(code.isSuccess ? "" : Martlet.fullMessage(for: error) + "\n")
      if code.isSuccess { print(Martlet.fullMessage(for: error)) }
      exit(code.isSuccess ? 0 : 2)
    }
  }
}
