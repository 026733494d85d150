import Foundation
import Support
import Testing

/// One-line wrappers under Ansible's names on PATH, used as scripts use those; texts and statuses are ansible-core 2.19's.
struct DropInTests {
  static let commands = ["ansible-playbook": "run", "ansible": "exec", "ansible-inventory": "inventory", "ansible-vault": "vault"]

  /// The shell writes them itself: a file that this process wrote could be open in a child of another test, and be "busy".
  static let wrappers = "mkdir bin\n" + commands.map { name, command in
    "printf '#!/bin/sh\\nexec %s %s \"$@\"\\n' '\(MartletProgram.path)' \(command) >bin/\(name) && chmod +x bin/\(name)"
  }.joined(separator: "\n")

  static let files = [
    "site.yml": """
      - name: web
        hosts: web
        gather_facts: no
        tags: [play, "{{ stage }}"]
        tasks:
          - name: one
            debug: {msg: "x={{ x | default('none') }}"}
            tags: a
          - name: two
            debug: {msg: two}
          - meta: noop
            tags: m
          - name: three
            fail: {msg: no}
            when: inventory_hostname == bad | default('')
      - hosts: [db, "{{ more | default('localhost') }}"]
        gather_facts: no
        roles: [{role: r, tags: rr}]

      """,
    "roles/r/tasks/main.yml": "- name: in role\n  debug: {msg: r}\n- import_tasks: more.yml\n  tags: imp\n",
    "roles/r/tasks/more.yml": "- name: more\n  debug: {msg: more}\n- name: later\n  include_role: {name: gone}\n  tags: never\n",
    "hosts": "[web]\nw1\nw2\n[db]\nd1\n[all:vars]\nansible_connection=local\n",
    "all.yml": "- import_playbook: site.yml\n  tags: [whole, '{{ stage }}']\n",
    "tag.yml": "- hosts: d1\n  gather_facts: no\n  tasks:\n    - debug:\n      tags: ['{{ nope }}']\n",
    "later-tag.yml": "- hosts: d1\n  gather_facts: no\n  tasks:\n    - include_tasks: tagged.yml\n",
    "tagged.yml": "- debug:\n  tags: ['{{ nope }}']\n",
    "notify.yml": "- hosts: d1\n  gather_facts: no\n  tasks:\n    - command: 'true'\n      notify: nobody\n    - debug: {msg: on}\n",
    "hostvars.yml": "- hosts: d1\n  gather_facts: no\n  tasks:\n    - debug: {msg: \"{{ hostvars.d1.inventory_hostname }} {{ hostvars.keys() }} {{ hostvars.localhost is defined }}\"}\n",
    "sealed.yml": "- hosts: d1\n  gather_facts: no\n  tasks:\n    - include_vars: v.yml\n    - assert: {that: x == 'file'}\n",
    "reserved.yml": "- hosts: d1\n  gather_facts: no\n  vars: {lipsum: 1}\n  tasks:\n    - debug: {msg: '{{ [1, {a: b}] }}'}\n      vars: {tags: 1, a: 2, b: 3}\n      register: environment\n",
    "debugger.yml": "- hosts: d1\n  gather_facts: no\n  debugger: never\n  tasks:\n    - debug:\n      debugger: always\n    - block:\n        - debug:\n      debugger: on_failed\n",
    "v.yml": "x: file\n", "list.yml": "- x\n", "broken.yml": "x: [\n", "site.retry": "w2\n", "secret.txt": "pw\n",
  ]

  /// A command line as a script has it, its status, and what its output holds and must not hold.
  struct Call: CustomTestStringConvertible {
    var line: String
    var status: Int32 = 0
    var holds: [String] = []
    var lacks: [String] = []
    var testDescription: String { line }
  }

  static let play = "ansible-playbook -i hosts site.yml -e stage=s"

