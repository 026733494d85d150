import ModuleTesting
import Testing
import Transport

@Suite struct ShellUnderTestTests {
  private func trouble(_ script: String, on shell: [String]) throws -> String {
    let scratch = try Scratch()
    let shell = try ShellUnderTest(shell, in: scratch, timeoutSeconds: 0.5)
    let trouble = try #require(throws: CaseTrouble.self) {
      try shell.run(ShellRequest(script: script), stderrFile: scratch.root + "/stderr")
    }
    return trouble.description
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `a shell that does not answer is killed, with all that it started`(shell: [String]) throws {
    let name = shell.joined(separator: " ")
    #expect(try trouble("sleep 600", on: shell) == "no answer within 0.5 s; \(name) was killed")
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `a library without an end is trouble, not a hang`(shell: [String]) throws {
    let scratch = try Scratch()
    let shell = try ShellUnderTest(shell, in: scratch, timeoutSeconds: 0.5)
    var request = ShellRequest(script: "echo here")
    request.libraries = [ShellLibrary(name: "broken", text: "f() { echo \"unfinished")]
    let trouble = #expect(throws: CaseTrouble.self) { try shell.run(request, stderrFile: scratch.root + "/stderr") }
    #expect(trouble != nil)
  }
}
