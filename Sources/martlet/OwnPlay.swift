import Foundation
import Model
import Parsing

extension Play {
  /// A play that a command makes by itself, such as `drift` and `facts`; the command's name stands for its file.
  static func own(_ command: String, on hosts: [String], gathersFacts: Bool = false) -> Play {
    let place = SourceSpan(file: SourceFile(path: command, text: ""), line: 1, column: 1)
    var play = Play(
      span: place, directory: FileManager.default.currentDirectoryPath, hosts: .value(.list(hosts.map(Value.string))))
    play.keywords.name = .value(.string(command))
    play.gatherFacts = .value(.bool(gathersFacts))
    return play
  }
}
