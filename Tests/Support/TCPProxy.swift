import Glibc
import Synchronization

/// A proxy between a client and a server that makes the network slow or broken: it delays, throttles, splits, freezes,
/// cuts and refuses. One thread of its own; what it does may be changed at any time and holds from then on.
package final class TCPProxy: Sendable {
  package enum Direction: Sendable, Hashable { case toServer, toClient }

  /// How a connection ends early.
  package enum Ending: Sendable, Hashable {
    /// RST, as from a firewall or a killed host's neighbour.
    case reset
    /// FIN in the middle.
    case close
    /// Nothing passes any more, and nobody says so.
    case silence
  }

  package struct Cut: Sendable, Hashable {
    package var direction: Direction
    /// Counted from each connection's start.
    package var afterBytes: Int
    package var ending: Ending

    package init(_ direction: Direction, afterBytes: Int, _ ending: Ending) {
      self.direction = direction
      self.afterBytes = afterBytes
      self.ending = ending
    }
  }

  package struct Behaviour: Sendable, Hashable {
    /// One way; a round trip takes twice as long.
    package var delaySeconds = 0.0
    /// Of each connection and direction.
    package var bytesPerSecond: Int?
    /// Larger writes are split, so that the other side sees them in pieces.
    package var writeBytesMax: Int?
    /// Neither bytes nor ends pass, on old and new connections.
    package var isFrozen = false
    /// New connections are closed at once.
    package var isRefusing = false
    package var cut: Cut?

    package init() {}
  }

  package let port: Int
  private let control: ProxyControl

  /// Listens on a loopback address (a free port unless one is given) and passes on to the server.
  package init(
    toPort: Int, toAddress: String = "127.0.0.1", listenAddress: String = "127.0.0.1", listenPort: Int = 0,
    behaviour: Behaviour = Behaviour()
  ) throws {
    let listener = try ProxySocket.listening(address: listenAddress, port: listenPort)
    port = ProxySocket.port(of: listener)
    control = try ProxyControl(behaviour)
    let control = control
    let server = (address: toAddress, port: toPort)
    try ProxyControl.startThread {
      var loop = ProxyLoop(listener: listener, server: server, control: control)
      loop.run()
    }
  }

  deinit { control.order { $0.isStopping = true } }

  /// What is done to bytes and connections; a change holds when it returns.
  package var behaviour: Behaviour {
    get { control.behaviour }
    set { control.orderAndWait { $0.behaviour = newValue } }
  }

  /// Ends all connections that are open now.
  package func endConnections(_ ending: Ending) { control.orderAndWait { $0.endings.append(ending) } }

  /// Connections accepted since the start.
  package var acceptedCount: Int { control.acceptedCount }
}
