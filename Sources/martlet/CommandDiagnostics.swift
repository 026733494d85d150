import Foundation
import Model

extension Diagnostics {
  /// Tells all on standard error; errors end the command with a status.
  func tell(exitStatus: Int32, scrubber: SecretScrubber? = nil) throws {
    for diagnostic in all {
      let isPlain = diagnostic.span == nil && diagnostic.severity == .warning
      let text = isPlain ? "[WARNING]: \(diagnostic.message)" : "\(diagnostic)"
      FileHandle.standardError.write(Data(((scrubber?.scrub(text) ?? text) + "\n").utf8))
    }
    if hasErrors { throw CommandFailure(exitStatus: exitStatus) }
  }
}
