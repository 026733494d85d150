/// What texts, conditions and variables come to.
extension PlaybookLanguageTests {
  static let valueCases: [Case] = [
    Case(
      name: "an empty condition is a mistake, nothing at all is none",
      playbook: """
        - hosts: a
          gather_facts: false
          tasks:
            - debug: {msg: no condition}
              when:
            - debug: {msg: never}
              when: " "
        """, status: 2, says: ["\"msg\": \"no condition\"", "Empty conditional expressions are not allowed"],
      keepsSilent: ["\"msg\": \"never\""]),
    Case(
      name: "a loop over what is no list says what it is, and a registered loop says that it was not skipped",
      playbook: """
        - hosts: a
          gather_facts: false
          tasks:
            - debug: {msg: never}
              loop: "{{ {'k': 1} }}"
              ignore_errors: true
            - debug: {msg: "{{ item }}"}
              loop: [1, 2]
              when: item == 1
              register: r
            - debug: {msg: "skipped is {{ r.skipped }}"}
        """, says: ["The `loop` value must resolve to a 'list', not 'dict'", "skipped is False", "ignored=1"]),
    Case(
      name: "debug prints a null as one",
      playbook: """
        - hosts: a
          gather_facts: false
          tasks:
            - debug: {msg: "{{ none }}"}
        """, says: ["\"msg\": null"], keepsSilent: ["Hello"]),
    Case(
      name: "add_host takes a port off the name",
      playbook: """
        - hosts: a
          gather_facts: false
          tasks:
            - add_host: {name: "h:2022", groups: new}
            - add_host: {name: "[::1]:23", groups: new}
            - debug: {msg: "{{ groups.new }} {{ hostvars['h'].ansible_ssh_port }} {{ hostvars['::1'].ansible_ssh_port }}"}
        """, says: ["['h', '::1'] 2022 23"]),
    Case(
      name: "expressions that a variable, a loop or set_fact carries are evaluated where they stand in the runbook",
      playbook: """
        - hosts: localhost
          gather_facts: false
          vars:
            x: hello
            whole: "x == 'hello'"
            several: ["1 == 1", "x == 'hello'", "{{ 2 == 2 }}"]
            arguments: {that: ["1 == 1", true]}
          tasks:
            - assert: {that: "{{ item }}"}
              loop: ["1 == 1", "x == 'hello'"]
            - assert: {that: "{{ several }}"}
            - assert: "{{ arguments }}"
            - set_fact: {kept: "{{ whole }}", list: "{{ several }}"}
            - assert: {that: "{{ list }}"}
            - debug: {var: "{{ item }}"}
              loop: [x]
            - debug: {msg: went on}
              when: "{{ kept }}"
        """, says: ["\"x\": \"hello\"", "went on"]),
    Case(
      name: "a host's text is no condition, however it looks",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - command: echo "1 == 1"
              register: said
            - set_fact: {kept: "{{ said.stdout }}"}
            - assert: {that: "{{ item }}"}
              loop: ["{{ said.stdout }}", "{{ kept }}", "{{ 'a' ~ said.stdout }}"]
              ignore_errors: true
              register: asserted
            - assert: {that: "asserted.results | select('failed') | length == 3"}
            - debug: {var: "{{ said.stdout }}"}
              ignore_errors: true
            - debug: {msg: "{{ 'ran' ~ ' anyway' }}"}
              when: "{{ said.stdout }}"
        """, status: 2, says: ["ignored=2", "untrusted template or expression"], keepsSilent: ["ran anyway"]),
    Case(
      name: "strings that look like templates are rendered in conditions and in a lookup's terms, and nowhere else",
      playbook: """
        - hosts: localhost
          gather_facts: false
          vars: {who: world}
          tasks:
            - assert:
                that:
                  - "'hello {{ who }}' == 'hello world'"
                  - lookup('pipe', 'echo {{ who }}') == who
                  - "inner | length == 9"
              vars:
                inner: "{{ '{' ~ '{ who }}' }}"
            - debug: {msg: "{{ lookup('{{ who }}') }}"}
              ignore_errors: true
        """, says: ["The lookup plugin '{{ who }}' was not found", "ignored=1"]),
    Case(
      name: "the files of include_vars' folder win over each other whole, and only their sum is merged",
      playbook: """
        - hosts: localhost
          gather_facts: false
          vars: {config: {old: 1}}
          tasks:
            - include_vars: {dir: more, hash_behaviour: merge}
            - assert: {that: "config == {'old': 1, 'b': 2}"}
        """, files: ["more/1.yml": "config: {a: 1}\n", "more/2.yml": "config: {b: 2}\n"]),
    Case(
      name: "what debug cannot show it says: undefined, omitted, no dict of arguments",
      playbook: """
        - hosts: localhost
          gather_facts: false
          vars: {left: "{{ omit }}"}
          tasks:
            - debug: {var: nope}
              register: r
            - assert: {that: "r.warnings[0] is search('.nope. is undefined')"}
            - debug: {var: left}
            - debug: {var: "{{ omit }}"}
            - assert: {that: "['a' ~ 'b', ''] == [both, neither]"}
              vars: {both: "a{{ omit }}b", neither: "{{ left }}{{ omit }}"}
            - debug:
              args: "{{ 'text' }}"
              ignore_errors: true
        """,
      says: ["<<Omit>>", "could not be omitted", "All assertions passed", "Hello world!", "Finalization of task args for 'ansible.builtin.debug' failed"]),
  ]
}
