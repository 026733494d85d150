/// The words of ansible_ssh_common_args and the like, which are ssh(1)'s options.
package struct SSHArguments: Sendable, Hashable {
  package enum ConfigFile: Sendable, Hashable {
    /// `~/.ssh/config` and `/etc/ssh/ssh_config`.
    case standard
    case none
    case path(String)
  }

  package private(set) var configFile = ConfigFile.standard
  private(set) var statements: [SSHConfigStatement] = []
  private(set) var problems: [UnsupportedSSHOption] = []

  /// Reads words that a shell has split already.
  package init(_ words: [String]) {
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("-"), word.count > 1, word != "--" else {
        refuse(word, "only options can be given, the host is known")
        continue
      }
      readFlags(word.dropFirst(), &rest)
    }
  }

  /// One word of one-letter options; the last one may have its value in the same word or the next.
  private mutating func readFlags(_ letters: Substring, _ rest: inout ArraySlice<String>) {
    var letters = letters
    while let letter = letters.popFirst() {
      guard Self.takingValue.contains(letter) else {
        readFlag(letter)
        continue
      }
      guard let value = letters.isEmpty ? rest.popFirst() : String(letters) else {
        return refuse("-\(letter)", "its value is missing")
      }
      return readOption(letter, value)
    }
  }

  /// Options that are followed by a value.
  static let takingValue: Set<Character> = Set("BbcDEeFIiJLlmOoPpQRSWw")

  private mutating func readFlag(_ letter: Character) {
    switch letter {
    case "4": set("addressfamily", "inet")
    case "6": set("addressfamily", "inet6")
    case "A": set("forwardagent", "yes")
    case "a": set("forwardagent", "no")
    case "K": set("gssapiauthentication", "yes")
    // Compression, logging, terminals, X11, sharing of connections: nothing that changes what a run does.
    case "C", "g", "k", "M", "n", "q", "T", "t", "v", "X", "x", "Y", "y": break
    default: refuse("-\(letter)", "only the ssh binary can do that")
    }
  }

  private mutating func readOption(_ letter: Character, _ value: String) {
    switch letter {
    case "b": set("bindaddress", value)
    case "c": set("ciphers", value)
    case "F": configFile = value.asciiLowercased() == "none" ? .none : .path(value)
    case "i": set("identityfile", value)
    case "J": set("proxyjump", value)
    case "l": set("user", value)
    case "m": set("macs", value)
    case "o": readConfigLine(value)
    case "p": set("port", value)
    case "D", "E", "e", "L", "P", "S": break
    default: refuse("-\(letter)", "only the ssh binary can do that")
    }
  }

  private mutating func readConfigLine(_ line: String) {
    switch SSHConfigStatement.read(line.utf8, at: .arguments) {
    case .nothing: break
    case .invalid(let reason): refuse("-o \(line)", reason)
    case .statement(let statement):
      switch statement.keyword {
      case "host", "match", "include": refuse(statement.writtenKeyword, "it belongs into a file")
      default: statements.append(statement)
      }
    }
  }

  private mutating func set(_ keyword: String, _ value: String) {
    statements.append(SSHConfigStatement(keyword, [value], at: .arguments))
  }

  private mutating func refuse(_ what: String, _ reason: String) {
    problems.append(UnsupportedSSHOption(keyword: what, reason: reason, place: .arguments))
  }
}
