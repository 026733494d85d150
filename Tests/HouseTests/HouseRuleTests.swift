import Testing

/// Each rule on a text that breaks it and on its neighbour that doesn't: a rule that finds nothing is no rule.
struct HouseRuleTests {
  private func lines(_ rule: HouseRule, _ path: String, _ text: String) -> [Int] {
    rule.findings(SourceText(path: path, text: text)).map(\.line)
  }

  @Test func `an import that points up is found, also with a modifier, and not in a comment`() {
    let text = "import Model\nimport Execution\npackage import Store\n// import Actions\nimport struct Planning.Plan\n"
    #expect(lines(.importsPointDown, "Sources/YAML/Node.swift", text) == [2, 3, 5])
    #expect(lines(.importsPointDown, "Sources/martlet/Run.swift", text) == [])
  }

  @Test(arguments: ["CLibYAML", "CLibSSH2", "GRDB", "ArgumentParser"])
  func `a library outside its target is found`(_ library: String) {
    #expect(lines(.oneTargetPerLibrary, "Sources/Model/A.swift", "import \(library)\n") == [1])
  }

  @Test func `a long file is found at the first line too many`() {
    let text = String(repeating: "\n", count: 401)
    #expect(lines(.fileLength, "Sources/Model/A.swift", text) == [401])
    #expect(lines(.fileLength, "Sources/Model/A.swift", String(repeating: "\n", count: 400)) == [])
  }

  @Test func `a long function is found, whatever its strings and comments hold`() {
    let body = String(repeating: "  print(\"}\") // }\n", count: 60)
    let text = "func short() {}\n\nfunc long(\n  of: Int = { 1 }()\n) {\n\(body)}\n\nfunc last() {\n}\n"
    #expect(lines(.functionLength, "Sources/Model/A.swift", text) == [3])
  }

  @Test func `a protocol's function has no body of its own`() {
    let text = "protocol P {\n  func a()\n  func b()\n}\nextension P {\n\(String(repeating: "  // text\n", count: 70))}\n"
    #expect(lines(.functionLength, "Sources/Model/A.swift", text) == [])
  }

  @Test(arguments: ["struct HostManager {}", "enum StringUtils {}", "final class RunInfo {}", "struct Task {}"])
  func `a vague or taken name is found`(_ declaration: String) {
    #expect(lines(.typeNames, "Sources/Model/A.swift", declaration) == [1])
  }

  @Test func `a nested type may bear a taken name`() {
    #expect(lines(.typeNames, "Sources/Model/A.swift", "struct A {\n  struct Result {}\n}") == [])
  }

  @Test func `force is found in sources, not in strings`() {
    let text = "let a = try! f()\nlet b = c as! D\nlet d = \"try! \\(f(\"as! \"))\"\n"
    #expect(lines(.noForcedTry, "Sources/Model/A.swift", text) == [1, 2])
    #expect(lines(.noForcedTry, "Tests/ModelTests/A.swift", text) == [])
  }

  @Test func `trust without a comment is found`() {
    let text = "final class A: @unchecked Sendable {}\n\n\n\n// Guarded by the lock.\nnonisolated(unsafe) var b = 1\n"
    #expect(lines(.provenSafety, "Sources/Model/A.swift", text) == [1])
  }

  @Test func `a test that expects nothing is found`() {
    let text = "@Test func `a`() {\n  run()\n}\n\n@Test(arguments: [1])\nfunc `b`(_ n: Int) {\n  #expect(n == 1)\n}\n\nfunc c() {}\n"
    #expect(lines(.testsCanFail, "Tests/ModelTests/A.swift", text) == [1])
  }

  @Test func `a line that is too long is found, but not within a long string`() {
    let long = String(repeating: "a", count: 141)
    #expect(lines(.lineLength, "Sources/Model/A.swift", "let \(long) = 1\nlet b = \"\"\"\n\(long)\n\"\"\"\n") == [1])
  }

  @Test func `unfinished work, singletons and Foundation's processes are found`() {
    let mark = "TO" + "DO"
    #expect(lines(.noUnfinishedWork, "Sources/Model/A.swift", "// \(mark): later\n// mas\(mark)n\n") == [1])
    #expect(lines(.noSharedInstances, "Sources/Model/A.swift", "static let shared = Cache()\nstatic let one = 1\n") == [1])
    #expect(lines(.noFoundationProcess, "Sources/Model/A.swift", "let p = Process()\nlet c = ChildProcess()\n") == [1])
  }

  @Test func `paths of a machine and registries are found in any file`() {
    #expect(lines(.noMachinePaths, "README.md", "see \n/work" + "/main/x\n") == [2])
    #expect(lines(.noRegistryHosts, "Makefile", "curl https://deb" + ".debian.org/\n") == [1])
  }
}
