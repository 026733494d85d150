/// What a piece of output means, which decides its colour.
package enum Role: String, Sendable, CaseIterable {
  case changed, debug, deprecate, diffAdd, diffLines, diffRemove, error, included, ok, skip, unreachable, verbose, warn
}

/// The colours of roles, as Ansible's `COLOR_…` settings name them; an empty palette paints nothing.
package struct Palette: Sendable, Equatable {
  private var codes: [Role: String]

  private init(codes: [Role: String]) { self.codes = codes }

  package static let none = Palette(codes: [:])

  package static let standard = Palette(codes: [
    .changed: "0;33", .debug: "1;30", .deprecate: "0;35", .diffAdd: "0;32", .diffLines: "0;36", .diffRemove: "0;31",
    .error: "0;31", .included: "0;36", .ok: "0;32", .skip: "0;36", .unreachable: "1;31", .verbose: "0;34",
    .warn: "1;35",
  ])

  package var isEmpty: Bool { codes.isEmpty }

  /// Sets a role's colour by name: `bright red`, `color208`, `rgb510`, `gray7`. False for a name that means no colour.
  package mutating func set(_ role: Role, to name: String) -> Bool {
    guard let code = Self.named[name] ?? Self.extended(name) else { return false }
    codes[role] = code
    return true
  }

  /// The text with colour around each of its lines.
  package func paint(_ text: String, _ role: Role?) -> String {
    guard let role, let code = codes[role] else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "\u{1B}[\(code)m\($0)\u{1B}[0m" }.joined(separator: "\n")
  }

  private static let named = [
    "black": "0;30", "bright gray": "0;37", "blue": "0;34", "white": "1;37", "green": "0;32", "bright blue": "1;34",
    "cyan": "0;36", "bright green": "1;32", "red": "0;31", "bright cyan": "1;36", "purple": "0;35", "bright red": "1;31",
    "yellow": "0;33", "bright purple": "1;35", "dark gray": "1;30", "bright yellow": "1;33", "magenta": "0;35",
    "bright magenta": "1;35", "normal": "0",
  ]

  private static func extended(_ name: String) -> String? {
    if name.hasPrefix("color"), let number = UInt8(name.dropFirst(5)) { return "38;5;\(number)" }
    if name.hasPrefix("gray"), let number = UInt8(name.dropFirst(4)), number < 24 { return "38;5;\(232 + Int(number))" }
    let parts = name.dropFirst(3).compactMap(\.wholeNumberValue)
    guard name.hasPrefix("rgb"), name.count == 6, parts.count == 3, parts.allSatisfy({ $0 < 6 }) else { return nil }
    return "38;5;\(16 + 36 * parts[0] + 6 * parts[1] + parts[2])"
  }
}
