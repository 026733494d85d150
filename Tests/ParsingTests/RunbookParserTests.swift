import Model
import OrderedCollections
import Parsing
import Templating
import Testing

/// Plays and what they bring in from other files.
struct RunbookParserTests {
  static let mistakes: [(String, [String])] = [
    ("1️⃣[]\n", ["1️⃣ error: A playbook must contain at least one play [write a list of plays, each with 'hosts' and 'tasks']"]),
    ("1️⃣", ["1️⃣ error: A playbook must contain at least one play [write a list of plays, each with 'hosts' and 'tasks']"]),
    (
      "1️⃣hosts: all\n",
      [
        "1️⃣ error: a runbook is a list of plays, not a mapping [start each play with '- "
          + "hosts: …']"
      ]
    ),
    ("- 1️⃣all\n", ["1️⃣ error: a play is a mapping with 'hosts', not a string"]),
    ("- 1️⃣name: x\n", ["1️⃣ error: a play needs 'hosts' [write 'hosts: all', a group's name or any other pattern]"]),
    (
      "- 1️⃣ping:\n  when: x\n",
      [
        "1️⃣ error: 'ping' is not a valid attribute for a Play: this is a task, but here stand plays [put it under 'tasks:' of a play, which starts with '- "
          + "hosts: …']"
      ]
    ),
    ("- hosts: all\n  1️⃣tsks: []\n", ["1️⃣ error: unknown keyword 'tsks' of play [did you mean 'tasks'?]"]),
    ("- hosts: 1️⃣\n", ["1:9 error: 'hosts' takes a pattern or a list of patterns, not nothing"]),
    ("- hosts: 1️⃣{a: b}\n", ["1️⃣ error: 'hosts' takes a pattern or a list of patterns, not a mapping"]),
    ("- hosts: 1️⃣[]\n", ["1️⃣ error: Hosts list cannot be empty. Please check your playbook [name a host, a group or 'all']"]),
    ("- hosts: all\n  gather_facts: 1️⃣maybe\n", ["1️⃣ error: 'gather_facts' takes true or false, not 'maybe'"]),
    (
      "- hosts: all\n  max_fail_percentage: 1️⃣most\n",
      [
        "1️⃣ error: 'max_fail_percentage' takes a number or a "
          + "percentage, not 'most'"
      ]
    ),
    (
      "- hosts: all\n  user: a\n  1️⃣remote_user: b\n",
      [
        "1️⃣ error: both 'user' and 'remote_user' are set for this play. "
          + "The use of 'user' is deprecated, and should be removed"
      ]
    ),
    ("- hosts: all\n  roles: [1️⃣nrole]\n", ["1️⃣ error: there is no role 'nrole' [did you mean 'role'?]"]),
    ("- hosts: all\n  vars_prompt: [1️⃣{prompt: x}]\n", ["1️⃣ error: Invalid vars_prompt data structure, missing 'name' key"]),
    ("- 1️⃣hosts: all\n  vars_files: [gone.yml]\n", ["1️⃣ error: vars_files: there is no file 'gone.yml'"]),
    ("- import_playbook: 1️⃣gone.yml\n", ["1️⃣ error: there is no file 'gone.yml'"]),
    ("- import_playbook: 1️⃣site.yml\n", ["1️⃣ error: the import goes in a circle: site.yml → site.yml"]),
    (
      "- hosts: all\n  tasks:\n    - import_tasks: again.yml\n",
      [
        "1:17 error: the import goes in a circle: "
          + "again.yml → again.yml"
      ]
    ),
    (
      "- hosts: all\n  handlers:\n    - 1️⃣block: []\n",
      [
        "1️⃣ error: Using a block as a handler is not supported. [let several "
          + "handlers 'listen' to one name instead]"
      ]
    ),
  ]

  @Test(arguments: mistakes)
  func `a mistake in a play is told where it stands`(_ text: String, _ expected: [String]) {
    let files = ["roles/role/tasks/main.yml": "- ping:\n", "again.yml": "- import_tasks: again.yml\n"]
    #expect(ParsedText(text, files: files).diagnostics == expected)
  }

  @Test func `the keywords of a play are read`() throws {
    let parsed = ParsedText(
      """
      - name: web
        hosts: [web, "!old"]
        gather_facts: false
        serial: [1, 50%]
        max_fail_percentage: 10%
        any_errors_fatal: true
        order: sorted
        strategy: free
        force_handlers: yes
        become: true
        vars: {port: 80, url: "http://{{ host }}"}
        vars_files: [[one.yml, two.yml], "{{ os }}.yml"]
        vars_prompt:
          - {name: pass, prompt: Password, private: no, confirm: yes, default: x, salt_size: 8}
        handlers:
          - name: restart
            ping:
            listen: [web changed]
        id: first
        needs: []
      """, files: ["two.yml": "a: 1\n"])
    #expect(parsed.diagnostics == [])
    let play = try #require(parsed.runbook?.plays.first)
    #expect(play.hosts.constant == ["web", "!old"])
    #expect(play.serial.map(\.constant) == [1, "50%"])
    #expect(play.keywords.vars["port"]?.constant == 80)
    #expect(play.keywords.vars["url"]?.template?.source == "http://{{ host }}")
    #expect(play.varsFiles.map(\.constant) == [["one.yml", "two.yml"], nil])
    #expect(play.varsPrompts.first?.isPrivate == false && play.varsPrompts.first?.mustConfirm == true)
    #expect(ParsedText.flat(play.handlers).first?.listen.map(\.constant) == ["web changed"])
    #expect(play.id == "first" && play.needs == [])
  }

