import Testing

/// One rule of the house: looks at one file and says where it breaks the rule.
struct HouseRule: CustomTestStringConvertible {
  /// What the rule asks for, in a sentence.
  let name: String
  let findings: @Sendable (SourceText) -> [Finding]

  init(_ name: String, findings: @escaping @Sendable (SourceText) -> [Finding]) {
    self.name = name
    self.findings = findings
  }

  var testDescription: String { name }

  static let all: [HouseRule] = [
    .importsPointDown, .oneTargetPerLibrary, .fileLength, .functionLength, .lineLength, .typeNames, .noForcedTry,
    .provenSafety, .noFoundationProcess, .noUnfinishedWork, .noSharedInstances, .testsCanFail, .noMachinePaths,
    .noRegistryHosts, .sourceTextIsParsed,
  ]
}

/// A place that breaks a rule.
struct Finding: CustomStringConvertible {
  let path: String
  let line: Int
  let message: String

  init(_ file: SourceText, _ line: Int, _ message: String) {
    path = file.path
    self.line = line
    self.message = message
  }

  var description: String { "\(path):\(line): \(message)" }
}
