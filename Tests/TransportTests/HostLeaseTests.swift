import Foundation
import Model
import Support
import Testing

@testable import Transport

/// One test after the other: the lease is the machine's.
@Suite(.serialized, .enabled(if: LoopbackSSHServer.isAvailable, "no sshd on this machine"))
struct HostLeaseTests {
  static func session(
    _ run: String, sitting: String, wait: Double = 0, steals: Bool = false, shell: String = "/bin/sh", folder: String = "/tmp",
    onWait: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> ShellSession {
    var options = SessionConformance.options
    options.remoteShell = shell
    options.lease = HostLease(run: run, owner: "me@here", sitting: sitting, waitSeconds: wait, steals: steals)
    options.lease?.folder = folder
    options.onLeaseNotice = onWait
    return SSHSessionTests.session(try await SharedServer.target(), options)
  }

  static func pid(_ session: ShellSession) async throws -> Int32 {
    let response = try await session.run(ShellRequest(script: "echo $$"))
    return try #require(Int32(String(decoding: response.stdout, as: UTF8.self).trimmingCharacters(in: .newlines)))
  }

  @Test(arguments: SSHSessionTests.shells)
  func `the second run is told who holds the host, until the first is gone`(shell: String) async throws {
    let first = try await Self.session("run-1", sitting: "a", shell: shell)
    _ = try await Self.pid(first)
    let second = try await Self.session("run-2", sitting: "b", shell: shell)
    let error = await #expect(throws: TransportError.self) { _ = try await Self.pid(second) }
    #expect(error?.operation == .lease)
    #expect(error?.reason.contains("in use by run run-1 of me@here (process ") == true, "\(error?.reason ?? "")")
    #expect(error?.description.hasSuffix("; --wait waits for it, --steal goes ahead") == true)
    await first.close()
    let third = try await Self.session("run-3", sitting: "c", wait: 5, shell: shell)
    _ = try await Self.pid(third)
    await third.close()
    await second.close()
  }

  @Test(.timeLimit(.minutes(2))) func `a run that waits for a host says once for whom and how long`() async throws {
    let first = try await Self.session("run-1", sitting: "a")
    _ = try await Self.pid(first)
    let (told, tell) = AsyncStream.makeStream(of: String.self)
    let second = try await Self.session("run-2", sitting: "b", wait: 60, onWait: { tell.yield($0) })
    async let waited = Self.pid(second)
    let text = try #require(await told.first { _ in true })
    #expect(text.contains("in use by run run-1 of me@here (process ") && text.hasSuffix("; waiting up to 60 s for it"), "\(text)")
    await first.close()
    _ = try await waited
    tell.finish()
    for await more in told { Issue.record("told again: \(more)") }
    await second.close()
  }

  @Test func `further shells and connections of a run share its lease`() async throws {
    let first = try await Self.session("run-1", sitting: "a"), second = try await Self.session("run-1", sitting: "a")
    _ = try await Self.pid(first)
    _ = try await Self.pid(second)
    await first.close()
    await second.close()
  }

  @Test func `a run whose shell was killed blocks nobody, and one may be robbed`() async throws {
    let first = try await Self.session("run-1", sitting: "a", wait: 5)
    kill(try await Self.pid(first), SIGKILL)
    let second = try await Self.session("run-2", sitting: "b", wait: 5)
    _ = try await Self.pid(second)
    let third = try await Self.session("run-3", sitting: "c", steals: true)
    _ = try await Self.pid(third)
    let fourth = try await Self.session("run-4", sitting: "d")
    let error = await #expect(throws: TransportError.self) { _ = try await Self.pid(fourth) }
    #expect(error?.reason.contains("run-3") == true)
    for session in [first, second, third, fourth] { await session.close() }
  }

  /// As where /tmp is full, read-only or not there at all.
  @Test(arguments: SSHSessionTests.shells)
  func `a host that can't hold a lease is worked on, and said once not to have one`(shell: String) async throws {
    let (told, tell) = AsyncStream.makeStream(of: String.self)
    let session = try await Self.session("run-1", sitting: "a", shell: shell, folder: "/nowhere", onWait: { tell.yield($0) })
    async let one = Self.pid(session), another = Self.pid(session)
    _ = try await (one, another)
    await session.close()
    tell.finish()
    let notices = await told.reduce(into: []) { $0.append($1) }
    #expect(notices.count == 1)
    #expect(notices.first?.contains(": no lease is held, so another run there would not be noticed: ") == true, "\(notices)")
    #expect(notices.first?.hasSuffix("No such file or directory") == true, "\(notices)")
  }
}
