import Support
import Testing

/// The one piece of Support that other tests stake their deadlines on.
struct ChildProcessTests {
  @Test func `a program's status, both streams, input, folder and environment`() async throws {
    let ending = try await ChildProcess.run(
      "sh", ["-c", "cat; pwd; echo \"$WORD\" >&2; exit 3"], environment: ["WORD": "said"], directory: "/usr",
      stdin: "heard\n")
    #expect(ending.status == 3)
    #expect(ending.stdout == "heard\n/usr\n")
    #expect(ending.stderr == "said\n")
    #expect(!ending.isTimedOut)
  }

  @Test func `a program that hangs is killed at its deadline, with all that it started`() async throws {
    let ending = try await ChildProcess.run("sh", ["-c", "sleep 600 & echo $!; wait"], deadlineSeconds: 0.2)
    #expect(ending.isTimedOut)
    #expect(ending.status == 128 + 9)
  }

  @Test func `what stays in the background doesn't hold the test up`() async throws {
    let ending = try await ChildProcess.run("sh", ["-c", "sleep 5 & echo done"], deadlineSeconds: 30)
    #expect(ending.status == 0 && ending.stdout == "done\n" && !ending.isTimedOut)
  }

  @Test func `a signal reaches a program that has said it is ready`() async throws {
    let child = try ChildProcess("sh", ["-c", "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done"])
    try await child.waitForOutput("ready")
    child.signal(15)
    let ending = await child.ending()
    #expect(ending.status == 7)
    #expect(ending.stdout == "ready\nbye\n")
  }

  @Test func `much output on both streams arrives whole`() async throws {
    let ending = try await ChildProcess.run(
      "sh", ["-c", "head -c 3000000 /dev/zero | tr '\\0' a; head -c 3000000 /dev/zero | tr '\\0' b >&2"])
    #expect(ending.stdout.utf8.count == 3_000_000 && ending.stderr.utf8.count == 3_000_000)
  }

  @Test func `a program that there is not is an error`() async {
    await #expect(throws: ChildProcess.Failure.self) { try await ChildProcess.run("no-such-program-anywhere") }
  }
}