  @Test func `an imported runbook brings its plays under the import's keywords`() throws {
    let parsed = ParsedText(
      "- import_playbook: sub/b.yml\n  when: go\n  tags: t\n  vars: {v: 1}\n- hosts: c\n",
      files: ["sub/b.yml": "- hosts: a\n  tasks: [{import_tasks: t.yml}]\n- hosts: b\n", "sub/t.yml": "- ping:\n"])
    #expect(parsed.diagnostics == [])
    let plays = try #require(parsed.runbook?.plays)
    #expect(plays.map(\.hosts.constant) == ["a", "b", "c"])
    #expect(plays.map(\.directory) == ["sub", "sub", ""])
    #expect(plays[0].importKeywords.first?.vars["v"]?.constant == 1)
    #expect(plays[2].importKeywords.isEmpty)
    #expect(parsed.tasks.map(\.module.short) == ["ping"])
  }

  @Test func `imported tasks find their files beside the including one`() {
    let parsed = ParsedText(
      tasks: "- import_tasks: tasks/a.yml",
      files: [
        "tasks/a.yml": "- import_tasks: b.yml\n- import_tasks: deep/c.yml\n", "tasks/b.yml": "- ping:\n",
        "tasks/deep/c.yml": "- import_tasks: d.yml\n", "tasks/deep/d.yml": "- debug: {msg: d}\n",
      ])
    #expect(parsed.diagnostics == [])
    #expect(parsed.tasks.map(\.module.short) == ["ping", "debug"])
  }

  @Test func `a mistake in an imported file is told there`() {
    let parsed = ParsedText(tasks: "- import_tasks: a.yml", files: ["a.yml": "- ping:\n  whne: 1\n"])
    #expect(parsed.diagnostics == ["2:3 error: unknown keyword 'whne' of task [did you mean 'when'?]"])
  }

  @Test func `a role brings its files`() throws {
    let parsed = ParsedText(
      "- hosts: all\n  roles:\n    - {role: web, web_port: 8080, tags: [w], when: go}\n",
      files: [
        "roles/web/tasks/main.yml": "- import_tasks: setup.yml\n- ping:\n",
        "roles/web/tasks/setup.yml": "- debug: {msg: hi}\n",
        "roles/web/handlers/main.yaml": "- name: restart\n  service: {name: web, state: started}\n",
        "roles/web/defaults/main.yml": "a: 1\nb: \"{{ a }}\"\n", "roles/web/vars/main/one.yml": "c: 1\n",
        "roles/web/vars/main/two.yml": "c: 2\n",
        "roles/web/meta/main.yml": "allow_duplicates: yes\ndependencies:\n  - base\n  - {role: base, x: 1}\n",
        "roles/web/meta/argument_specs.yml": "argument_specs: {main: {options: {port: {type: int}}}}\n",
        "roles/base/tasks/main.yml": "- ping:\n",
      ])
    #expect(parsed.diagnostics == [])
    let use = try #require(parsed.runbook?.plays.first?.roles.first)
    #expect(use.parameters["web_port"]?.constant == 8080)
    #expect(use.parameters.count == 1)
    #expect(use.keywords.tags.map(\.constant) == ["w"] && use.keywords.when.map(\.text) == ["go"])
    #expect(ParsedText.flat(use.role.tasks).map(\.module.short) == ["debug", "ping"])
    #expect(ParsedText.flat(use.role.handlers).map(\.module.short) == ["service"])
    #expect(use.role.defaults["b"]?.template?.source == "{{ a }}")
    #expect(use.role.vars["c"]?.constant == 2)
    #expect(use.role.dependencies.map(\.role.name) == ["base", "base"])
    #expect(use.role.allowsDuplicates)
    #expect(use.role.argumentSpec?.constant?["options"]?["port"]?["type"] == "int")
  }

