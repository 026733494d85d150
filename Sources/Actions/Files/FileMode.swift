/// A file mode as a task writes it: `0644`, or symbols such as `u=rw,go-w`.
enum FileMode {
  /// The bits that a mode comes to for a file that has some now; nil where only the host can tell: without `ugoa` the host's umask
  /// counts.
  static func bits(of mode: String, from current: Int, isFolder: Bool) -> Int? {
    if let octal = Int(mode.hasPrefix("0o") ? String(mode.dropFirst(2)) : mode, radix: 8) { return octal }
    var bits = current
    for clause in mode.split(separator: ",", omittingEmptySubsequences: false) {
      let who = clause.prefix { "ugoa".contains($0) }
      let all: Substring = who.contains("a") ? "ugo" : who
      guard !who.isEmpty, let changed = applied(clause.dropFirst(who.count), to: all, bits, isFolder) else { return nil }
      bits = changed
    }
    return bits
  }

  private static func applied(_ clause: Substring, to who: Substring, _ bits: Int, _ isFolder: Bool) -> Int? {
    var bits = bits, rest = clause
    while let sign = rest.popFirst() {
      let letters = rest.prefix { !"+-=".contains($0) }
      rest = rest.dropFirst(letters.count)
      let old = bits
      for one in who {
        guard let shift = ["u": 6, "g": 3, "o": 0][one], let special = ["u": 0o4000, "g": 0o2000, "o": 0o1000][one],
          let set = meaning(letters, of: one, shift, special, old, isFolder)
        else { return nil }
        switch sign {
        case "+": bits |= set
        case "-": bits &= ~set
        case "=": bits = bits & ~(7 << shift | special) | set
        default: return nil
        }
      }
    }
    return bits
  }

  private static func meaning(
    _ letters: Substring, of who: Character, _ shift: Int, _ special: Int, _ old: Int, _ isFolder: Bool
  ) -> Int? {
    var set = 0
    for letter in letters {
      switch letter {
      case "r": set |= 4 << shift
      case "w": set |= 2 << shift
      case "x": set |= 1 << shift
      case "X": set |= isFolder || old & 0o111 != 0 ? 1 << shift : 0
      case "s": set |= who == "o" ? 0 : special
      case "t": set |= who == "o" ? special : 0
      case "u": set |= (old >> 6 & 7) << shift
      case "g": set |= (old >> 3 & 7) << shift
      case "o": set |= (old & 7) << shift
      default: return nil
      }
    }
    return set
  }
}
