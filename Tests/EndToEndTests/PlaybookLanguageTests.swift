import Foundation
import Support
import Testing

/// Playbooks that once meant something else here than they should; each is named after what was wrong.
@Suite struct PlaybookLanguageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var playbook: String
    /// Files beside it, by name.
    var files: [String: String] = [:]
    var status: Int32 = 0
    /// Lines that must be in the output, and lines that must not.
    var says: [String] = []
    var keepsSilent: [String] = []

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "throttle holds over all hosts under the free strategy, where hosts come to a task one by one",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - add_host: {name: "{{ item }}", groups: many, ansible_connection: local}
              loop: [a, b, c, d]
        - hosts: many
          gather_facts: false
          strategy: free
          tasks:
            - shell: mkdir "{{ playbook_dir }}/alone" && sleep 0.3 && rmdir "{{ playbook_dir }}/alone"
              throttle: 1
        """, says: ["failed=0"]),
    Case(
      name: "a delegated task knows its delegate's address",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - set_fact: {dv: "{{ ansible_delegated_vars[ansible_host].ansible_host }}"}
              delegate_to: "{{ item }}"
              delegate_facts: true
              loop: [a, b]
            - assert: {that: [hostvars.a.dv == 'a', hostvars.b.dv == 'b']}
        """, says: ["failed=0"]),
    Case(
      name: "delegate_facts in a loop tells each item's host its own",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - add_host: {name: "{{ item }}"}
              loop: [a, b]
            - set_fact: {who: "{{ item }}"}
              delegate_to: "{{ item }}"
              delegate_facts: true
              loop: [a, b]
            - assert:
                that: [who is undefined, hostvars.a.who == 'a', hostvars.b.who == 'b']
        """, says: ["failed=0"]),
    Case(
      name: "with_first_found looks where its task reads, the lookup beside the runbook only; old lists in one text still count",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - include_vars: "{{ item }}"
              with_first_found: ["{{ nope }}.yml", found.yml]
            - assert:
                that:
                  - here == 'vars'
                  - q('first_found', 'found.yml', skip=true) == []
                  - q('first_found', old) | first is match('.*/vars/found.yml')
              vars: {old: {files: a;found.yml, paths: b:vars}}
        """, files: ["vars/found.yml": "here: vars", "files/found.yml": "here: files"], says: ["failed=0"]),
    Case(
      name: "ignore_errors holds where the loop itself cannot be evaluated",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: "{{ item }}"}
              loop: "{{ nope }}"
              ignore_errors: true
            - debug: {msg: went on}
        """, says: ["went on", "ignored=1"]),
    Case(
      name: "a label that cannot be rendered fails its item",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: "{{ item }}"}
              loop: [1]
              loop_control: {label: "{{ nope }}"}
              register: r
              ignore_errors: true
            - assert: {that: "r.results[0].msg is contains('nope')"}
        """, says: ["ignored=1"]),
    Case(
      name: "errors that clear_host_errors took back don't count for the exit status",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - block: [fail: ]
              always: [meta: clear_host_errors]
        """, says: ["failed=1"]),
    Case(
      name: "failed_when sees the attempts; a result says whether it timed out, started and finished",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - command: "true"
              register: r
              until: r.attempts == 2
              failed_when: r.attempts > 2
              delay: 0.1
            - assert: {that: [r is finished, r is started, r is not timedout, r.attempts == 2]}
            - command: sleep 20
              timeout: 1
              register: late
              ignore_errors: true
            - assert: {that: [late is timedout, late.timedout.period == 1, late.msg is contains('Timed out after')]}
        """, says: ["failed=0"]),
    Case(
      name: "a failed host is out of ansible_play_hosts although its handlers are forced",
      playbook: """
        - hosts: a,b
          gather_facts: false
          force_handlers: true
          tasks:
            - {fail: , when: inventory_hostname == 'a'}
            - assert: {that: "ansible_play_hosts == ['b']"}
        """, status: 2,
      says: ["All assertions passed"]),
    Case(
      name: "a template in a folder keeps its whole name and, where asked, its mode; ansible_managed is there for lookups",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - tempfile: {state: directory}
              register: made
            - template: {src: a.j2, dest: "{{ made.path }}/", mode: preserve}
              register: r
            - assert: {that: [r.dest == made.path ~ '/a.j2', "lookup('template', 'a.j2') == 'Ansible managed'"]}
            - file: {path: "{{ made.path }}", state: absent}
        """, files: ["a.j2": "{{ ansible_managed }}"]),
    Case(
      name: "of handlers of one name in a play the first runs",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: hello}
              changed_when: true
              notify: h
          handlers:
            - {name: h, debug: {msg: the first}}
            - {name: h, debug: {msg: the second}}
        """, says: ["the first"], keepsSilent: ["the second"]),
    Case(
      name: "a failing include is fatal for all under any_errors_fatal",
      playbook: """
        - hosts: a,b
          gather_facts: false
          any_errors_fatal: true
          tasks:
            - include_tasks: nope.yml
              when: inventory_hostname == 'a'
            - debug: {msg: went on}
        """, status: 2, keepsSilent: ["went on"]),
    Case(
      name: "forced handlers run on the host whose failure is fatal",
      playbook: """
        - hosts: a,b
          gather_facts: false
          any_errors_fatal: true
          force_handlers: true
          tasks:
            - debug: {msg: hello}
              changed_when: true
              notify: h
            - fail:
              when: inventory_hostname == 'a'
          handlers:
            - {name: h, debug: {msg: the handler}}
        """, status: 2, says: ["the handler"]),
    Case(
      name: "a play sees what its import_playbook sets, before its own variables",
      playbook: """
        - import_playbook: other.yml
          vars: {colour: green}
        """,
      files: [
        "other.yml": """
          - hosts: localhost
            gather_facts: false
            vars: {colour: red}
            tasks:
              - debug: {msg: "it is {{ colour }}"}
          """
      ], says: ["it is green"]),
    Case(
      name: "include_role runs a role that the play has already",
      playbook: """
        - hosts: localhost
          gather_facts: false
          roles: [r]
          tasks:
            - include_role: {name: r}
            - debug: {msg: "{{ count | default(0) }} times"}
        """,
      files: ["roles/r/tasks/main.yml": "- set_fact: {count: '{{ count | default(0) | int + 1 }}'}\n"], says: ["2 times"]),
    Case(
      name: "set_fact refuses a word of Python as a name",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - set_fact: {"{{ 'true' }}": 1}
        """, status: 2, says: ["Invalid variable name 'true'"]),
    Case(
      name: "a condition that is a template of a text is never evaluated",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: shown}
              when: "{{ '1 == 1' }}"
        """, status: 2, says: ["untrusted template or expression"], keepsSilent: ["ok: [localhost]"]),
    Case(
      name: "an action's name may be a template",
      playbook: """
        - hosts: localhost
          gather_facts: false
          vars: {which: debug}
          tasks:
            - action: {module: "{{ which }}", msg: from a template}
              register: r
            - assert: {that: "r.msg == 'from a template'"}
        """, says: ["All assertions passed"]),
    Case(
      name: "a keyword that is no boolean fails the task",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: shown}
              ignore_errors: "{{ 'perhaps' }}"
              diff: "{{ 'perhaps' }}"
        """, status: 2, says: ["could not be converted to 'bool'"]),
    Case(
      name: "throttle that is no number says so",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: shown}
              throttle: "{{ 'nope' }}"
        """, status: 2, says: ["Failed to convert the throttle value to an integer"]),
    Case(
      name: "a handler whose name cannot be rendered is told, and is no handler",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: hello}
              changed_when: true
              notify: handler x
          handlers:
            - {name: "handler {{ nope }}", debug: {msg: ran}}
        """, status: 1,
      says: ["Handler 'handler {{ nope }}' is unusable", "The requested handler 'handler x' was not found"]),
    Case(
      name: "of handlers that an include brings twice only the last runs",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - include_role: {name: r}
            - include_role: {name: r}
          handlers: []
        """,
      files: [
        "roles/r/tasks/main.yml": "- {debug: {msg: task}, changed_when: true, notify: h}\n",
        "roles/r/handlers/main.yml": "- {name: h, set_fact: {runs: '{{ runs | default(0) | int + 1 }}'}}\n",
      ], says: ["ok=5 "]),
    Case(
      name: "a handler that failed and was rescued does not run again",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - block:
                - debug: {msg: task}
                  changed_when: true
                  notify: h
                - meta: flush_handlers
              rescue:
                - debug: {msg: rescued}
          handlers:
            - {name: h, fail: }
        """, says: ["rescued=1"]),
    Case(
      name: "a delegate that comes to an empty text fails the step, whatever its condition",
      playbook: """
        - hosts: localhost
          gather_facts: false
          vars: {nobody: ''}
          tasks:
            - ping:
              delegate_to: "{{ nobody }}"
              when: false
        """, status: 2, says: ["Empty hostname produced from delegate_to"]),
    Case(
      name: "ansible_delegated_vars has the delegate's variables",
      playbook: """
        - hosts: a
          gather_facts: false
          tasks:
            - add_host: {name: other, colour: green}
            - assert:
                that:
                  - ansible_delegated_vars.other.colour == 'green'
                  - ansible_delegated_vars.other.inventory_hostname == 'a'
              delegate_to: other
        """, says: ["All assertions passed"]),
    Case(
      name: "an imported role with public=no keeps its variables, and one in an included file shows them",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - import_role: name=hidden public=no
            - include_tasks: more.yml
            - debug: {msg: "{{ hidden_v | default('hidden') }} {{ shown_v | default('lost') }}"}
        """,
      files: [
        "more.yml": "- import_role: {name: shown}\n", "roles/hidden/vars/main.yml": "hidden_v: seen\n",
        "roles/shown/vars/main.yml": "shown_v: shown\n",
      ], says: ["hidden shown"]),
    Case(
      name: "lineinfile makes folders, registers its diff, and warns of an empty pattern",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - lineinfile: {path: "{{ playbook_dir }}/new/deep/f", line: one, create: true}
              diff: true
              register: r
            - lineinfile: {path: "{{ playbook_dir }}/new/deep/f", line: two, search_string: ''}
              register: s
            - assert:
                that:
                  - r.diff[0].after == 'one\\n'
                  - s.msg == 'line replaced'
                  - s.warnings[0] is contains('empty string')
        """, says: ["All assertions passed"]),
    Case(
      name: "an unknown connection matters only to what needs one",
      playbook: """
        - hosts: a
          gather_facts: false
          vars: {ansible_connection: winrm}
          tasks:
            - ping:
              ignore_errors: true
              register: r
            - assert: {that: r is failed}
        """, says: ["All assertions passed"]),
    Case(
      name: "lookups know settings and hosts",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: "{{ lookup('config', 'DEFAULT_BECOME_USER') }} {{ query('inventory_hostnames', 'all') }}"}
        """, says: ["root ['a', 'b']"]),
  ]

  @Test(arguments: cases + valueCases + moduleCases + scopeCases) func `a playbook says this and ends so`(_ given: Case) async throws {
    try await ScratchFolder.with { home in
      for (name, text) in given.files.merging(["play.yml": given.playbook], uniquingKeysWith: { $1 }) {
        let file = URL(fileURLWithPath: "\(home)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      let ending = try await MartletProgram(home: home).run(
        "run", "-i", "a,b", "-c", "local", "\(home)/play.yml")
      #expect(ending.status == given.status, "\(ending.stdout)\(ending.stderr)")
      for text in given.says { #expect((ending.stdout + ending.stderr).contains(text), "\(ending.stdout)\(ending.stderr)") }
      for text in given.keepsSilent { #expect(!ending.stdout.contains(text), "\(ending.stdout)") }
    }
  }
}
