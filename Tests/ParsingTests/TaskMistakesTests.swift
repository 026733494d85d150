import Model
import Parsing
import Templating
import Testing

/// What a user gets to read about a mistake in a task.
struct TaskMistakesTests {
  static let mistakes: [(String, [String])] = [
    ("- 1️⃣coppy: {dest: /a}", ["1️⃣ error: unknown module 'coppy' [did you mean 'copy'?]"]),
    (
      "- 1️⃣community.foo.ufw: {}",
      [
        "1️⃣ error: unknown module 'community.foo.ufw' [there is "
          + "'community.general.ufw']"
      ]
    ),
    (
      "- 1️⃣include: x.yml",
      [
        "1️⃣ error: 'include' is gone [use 'include_tasks', 'import_tasks' or "
          + "'import_playbook']"
      ]
    ),
    ("- ping:\n  1️⃣whne: x", ["1️⃣ error: unknown keyword 'whne' of task [did you mean 'when'?]"]),
    (
      "- 1️⃣name: nothing\n  when: true",
      ["1️⃣ error: the task names no module [write its name and what it takes, such as 'ping:' or 'debug: {msg: hello}']"]
    ),
    (
      "- ping:\n  1️⃣command: ls",
      ["1️⃣ error: a task does one thing, but here are 'ping' and 'command' [make two tasks of them]"]
    ),
    (
      "- copy: {1️⃣dst: /a, content: x}",
      [
        "1️⃣ error: unknown parameter 'dst' of module copy [did you mean 'dest'?]",
        "3:7 error: module copy needs 'dest'",
      ]
    ),
    ("- copy: 1️⃣dst=/a dest=/b", ["1️⃣ error: unknown parameter 'dst' of module copy [did you mean 'dest'?]"]),
    (
      "- copy: dest=/b 1️⃣bakup=yes",
      [
        "1️⃣ error: unknown parameter 'bakup' of module copy [did you mean "
          + "'backup'?]"
      ]
    ),
    ("- ping:\n  concurrency: {key: x, 1️⃣kee: y, limit: 2}", ["1️⃣ error: unknown keyword 'kee' of concurrency [did you mean 'key'?]"]),
    (
      "- ping:\n  concurrency: {key: x, limit: 1️⃣0}",
      ["1️⃣ error: 'limit' is how many steps run at once: a whole number, at least 1"]
    ),
    ("- ping:\n  concurrency: {key: x, limit: '{{ most }}'}", []),
    (
      "- ping:\n  concurrency: 1️⃣{limit: 2}",
      ["1️⃣ error: 'concurrency' needs a 'key' [write concurrency: {key: \"{{ pool }}\", limit: 2}]"]
    ),
    (
      "- ping:\n  concurrency: 1️⃣3",
      ["1️⃣ error: 'concurrency' is a mapping of 'key' and 'limit' [write concurrency: {key: \"{{ pool }}\", limit: 2}]"]
    ),
    ("- 1️⃣service: {state: started}", ["1️⃣ error: module service needs 'name'"]),
    (
      "- service: {name: x, 1️⃣state: startd}",
      ["1️⃣ error: module service: value of state must be one of: started, stopped, got: startd"]
    ),
    (
      "- copy: {dest: /a, content: x, 1️⃣backup: maybe}",
      [
        "1️⃣ error: module copy: argument 'backup' is of type str and we were unable to convert to bool: The "
          + "value 'maybe' is not a valid boolean. Valid booleans include: 'y', 'yes', 'on', '1', 'true', 't', 1, "
          + "'n', 'no', 'off', '0', 'false', 'f', 0"
      ]
    ),
    (
      "- uri: {url: x, 1️⃣status_code: [200, ok]}",
      [
        "1️⃣ error: module uri: Elements value for option 'status_code' is of type str and we were unable to "
          + "convert to int: \"'ok'\" cannot be converted to an int"
      ]
    ),
    (
      "- uri: {url: x, 1️⃣headers: [a]}",
      [
        "1️⃣ error: module uri: argument 'headers' is of type list and we "
          + "were unable to convert to dict: <class 'list'> cannot be converted to a dict"
      ]
    ),
    (
      "- copy: {dest: /a, content: x, 1️⃣src: y}",
      [
        "1️⃣ error: parameters 'src', 'content' of module copy "
          + "exclude each other"
      ]
    ),
    ("- 1️⃣file: {path: /a, state: link}", ["1️⃣ error: module file needs 'src': 'state' is 'link'"]),
    ("- 1️⃣command: {chdir: /tmp}", ["1️⃣ error: module command needs one of 'cmd', 'argv'"]),
    (
      "- ping: 1️⃣hello",
      [
        "1️⃣ error: ping takes no free text [give its parameters as 'name: value' below it, or as 'name=value']"
      ]
    ),
    ("- ping: 1️⃣[a]", ["1️⃣ error: 'ping' takes a mapping of parameters or a text, not a list"]),
    (
      "- command: 1️⃣echo \"a",
      ["1️⃣ error: a quote or a '{{' in this text is not closed [close it, or give the parameters as a mapping]"]
    ),
    ("- 1️⃣ping", ["1️⃣ error: a task is a mapping, not a string [write '- module: …']"]),
    ("- ping:\n  become: 1️⃣maybe", ["1️⃣ error: 'become' takes true or false, not 'maybe'"]),
    ("- ping:\n  retries: 1️⃣many", ["1️⃣ error: 'retries' takes a whole number, not 'many'"]),
    (
      "- ping:\n  register: 1️⃣my-result",
      [
        "1️⃣ error: Invalid variable name 'my-result' [use letters, digits and underscores, starting "
          + "with a letter or an underscore]"
      ]
    ),
    (
      "- ping:\n  vars:\n    1️⃣a-b: 1",
      [
        "1️⃣ error: Invalid variable name 'a-b' [use letters, digits and underscores, starting with "
          + "a letter or an underscore]"
      ]
    ),
    ("- ping:\n  vars: 1️⃣[a]", ["1️⃣ error: 'vars' takes a mapping of names to values, not a list"]),
    (
      "- ping:\n  loop: [1]\n  1️⃣with_items: [2]",
      ["1️⃣ error: the task loops already in line 4: it can have one loop"]
    ),
    ("- ping:\n  1️⃣with_items:", ["1️⃣ error: 'with_items' needs something to loop over"]),
    (
      "- ping:\n  loop: [1]\n  loop_control:\n    1️⃣lable: x",
      ["1️⃣ error: unknown keyword 'lable' of loop_control [did you mean 'label'?]"]
    ),
    ("- ping:\n  1️⃣listen: x", ["1️⃣ error: 'listen' belongs to handlers"]),
    ("- meta: 1️⃣flush_handler", ["1️⃣ error: unknown meta action 'flush_handler' [did you mean 'flush_handlers'?]"]),
    (
      "- block:\n    - ping:\n  1️⃣loop: [1]",
      ["1️⃣ error: a block cannot loop [put its tasks into a file of their own and loop over 'include_tasks']"]
    ),
    ("- 1️⃣rescue: []", ["1️⃣ error: 'rescue' and 'always' need a 'block' beside them"]),
    (
      "- block: 1️⃣123",
      [
        "1️⃣ error: A malformed block was encountered while loading block: 123 should be a list or None but is an integer "
          + "[start each task with '- ']"
      ]
    ),
    ("- block: 1️⃣{ping: {}}", ["1️⃣ error: A malformed block was encountered while loading block: it takes a list of tasks, not a mapping [start each task with '- ']"]),
    (
      "- include_tasks: x.yml\n  1️⃣become: true",
      [
        "1️⃣ error: include_tasks cannot have 'become' itself [put it under 'apply', to hand it to the tasks "
          + "included]"
      ]
    ),
    (
      "- include_role: {1️⃣nmae: x}",
      [
        "1️⃣ error: unknown parameter 'nmae' of include_role [did you mean 'name'?]",
        "3:7 error: include_role needs 'name'",
      ]
    ),
    ("- import_tasks: 1️⃣gone.yml", ["1️⃣ error: there is no file 'gone.yml' [looked for gone.yml]"]),
    ("- action: 1️⃣pingg x=1", ["1️⃣ error: unknown module 'pingg' [did you mean 'ping'?]"]),
  ]

