import Glibc
import Model

/// What differed from what a case says, on one shell.
package struct CaseFinding: Sendable, CustomStringConvertible {
  package var place: SourceSpan
  package var name: String
  package var shell: String
  package var text: String

  package var description: String { "\(place): \(name), on \(shell): \(text)" }
}

/// Why a case could not be run to its end.
package struct CaseTrouble: Error, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }

  static var systemMessage: String { String(cString: strerror(errno)) }
}
