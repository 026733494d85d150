/// What types are called.
extension HouseRule {
  private static let vagueEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Data", "Info"]
  /// Taken by Swift, or by the house itself.
  private static let takenNames: Set = [
    "Task", "Module", "Result", "Model", "YAML", "Templating", "Parsing", "Planning", "Transport", "ModuleLibrary", "ModuleTesting",
    "Actions", "Execution", "Store", "Reporting",
  ]

  static let typeNames = HouseRule("a type's name says what it is") { file in
    guard file.isSwift else { return [] }
    let declaration = #/\b(?:struct|class|enum|actor|protocol|typealias)\s+([A-Z]\w*)/#
    let words = ["struct ", "class ", "enum ", "actor ", "protocol ", "typealias "]
    return file.code(with: words, matching: declaration).flatMap { number, line in
      line.matches(of: declaration).compactMap { match in
        let name = String(match.1)
        if let ending = vagueEndings.first(where: name.hasSuffix) {
          return Finding(file, number, "'\(name)' ends in \(ending), which says nothing: name what it is")
        }
        guard takenNames.contains(name), !isNested(line) else { return nil }
        return Finding(file, number, "'\(name)' is the name of a target or of Swift's own type")
      }
    }
  }

  /// An indented declaration is reached through its outer type, so its name can't hide another.
  private static func isNested(_ line: String) -> Bool { line.hasPrefix(" ") }
}
