import ArgumentParser
import Execution
import Foundation
import Model
import Reporting
import Store

/// `martlet plan`: what a run would do, saved for `martlet apply`.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Work out what a run would change, save it, show it.",
    subcommands: [PlanMakeCommand.self, PlanShowCommand.self], defaultSubcommand: PlanMakeCommand.self)
}

/// What a plan is made of: `martlet apply` makes it again from the plan's own words.
struct PlanRequest: ParsableArguments {
  @OptionGroup var flags: RunFlags

  @Argument(help: "Runbooks: YAML files of plays.")
  var runbooks: [String]

  @Flag(name: .customLong("force-handlers"), help: "Run notified handlers on hosts where a task failed, too.")
  var forceHandlers = false

  @Option(name: .customLong("start-at-task"), help: "Begin with the task of this name.")
  var startAtTask: String?

  func options(_ wiring: RunWiring) -> RunOptions {
    var options = wiring.options
    options.isDiff = true
    options.forcesHandlers = options.forcesHandlers || forceHandlers
    options.startAtTask = startAtTask
    return options
  }
}

struct PlanMakeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Work out what a run would change, and save it (the default).",
    discussion: """
      Takes the flags of run. Steps that depend on a change not made yet are "known after apply".
      Exit status: 0 the plan is made; 2 a step would fail; 4 a host is unreachable, or a runbook has mistakes.
      """)

  @OptionGroup var request: PlanRequest

  @Option(name: [.customShort("o"), .customLong("out")], help: "Save the plan in this file.")
  var output: String?

  @Option(name: .customLong("sign"), help: "Sign the saved plan with this SSH key, into FILE.sig.")
  var signingKey: String?

  @Flag(name: .long, help: "Show steps that change nothing, too.")
  var all = false

  func run() async throws {
    if signingKey != nil, output == nil { throw CommandFailure(exitStatus: 5, "--sign needs -o: what is signed is the saved plan") }
    if let signingKey, !FileManager.default.fileExists(atPath: signingKey) {
      throw CommandFailure(exitStatus: 5, "--sign: the key \(signingKey) is not there")
    }
    let made = try await PlanMaking(request: request).make(arguments: PlanWords(CommandLine.arguments).kept)
    let palette = made.wiring.outputSettings(made.wiring.options).palette
    print(made.wiring.scrubber.scrub(PlanText(made.plan, showingAll: all, palette: palette).text), terminator: "")
    if let output {
      try PlanFile(output).write(made.plan, made.wiring.scrubber)
      if let signingKey { try PlanSignature(of: output).sign(withKey: signingKey) }
      print("saved in \(output)\(signingKey == nil ? "" : ", signed in \(output).sig")")
    }
    if made.plan.failures.contains(where: { $0.forecast == .unreachable }) { throw CommandFailure(exitStatus: 4) }
    if !made.plan.failures.isEmpty { throw CommandFailure(exitStatus: 2) }
  }
}

struct PlanShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a saved plan.")

  @Argument(help: "The file of a plan.")
  var file: String

  @Flag(name: .long, help: "As JSON: the file's own format, see README.")
  var json = false

  @Flag(name: .long, help: "As an HTML page.")
  var html = false

  @Flag(name: .long, help: "Show steps that change nothing, too.")
  var all = false

  func run() throws {
    let plan = try PlanFile(file).read().plan
    if json { return print(plan.value.json(JSONEncoding(ensureASCII: false, indent: 2))) }
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let isColored = OutputSettings.isColored(environment: ProcessInfo.processInfo.environment, isTerminal: isTerminal)
    let text = html ? PlanHTML(plan).text : PlanText(plan, showingAll: all, palette: isColored ? .standard : .none).text
    print(text, terminator: "")
  }
}

/// The words of a `martlet plan` that make the plan again, without where it goes and without the values of `-e`.
struct PlanWords {
  let kept: [String]

  init(_ command: [String]) {
    var words = withoutExtraValues(Array(command.dropFirst(2)))
    if words.first == "make" { words.removeFirst() }
    var kept: [String] = [], isDropped = false
    for word in words {
      if isDropped {
        isDropped = false
      } else if ["-o", "--out", "--sign"].contains(word) {
        isDropped = true
      } else if word != "--all", !word.hasPrefix("--out="), !word.hasPrefix("--sign=") {
        kept.append(word)
      }
    }
    self.kept = kept
  }

  /// The same with values for `-e`: those that were left out come from whoever applies the plan.
  static func completed(_ words: [String], extra: [String]) -> [String] {
    var completed: [String] = []
    for word in words {
      if word.contains(Secret.mask), ["-e", "--extra-vars"].contains(completed.last) {
        completed.removeLast()
      } else if !(word.contains(Secret.mask) && (word.hasPrefix("-e") || word.hasPrefix("--extra-vars="))) {
        completed.append(word)
      }
    }
    return completed + extra.flatMap { ["-e", $0] }
  }
}
