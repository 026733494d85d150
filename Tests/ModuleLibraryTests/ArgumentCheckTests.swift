import Model
import ModuleLibrary
import Parsing
import Testing

@Suite struct ArgumentCheckTests {
  private func manifest(_ text: String) throws -> ModuleManifest {
    var diagnostics = Diagnostics()
    let file = SourceFile(path: "module.yml", text: text)
    let read = ModuleManifest.parse(file, name: "thing", directory: "/m/thing", fragment: { _ in nil }, into: &diagnostics)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    guard case .manifest(let manifest)? = read else { throw OptionProblem("no manifest") }
    return manifest
  }

  private static let description = """
    options:
      name: {type: str, required: true, aliases: [pkg]}
      state: {type: str, choices: [absent, present, "yes"], default: present}
      count: {type: int}
      force: {type: bool, default: false}
      tags: {type: list, elements: int}
      env: {type: dict}
      src: {type: path}
      size: {type: bytes}
      only: {type: str, unsupported: it is not built}
      users: {type: list, elements: dict, suboptions: {login: {type: str, required: true}, shell: {default: /bin/sh}}}
    mutually_exclusive: [[count, size]]
    required_if: [[state, absent, [force]], ["state", "yes", [src, env], true]]
    required_by: {src: [env]}
    """

  @Test func `values become their option's types, aliases their names, and defaults are filled in`() throws {
    let checked = try ArgumentCheck(manifest(Self.description)).checked([
      "pkg": 7, "force": "on", "tags": "1,2", "env": "a=1 b='two words'", "count": "12", "src": nil,
      "users": [["login": "joe"]],
    ])
    #expect(checked["name"] == "7" && checked["force"] == true && checked["tags"] == [1, 2] && checked["count"] == 12)
    #expect(checked["env"] == ["a": "1", "b": "two words"] && checked["state"] == "present")
    #expect(checked["users"] == [["login": "joe", "shell": "/bin/sh"]])
  }

  @Test func `an unquoted yes is the choice that reads so`() throws {
    let checked = try ArgumentCheck(manifest(Self.description)).checked(["name": "x", "state": true, "env": [:], "force": false])
    #expect(checked["state"] == "yes")
  }

  static let mistakes: [(Value.Dict, String)] = [
    ([:], "missing required arguments: name"),
    (["name": "x", "state": "gone"], "value of state must be one of: absent, present, yes, got: gone"),
    (["name": "x", "count": "many"], #"argument 'count' is of type str and we were unable to convert to int: "'many'" cannot be converted to an int"#),
    (["name": "x", "count": 1, "size": "2M"], "parameters are mutually exclusive: count|size"),
    (["name": "x", "force": [1]], "argument 'force' is of type list and we were unable to convert to bool: <class 'list'> cannot be converted to a bool"),
    (["name": "x", "tags": ["a"]], #"Elements value for option 'tags' is of type str and we were unable to convert to int: "'a'" cannot be converted to an int"#),
    (["name": "x", "state": "yes"], "state is yes but any of the following are missing: src, env"),
    (["name": "x", "src": "/f"], "missing parameter(s) required by 'src': env"),
    (["name": "x", "only": "this"], "parameter 'only' of module thing is not supported: it is not built"),
    (["name": "x", "users": [["shell": "/bin/zsh"]]], "missing required arguments: login found in users"),
  ]

  @Test(arguments: mistakes)
  func `a mistake is told in the words that scripts know`(arguments: Value.Dict, message: String) throws {
    let manifest = try manifest(Self.description)
    #expect(throws: ArgumentProblem(message)) { try ArgumentCheck(manifest).checked(arguments) }
  }

  @Test func `an unknown parameter gets a suggestion`() throws {
    let manifest = try manifest(Self.description)
    let problem = #expect(throws: ArgumentProblem.self) { try ArgumentCheck(manifest).checked(["name": "x", "stat": 1]) }
    #expect(problem?.message.hasPrefix("Unsupported parameters for (thing) module: stat. Supported parameters") == true)
    #expect(problem?.message.hasSuffix("Did you mean 'state'?") == true)
  }

  @Test func `a secret stays one through conversion`() throws {
    let checked = try ArgumentCheck(manifest(Self.description)).checked(["name": .secret(Secret("x")), "count": .secret(Secret("3"))])
    #expect(checked["name"]?.isSecret == true && checked["count"]?.isSecret == true && checked["count"]?.int == 3)
  }
}
