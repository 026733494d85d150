import Foundation

/// What hides mistakes.
extension HouseRule {
  static let noForcedTry = HouseRule("no try! and no as! in Sources") { file in
    guard file.isSource, file.isSwift else { return [] }
    return file.code(with: ["try!", "as!"], matching: #/\btry!|\bas!\s/#).map {
      Finding(file, $0.number, "an error or a type that can't be otherwise needs a guard with a sentence")
    }
  }

  /// The comment stands on the line itself or on one of the three above.
  static let provenSafety = HouseRule("what the compiler is told to trust carries a comment that proves it") { file in
    guard file.isSource, file.isSwift else { return [] }
    let pattern = #/@unchecked\s+Sendable|nonisolated\(unsafe\)|@preconcurrency\s+import/#
    return file.code(with: ["unchecked", "unsafe", "preconcurrency"], matching: pattern).compactMap { number, _ in
      let near = file.lines[max(0, number - 4)..<number]
      return near.contains { $0.contains("//") } ? nil : Finding(file, number, "say in a comment why this is safe")
    }
  }

  /// `Value.source` may be evaluated as an expression: nobody but Parsing may say that text is that.
  static let sourceTextIsParsed = HouseRule("only Parsing marks text as source") { file in
    guard file.isSource, file.isSwift, !file.path.hasPrefix("Sources/Parsing/"), file.path != "Sources/Model/Value.swift"
    else { return [] }
    return file.code(with: ["markedAsSource", ".value(.source("], matching: #/\bmarkedAsSource\b|\.value\(\.source\(/#)
      .filter { !$0.line.contains("case ") }
      .map { Finding(file, $0.number, "text that was computed or came from a host must stay a string") }
  }

  static let noFoundationProcess = HouseRule("child processes are not Foundation's Process") { file in
    guard file.isSwift else { return [] }
    return file.code(with: ["Process()"], matching: #/(?:^|[^\w.])Process\(\)/#).map {
      Finding(file, $0.number, "use posix_spawn with a deadline: Process can't bound a wait")
    }
  }

  static let noUnfinishedWork = HouseRule("nothing is left to do in the sources") { file in
    guard file.isSwift || file.path.hasPrefix("Modules/") || file.path.hasPrefix("Runbooks/") else { return [] }
    let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]
    return file.lines.enumerated().filter { _, line in
      line.contains("//") || line.contains("#") ? marks.contains { line.containsWord($0) } : false
    }.map { Finding(file, $0.offset + 1, "finish it, or say to the user what is out of reach") }
  }

  static let noSharedInstances = HouseRule("no singletons") { file in
    guard file.isSource, file.isSwift else { return [] }
    let pattern = #/\bstatic\s+(?:let|var)\s+(?:shared|instance|current|default)\s*(?:=\s*[A-Z]\w*\(|:\s*\w+\s*=)/#
    return file.code(with: ["static"], matching: pattern).map {
      Finding(file, $0.number, "pass what is used: only the command line wires")
    }
  }

  /// Functions that check on a test's behalf are named so that this can be seen.
  static let testsCanFail = HouseRule("every test can fail") { file in
    guard file.isSwift, file.path.hasPrefix("Tests/"), file.lines.contains(where: { $0.contains("@Test") }) else { return [] }
    let checks = ["#expect", "#require", "Issue.record", "confirmation(", "expect", "check", "assert", "verify", "try "]
    return ShapeFunctions.tests(of: file).filter { range in
      !file.code[range.lowerBound - 1...range.upperBound - 1].contains { line in checks.contains { line.contains($0) } }
    }.map { Finding(file, $0.lowerBound, "a test that expects nothing can't fail") }
  }
}

/// The functions of a file that are tests.
private enum ShapeFunctions {
  static func tests(of file: SourceText) -> [ClosedRange<Int>] {
    HouseRule.functions(of: file).filter { range in
      let before = file.code[max(0, range.lowerBound - 8)..<range.lowerBound].joined(separator: "\n")
      guard let attribute = before.range(of: "@Test", options: .backwards) else { return false }
      return before[attribute.upperBound...].matches(of: #/\bfunc\b/#).count == 1
    }
  }
}

extension String {
  fileprivate func containsWord(_ word: String) -> Bool {
    ranges(of: word).contains { range in
      let before = range.lowerBound == startIndex ? nil : self[index(before: range.lowerBound)]
      let after = range.upperBound == endIndex ? nil : self[range.upperBound]
      return ![before, after].contains { $0.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
    }
  }
}
