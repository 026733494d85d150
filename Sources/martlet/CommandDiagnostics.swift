import Foundation
import Model

extension Diagnostics {
  /// Tells all on standard error; errors end the command with a status, and with one line that says why, for scripts that look for it.
  func tell(exitStatus: Int32, scrubber: SecretScrubber? = nil) throws {
    for diagnostic in all {
      let text = diagnostic.told
      StandardError.write((scrubber?.scrub(text) ?? text) + "\n")
    }
    guard let first = all.first(where: { $0.severity == .error }) else { return }
    throw CommandFailure(exitStatus: exitStatus, CommandFailure.isAtTerminal ? nil : first.message)
  }
}

extension Diagnostic {
  /// As standard error shows it: a warning of no file in the reference's form, for scripts that look for it.
  var told: String {
    guard span == nil, severity == .warning else { return "\(self)" }
    return "[WARNING]: \(message)" + (advice.map { "\n  \($0)" } ?? "")
  }
}
