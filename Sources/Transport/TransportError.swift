import Model

/// Why a host could not be asked, or did not answer. The host's step becomes unreachable with `description` as its reason, or
/// failed where `isRefusal`.
package struct TransportError: Error, Sendable, Hashable {
  package enum Operation: String, Sendable {
    case resolve, connect, lease, handshake, hostKey, authenticate, openShell, become, run, upload, download, close
  }

  package var operation: Operation
  package var host: String
  /// One line in lower case: what happened, and what would help.
  package var reason: String
  /// The C library's or system's code, where there is one.
  package var code: Int32?

  /// The run was interrupted: the host is as reachable as before.
  package var isCancellation: Bool { code == Self.cancelled }

  /// The host was reached and said no: a become password that is wrong, a disk that is full.
  package var isRefusal: Bool { [.become, .upload, .download].contains(operation) }

  package init(_ operation: Operation, host: String, _ reason: String, code: Int32? = nil) {
    self.operation = operation
    self.host = host
    self.reason = reason
    self.code = code
  }
}

extension TransportError {
  /// The code of an error that says: whoever asked wants no answer any more.
  static let cancelled: Int32 = -10_003

  static func interrupted(_ operation: Operation, _ host: String) -> TransportError {
    TransportError(operation, host: host, "interrupted before the host was reached", code: cancelled)
  }
}

extension TransportError: CustomStringConvertible {
  package var description: String { operation == .lease ? "\(reason); \(HostLease.advice)" : reason }
}
