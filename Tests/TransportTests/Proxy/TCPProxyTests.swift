import Glibc
import Support
import Testing

/// The proxy itself, against an echo server.
@Suite(.timeLimit(.minutes(1))) struct TCPProxyTests {
  let server = EchoServer()

  private func proxy(_ change: (inout TCPProxy.Behaviour) -> Void = { _ in }) throws -> TCPProxy {
    var behaviour = TCPProxy.Behaviour()
    change(&behaviour)
    return try TCPProxy(toPort: server.port, behaviour: behaviour)
  }

  @Test func `bytes pass both ways unchanged`() throws {
    let proxy = try proxy()
    let client = EchoClient(proxy)
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(client.exchange(bytes) == bytes)
    #expect(proxy.acceptedCount == 1)
  }

  @Test func `writes are split`() throws {
    let proxy = try proxy { $0.writeBytesMax = 3 }
    let bytes = Array("many small pieces".utf8)
    #expect(EchoClient(proxy).exchange(bytes) == bytes)
  }

  @Test func `a round trip takes twice the delay`() throws {
    let proxy = try proxy { $0.delaySeconds = 0.05 }
    let client = EchoClient(proxy)
    let start = ContinuousClock.now
    #expect(client.exchange([1]) == [1])
    #expect(.now - start >= .milliseconds(100))
  }

  @Test func `a cut ends a connection after so many bytes`() throws {
    let bytes = [UInt8](repeating: 7, count: 100)
    let closing = EchoClient(try proxy { $0.cut = .init(.toClient, afterBytes: 40, .close) })
    #expect(closing.exchange(bytes) == Array(bytes.prefix(40)))
    #expect(closing.ending == .closed)
    let resetting = EchoClient(try proxy { $0.cut = .init(.toServer, afterBytes: 0, .reset) })
    #expect(resetting.exchange(bytes).isEmpty)
    #expect(resetting.ending == .failed(ECONNRESET))
    let silent = EchoClient(try proxy { $0.cut = .init(.toClient, afterBytes: 40, .silence) })
    #expect(silent.exchange(bytes, timeoutSeconds: 0.2) == Array(bytes.prefix(40)))
    #expect(silent.ending == .timedOut)
  }

  @Test func `a frozen proxy holds everything until it thaws`() throws {
    let proxy = try proxy()
    let client = EchoClient(proxy)
    #expect(client.exchange([1]) == [1])
    proxy.behaviour.isFrozen = true
    #expect(client.exchange([2], timeoutSeconds: 0.2) == [])
    proxy.behaviour.isFrozen = false
    #expect(client.exchange([3]) == [2])
  }

  @Test func `connections are ended and refused on demand`() throws {
    let proxy = try proxy()
    let client = EchoClient(proxy)
    #expect(client.exchange([1]) == [1])
    proxy.behaviour.isRefusing = true
    proxy.endConnections(.reset)
    #expect(client.exchange([2]) == [])
    #expect(client.ending != .timedOut)
    #expect(EchoClient(proxy).exchange([3]) == [])
    proxy.behaviour.isRefusing = false
    #expect(EchoClient(proxy).exchange([4]) == [4])
  }

  @Test func `the end of one side is passed on behind its bytes`() throws {
    let proxy = try proxy { $0.delaySeconds = 0.02 }
    let client = EchoClient(proxy)
    client.send([1, 2, 3])
    client.finish()
    #expect(client.receive(100) == [1, 2, 3])
    #expect(client.ending == .closed)
  }
}
