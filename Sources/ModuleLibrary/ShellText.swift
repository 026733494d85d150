import OrderedCollections
import Model
import Parsing

/// How values become POSIX shell text. Nothing is spliced into code: every value is quoted.
package enum ShellText {
  /// One shell word that stands for the text. NUL, which no shell can hold, is left out.
  package static func quoted(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.utf8.allSatisfy(isPlainByte)
    if isPlain { return text }
    var result = "'"
    for scalar in text.unicodeScalars where scalar != "\0" {
      if scalar == "'" { result += "'\\''" } else { result.unicodeScalars.append(scalar) }
    }
    return result + "'"
  }

  private static func isPlainByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: ","):
      true
    default: false
    }
  }

  /// A path as a shell word: a leading `~` or `~user` and `$NAME` are left to the host, as Python's expanduser and
  /// expandvars would do it there; an unset variable stays as written.
  package static func path(_ text: String) -> String {
    var rest = text[...], result = ""
    if text.hasPrefix("~") {
      let user = text.dropFirst().prefix { $0 != "/" }
      if user.utf8.allSatisfy(isPlainByte) {
        result = "~" + user
        rest = rest.dropFirst(user.count + 1)
        guard !rest.isEmpty else { return result }
        result += "/"
        rest = rest.dropFirst()
      }
    }
    return result + expandingVariables(rest)
  }

  private static func expandingVariables(_ text: Substring) -> String {
    var result = "", rest = text
    while let dollar = rest.firstIndex(of: "$") {
      let after = rest[rest.index(after: dollar)...]
      let isBraced = after.first == "{"
      let name = after.dropFirst(isBraced ? 1 : 0).prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      let length = name.count + (isBraced ? 2 : 0)
      let isClosed = !isBraced || after.dropFirst(name.count + 1).first == "}"
      guard let first = name.first, !first.isNumber, isClosed else {
        let upTo = rest[...dollar]
        result += quoted(String(upTo))
        rest = after
        continue
      }
      if dollar > rest.startIndex { result += quoted(String(rest[..<dollar])) }
      result += "\"${\(name)-\(isBraced ? "\\${\(name)\\}" : "\\$\(name)")}\""
      rest = after.dropFirst(length)
    }
    return rest.isEmpty && !result.isEmpty ? result : result + quoted(String(rest))
  }

  /// The word for an argument: scalars as themselves (`true`, `42`), a list as the quoted words of its elements, a dict as those
  /// of its keys and values in turn; so `eval "set -- $arg_names"` makes positional parameters of it.
  package static func argument(_ value: Value, option: ModuleOption?) -> String {
    switch value.revealed {
    case .list(let elements):
      let inner = option.map { element(of: $0) }
      return quoted(elements.map { argument($0, option: inner) }.joined(separator: " "))
    case .dict(let entries):
      let words = entries.flatMap { key, value in
        [quoted(key.revealedText), argument(value, option: option?.isOneOrMore == true ? option : option?.suboptions[key.revealedText])]
      }
      return quoted(words.joined(separator: " "))
    case .null, .omit: return scalar(value, option: option)
    default: return option?.isOneOrMore == true ? quoted(scalar(value, option: option)) : scalar(value, option: option)
    }
  }

  private static func scalar(_ value: Value, option: ModuleOption?) -> String {
    switch value.revealed {
    case .null, .omit: "''"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number) where option?.isFileMode == true: octal(number)
    default: option?.kind == .path ? path(value.revealedText) : quoted(value.revealedText)
    }
  }

  private static func element(of option: ModuleOption) -> ModuleOption {
    var element = ModuleOption()
    element.kind = option.elements ?? .raw
    element.suboptions = option.suboptions
    return element
  }

  /// 420 is `0644`.
  package static func octal(_ mode: Int) -> String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
