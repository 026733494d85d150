/// A saved, checked prediction of a run: what every step would do on every host, and what that was worked out from.
package struct Plan: Sendable, Equatable {
  /// Of the file's format; a file with a higher one is refused.
  package static let version = 1

  /// What a step would come to.
  package enum Forecast: String, Sendable, CaseIterable {
    case ok, changed, skipped
    /// It depends on a change that is not made yet.
    case knownAfterApply = "known_after_apply"
    case failed, unreachable
  }

  /// A file that was read on the controller.
  package struct Source: Sendable, Equatable {
    package var path: String
    package var digest: String

    package init(path: String, digest: String) {
      self.path = path
      self.digest = digest
    }
  }

  package struct Play: Sendable, Equatable {
    package var name: String
    package var place: String
  }

  package struct Line: Sendable, Equatable {
    package var title: String
    package var module: String
    package var place: String
    /// Stable between runs of an unchanged runbook.
    package var key: String
    package var kind: TaskHeader.Kind
    /// Its place among `plays`.
    package var play: Int
  }

  package struct Item: Sendable, Equatable {
    package var label: String
    package var forecast: Forecast
  }

  package struct Step: Sendable, Equatable {
    /// Its place among `lines`.
    package var line: Int
    package var host: String
    package var forecast: Forecast
    /// Why it is skipped, fails, or is not known before.
    package var reason: String?
    /// A failure that does not count.
    package var isIgnored = false
    /// A failure that a block's `rescue` catches.
    package var isRescued = false
    /// `no_log`: there are no diffs, and only the forecast itself is compared.
    package var isCensored = false
    package var delegatedTo: String?
    package var diffs: [FileDiff] = []
    /// Salted digests of what the diffs show before and after.
    package var before = ""
    package var after = ""
    package var items: [Item] = []

    /// Its host's run ends with it.
    package var endsHost: Bool { [.failed, .unreachable].contains(forecast) && !isIgnored && !isRescued }
  }

  package var madeAt: Double
  package var madeBy: String
  package var martletVersion: String
  /// Where it was made; paths are relative to it.
  package var directory: String
  /// Runbooks and flags, as `martlet plan` takes them, without the values of `-e`.
  package var arguments: [String]
  /// Random, so that digests of short texts can't be looked up.
  package var salt: String
  package var sources: [Source] = []
  /// By host: its groups and variables. Under `*` all hosts that the plan does not concern.
  package var inventory: [Source] = []
  /// Of the values given by `-e`; empty where there were none.
  package var extraVariables = ""
  package var plays: [Play] = []
  package var lines: [Line] = []
  package var steps: [Step] = []

  package init(
    madeAt: Double, madeBy: String, martletVersion: String, directory: String, arguments: [String], salt: String
  ) {
    self.madeAt = madeAt
    self.madeBy = madeBy
    self.martletVersion = martletVersion
    self.directory = directory
    self.arguments = arguments
    self.salt = salt
  }

  /// Hosts in the order in which the plan meets them.
  package var hosts: [String] {
    var seen = Set<String>()
    return steps.map(\.host).filter { seen.insert($0).inserted }
  }

  package func count(_ forecast: Forecast) -> Int { steps.count { $0.forecast == forecast } }

  /// Steps that would end their host's run.
  package var failures: [Step] {
    steps.filter(\.endsHost)
  }

  package func title(of step: Step) -> String { "'\(lines[step.line].title)' (\(lines[step.line].place))" }
}
