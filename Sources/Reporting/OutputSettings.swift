import Model

/// How the default output looks; the names follow Ansible's settings of the same meaning.
package struct OutputSettings: Sendable {
  package enum ResultFormat: Sendable {
    case json
    /// `callback_result_format = yaml`; the function turns a value into block YAML.
    case yaml(@Sendable (Value) -> String)
  }

  /// The number of `v` in `-vvv`.
  package var verbosity = 0
  /// `META:` lines, which come with `-vv` anyway.
  package var showsMeta = false
  package var palette = Palette.none
  /// Banners are filled with stars to here; Ansible's own minimum.
  package var columns = 79
  package var showsSkippedHosts = true
  package var showsOkHosts = true
  package var sendsFailuresToStandardError = false
  package var showsCustomStats = false
  package var showsStarts = false
  package var marksCheckMode = false
  package var showsTaskPathOnFailure = false
  package var showsDeprecations = true
  /// Output of commands while they run, each line behind its host's name.
  package var showsLiveOutput = false
  package var resultFormat = ResultFormat.json
  /// Nil: pretty where Ansible is (`debug`, `assert`, `-vvv`).
  package var isPretty: Bool?
  /// Relative paths in `task path:` and `Origin:` are shown from here.
  package var workingDirectory: String?

  package init() {}

  /// Whether output has colours: the environment decides before the terminal does, forcing before refusing.
  package static func isColored(environment: [String: String], isTerminal: Bool) -> Bool {
    func isSet(_ name: String) -> Bool { isTrue(environment[name]) }
    if isSet("ANSIBLE_FORCE_COLOR") || isSet("FORCE_COLOR") { return true }
    if isSet("ANSIBLE_NOCOLOR") || !(environment["NO_COLOR"] ?? "").isEmpty { return false }
    return isTerminal && environment["TERM"] != "dumb"
  }

  private static func isTrue(_ text: String?) -> Bool {
    guard let text = text?.lowercased() else { return false }
    return ["1", "true", "yes", "on", "y", "t", "2", "3"].contains(text)
  }

  func absolute(_ path: String) -> String {
    guard let workingDirectory, !path.hasPrefix("/"), !path.hasPrefix("<") else { return path }
    return "\(workingDirectory)/\(path)"
  }
}
