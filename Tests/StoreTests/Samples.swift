import Model

@testable import Store

let header = RunHeader(
  id: "20260131T235900Z-1a2b3c", runbooks: ["site.yml"], inventories: ["hosts"],
  command: ["martlet", "run", "site.yml"], user: "root", isCheck: false)

func header(_ id: String) -> RunHeader {
  var header = header
  header.id = id
  return header
}

let play = PlayHeader(play: 0, name: "web", hosts: ["web1", "web2"], place: "site.yml:1", strategy: "free")
let task = TaskHeader(
  task: 3, play: 0, kind: .task, name: "install", role: "nginx", module: "apt", place: "roles/nginx/tasks/main.yml:2",
  key: "nginx/install")

func step(_ host: String) -> StepReference { StepReference(task: 3, host: host) }

func finished(_ host: String, _ status: StepResult.Status, _ fields: Value.Dict = [:]) -> RunEvent {
  .stepFinished(step(host), StepOutcome(result: StepResult(status, fields)))
}

func finishedRun(_ ending: RunSummary.Ending = .completed) -> RunEvent {
  var counts = HostSummary()
  counts.ok = 1
  counts.changed = 1
  return .runFinished(RunSummary(ending: ending, hosts: ["web1": counts], exitStatus: 2))
}
