import Model
import OrderedCollections
import Support

@testable import Reporting

/// The events of `Golden/site.yml` run on two hosts, one at a time, with `--diff`.
struct SampleRun {
  private(set) var events: [RunEvent] = []
  private let source = SourceFile(path: "/srv/site/site.yml", text: GoldenFile("site.yml").text ?? "")
  private var task = -1
  private var lines: [TaskReference: Int] = [:]

  static let events: [RunEvent] = SampleRun().events

  private init() {
    events.append(
      .runStarted(
        RunHeader(
          id: "20260131T235900Z-1a2b3c", runbooks: ["site.yml"], inventories: ["h1,h2,"],
          command: ["martlet", "run", "site.yml"], user: "root", isCheck: false)))
    events.append(.playStarted(play(0, "Web servers", ["h1", "h2"])))
    addFiles()
    addLoops()
    addPlainTasks()
    addFailures()
    events.append(.playFinished(0))
    events.append(.message(RunMessage(kind: .warning, text: "Could not match supplied host pattern, ignoring: nosuch")))
    events.append(.playSkipped(play(1, "Nobody", []), reason: "no hosts matched"))
    events.append(.playStarted(play(2, "all", ["h2"])))
    start("last", "command", line: 71, play: 2)
    finish("h2", .changed, [
      "cmd": ["echo", "done"], "delta": "0:00:00.006623", "end": "2026-11-23 07:10:04.211949", "msg": "", "rc": 0,
      "start": "2026-11-23 07:10:04.205326", "stderr": "", "stderr_lines": [], "stdout": "done",
      "stdout_lines": ["done"],
    ])
    events.append(.playFinished(2))
    addSummary()
  }

  private mutating func addFiles() {
    func file(_ host: String, _ checksum: Value, _ md5: Value, _ mode: Value) -> Value.Dict {
      [
        "checksum": checksum, "dest": .string("/srv/site/out/page-\(host)"), "gid": 0, "group": "root", "md5sum": md5,
        "mode": mode, "owner": "root", "size": 11, "state": "file", "uid": 0,
      ]
    }
    start("write the page", "copy", line: 6)
    for host in hosts {
      let path = "/srv/site/out/page-\(host)"
      let diff = FileDiff(beforeHeader: "", afterHeader: path, body: .text(before: "", after: "hello\nworld"))
      let fields = file(
        host, "7db827c10afc1719863502cf95397731b23b8bae", "9195d0beb2a889e1be05ed6bb1954837", "0644")
      finish(host, .changed, fields, [diff])
    }
    start("change the page", "copy", line: 9)
    for host in hosts {
      let path = "/srv/site/out/page-\(host)"
      let body = FileDiff.Body.text(before: "hello\nworld", after: "hello\nmoon\n")
      let diff = FileDiff(beforeHeader: path, afterHeader: path, body: body)
      let fields = file(
        host, "6a3f27b0a2c5be41b0083679d2d643d151d3a51d", "22284c18e78bfec9787f5bac4ef5283d", "0600")
      finish(host, .changed, fields, [diff])
    }
    start("make a folder", "file", line: 11)
    let path: Value = "/srv/site/out/page.d"
    let diff = FileDiff.states(
      before: ["state": "absent", "path": path], after: ["path": path, "state": "directory"])
    let folder: Value.Dict = [
      "gid": 0, "group": "root", "mode": "0755", "owner": "root", "path": path, "size": 4096, "state": "directory",
      "uid": 0,
    ]
    finish("h1", .changed, folder, [diff])
    finish("h2", .ok, folder)
  }

  private mutating func addLoops() {
    start("several", "debug", line: 13)
    for host in hosts {
      item(host, 1, .ok, ["ansible_loop_var": "item", "item": 1, "msg": "item 1"])
      item(host, ["k": "v"], .ok, ["msg": "item {'k': 'v'}"])
      finish(host, .ok, loop: true)
    }
    start("labels", "debug", line: 16)
    for host in hosts {
      item(host, "L1", .ok, ["msg": "x"])
      finish(host, .ok, loop: true)
    }
    start("some fail", "fail", line: 20)
    for host in hosts {
      item(host, 1, .skipped, [
        "ansible_loop_var": "item", "false_condition": "item == 2", "item": 1,
        "skip_reason": "Conditional result was False",
      ])
      item(host, 2, .failed, ["ansible_loop_var": "item", "item": 2, "msg": "bad 2"], failure: "bad 2")
      finish(host, .failed, ["msg": "One or more items failed"], ignored: true, loop: true)
    }
    start("skipped", "command", line: 25)
    for host in hosts {
      finish(host, .skipped, ["false_condition": false, "skip_reason": "Conditional result was False"])
    }
    start("skipped loop", "command", line: 28)
    for host in hosts {
      item(host, 1, .skipped, [
        "ansible_loop_var": "item", "false_condition": false, "item": 1, "skip_reason": "Conditional result was False",
      ])
      finish(host, .skipped, ["msg": "All items skipped", "results": [[:]]], loop: true)
    }
  }

