import Model

/// A line of `stat -c '%f %u %g %s %i %d %h %X %Y %Z %U/%G/%n'`, perhaps with US and a checksum after it, as the dict that
/// Ansible's `find` reports of a file.
enum FileStatus {
  static func value(of text: String) -> Value {
    let parts = text.split(separator: "\u{1F}", maxSplits: 1)
    var line = parts.first ?? ""
    // stat ends its line; a name may end in a line break, too.
    if line.hasSuffix("\n") { line = line.dropLast() }
    let words = line.split(separator: " ", maxSplits: 10, omittingEmptySubsequences: false).map(String.init)
    guard words.count == 11, let bits = Int(words[0], radix: 16) else { return .null }
    let names = words[10].split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard names.count == 3 else { return .null }
    var result: Value.Dict = [
      "path": .string(names[2]), "mode": .string(ShellText.octal(bits)), "pw_name": .string(names[0]), "gr_name": .string(names[1]),
    ]
    for (key, word) in zip(["uid", "gid", "size", "inode", "dev", "nlink"] as [Value], words[1...6]) {
      result[key] = .int(Int(word) ?? 0)
    }
    for (key, word) in zip(["atime", "mtime", "ctime"] as [Value], words[7...9]) { result[key] = .float(Double(word) ?? 0) }
    for (key, kind) in Self.kinds { result[key] = .bool(bits >> 12 == kind) }
    for (key, bit) in Self.permissions { result[key] = .bool(bits & bit != 0) }
    if parts.count == 2 { result["checksum"] = .string(String(parts[1])) }
    return .dict(result)
  }

  private static let kinds: [(Value, Int)] = [
    ("isdir", 4), ("ischr", 2), ("isblk", 6), ("isreg", 8), ("isfifo", 1), ("islnk", 10), ("issock", 12),
  ]

  private static let permissions: [(Value, Int)] = [
    ("rusr", 0o400), ("wusr", 0o200), ("xusr", 0o100), ("rgrp", 0o040), ("wgrp", 0o020), ("xgrp", 0o010), ("roth", 0o004),
    ("woth", 0o002), ("xoth", 0o001), ("isuid", 0o4000), ("isgid", 0o2000),
  ]
}
