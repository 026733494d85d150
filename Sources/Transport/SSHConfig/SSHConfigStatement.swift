/// Where a setting was written, for messages.
package enum SSHConfigPlace: Sendable, Hashable {
  /// Line 0 is the whole file.
  case file(path: String, line: Int)
  /// In ansible_ssh_common_args and the like.
  case arguments
  /// In connection variables or flags of their own.
  case settings
}

extension SSHConfigPlace: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let path, let line): line == 0 ? path : "\(path) line \(line)"
    case .arguments: "ssh arguments"
    case .settings: "connection settings"
    }
  }
}

/// One line of ssh_config: a keyword with its arguments.
struct SSHConfigStatement: Sendable, Hashable {
  enum Reading: Sendable, Hashable {
    case statement(SSHConfigStatement)
    /// Empty, or a comment.
    case nothing
    case invalid(reason: String)
  }

  /// In lower case.
  let keyword: String
  /// As it was written.
  let writtenKeyword: String
  let arguments: [String]
  /// All after the keyword, as commands are written.
  let rest: String
  let place: SSHConfigPlace

  /// A setting that needs no parsing.
  init(_ keyword: String, _ arguments: [String], at place: SSHConfigPlace) {
    self.init(
      keyword: keyword, writtenKeyword: keyword, arguments: arguments, rest: arguments.joined(separator: " "),
      place: place)
  }

  private init(keyword: String, writtenKeyword: String, arguments: [String], rest: String, place: SSHConfigPlace) {
    self.keyword = keyword
    self.writtenKeyword = writtenKeyword
    self.arguments = arguments
    self.rest = rest
    self.place = place
  }

  static func read(_ line: some Collection<UInt8>, at place: SSHConfigPlace) -> Reading {
    // OpenSSH strips form feeds and carriage returns at a line's end, too.
    var rest = Array(line)[...]
    while let last = rest.last, [0x20, 0x09, 0x0C, 0x0D, 0x0A].contains(last) { rest = rest.dropLast() }
    guard let written = SSHConfigWords.delimited(&rest) else {
      return rest.isEmpty ? .nothing : .invalid(reason: "a quote is not closed")
    }
    if written.isEmpty || written.hasPrefix("#") { return .nothing }
    guard !rest.isEmpty else { return .invalid(reason: "\(written) has no argument") }
    guard let arguments = SSHConfigWords.arguments(rest) else { return .invalid(reason: "a quote is not closed") }
    return .statement(
      SSHConfigStatement(
        keyword: SSHKeyword.canonical(written.asciiLowercased()), writtenKeyword: written, arguments: arguments,
        rest: String(decoding: rest, as: UTF8.self), place: place))
  }
}
