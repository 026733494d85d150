import Model
import Synchronization
import Testing

@testable import Transport

struct EventLoopTests {
  @Test(.timeLimit(.minutes(2)))
  func `what other threads bring is done once each, whether the loop waits or works`() async {
    let loop = EventLoop()
    let (threads, calls) = (4, 5000)
    let done = Done()
    await withUnsafeContinuation { (all: UnsafeContinuation<Void, Never>) in
      for _ in 0..<threads {
        Task.detached {
          for call in 0..<calls {
            loop.perform { if done.count.add(1, ordering: .relaxed).newValue == threads * calls { all.resume() } }
            // A pause now and then, in which the loop falls asleep.
            if call % 500 == 0 { try? await Task.sleep(for: .microseconds(200)) }
          }
        }
      }
    }
    #expect(done.count.load(ordering: .relaxed) == threads * calls)
  }

  private final class Done: Sendable {
    let count = Atomic<Int>(0)
  }

  @Test func `a step that anyone asks for waits on its session's loop, not on the pool`() async throws {
    let session = LocalSession.make(loop: EventLoop())
    var request = ShellRequest(script: "echo out")
    let loop = session.loop
    let preferences = Preferences()
    request.onOutput = { _ in preferences.seen.withLock { $0.append(loop.isPreferred) } }
    // The first opens the shell, the second finds it ready.
    for _ in 0..<2 { _ = try await session.run(request) }
    await session.close()
    #expect(preferences.seen.withLock { $0 } == [true, true])
    #expect(!loop.isPreferred)
  }

  private final class Preferences: Sendable {
    let seen = Mutex<[Bool]>([])
  }
}
