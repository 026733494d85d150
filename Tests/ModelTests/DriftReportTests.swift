import Model
import Testing

struct DriftReportTests {
  private func record(_ module: String, _ arguments: Value.Dict?, orphaned: Bool = false) -> ManagedRecord {
    ManagedRecord(
      host: "h1", resource: ManagedResource(module: module, name: "x", arguments: arguments), runbook: "site.yml", task: "'t' (site.yml:3)",
      seen: RunStamp(run: "r", user: "ada", time: 1), changed: nil, isOrphaned: orphaned)
  }

  private static let file: Value.Dict = ["path": "/x", "checksum": "aa", "mode": "0644", "owner": "root"]

  @Test(arguments: [
    (["exists": true, "checksum": "aa", "mode": "0644", "pw_name": "root"], .asLeft, nil),
    (["exists": true, "checksum": "bb", "mode": "0600", "pw_name": "eve", "uid": 7], .drifted,
     "content, owner, mode (0600, was 0644) differs"),
    (["exists": false], .missing, nil),
  ] as [(Value, DriftReport.State, String?)])
  func `a file is compared with what the run left`(stat: Value, state: DriftReport.State, reason: String?) {
    let finding = DriftReport.Finding(record("stat", Self.file), seeing: StepOutcome(result: StepResult(.ok, ["stat": stat])))
    #expect(finding.state == state)
    #expect(finding.reason == reason)
  }

  @Test(arguments: [
    ("service", .ok, .asLeft, 0), ("service", .changed, .drifted, 2), ("apt", .changed, .missing, 2), ("apt", .failed, .unknown, 0),
    ("apt", .unreachable, .unreachable, 4),
  ] as [(String, StepResult.Status, DriftReport.State, Int32)])
  func `a module that would change something says that it drifted`(
    module: String, status: StepResult.Status, state: DriftReport.State, exitStatus: Int32
  ) {
    let finding = DriftReport.Finding(record(module, ["name": "x"]), seeing: StepOutcome(result: StepResult(status, ["msg": "m"])))
    #expect(finding.state == state)
    #expect(DriftReport([finding]).exitStatus == exitStatus)
  }
}
