import ArgumentParser
import Execution
import Foundation
import Model
import Parsing
import Planning

/// `martlet run`: what `ansible-playbook` does, with its flags.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run runbooks against an inventory.",
    discussion: """
      Exit status: 0 all well; 1 an error of ours or of a file; 2 a host failed, or a flag is wrong; 4 a host was unreachable,
      or a runbook has mistakes; 5 flags that don't go together; 99 interrupted; 250 a bug.
      """)

  @OptionGroup var flags: RunFlags

  @Argument(help: "Runbooks: YAML files of plays.")
  var runbooks: [String]

  @Flag(name: .customLong("force-handlers"), help: "Run notified handlers on hosts where a task failed, too.")
  var forceHandlers = false

  @Flag(name: .customLong("syntax-check"), help: "Only read the runbooks and say what is wrong with them.")
  var syntaxCheck = false

  @Flag(name: .customLong("list-hosts"), help: "Only list the hosts that each play would run on.")
  var listHosts = false

  @Flag(name: .customLong("list-tasks"), help: "Only list the tasks that would run.")
  var listTasks = false

  @Flag(name: .customLong("list-tags"), help: "Only list the tags that there are.")
  var listTags = false

  @Flag(help: "Ask before each task whether to run it.")
  var step = false

  @Option(name: .customLong("start-at-task"), help: "Begin with the task of this name.")
  var startAtTask: String?

  @OptionGroup var leaseFlags: LeaseFlags

  @OptionGroup var owedHandlers: OwedHandlerFlags

  @Option(name: .customLong("steps-per-host"), help: "How many steps of one host run at the same time, where needs allows it.")
  var stepsPerHost: Int?

  func run() async throws { try await execute() }

  func execute(resuming earlier: Resumption? = nil) async throws {
    let files = RecordingFiles()
    let wiring = try RunWiring(flags, runbooks: runbooks, files: files)
    let plays = try wiring.readRunbooks()
    try wiring.checkLimit()
    if syntaxCheck {
      for runbook in runbooks { print("\nplaybook: \(runbook)") }
      return
    }
    if listHosts || listTasks || listTags {
      let listing = RunListing(wiring: wiring, showsHosts: listHosts, showsTasks: listTasks, showsTags: listTags)
      for (runbook, plays) in plays { print(try listing.text(of: plays, in: runbook), terminator: "") }
      return
    }
    if flags.flushCache {
      do { try StateAccess.open().forgetFacts() } catch { throw CommandFailure(exitStatus: 1, "\(error)") }
    }
    files.digestFiles(of: wiring.inventorySources)
    let hosts = Array(wiring.roster.variables.current.hosts.keys)
    var resumption = earlier
    if let earlier {
      let called = earlier.called.goingOn(sources: files.digests, hosts: hosts)
      try resumption?.settle(called)
      wiring.called = called
    } else {
      wiring.called = ResumableRun(
        words: Array(CommandLine.arguments.dropFirst()), directory: FileManager.default.currentDirectoryPath,
        sources: files.digests, hosts: hosts)
    }
    var options = wiring.options
    options.forcesHandlers = options.forcesHandlers || forceHandlers
    options.startAtTask = startAtTask
    if let stepsPerHost { options.stepsPerHost = max(1, stepsPerHost) }
    options.asksBeforeTasks = step
    options.keepsMemory = !options.isCheck
    if !options.isCheck {
      if let resumption { wiring.runID = resumption.id }
      wiring.lease = (resumption?.lease ?? leaseFlags).lease(of: wiring.runID, isResuming: resumption != nil)
    }
    wiring.resumption = resumption
    wiring.owedHandlers = owedHandlers.choice
    try await wiring.run(plays, options: options, flushesFactCache: flags.flushCache)
  }
}