  private mutating func addPlainTasks() {
    start("debug", "debug", line: 32)
    for host in hosts { finish(host, .ok, ["page": "/srv/site/out/page"]) }
    start("a list", "ansible.builtin.debug", line: 33)
    for host in hosts { finish(host, .ok, ["msg": ["a", ["b": 1]]]) }
    start("assert", "assert", line: 35)
    for host in hosts {
      let fields: Value.Dict = ["assertion": "page == 'x'", "evaluated_to": false, "msg": "wrong page"]
      finish(host, .failed, fields, ignored: true, failure: "wrong page")
    }
    start("set_fact", "set_fact", line: 37)
    for host in hosts { finish(host, .ok, ["ansible_facts": ["colour": "blue"], "_ansible_facts_cacheable": false]) }
    start("include_tasks", "include_tasks", line: 38)
    for host in hosts { finish(host, .ok, ["include": "more.yml"]) }
    events.append(.message(.included("/srv/site/more.yml", hosts: hosts)))
    start("included work", "debug", line: 1, file: "more.yml")
    for host in hosts { finish(host, .ok, ["msg": "größer → 日本"]) }
    start("elsewhere", "debug", line: 39)
    for host in hosts { finish(host, .ok, ["msg": "there"], delegate: "other") }
  }

  private mutating func addFailures() {
    start("quiet", "command", line: 42)
    for host in hosts {
      item(host, 1, .changed, ["stdout": "hidden"], censored: true)
      finish(host, .changed, loop: true)
    }
    start("quiet failure", "fail", line: 46)
    for host in hosts { finish(host, .failed, ["msg": "hidden"], ignored: true, censored: true, failure: "hidden") }
    start("try again", "fail", line: 50)
    for host in hosts {
      let outcome = StepOutcome(result: .failed("not yet", ["attempts": 1, "retries": 2]))
      events.append(.stepRetrying(step(host), item: ItemOutcome(label: .null, outcome: outcome), remaining: 1))
      finish(host, .failed, ["attempts": 1, "msg": "not yet"], ignored: true, failure: "not yet")
    }
    start("fail", "fail", line: 57)
    for host in hosts { finish(host, .failed, ["msg": "boom"], failure: "boom", column: 11) }
    start("debug", "debug", line: 59)
    for host in hosts { finish(host, .ok, ["msg": "rescued"]) }
    start("stop one", "fail", line: 60)
    finish("h1", .failed, ["msg": "stopped"], failure: "stopped")
    finish("h2", .skipped, [
      "false_condition": "inventory_hostname == 'h1'", "skip_reason": "Conditional result was False",
    ])
    start("reload", "debug", line: 64, kind: .handler)
    finish("h2", .ok, ["msg": "reloaded"])
  }

  private mutating func addSummary() {
    var first = HostSummary(), second = HostSummary()
    (first.ok, first.changed, first.failed, first.skipped, first.rescued, first.ignored) = (17, 4, 1, 2, 1, 4)
    (second.ok, second.changed, second.skipped, second.rescued, second.ignored) = (19, 4, 3, 1, 4)
    let summary = RunSummary(ending: .completed, hosts: ["h2": second, "h1": first], exitStatus: 2)
    events.append(.runFinished(summary))
  }
}

extension SampleRun {
  private var hosts: [String] { ["h1", "h2"] }

  private func step(_ host: String) -> StepReference { StepReference(task: task, host: host) }

  private func play(_ number: Int, _ name: String, _ hosts: [String]) -> PlayHeader {
    PlayHeader(play: number, name: name, hosts: hosts, place: "/srv/site/site.yml:1", runbook: "site.yml")
  }

  private mutating func start(
    _ name: String, _ module: String, line: Int, kind: TaskHeader.Kind = .task, play: Int = 0,
    file: String = "site.yml"
  ) {
    task += 1
    let header = TaskHeader(
      task: task, play: play, kind: kind, name: name, role: nil, module: module, place: "/srv/site/\(file):\(line)",
      key: "site.yml/\(task)")
    lines[task] = line
    events.append(.taskStarted(header))
  }

  private mutating func finish(
    _ host: String, _ status: StepResult.Status, _ fields: Value.Dict = [:], _ diffs: [FileDiff] = [],
    ignored: Bool = false, loop: Bool = false, delegate: String? = nil, censored: Bool = false,
    failure: String? = nil, column: Int = 7
  ) {
    let outcome = StepOutcome(
      result: StepResult(status, fields, diffs: diffs), isIgnored: ignored, isLoop: loop, delegatedTo: delegate,
      isCensored: censored, durationSeconds: 0.25, failure: failure.map { diagnostic($0, column) })
    if !loop { events.append(.stepStarted(step(host))) }
    events.append(.stepFinished(step(host), outcome))
  }

  private mutating func item(
    _ host: String, _ label: Value, _ status: StepResult.Status, _ fields: Value.Dict, censored: Bool = false,
    failure: String? = nil
  ) {
    let outcome = StepOutcome(
      result: StepResult(status, fields), isCensored: censored, failure: failure.map { diagnostic($0, 7) })
    events.append(.itemFinished(step(host), item: ItemOutcome(label: label, outcome: outcome)))
  }

  private func diagnostic(_ message: String, _ column: Int) -> Diagnostic {
    .error(
      "Task failed: Action failed: \(message)",
      at: SourceSpan(file: source, line: lines[task] ?? 1, column: column))
  }
}
