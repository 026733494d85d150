import Model
import OrderedCollections
import Parsing
import Templating
import Testing

/// The forms in which a task may be written.
struct TaskFormsTests {
  static let sameCopies = [
    "- copy: {src: a b, dest: /c}",
    "- copy: src=\"a b\" dest=/c",
    "- copy: src='a b'\n        dest=/c",
    "- ansible.builtin.copy:\n    src: a b\n    dest: /c",
    "- action: copy src='a b' dest=/c",
    "- action: {module: copy, src: a b, dest: /c}",
    "- action: {module: copy src='a b', args: {dest: /c}}",
    "- copy: {src: a b}\n  args: {dest: /c, src: z}",
    "- copy:\n  args: {src: a b, dest: /c}",
    "- copy: |\n    src=\"a b\"\n    dest=/c",
  ]

  @Test(arguments: sameCopies)
  func `every form gives the same arguments`(_ text: String) throws {
    let parsed = ParsedText(tasks: text)
    #expect(parsed.diagnostics == [])
    let task = try #require(parsed.tasks.first)
    #expect(task.module.short == "copy")
    #expect(task.arguments.values["src"]?.constant == "a b")
    #expect(task.arguments.values["dest"]?.constant == "/c")
    #expect(task.arguments.freeForm == nil)
  }

  @Test func `a command keeps its text and gives up its options`() throws {
    let parsed = ParsedText(tasks: "- shell: FOO=1 echo \"a  b\" | sed -e 's/=/ /' chdir=/tmp\n  args: {creates: /x}")
    #expect(parsed.diagnostics == [])
    let arguments = try #require(parsed.tasks.first).arguments
    #expect(arguments.freeForm?.constant == "FOO=1 echo \"a  b\" | sed -e 's/=/ /'")
    #expect(arguments.values.mapValues(\.constant) == ["creates": "/x", "chdir": "/tmp"])
  }

  @Test func `a command of several lines keeps its lines`() throws {
    let parsed = ParsedText(tasks: "- shell: |\n    if true; then\n      echo  x\n    fi")
    #expect(parsed.tasks.first?.arguments.freeForm?.constant == "if true; then\n  echo  x\nfi")
  }

  @Test func `a template in text is compiled whole`() throws {
    let parsed = ParsedText(tasks: "- copy: dest={{ a + ' b' }}/x content=\"{% if y %} z {% endif %}\"")
    let values = try #require(parsed.tasks.first).arguments.values
    #expect(values["dest"]?.template?.source == "{{ a + ' b' }}/x")
    #expect(values["content"]?.template?.source == "{% if y %} z {% endif %}")
  }

  @Test func `arguments may come from a variable`() throws {
    let parsed = ParsedText(tasks: "- copy: \"{{ all }}\"\n- copy:\n  args: \"{{ all }}\"\n- command: \"{{ all }}\"")
    #expect(parsed.diagnostics == [])
    #expect(parsed.tasks.map { $0.arguments.variable?.template?.source } == ["{{ all }}", "{{ all }}", nil])
    #expect(parsed.tasks.last?.arguments.freeForm?.template?.source == "{{ all }}")
  }

  @Test func `a local action is delegated to localhost`() throws {
    let task = try #require(ParsedText(tasks: "- local_action: command ls -l\n  delegate_to: other").tasks.first)
    #expect(task.keywords.delegateTo?.constant == "localhost")
    #expect(task.arguments.freeForm?.constant == "ls -l")
  }

  @Test func `an action may be a template`() throws {
    let task = try #require(ParsedText(tasks: "- action: '{{ mod }} a=1'").tasks.first)
    #expect(task.moduleTemplate?.source == "{{ mod }}")
    #expect(task.arguments.values["a"]?.constant == "1")
  }

  @Test func `unsafe text is no template`() throws {
    let parsed = ParsedText(tasks: "- debug: {msg: !unsafe '{{ x }}'}\n- debug: {msg: [!unsafe '{{ x }}', '{{ y }}']}")
    #expect(parsed.tasks.first?.arguments.values["msg"]?.constant == "{{ x }}")
    guard case .list(let items)? = parsed.tasks.last?.arguments.values["msg"] else { return #expect(Bool(false)) }
    #expect(items.map(\.constant) == ["{{ x }}", nil])
  }

  @Test func `keywords of a task are read`() throws {
    let parsed = ParsedText(
      tasks: """
        - name: all of them
          ping:
          when: [a is defined, true]
          tags: x, y
          notify: [one, two]
          register: out
          until: out is success
          retries: 3
          delay: 1.5
          async: 10
          poll: 0
          changed_when: false
          failed_when: out.rc != 0
          environment: {A: b}
          become: yes
          become_user: "{{ user }}"
          loop: [1, 2]
          loop_control: {label: "{{ item }}", loop_var: it, extended: true}
          id: step
          needs: [other]
          retry_safe: true
          debugger: never
          module_defaults: {copy: {mode: "0600"}}
        """)
    #expect(parsed.diagnostics == [])
    let task = try #require(parsed.tasks.first)
    #expect(task.keywords.when.map(\.text) == ["a is defined", "true"])
    #expect(task.keywords.tags.map(\.constant) == ["x", "y"])
    #expect(task.keywords.notify.map(\.constant) == ["one", "two"])
    #expect(task.register?.constant == "out")
    #expect(task.retries?.constant == 3)
    #expect(task.delaySeconds?.constant == 1.5)
    #expect(task.changedWhen?.first?.source.constant == false)
    #expect(task.keywords.become?.constant == true)
    #expect(task.keywords.becomeUser?.template?.source == "{{ user }}")
    #expect(task.loop?.variable?.constant == "it")
    #expect(task.id == "step" && task.needs == ["other"])
    #expect(task.retrySafe?.constant == true)
  }

  @Test func `an empty condition stays empty, a whole template is rendered, anything else is an expression`() throws {
    let parsed = ParsedText(tasks: "- ping:\n  when: ['', '{{ a }}', '{% if b %}{{ c }}', \"d == '{{'\"]")
    let when = try #require(parsed.tasks.first).keywords.when
    #expect(when.map { $0.source.constant } == [.some(""), nil, nil, nil])
    #expect(when.map(\.text) == ["", "{{ a }}", "{% if b %}{{ c }}", "d == '{{'"])
    // The third is a template, and a broken one.
    #expect(parsed.diagnostics.count == 1)
  }

  @Test func `a with loop is a lookup over its terms`() throws {
    let task = try #require(ParsedText(tasks: "- ping:\n  with_community.general.flattened: [1, [2]]").tasks.first)
    guard case .lookup(let name, let terms)? = task.loop?.source else { return #expect(Bool(false)) }
    #expect(name == "community.general.flattened")
    #expect(terms.constant == [1, [2]])
  }
}

extension SourceValue {
  var template: Template? {
    if case .template(let template) = self { template } else { nil }
  }
}