  @Test func `import_role chooses files of a role`() throws {
    let parsed = ParsedText(
      tasks: "- import_role: {name: web, tasks_from: extra, vars_from: other.yml, public: no}\n  vars: {x: 1}",
      files: ["roles/web/tasks/extra.yml": "- ping:\n", "roles/web/vars/other.yml": "v: 1\n"])
    #expect(parsed.diagnostics == [])
    guard case .role(let use)? = parsed.runbook?.plays.first?.tasks.first else { return #expect(Bool(false)) }
    #expect(use.isImport && use.role.vars["v"]?.constant == 1 && use.isPublic?.constant == false)
    #expect(use.keywords.vars["x"]?.constant == 1)
    #expect(parsed.tasks.first?.context?.role?.name == "web")
  }

  @Test func `a missing tasks_from is told`() {
    let parsed = ParsedText(
      tasks: "- import_role: {1️⃣name: web, tasks_from: gone}", files: ["roles/web/tasks/main.yml": "- ping:\n"])
    #expect(parsed.diagnostics == ["1️⃣ error: role 'web' has no file 'tasks/gone'"])
  }

  @Test func `roles that depend on each other are told`() {
    let parsed = ParsedText(
      "- hosts: all\n  roles: [a]\n",
      files: ["roles/a/meta/main.yml": "dependencies: [b]\n", "roles/b/meta/main.yml": "dependencies: [a]\n"])
    #expect(parsed.diagnostics == ["1:16 error: the import goes in a circle: role a → role b → role a"])
  }

  @Test func `a role of a collection is found, and its neighbours by their short names`() throws {
    var settings = ParserSettings()
    settings.collectionsPath = ["cols"]
    let root = "cols/ansible_collections/ns/col/roles"
    let parsed = ParsedText(
      "- hosts: all\n  roles: [ns.col.web]\n",
      files: [
        "\(root)/web/tasks/main.yml": "- import_role: {name: helper}\n", "\(root)/helper/tasks/main.yml": "- ping:\n",
      ], settings: settings)
    #expect(parsed.diagnostics == [])
    let role = try #require(parsed.runbook?.plays.first?.roles.first?.role)
    #expect(role.name == "ns.col.web" && role.collection == "ns.col")
    #expect(ParsedText.flat(role.tasks).first?.context?.role?.name == "ns.col.helper")
  }

  @Test func `includes at run time are left for the run`() throws {
    let parsed = ParsedText(
      tasks: """
        - include_tasks: "{{ os }}.yml"
        - include_tasks: {file: gone.yml, apply: {tags: [x], when: y}}
        - include_role: {role: gone}
        - include_tasks: gone.yml
          loop: [1, 2]
        """)
    #expect(parsed.diagnostics == [])
    #expect(parsed.tasks[0].arguments.freeForm?.template?.source == "{{ os }}.yml")
    #expect(parsed.tasks[1].arguments.freeForm?.constant == "gone.yml")
    #expect(parsed.tasks[1].apply?.tags.map(\.constant) == ["x"] && parsed.tasks[1].apply?.when.count == 1)
    #expect(parsed.tasks[2].arguments.values["name"]?.constant == "gone")
  }

  @Test func `a Python plugin is told for what it is`() {
    let parsed = ParsedText(tasks: "- 1️⃣echo: {a: b}", files: ["action_plugins/echo.py": "class ActionModule: pass\n"])
    #expect(
      parsed.diagnostics == [
        "1️⃣ error: 'echo' is the Python plugin 'action_plugins/echo.py', which cannot be loaded here "
          + "[write it as a module: an executable in 'library/']"
      ])
  }
}

/// Names that are known before the run.
struct StaticNameTests {
  @Test func `names of imports may use the play's, the role's and extra variables`() {
    var settings = ParserSettings()
    settings.extraVariables = ["kind": .value("good")]
    let parsed = ParsedText(
      """
      - hosts: all
        vars: {role: web, kind: bad}
        roles: ["{{ role }}"]
        tasks:
          - import_tasks: "{{ file }}-{{ kind }}.yml"
            vars: {file: one}
      """,
      files: [
        "one-good.yml": "- ping:\n", "roles/web/defaults/main.yml": "setup: fast\n",
        "roles/web/tasks/main.yml": "- import_tasks: \"{{ role_path }}/other/{{ setup }}.yml\"\n",
        "roles/web/other/fast.yml": "- debug: {msg: hi}\n",
      ], settings: settings)
    // In memory a role's path is relative: it is found beside the runbook.
    #expect(parsed.diagnostics == [])
    #expect(parsed.tasks.map(\.module.short) == ["ping"])
    #expect(parsed.runbook?.plays.first?.roles.first.map { ParsedText.flat($0.role.tasks).count } == 1)
  }

  @Test func `a name that needs facts is refused, with the reason`() {
    let parsed = ParsedText(tasks: "- import_tasks: 1️⃣\"{{ ansible_facts.os }}.yml\"")
    #expect(parsed.diagnostics.count == 1)
    #expect(parsed.diagnostics.first?.contains("is undefined") == true)
    #expect(parsed.diagnostics.first?.contains("no facts and nothing of the inventory") == true)
  }
}
