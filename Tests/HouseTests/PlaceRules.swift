/// What belongs to one machine stays out of the tree. The texts are put together here, or this file would break its own rule.
extension HouseRule {
  private static let machinePaths = ["/work" + "/", "/opt" + "/ref", "/opt" + "/swift", "/root" + "/.pyenv"]
  private static let registryHosts = [
    "deb" + ".debian.org", "security" + ".debian.org", "snapshot" + ".debian.org", "archive" + ".ubuntu.com",
    "pypi" + ".org", "files" + ".pythonhosted.org", "registry" + ".npmjs.org", "crates" + ".io", "proxy" + ".golang.org",
  ]

  static let noMachinePaths = HouseRule("no path of one machine stands in the tree") { file in
    mentions(of: machinePaths, in: file, "is a path of one machine")
  }

  static let noRegistryHosts = HouseRule("no registry's host stands in the tree") { file in
    mentions(of: registryHosts, in: file, "is a registry's host: take it from the machine's own settings")
  }

  private static func mentions(of texts: [String], in file: SourceText, _ complaint: String) -> [Finding] {
    file.lines.enumerated().compactMap { index, line in
      texts.first { line.contains($0) }.map { Finding(file, index + 1, "'\($0)' \(complaint)") }
    }
  }
}
