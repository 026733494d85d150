import ArgumentParser
import Foundation
import Model
import Reporting
import Store

/// What becomes of handlers that earlier runs notified and did not run.
struct OwedHandlerFlags: ParsableArguments {
  @Option(
    name: .customLong("owed-handlers"),
    help: "Handlers that an earlier run of the runbook notified and did not run: run, ignore (they stay owed), ask, or forget.")
  var choice = OwedHandlerChoice.run
}

enum OwedHandlerChoice: String, ExpressibleByArgument, CaseIterable {
  case run, ignore, ask, forget

  /// Those that the run is to take up. `forget` is for the run's own hosts, and not in check mode, which changes nothing.
  func takenUp(_ owed: [OwedHandler], isCheck: Bool, store: StateDatabase) throws -> [OwedHandler] {
    switch self {
    case .run: return owed
    case .ignore: say(owed, "left alone, still owed")
    case .forget where isCheck: say(owed, "would be forgotten")
    case .forget:
      try store.forgetOwed(owed)
      say(owed, "forgotten")
    case .ask: return try asked(owed, isCheck: isCheck, store: store)
    }
    return []
  }

  private func asked(_ owed: [OwedHandler], isCheck: Bool, store: StateDatabase) throws -> [OwedHandler] {
    guard !owed.isEmpty else { return [] }
    guard isatty(STDIN_FILENO) == 1 else {
      let list = owed.map { "\n  \(OwedText.line($0))" }.joined()
      throw CommandFailure(
        exitStatus: 1, "handlers are owed, and nobody is there to be asked:\(list)\n  say --owed-handlers run, ignore or forget")
    }
    var taken: [OwedHandler] = [], forgotten: [OwedHandler] = []
    for handler in owed {
      switch try TerminalPrompt.key("Owed: \(OwedText.line(handler)): [r]un it, [i]gnore it this time, [f]orget it, [q]uit: ", of: "rif") {
      case "r": taken.append(handler)
      case "f": forgotten.append(handler)
      default: break
      }
    }
    if !isCheck { try store.forgetOwed(forgotten) }
    return taken
  }

  private func say(_ owed: [OwedHandler], _ what: String) {
    for handler in owed { StandardError.write("martlet: \(what): \(OwedText.line(handler))\n") }
  }
}