  static let calls = [
    Call(
      line: "\(play) --list-tasks",
      holds: [
        "\nplaybook: site.yml\n\n  play #1 (web): web\tTAGS: [play,{{ stage }}]\n    tasks:\n      one\tTAGS: [a, play, s]\n",
        "      meta\tTAGS: [m, play, s]\n",
        "\n  play #2 (db,localhost): db,localhost\tTAGS: []\n    tasks:\n      r : in role\tTAGS: [rr]\n      r : more\tTAGS: [imp, rr]\n",
      ]),
    Call(
      line: "ansible-playbook -i hosts all.yml -e stage=s --list-tasks --tags rr,never",
      holds: [
        "play #1 (web): web\tTAGS: [play,s,whole,{{ stage }}]\n    tasks:\n\n", "TAGS: [s,whole]\n",
        "      later\tTAGS: [imp, never, rr, s, whole]\n",
      ]),
    Call(line: "\(play) --list-tasks --tags imp", holds: ["r : more"], lacks: ["in role", "one"]),
    Call(line: "\(play) --list-tags", holds: ["      TASK TAGS: [a, m, play, s]\n", "      TASK TAGS: [imp, never, rr]\n"]),
    Call(
      line: "\(play) --list-hosts --limit w2:d1",
      holds: ["    pattern: ['web']\n    hosts (1):\n      w2\n", "    pattern: ['db', 'localhost']\n    hosts (1):\n      d1\n"], lacks: ["w1"]),
    Call(line: "\(play) --syntax-check", holds: ["\nplaybook: site.yml\n"], lacks: ["PLAY"]),
    Call(line: "\(play) -e @v.yml", holds: ["x=file", "w1                         : ok=2"]),
    Call(line: "\(play) -e @v.yml -e x=word", holds: ["x=word"], lacks: ["x=file"]),
    Call(line: "\(play) -e '{\"x\": [1]}'", holds: ["x=[1]"]),
    Call(line: "\(play) --limit @site.retry", holds: ["w2 "], lacks: ["w1", "d1"]),
    Call(line: "\(play) --start-at-task 'in r*'", holds: ["TASK [r : in role]", "TASK [r : more]"], lacks: ["TASK [one]", "TASK [meta]"]),
    Call(
      line: "\(play) --start-at-task gone",
      holds: ["[ERROR]: No matching task \"gone\" found. Note: --start-at-task can only follow static includes."], lacks: ["TASK"]),
    Call(line: "\(play) -e bad=w1", status: 2, holds: ["fatal: [w1]: FAILED!"]),
    Call(line: "\(play) -e word", holds: ["x=none"]),
    Call(line: "\(play) -e @list.yml", status: 5),
    Call(line: "\(play) -e '[1]'", status: 5),
    Call(line: "\(play) -e ./v.yml", status: 5, holds: ["write -e @./v.yml"]),
    Call(line: "\(play) -e @broken.yml", status: 4),
    Call(line: "\(play) -e @gone.yml", status: 1, holds: ["gone.yml"]),
    Call(line: "\(play) --limit @gone", status: 1, holds: ["[ERROR]: Unable to find limit file gone"]),
    Call(line: "\(play) --limit nobody", status: 1),
    Call(line: "ansible-playbook -ihosts -estage=s -lw2 -f10 -ta -vv site.yml", holds: ["ok: [w2] => {"], lacks: ["[w1]", "two"]),
    Call(line: "ansible -ihosts w1 -mdebug -amsg=hi", holds: ["\"msg\": \"hi\""]),
    Call(line: "\(play) --forks 0", status: 2, holds: ["(--forks) must be >= 1"]),
    Call(line: "\(play) --no-such-flag", status: 2),
    Call(line: "ansible-playbook -i hosts gone.yml", status: 1, holds: ["[ERROR]: the playbook: gone.yml could not be found"]),
    Call(line: "ansible-playbook -i hosts roles", status: 1, holds: ["[ERROR]: the playbook: roles does not appear to be a file"]),
    Call(line: "ansible-playbook -i hosts broken.yml", status: 4),
    Call(line: "ansible-playbook", status: 2),
    Call(line: "ansible -i hosts web --list-hosts", holds: ["  hosts (2):\n    w1\n    w2\n"]),
    Call(line: "ansible -i hosts w1 -m debug -a msg=hi", holds: ["w1 | SUCCESS => {\n    \"msg\": \"hi\"\n}"]),
    Call(line: "ansible -i hosts w1 -a false", status: 2, holds: ["w1 | FAILED | rc=1 >>"]),
    Call(line: "ansible -i hosts w1 -m debug -e '[1]'", status: 5),
    Call(line: "ansible", status: 2),
    Call(line: "ansible -i hosts w1 -m nosuch", status: 2, holds: ["unknown module 'nosuch'"]),
    Call(line: "ansible -i hosts w1 -m debug -a 'msg=a\\ b'", status: 2, holds: ["debug takes no free text"]),
    Call(line: "ansible-playbook -i hosts tag.yml", status: 1, holds: ["PLAY [d1]", "'nope' is undefined"], lacks: ["TASK"]),
    Call(line: "ansible-playbook -i hosts later-tag.yml", status: 2, holds: ["'nope' is undefined"], lacks: ["TASK [debug]"]),
    Call(line: "ansible-playbook -i hosts tag.yml --list-tasks", status: 1, holds: ["'nope' is undefined"]),
    Call(
      line: "ansible-playbook -i hosts notify.yml", status: 1,
      holds: ["[ERROR]: The requested handler 'nobody' was not found in either the main handlers list nor"], lacks: ["TASK [debug]"]),
    Call(line: "ansible-playbook -i hosts hostvars.yml", holds: ["d1 ['w1', 'w2', 'd1'] True"]),
    Call(
      line: "ansible-vault encrypt --vault-password-file secret.txt v.yml && ansible-playbook -v -i hosts --vault-password-file secret.txt sealed.yml",
      holds: ["ok: [d1] => {\"censored\": "], lacks: ["ansible_included_var_files"]),
    Call(
      line: "ansible-playbook -i hosts reserved.yml -e become=1",
      holds: ["[WARNING]: Found variable using reserved name 'become'.", "reserved name 'lipsum'", "reserved name 'environment'"],
      lacks: ["reserved name 'tags'"]),
    Call(
      line: "ANSIBLE_STDOUT_CALLBACK=minimal ansible-playbook -i hosts reserved.yml", holds: ["d1 | SUCCESS => {\n    \"msg\": [\n"],
      lacks: ["PLAY"]),
    Call(line: "ANSIBLE_STDOUT_CALLBACK=oneline ansible-playbook -i hosts reserved.yml", holds: ["d1 | SUCCESS => {"], lacks: ["PLAY"]),
    Call(
      line: "ANSIBLE_STDOUT_CALLBACK=json ansible-playbook -i hosts reserved.yml",
      holds: ["\"action\": \"debug\",\n", "    \"stats\": {\n        \"d1\": {\n            \"changed\": 0,"], lacks: ["PLAY"]),
    Call(line: "ANSIBLE_STDOUT_CALLBACK=yaml ansible-playbook -i hosts reserved.yml", holds: ["ok: [d1] => \n    msg:\n    - 1\n"]),
    Call(line: "ANSIBLE_CALLBACK_RESULT_FORMAT=yaml ansible-playbook -i hosts reserved.yml", holds: ["ok: [d1] => \n    msg:\n    - 1\n"]),
    Call(
      line: "ANSIBLE_STDOUT_CALLBACK=dense ansible-playbook -i hosts reserved.yml",
      holds: ["[WARNING]: the stdout_callback 'dense' is not supported", "PLAY [d1]"]),
    Call(
      line: "ansible-playbook -i hosts debugger.yml 2>&1 | grep -c \"'debugger' is not supported\"", holds: ["1\n"]),
    Call(line: "ansible-playbook -i hosts debugger.yml", holds: ["debugger.yml:5:7: warning: 'debugger' is not supported", "ok=2"]),
    Call(line: "ansible-inventory -i hosts --graph web", holds: ["@web:\n  |--w1\n  |--w2\n"]),
    Call(line: "ansible-inventory -i hosts --host w1", holds: ["{\n    \"ansible_connection\": \"local\"\n}"]),
    Call(line: "ansible-inventory -i hosts --list -e '[1]'", status: 5),
    Call(line: "ansible-inventory -i hosts --list -e @gone.yml", status: 1),
    Call(line: "ansible-inventory -i hosts", status: 5),
    Call(line: "ansible-inventory -i hosts --list --toml", holds: ["[web.hosts.w1]\nansible_connection = \"local\"\n\n[web.hosts.w2]\n"]),
    Call(line: "ansible-inventory --no-such-flag", status: 2),
    Call(
      line: "ansible-vault encrypt --vault-password-file secret.txt v.yml && head -c 14 v.yml && ansible-vault view --vault-password-file secret.txt v.yml",
      holds: ["$ANSIBLE_VAULT", "x: file\n"]),
    Call(line: "ansible-vault view gone.yml --vault-password-file secret.txt", status: 1),
    Call(line: "ansible-vault", status: 2),
  ]

  @Test(arguments: calls)
  func `a wrapper's output and status are what scripts expect`(_ call: Call) async throws {
    try await ScratchFolder.with { home in
      try Self.write(to: home)
      let ending = try await ChildProcess.run(
        "/bin/sh", ["-c", "\(Self.wrappers)\n\(call.line)"],
        environment: [
          "PATH": "\(home)/bin:/usr/bin:/bin", "HOME": home, "MARTLET_MODULES": "\(SourceTree.root)/Modules", "LC_ALL": "C.UTF-8",
        ],
        directory: home, deadlineSeconds: 120)
      let output = ending.stdout + ending.stderr
      #expect(ending.status == call.status, "\(output)")
      for text in call.holds { #expect(output.contains(text), "\(output)") }
      for text in call.lacks { #expect(!output.contains(text), "\(output)") }
    }
  }

  private static func write(to home: String) throws {
    for (name, text) in files {
      let path = "\(home)/\(name)"
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
