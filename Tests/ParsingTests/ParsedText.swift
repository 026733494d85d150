import Model
import Parsing
import Support

/// A runbook `site.yml` parsed from marked text, with other files beside it.
struct ParsedText {
  let runbook: Runbook?
  let diagnostics: [String]

  init(_ text: String, files: [String: String] = [:], settings: ParserSettings = ParserSettings()) {
    let marked = MarkedText(text)
    var texts = files
    texts["site.yml"] = marked.text
    let parser = RunbookParser(files: MemoryFiles(texts), modules: SampleModules(), settings: settings)
    let (runbook, found) = parser.parse("site.yml")
    self.runbook = runbook
    diagnostics = marked.lines(of: found)
  }

  /// A play on all hosts with these tasks; two blanks more indent them.
  init(tasks: String, files: [String: String] = [:], settings: ParserSettings = ParserSettings()) {
    let lines = tasks.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
    self.init("- hosts: all\n  tasks:\n" + lines.joined(separator: "\n"), files: files, settings: settings)
  }

  /// The tasks of the first play that are plain tasks, blocks opened.
  var tasks: [RunbookTask] { runbook?.plays.first.map { Self.flat($0.tasks) } ?? [] }

  static func flat(_ nodes: [TaskNode]) -> [RunbookTask] {
    nodes.flatMap { node -> [RunbookTask] in
      switch node {
      case .task(let task): [task]
      case .block(let block): flat(block.tasks + block.rescue + block.always)
      case .role(let use): flat(use.role.tasks)
      }
    }
  }
}
