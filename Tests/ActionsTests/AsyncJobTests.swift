import Model
import ModuleLibrary
import Parsing
import Testing
import Transport

@testable import Actions

struct AsyncJobTests {
  /// Starts a command and looks until it is done; a `sleep` of the host's own is what the looking waits by.
  private func run(_ text: String, seconds: Int = 20, _ bench: ActionBench) async throws -> StepResult {
    let manifest = ActionBench.catalog.manifest(named: "shell")!
    let arguments = try ArgumentCheck(manifest).checked(["cmd": .string(text)])
    let module = ShellModule(
      ShellModule.Invocation(manifest, arguments), libraries: try ActionBench.catalog.libraries(for: manifest))
    let job = AsyncJob()
    var start = job.start(module, seconds: seconds)
    start.script = "HOME=\(bench.folder)/host\n" + start.script
    let started = job.started(try await bench.host.run(start))
    #expect(started.status == .changed && started.fields["finished"] == false, "\(started)")
    #expect(started.fields["ansible_job_id"] == .string(job.id))
    var status = job.status
    status.script = "HOME=\(bench.folder)/host\nfor i in 1 2 3 4 5 6 7 8 9 10; do [ -f $HOME/.ansible_async/*/status ] || sleep 0.3; done\n" + status.script
    return job.result(of: try await bench.host.run(status))
  }

  @Test func `a job's result is its module's own`() async throws {
    try await ActionBench.with { bench in
      let result = try await run("echo out; echo err >&2", bench)
      #expect(result.status == .changed && result.fields["stdout"] == "out" && result.fields["stderr"] == "err", "\(result)")
      #expect(result.fields["finished"] == true && result.fields["rc"] == 0)
    }
  }

  @Test func `a job that fails, and one that takes too long, say so`() async throws {
    try await ActionBench.with { bench in
      let failed = try await run("exit 3", bench)
      #expect(failed.status == .failed && failed.fields["rc"] == 3, "\(failed)")
    }
    try await ActionBench.with { bench in
      let late = try await run("sleep 30", seconds: 1, bench)
      #expect(late.message == "async task did not complete within the requested time - 1s", "\(late)")
    }
  }

  @Test(arguments: ["", "j", "x1", "j1/../2", "j1 ; id", "j1$HOME"])
  func `what is no job's id is refused`(id: String) {
    #expect(AsyncJob(id: id) == nil)
  }

  @Test func `a job that is not there is told`() async throws {
    try await ActionBench.with { bench in
      let result = try await bench.run("async_status", ["jid": "j1.2"])
      #expect(result.status == .failed && result.message == "could not find job" && result.fields["finished"] == true)
    }
  }
}
