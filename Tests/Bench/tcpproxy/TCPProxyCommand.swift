import Glibc
import Support

/// `tcpproxy --to [ADDRESS:]PORT [--listen [ADDRESS:]PORT] [--delay-ms N] [--rate BYTES] [--split BYTES]`: the tests' proxy
/// for benches and by hand. Prints `listening on PORT`, then reads orders, one a line, until it is killed.
@main enum TCPProxyCommand {
  static let usage = """
    usage: tcpproxy --to [ADDRESS:]PORT [--listen [ADDRESS:]PORT] [--delay-ms N] [--rate BYTES] [--split BYTES]
    orders on stdin: delay-ms N, rate BYTES, split BYTES (0: none), freeze, thaw, refuse, accept, reset, close
    """

  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      fail("\(error)")
    }
  }

  private static func run(_ words: [String]) throws {
    var behaviour = TCPProxy.Behaviour()
    var target: (address: String, port: Int)?
    var listen = (address: "127.0.0.1", port: 0)
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--"), let value = rest.popFirst() else { fail(usage) }
      switch word {
      case "--to": target = address(value)
      case "--listen": listen = address(value)
      default: if !change(&behaviour, String(word.dropFirst(2)), value) { fail(usage) }
      }
    }
    guard let target else { fail(usage) }
    let proxy = try TCPProxy(
      toPort: target.port, toAddress: target.address, listenAddress: listen.address, listenPort: listen.port,
      behaviour: behaviour)
    put("listening on \(proxy.port)\n", STDOUT_FILENO)
    while let line = readLine() { obey(line, proxy) }
    while true { pause() }
  }

  private static func obey(_ line: String, _ proxy: TCPProxy) {
    let words = line.split(separator: " ").map(String.init)
    switch words.first {
    case nil: break
    case "freeze": proxy.behaviour.isFrozen = true
    case "thaw": proxy.behaviour.isFrozen = false
    case "refuse": proxy.behaviour.isRefusing = true
    case "accept": proxy.behaviour.isRefusing = false
    case "reset": proxy.endConnections(.reset)
    case "close": proxy.endConnections(.close)
    case let name?:
      var behaviour = proxy.behaviour
      guard words.count == 2, change(&behaviour, name, words[1]) else { return complain("unknown order: \(line)") }
      proxy.behaviour = behaviour
    }
  }

  private static func change(_ behaviour: inout TCPProxy.Behaviour, _ name: String, _ value: String) -> Bool {
    guard let number = Double(value), number >= 0 else { return false }
    let count = number == 0 ? nil : Int(number)
    switch name {
    case "delay-ms": behaviour.delaySeconds = number / 1000
    case "rate": behaviour.bytesPerSecond = count
    case "split": behaviour.writeBytesMax = count
    default: return false
    }
    return true
  }

  private static func address(_ text: String) -> (address: String, port: Int) {
    let parts = text.split(separator: ":").map(String.init)
    guard let last = parts.last, let port = Int(last), parts.count <= 2 else { fail("\(text) is no [ADDRESS:]PORT") }
    return (parts.count == 2 ? parts[0] : "127.0.0.1", port)
  }

  private static func complain(_ message: String) { put("tcpproxy: \(message)\n", STDERR_FILENO) }

  private static func put(_ text: String, _ descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  private static func fail(_ message: String) -> Never {
    complain(message)
    exit(2)
  }
}
