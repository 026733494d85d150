import Model
import ModuleLibrary
import ModuleTesting
import Testing

@Suite struct ForeignModuleTests {
  private func run(_ program: String, _ arguments: CheckedArguments = [:], check: Bool = false) throws -> StepResult {
    let scratch = try Scratch(), shell = try ShellUnderTest(["dash"], in: scratch, directory: scratch.files)
    var invocation = ForeignModule.Invocation(name: "mine", arguments: arguments)
    invocation.isCheck = check
    let module = try ForeignModule(invocation, program: Array(program.utf8))
    return module.result(of: try shell.run(module.request, stderrFile: scratch.root + "/stderr"))
  }

  @Test(arguments: [true, false])
  func `a script that wants JSON gets it, check mode too`(check: Bool) throws {
    let result = try run(
      "#!/bin/sh\n# WANT_JSON\nprintf '{\"changed\": true, \"given\": '; cat \"$1\"; echo '}'\n",
      ["name": "it's", "count": 3], check: check)
    #expect(result.status == .changed, "\(result)")
    #expect(result.fields["given"]?["name"] == "it's" && result.fields["given"]?["count"] == 3)
    #expect(result.fields["given"]?["_ansible_check_mode"] == .bool(check))
  }

  @Test func `an old script gets words that a shell can read`() throws {
    let result = try run("#!/bin/sh\n. \"$1\"\necho \"{\\\"msg\\\": \\\"$name\\\"}\"\n", ["name": "a b $HOME"])
    #expect(result.status == .ok && result.message == "a b $HOME", "\(result)")
  }

  @Test func `the module and its arguments are gone afterwards`() throws {
    let result = try run("#!/bin/sh\n# WANT_JSON\necho \"{\\\"path\\\": \\\"$0\\\"}\"\n")
    let path = try #require(result.fields["path"]?.string)
    #expect(path.hasSuffix("/module_mine") && LocalFile.content(of: path).isEmpty)
  }

  @Test(arguments: [
    ("noise\n{\"changed\": true}\nmore noise", Int32(0), StepResult.Status.changed), ("{\"failed\": true, \"msg\": \"no\"}", 0, .failed),
    ("{\"rc\": 2}", 0, .failed), ("{\"rc\": 2, \"failed\": false}", 0, .ok), ("nothing", 1, .failed), ("[1]", 0, .failed),
    ("{\"changed\": \"true\"}", 0, .changed), ("{\"skipped\": true}", 0, .skipped),
  ])
  func `what is printed becomes the result`(output: String, status: Int32, expected: StepResult.Status) {
    #expect(ForeignModule.result(status: status, stdout: Array(output.utf8), stderr: []).status == expected)
  }

  @Test func `a module that needs Ansible's library says so`() {
    let program = "#!/usr/bin/python\nfrom ansible.module_utils.basic import AnsibleModule\n"
    let problem = #expect(throws: ArgumentProblem.self) {
      try ForeignModule(ForeignModule.Invocation(name: "mine", arguments: [:]), program: Array(program.utf8))
    }
    #expect(problem?.message.contains("ansible.module_utils") == true)
  }

  @Test func `a script without an interpreter line is refused`() {
    #expect(throws: ArgumentProblem("module (mine) is missing interpreter line")) {
      try ForeignModule(ForeignModule.Invocation(name: "mine", arguments: [:]), program: Array("echo".utf8))
    }
  }
}
