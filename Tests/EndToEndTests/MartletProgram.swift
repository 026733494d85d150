import Support

/// The binary that was built with the tests, run as a user runs it, with a home and a state of its own.
struct MartletProgram {
  static let path = "\(SourceTree.products)/martlet"

  /// A folder that stands in for HOME.
  let home: String

  /// Runs a command to its end. `directory` is where the user stands.
  func run(
    _ arguments: String..., environment: [String: String] = [:], directory: String? = nil, stdin: String = "",
    deadlineSeconds: Double = 120
  ) async throws -> ChildProcess.Ending {
    try await run(words: arguments, environment: environment, directory: directory, stdin: stdin, deadlineSeconds: deadlineSeconds)
  }

  func run(
    words: [String], environment: [String: String] = [:], directory: String? = nil, stdin: String = "",
    deadlineSeconds: Double = 120
  ) async throws -> ChildProcess.Ending {
    try await ChildProcess.run(
      Self.path, words, environment: surroundings.merging(environment) { $1 }, directory: directory ?? home,
      stdin: stdin, deadlineSeconds: deadlineSeconds)
  }

  /// Starts a command that the test means to interrupt.
  func start(
    _ arguments: String..., environment: [String: String] = [:], deadlineSeconds: Double = 120
  ) throws -> ChildProcess {
    try ChildProcess(
      Self.path, arguments, environment: surroundings.merging(environment) { $1 }, directory: home,
      deadlineSeconds: deadlineSeconds)
  }

  private var surroundings: [String: String] {
    ["HOME": home, "XDG_STATE_HOME": "\(home)/state", "MARTLET_MODULES": "\(SourceTree.root)/Modules", "LC_ALL": "C.UTF-8"]
  }
}
