import Model
import Support
import Testing

@testable import Transport

/// Connections that end or fall silent after so many bytes, in all stages from the greeting to a step's output.
@Suite(.enabled(if: LoopbackSSHServer.isAvailable, "no sshd on this machine"))
struct CutConnectionTests {
  static func session(
    through proxy: TCPProxy, to server: LoopbackSSHServer, _ options: TransportOptions = SessionConformance.options
  ) -> ShellSession {
    var target = SharedServer.target(of: server)
    target.port = proxy.port
    target.hostKeyAlias = "[127.0.0.1]:\(server.port)"
    return SSHSessionTests.session(target, options)
  }

  /// Who waits for what never comes shall not wait long.
  static var impatient: TransportOptions {
    var options = SessionConformance.options
    (options.keepaliveSeconds, options.deadPeerSeconds) = (0.2, 0.6)
    (options.handshakeTimeoutSeconds, options.authenticationTimeoutSeconds, options.openShellTimeoutSeconds) = (0.6, 0.6, 0.6)
    options.connectAttemptsMax = 1
    return options
  }

  /// The greeting, key exchange, login, channel, output: about 3 KB come before the shell's first answer.
  @Test(arguments: [0, 30, 600, 2000, 3200, 20_000], [TCPProxy.Ending.close, .reset, .silence])
  func `a connection that is cut anywhere ends in an error`(bytes: Int, ending: TCPProxy.Ending) async throws {
    let server = try await SharedServer.task.value
    var behaviour = TCPProxy.Behaviour()
    behaviour.cut = .init(.toClient, afterBytes: bytes, ending)
    let proxy = try TCPProxy(toPort: server.port, behaviour: behaviour)
    let session = Self.session(through: proxy, to: server, Self.impatient)
    let error = await #expect(throws: TransportError.self) {
      _ = try await session.run(ShellRequest(script: "head -c 100000 /dev/zero; echo end"))
    }
    #expect(error?.reason.isEmpty == false)
    await session.close()
  }

  @Test func `a slow network that splits everything changes nothing`() async throws {
    let server = try await SharedServer.task.value
    var behaviour = TCPProxy.Behaviour()
    behaviour.writeBytesMax = 7
    behaviour.delaySeconds = 0.01
    let proxy = try TCPProxy(toPort: server.port, behaviour: behaviour)
    let session = Self.session(through: proxy, to: server)
    var request = ShellRequest(script: "cat; echo err >&2")
    request.stdin = Array("input\n".utf8)
    let response = try await session.run(request)
    #expect(response.stdout == request.stdin)
    #expect(response.stderr == Array("err\n".utf8))
    await session.close()
  }
}
