import Model
import OrderedCollections
import Parsing
import Templating
import Testing

/// What a run reads while it goes: included files, variable files, `-e`.
struct RunTimeReadingTests {
  private func parser(_ files: [String: String], _ change: (inout ParserSettings) -> Void = { _ in }) -> RunbookParser {
    var settings = ParserSettings()
    change(&settings)
    return RunbookParser(files: MemoryFiles(files), modules: SampleModules(), settings: settings)
  }

  @Test func `an included file is found from its task, and its own includes from there`() throws {
    let parser = parser([
      "site.yml": "- hosts: all\n  tasks: [{include_tasks: tasks/a.yml}]\n", "tasks/a.yml": "- include_tasks: b.yml\n",
      "tasks/b.yml": "- ping:\n",
    ])
    let play = try #require(parser.parse("site.yml").runbook?.plays.first)
    let task = try #require(ParsedText.flat(play.tasks).first)
    let context = try #require(task.context)
    #expect(parser.findTaskFile("tasks/a.yml", from: context).path == "tasks/a.yml")
    let (outer, found) = parser.parseTaskFile("tasks/a.yml", context.including("tasks/a.yml"))
    #expect(found.all.isEmpty)
    let nested = ParsedText.flat(outer)
    let inner = try #require(nested.first?.context)
    #expect(parser.findTaskFile("b.yml", from: inner).path == "tasks/b.yml")
  }

  @Test func `a role's tasks find files in its tasks folder first`() throws {
    let parser = parser([
      "roles/web/tasks/main.yml": "- include_tasks: x.yml\n", "roles/web/tasks/x.yml": "- ping:\n",
      "x.yml": "- debug:\n",
    ])
    let (role, found) = parser.loadRole("web", SourceContext(playDirectory: ""))
    #expect(found.all.isEmpty)
    let tasks = ParsedText.flat(try #require(role).tasks)
    let context = try #require(tasks.first?.context)
    #expect(parser.findTaskFile("x.yml", from: context).path == "roles/web/tasks/x.yml")
    #expect(context.searchPath(of: "roles/web/tasks/main.yml") == ["roles/web", "roles/web/tasks", ""])
  }

  @Test func `a variable file holds constants, templates and unsafe text`() {
    let (variables, found) = parser(["v.yml": "a: 0644\nb: \"{{ a }}\"\nc: !unsafe '{{ a }}'\nd: [1, {e: 'x{# #}'}]\n"])
      .parseVariableFile("v.yml")
    #expect(found.all.isEmpty)
    #expect(variables["a"]?.constant == 420)
    #expect(variables["b"]?.template?.source == "{{ a }}")
    #expect(variables["c"]?.constant == "{{ a }}")
    #expect(variables["d"]?.constant == nil)
  }

  @Test func `a variable file may be JSON, or empty`() {
    let parser = parser(["v.json": "{\"a\": [1, 2e3]}", "empty.yml": "# nothing\n"])
    #expect(parser.parseVariableFile("v.json").variables["a"]?.constant == [1, 2000.0])
    #expect(parser.parseVariableFile("empty.yml").variables.isEmpty)
    #expect(parser.parseVariableFile("gone.yml").diagnostics.all.map(\.message) == ["there is no file 'gone.yml'"])
  }

  @Test func `vault values are secrets, and fail only on use without a password`() {
    let files = ["v.yml": "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n"]
    let (closed, found) = parser(files).parseVariableFile("v.yml")
    #expect(found.all.isEmpty)
    #expect(closed["a"]?.template?.source.contains("no vault password was given") == true)
    let (open, _) = parser(files) { $0.decrypt = { _ in "s3cret {{ x }}" } }.parseVariableFile("v.yml")
    #expect(open["a"]?.constant?.isSecret == true)
    #expect(open["a"]?.constant?.revealed == "s3cret {{ x }}")
  }

  @Test func `an encrypted file is opened, and what it says is secret`() {
    let files = ["v.yml": "$ANSIBLE_VAULT;1.1;AES256\n6162\n"]
    let (open, _) = parser(files) { $0.decrypt = { _ in "a: 1\nb: '{{ a }}'\n" } }.parseVariableFile("v.yml")
    #expect(open["a"]?.constant?.isSecret == true)
    #expect(open["b"]?.template?.source == "{{ a }}")
    #expect(parser(files).parseVariableFile("v.yml").diagnostics.hasErrors)
    let wrong = parser(files) { $0.decrypt = { _ throws(VaultFailure) in throw VaultFailure("wrong vault password") } }
    #expect(wrong.parseVariableFile("v.yml").diagnostics.all.map(\.message) == ["wrong vault password"])
  }

  static let extras: [([String], [String: Value])] = [
    (["a=1 b='x y' c=\"{\\\"d\\\": 1}\""], ["a": "1", "b": "x y", "c": "{\"d\": 1}"]),
    (["{a: 1, b: [yes]}", "a=2"], ["a": "2", "b": [true]]),
    (["{\"a\": null}"], ["a": nil]),
    (["@v.yml", "@v.json"], ["x": 1, "y": true]),
  ]

  @Test(arguments: extras)
  func `extra variables are read in each form`(_ options: [String], _ expected: [String: Value]) {
    let extra = parser(["v.yml": "x: 1\ny: 2\n", "v.json": "{\"y\": true}"]).parseExtraVariables(options)
    #expect(extra.diagnostics.all.isEmpty)
    #expect(Dictionary(uniqueKeysWithValues: extra.variables.map { ($0.key, $0.value.constant) }) == expected)
  }

  @Test(arguments: [("./v.yml", 5), ("[1]", 5), ("a='b", 4), ("@list.yml", 5), ("@missing.yml", 1), ("@broken.yml", 4)] as [(String, Int32)])
  func `what is no variable is told, with the reference's status`(_ option: String, _ status: Int32) {
    let extra = parser(["list.yml": "- a\n", "broken.yml": "a: [\n"]).parseExtraVariables(["ok=1", option])
    #expect(extra.diagnostics.hasErrors)
    #expect(extra.exitStatus == status)
  }

  @Test func `words without '=' are warned of and passed over`() {
    let extra = parser([:]).parseExtraVariables(["word", "a=1"])
    #expect(extra.diagnostics.all.map(\.severity) == [.warning])
    #expect(Array(extra.variables.keys) == ["a"])
  }
}
