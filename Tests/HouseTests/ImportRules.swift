/// Which targets know of which: the house from bottom to top.
extension HouseRule {
  /// What each target may import of the house. `Package.swift` says the same to the compiler, which doesn't hold to it.
  private static let below: [String: Set<String>] = {
    let language: Set = ["Model", "YAML", "Templating", "Parsing"]
    var below: [String: Set<String>] = [
      "Model": [], "YAML": ["Model"], "Templating": ["Model", "YAML", "Vault"], "Parsing": ["Model", "YAML", "Templating"],
      "Planning": language, "Transport": ["Model"], "ModuleLibrary": ["Model", "YAML", "Parsing", "Transport"],
      "ModuleTesting": ["Model", "YAML", "Parsing", "Transport", "ModuleLibrary"],
      "Actions": language.union(["Planning", "Transport", "ModuleLibrary", "Vault"]),
      "Execution": language.union(["Planning", "Transport", "ModuleLibrary", "Actions"]),
      "Vault": [], "Store": ["Model"], "Reporting": ["Model"],
    ]
    below["martlet"] = Set(below.keys)
    return below
  }()

  /// Libraries that only these targets may know; their types stay out of everyone else's sight.
  private static let owners: [String: Set<String>] = [
    "CLibYAML": ["YAML"], "CLibSSH2": ["Transport"], "CLinux": ["Transport"], "CLibPCRE2": ["Templating"],
    "CLibCrypt": ["Templating"],
    // Signing and host keys there, digests and vaults here.
    "CLibCrypto": ["Transport", "Templating", "Vault"],
    "GRDB": ["Store"], "ArgumentParser": ["martlet"],
  ]

  static let importsPointDown = HouseRule("imports point down only") { file in
    guard file.isSource, file.isSwift, let target = file.target, let allowed = below[target] else { return [] }
    return imports(of: file).filter { below[$0.module] != nil && !allowed.contains($0.module) }.map {
      let may = allowed.isEmpty ? "nothing of the house" : allowed.sorted().joined(separator: ", ")
      return Finding(file, $0.line, "\(target) imports \($0.module); it may import \(may)")
    }
  }

  static let oneTargetPerLibrary = HouseRule("a library is imported by the target that owns it") { file in
    guard file.isSource, file.isSwift, let target = file.target else { return [] }
    return imports(of: file).compactMap { line, module in
      guard let owners = owners[module], !owners.contains(target) else { return nil }
      let owner = owners.sorted().joined(separator: " and ")
      return Finding(file, line, "\(target) imports \(module), which belongs to \(owner)")
    }
  }

  private static func imports(of file: SourceText) -> [(line: Int, module: String)] {
    // Attributes and access level, what kind of thing, its module.
    let pattern = #/^\s*(?:@\w+\s+|[a-z]+\s+)*import\s+(?:(?:struct|class|enum|func|protocol|typealias|let|var)\s+)?(\w+)/#
    return file.code(with: ["import "], matching: pattern).compactMap { number, line in
      line.firstMatch(of: pattern).map { (number, String($0.1)) }
    }
  }
}
