/// Why a vault text or a vault password can't be used. It never holds a password.
package struct VaultError: Error, Sendable, Equatable {
  package var message: String
  package var advice: String?

  package init(_ message: String, advice: String? = nil) {
    self.message = message
    self.advice = advice
  }
}

extension VaultError: CustomStringConvertible {
  package var description: String { advice.map { "\(message): \($0)" } ?? message }
}
