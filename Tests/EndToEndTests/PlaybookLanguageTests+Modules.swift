/// What modules and actions are handed, and how includes of theirs follow one another.
extension PlaybookLanguageTests {
  static let moduleCases: [Case] = [
    Case(
      name: "a loop of includes runs each file to its end before the next",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - set_fact: {order: ""}
            - include_tasks: more.yml
              loop: [1, 2]
            - debug: {msg: "{{ order }}"}
        """,
      files: ["more.yml": "- set_fact: {order: \"{{ order }}a{{ item }}\"}\n- set_fact: {order: \"{{ order }}b{{ item }}\"}\n"],
      says: ["a1b1a2b2"]),
    Case(
      name: "package hands on to the manager that a variable or facts name, with its module_defaults",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - package: {name: x}
              vars: {ansible_package_use: lola}
              ignore_errors: true
              register: r
            - assert: {that: "r.msg is contains 'Could not find a matching action for the \\"lola\\"'"}
            - setup: {gather_subset: ["!all", pkg_mgr]}
            - package:
              check_mode: true
              ignore_errors: true
              register: s
              module_defaults: {apt: {name: x, state: odd}}
            - assert: {that: "s.msg is contains 'value of state must be one of'"}
        """, says: ["All assertions passed"]),
    Case(
      name: "module_defaults of a module's other name hold for a task that hands on to it",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - service: {use: systemd}
              check_mode: true
              ignore_errors: true
              register: r
              module_defaults: {systemd: {name: x, state: odd}}
            - assert: {that: "r.msg is contains 'value of state must be one of'"}
        """, says: ["All assertions passed"]),
    Case(
      name: "first_found as a lookup takes folders as they are; a host's hostvars do not hold hostvars",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: "found {{ lookup('first_found', ['deep.yml', 'flat.yml']) | basename }}"}
            - assert: {that: "'hostvars' not in hostvars['localhost'] and hostvars.values() | list | length > 0"}
            - copy: {src: flat.yml}
              ignore_errors: true
              register: r
            - assert: {that: "r.msg == 'dest is required'"}
        """, files: ["vars/deep.yml": "x: 1\n", "flat.yml": "x: 2\n"], says: ["found flat.yml", "All assertions passed"]),
    Case(
      name: "add_host and pause run on a batch's first host only, and register for it alone",
      playbook: """
        - hosts: all
          gather_facts: false
          tasks:
            - add_host: {name: "new-{{ inventory_hostname }}", groups: new}
              register: r
            - pause: {prompt: Well?}
              register: p
            - debug: {msg: "{{ inventory_hostname }} {{ groups.new }} {{ r is defined }} {{ p is defined }}"}
        """, says: ["a ['new-a'] True True", "b ['new-a'] False False", "a                          : ok=3", "b                          : ok=1"]),
    Case(
      name: "hosts of an include are told in the play's order, and an undefined variable of debug with its place",
      playbook: """
        - hosts: all
          gather_facts: false
          tasks:
            - include_tasks: {file: "{{ lookup('pipe', 'sleep 1; echo more.yml') if inventory_hostname == 'a' else 'more.yml' }}"}
            - debug: {var: nope}
        """, files: ["more.yml": "- debug: {msg: more}\n"], says: ["more.yml for a, b", "'nope' is undefined\nOrigin: ", "play.yml:5:"]),
    Case(
      name: "a quiet assert is quiet, and a message that can't be made is told in one line",
      playbook: """
        - hosts: a
          gather_facts: false
          tasks:
            - assert: {that: true, quiet: true}
            - assert: {that: false, quiet: true}
              register: r
              ignore_errors: true
            - debug: {msg: "{{ nope }}"}
              ignore_errors: true
            - debug: {msg: "{{ r.keys() | select('search', 'verbose') | list }} were registered"}
        """, says: ["ok: [a]\n", "FAILED! => {\"assertion\"", "FAILED! => {\"msg\"", "[] were registered"], keepsSilent: ["All assertions"]),
  ]
}
