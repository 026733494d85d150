/// Which values hold where: defaults of modules, dicts that merge, roles' arguments, facts that are known.
extension PlaybookLanguageTests {
  static let scopeCases: [Case] = [
    Case(
      name: "ansible_parent_role_names has the roles that include, not those that depend; the recap counts each file of an include's loop",
      playbook: """
        - hosts: localhost
          gather_facts: false
          roles: [outer]
          tasks:
            - include_tasks: "{{ item }}"
              loop: [one.yml, two.yml]
              when: false
        """,
      files: [
        "roles/outer/meta/main.yml": "dependencies: [{role: leaf, at: dependency}]\n",
        "roles/outer/tasks/main.yml": """
          - include_role: {name: middle}
          - include_tasks: "{{ item }}.yml"
            loop: [a, b]
          """,
        "roles/outer/tasks/a.yml": "[]\n", "roles/outer/tasks/b.yml": "[]\n",
        "roles/middle/meta/main.yml": "dependencies: [{role: leaf, at: included}]\n",
        "roles/middle/tasks/main.yml": "- import_role: {name: leaf}\n  vars: {at: imported}\n",
        "roles/leaf/meta/main.yml": "allow_duplicates: true\n",
        "roles/leaf/tasks/main.yml": "- debug: {msg: \"{{ at }} {{ ansible_parent_role_names | default('none') }}\"}\n",
      ],
      says: [
        "dependency none", "included ['outer']", "imported ['middle', 'outer']", "skipping: [localhost] => (item=two.yml)",
        "ok=6    changed=0    unreachable=0    failed=0    skipped=1",
      ]),
    Case(
      name: "group_by puts the implicit localhost into its group, and never into all",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - group_by: {key: "g_{{ inventory_hostname }}", parents: above}
              register: first
            - group_by: {key: "g_{{ inventory_hostname }}", parents: above}
              register: second
            - assert:
                that:
                  - first is changed and second is not changed
                  - group_names == ['above', 'g_localhost'] and groups.all == ['a', 'b']
        - hosts: all
          gather_facts: false
          tasks: [{assert: {that: inventory_hostname != 'localhost'}}]
        - hosts: above
          gather_facts: false
          tasks: [{debug: {msg: "in {{ inventory_hostname }}"}}]
        """, says: ["in localhost", "failed=0"]),
    Case(
      name: "module_defaults of a group hold before the module's own; an inner entry replaces the outer one of the same name",
      playbook: """
        - hosts: localhost
          gather_facts: false
          module_defaults: {group/my.team.talk: "{{ talk }}", ping: {data: outer}}
          vars: {talk: {data: "{{ 'gro' ~ 'up' }}"}}
          tasks:
            - ping:
              register: p
            - ping:
              module_defaults: {ansible.builtin.ping: {}}
              register: q
            - ping: {data: own}
              module_defaults: {ping: {data: "{{ nope }}"}}
            - assert: {that: [p.ping == 'outer', q.ping == 'group']}
        """,
      files: [
        "collections/ansible_collections/my/team/meta/runtime.yml": """
          action_groups:
            talk: [{metadata: {extend_group: [more, docker]}}]
            more: [ansible.builtin.ping, {metadata: {extend_group: talk}}]
          """
      ], says: ["All assertions passed"]),
    Case(
      name: "a group that no module is in is told once, one that its collection does not have is a mistake",
      playbook: """
        - hosts: localhost
          gather_facts: false
          module_defaults: {group/aws: {region: x}, group/my.team.nope: {}}
          tasks: []
        """, files: ["collections/ansible_collections/my/team/meta/runtime.yml": "action_groups: {}\n"], status: 4,
      says: [
        "play.yml:3:21: warning: module_defaults: no module here is in the group 'ansible.builtin.aws'",
        "could not resolve the module_defaults group 'my.team.nope'",
      ]),
    Case(
      name: "hash_behaviour merge joins dicts of all levels of precedence",
      playbook: """
        - hosts: localhost
          gather_facts: false
          vars: {d: {play: 1, deep: {a: 1}}}
          roles: [{role: r, d: {parameter: 1}}]
        """,
      files: [
        "ansible.cfg": "[defaults]\nhash_behaviour = merge\n",
        "roles/r/defaults/main.yml": "d: {default: 1, play: 0, deep: {b: 1}}\n",
        "roles/r/vars/main.yml": "d: {vars: 1}\n",
        "roles/r/tasks/main.yml": """
          - include_vars: {file: more.yml}
          - debug: {msg: "d is {{ d | dictsort }}"}
            vars: {d: {task: 1}}
          """,
        "roles/r/vars/more.yml": "d: {included: 1}\n",
      ],
      says: [
        "d is [['deep', {'b': 1, 'a': 1}], ['default', 1], ['included', 1], ['parameter', 1], ['play', 1], ['task', 1], ['vars', 1]]"
      ]),
    Case(
      name: "a role's arguments are checked before its tasks, unless rolespec_validate says no",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - include_role: {name: r, rolespec_validate: false}
            - import_role: {name: r}
              vars: {port: 80}
            - include_role: {name: r}
        """,
      files: [
        "roles/r/meta/argument_specs.yml": """
          argument_specs:
            main: {short_description: Serves., options: {port: {type: int, required: true}}}
          """,
        "roles/r/tasks/main.yml": "- debug: {msg: \"port {{ port | default('none') }}\"}\n",
      ], status: 2,
      says: [
        "TASK [r : Validating arguments against arg spec 'main' - Serves.]", "port none", "port 80",
        "missing required arguments: port",
      ]),
    Case(
      name: "gathering smart asks a host once",
      playbook: """
        - hosts: localhost
          gather_subset: ["!all", "!min"]
          tasks: []
        - hosts: localhost, a
          gather_facts: true
          gather_subset: ["!all", "!min"]
          tasks:
            - debug: {msg: "{{ ansible_facts.module_setup }}"}
        - hosts: localhost, a
          tasks: []
        """, files: ["ansible.cfg": "[defaults]\ngathering = smart\n"],
      says: ["localhost                  : ok=2 ", "a                          : ok=2 "]),
    Case(
      name: "add_host and group_by say whether they changed anything; one host adds for all",
      playbook: """
        - hosts: a, b
          gather_facts: false
          tasks:
            - add_host: {name: "n-{{ inventory_hostname }}", groups: [g], x: 1}
            - add_host: {name: n-a, groups: [g], x: 1}
              register: r
            - group_by: {key: k}
            - group_by: {key: k}
              register: s
            - assert: {that: ["groups.g == ['n-a']", "groups.k == ['a', 'b']", s is not changed]}
            - assert: {that: r is not changed}
              when: inventory_hostname == 'a'
        """, says: ["a                          : ok=6    changed=2", "b                          : ok=3    changed=1"]),
    Case(
      name: "vars of a role's dependencies beat those of the roles around it",
      playbook: """
        - hosts: localhost
          gather_facts: false
          roles: [outer]
        """,
      files: [
        "roles/outer/meta/main.yml": "dependencies: [inner]\n", "roles/outer/vars/main.yml": "who: outer\n",
        "roles/inner/meta/main.yml": "dependencies: [innermost]\n",
        "roles/inner/tasks/main.yml": "- debug: {msg: \"who is {{ who }}\"}\n",
        "roles/innermost/vars/main.yml": "who: innermost\n",
      ], says: ["who is innermost"]),
    Case(
      name: "no_log of the settings holds where a task does not say; a timeout out of range fails its task",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: hidden word}
            - debug: {msg: shown word}
              no_log: false
            - command: "true"
              timeout: -1
              no_log: false
        """, files: ["ansible.cfg": "[defaults]\nno_log = true\n"], status: 2,
      says: ["shown word", "Timeout -1 is invalid"], keepsSilent: ["hidden word"]),
    Case(
      name: "a flush of handlers obeys --tags as any task does",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - command: martlet_nothing
              tags: never
            - meta: flush_handlers
              tags: never
            - debug: {msg: done}
        """, says: ["done"], keepsSilent: ["meta"]),
    Case(
      name: "a changed_when that cannot be evaluated leaves the module's result",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - command: echo out
              changed_when: nope
              ignore_errors: true
              register: r
            - assert: {that: [r is failed, r is changed, r.stdout == 'out', "'is undefined' in r.changed_when_result"]}
            - command: sh -c 'exit 3'
              failed_when: nope
              ignore_errors: true
              register: r
            - assert: {that: [r is changed, r.msg == 'non-zero return code']}
        """, says: ["All assertions passed", "changed=2"]),
    Case(
      name: "hostvars of a host with a sealed file is an error that names the file; what a vault sealed is in no message",
      playbook: """
        - hosts: localhost
          gather_facts: false
          tasks:
            - debug: {msg: "{{ hostvars.a.x | default('nothing') }}"}
        """,
      files: [
        "host_vars/a.yml": """
          $ANSIBLE_VAULT;1.1;AES256
          65616232393566313961313431386633366639386133383230656230333934656366363636393730
          3266313739663639636161373033333865303461343936370a356463393635623664316464353061
          63396639643331303231616336663562303764653733326532316139643036336436396565653531
          3836383032626262620a316666363164626537346663383333376330623339633762363932613537
          32663462613532646139633364363136656132346661373331363164356162313762343337393666
          38653864363938316534333438643761623264376535336233656630376430346366333262313532
          33366662663137306431623464303561383730336466613166386136656364306436343032343631
          37396234633230626263373435623731616664653963343630393935626461396230663734373861
          3634
          """
      ], status: 2, says: ["the variables of host a cannot be read: ", "host_vars/a.yml", "use --vault-password-file"],
      keepsSilent: ["\"msg\": \"nothing\""]),
  ]
}
