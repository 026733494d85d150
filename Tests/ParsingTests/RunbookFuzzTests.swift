import Glibc
import Model
import Parsing
import Support
import Testing

/// Broken input of any kind ends in diagnostics, never in a crash or a hang.
struct RunbookFuzzTests {
  /// Set to a number of rounds for a longer run.
  private static let roundsVariable = "MARTLET_FUZZ_ROUNDS"
  private static let seedVariable = "MARTLET_FUZZ_SEED"

  private static let seed = """
    - name: web
      hosts: [web, "!old"]
      serial: [1, 50%]
      vars: {port: 80, url: "http://{{ host }}:{{ port }}"}
      vars_files: [[a.yml, b.yml]]
      roles: [{role: web, tags: [x]}]
      pre_tasks:
        - copy: src="a b" dest={{ x }} mode=0644
          when: a is defined and b | length > 0
          loop: "{{ items }}"
          loop_control: {label: "{{ item.name }}"}
      tasks:
        - &anchor
          block:
            - shell: |
                echo "{{ y }}" | sed 's/=/ /'
              register: out
              until: out is success
          rescue: [{debug: {msg: !unsafe '{{ no }}'}}]
          always: [{meta: flush_handlers}]
        - *anchor
        - import_tasks: t.yml
        - include_role: {name: web, apply: {become: yes}}
        - assert: {that: [a == 1, "'x' in y"]}
        - {<<: {ping: }, name: merged}
      handlers: [{name: h, service: name=x state=started, listen: [a, b]}]

    """

  private static let fragments = [
    "{{", "}}", "{%", "%}", "'", "\"", ": ", "- ", "\n", "\t", "  ", "&a", "*anchor", "<<: *anchor", "!vault",
    "!unsafe", "|", ">",
    "[", "]", "{", "}", "#", "%", "when", "block", "import_tasks: t.yml", "0x", "1:2", "~", "é", "😀", "\u{1}",
    "\u{FEFF}",
    "---\n", "...", "\\", "=", ",", "roles: [web]", "? ", "@", "`",
  ]

  @Test func `a mutated runbook is parsed or refused`() {
    let rounds = Self.environment(Self.roundsVariable) ?? 300
    var random = SplitMix(seed: UInt64(Self.environment(Self.seedVariable) ?? 1))
    let files = ["t.yml": "- ping:\n", "a.yml": "x: 1\n", "roles/web/tasks/main.yml": "- ping:\n"]
    for round in 0..<rounds {
      let text = Self.mutated(Self.seed, &random)
      let parsed = ParsedText(text, files: files)
      // Whoever gets neither plays nor a message would not know what happened.
      #expect(parsed.runbook != nil || !parsed.diagnostics.isEmpty, "round \(round)")
    }
  }

  @Test func `mutated text of a module's arguments is split or refused`() {
    var random = SplitMix(seed: 2)
    for _ in 0..<(Self.environment(Self.roundsVariable) ?? 300) {
      let words = Self.mutated("a=1 b='x y' c={{ d }} \\\n -e 's/x/y/' {% if z %} w {% endif %}", &random)
      let parsed = ParsedText(tasks: "- shell: |\n    " + words.replacing("\n", with: "\n    "))
      #expect(parsed.runbook != nil || !parsed.diagnostics.isEmpty, "\(words)")
    }
  }

  private static func mutated(_ text: String, _ random: inout SplitMix) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0...(random.next() % 6) {
      let at = Int(random.next() % UInt64(scalars.count + 1))
      switch random.next() % 4 {
      case 0: scalars.removeSubrange(at..<min(scalars.count, at + Int(random.next() % 12)))
      case 1: scalars.insert(contentsOf: fragments[Int(random.next() % UInt64(fragments.count))].unicodeScalars, at: at)
      case 2:
        let end = min(scalars.count, at + Int(random.next() % 40))
        scalars.insert(contentsOf: scalars[at..<end], at: Int(random.next() % UInt64(scalars.count + 1)))
      default:
        guard at < scalars.count else { continue }
        scalars[at] = Unicode.Scalar(UInt8(random.next() % 127))
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }

  private static func environment(_ name: String) -> Int? {
    getenv(name).flatMap { Int(String(cString: $0)) }
  }
}