  @Test(arguments: mistakes)
  func `a mistake in a task is told where it stands`(_ text: String, _ expected: [String]) {
    #expect(ParsedText(tasks: text).diagnostics == expected)
  }

  @Test func `all mistakes are told at once`() {
    let parsed = ParsedText(
      tasks: "- 1️⃣pong:\n- ping:\n  2️⃣whn: x\n- service: {name: a, 3️⃣state: 4}\n- "
        + "block: 4️⃣5")
    #expect(parsed.diagnostics.count == 4)
    #expect(parsed.diagnostics.map { $0.first } == ["1️⃣", "2️⃣", "3️⃣", "4️⃣"])
  }

  @Test func `a mistake that a rescue would catch is a warning`() {
    let parsed = ParsedText(tasks: "- block:\n    - copy: {1️⃣dst: /a, dest: /a}\n  rescue:\n    - ping:")
    #expect(parsed.diagnostics == ["1️⃣ warning: unknown parameter 'dst' of module copy [did you mean 'dest'?]"])
  }

  static let tolerant = [
    "- debug: {msg: \"1️⃣{{ a b }}\"}\n  ignore_errors: true",
    "- block:\n    - debug: {msg: \"1️⃣{{ a b }}\"}\n  rescue: []",
    "- debug: {msg: \"1️⃣{{ a b }}\"}\n  failed_when: false",
  ]

  @Test(arguments: tolerant)
  func `a broken template that may fail is a warning, and fails when it is used`(_ text: String) throws {
    let parsed = ParsedText(tasks: text)
    #expect(parsed.diagnostics.count == 1)
    #expect(parsed.diagnostics.first?.contains(" warning: syntax error in template") == true)
    let message = try #require(parsed.tasks.first?.arguments.values["msg"])
    let error = try #require(throws: TemplateError.self) { try Renderer().value(of: message, in: LayeredScope([:])) }
    #expect(error.diagnostic.message.contains("syntax error in template"))
  }

  @Test func `a broken template is an error otherwise, in conditions too`() {
    let parsed = ParsedText(tasks: "- debug: {msg: \"{{ a b }}\"}\n- ping:\n  when: a ==")
    #expect(parsed.diagnostics.map { $0.contains("error: syntax error in template") } == [true, true])
  }

  @Test(arguments: [("a | defalt(1)", "default"), ("a is strng", "string")])
  func `an unknown filter or test warns, with the name that was meant`(expression: String, meant: String) {
    let parsed = ParsedText(tasks: "- debug: {msg: \"{{ \(expression) }}\"}")
    #expect(parsed.diagnostics.map { $0.contains("did you mean '\(meant)'?") } == [true])
  }
}
