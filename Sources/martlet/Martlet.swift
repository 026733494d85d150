import ArgumentParser

// The command line: one file per command. It is the only place that wires the parts together.

@main
struct Martlet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "martlet", abstract: "Runs runbooks on hosts over SSH, with nothing but a shell on them.")
}
