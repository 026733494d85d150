/// The name that a host's keys are filed under: `host`, `[host]:port`, or HostKeyAlias as it is.
package struct HostKeyName: Sendable, Hashable {
  package static let defaultPort = 22

  /// As it stands in known_hosts, in lower case.
  package let text: String
  /// The name without its port: a key filed there counts too, as long as it is the right one.
  package let withoutPort: String?

  package init(host: String, port: Int, alias: String? = nil) {
    if let alias {
      text = alias.asciiLowercased()
      withoutPort = nil
      return
    }
    let host = host.asciiLowercased()
    text = port == Self.defaultPort ? host : "[\(host)]:\(port)"
    withoutPort = port == Self.defaultPort ? nil : host
  }
}

extension HostKeyName: CustomStringConvertible {
  package var description: String { text }
}
