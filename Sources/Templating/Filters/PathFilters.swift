import Glibc

/// Filters of paths, by Python's `os.path` and `ntpath`.
extension Filter {
  static let pathFilters: [Filter] = [
    path("basename") { PosixPath.split($0).tail },
    path("dirname") { PosixPath.split($0).head },
    path("normpath") { PosixPath.normal($0) },
    path("expanduser") { PosixPath.expandedUser($0) },
    path("expandvars") { PosixPath.expandedVariables($0) },
    path("realpath") { PosixPath.real($0) },
    Filter("splitext") { object, _, evaluation in
      let (root, suffix) = PosixPath.splitExtension(try evaluation.text(object))
      return .tuple([.string(root), .string(suffix)])
    },
    Filter("relpath") { object, arguments, evaluation in
      .string(PosixPath.relative(try evaluation.text(object), to: try evaluation.text(arguments, 0, "start", ".")))
    },
    Filter("path_join") { object, _, evaluation in
      if let text = object.plainText { return .string(text) }
      guard let parts = try evaluation.iterable(object), !object.isDict else {
        throw Failure.type("|path_join expects string or sequence, got \(evaluation.typeName(object)) instead.")
      }
      return .string(PosixPath.joined(try parts.map { try evaluation.string($0, "path") }))
    },
    Filter("commonpath") { object, _, evaluation in
      guard object.plainText == nil, let paths = try evaluation.iterable(object), !object.isDict else {
        throw Failure.type("|commonpath expects sequence, got \(evaluation.typeName(object)) instead.")
      }
      return .string(try PosixPath.common(paths.map { try evaluation.text($0) }))
    },
    path("win_basename") { WindowsPath.split($0).tail },
    path("win_dirname") { WindowsPath.split($0).head },
    Filter("win_splitdrive") { object, _, evaluation in
      let (drive, rest) = WindowsPath.splitDrive(try evaluation.text(object))
      return .tuple([.string(drive), .string(rest)])
    },
  ]

  private static func path(_ name: String, _ body: @escaping @Sendable (String) -> String) -> Filter {
    Filter(name) { object, _, evaluation in .string(body(try evaluation.text(object))) }
  }
}

/// Python's `os.path`.
enum PosixPath {
  static func split(_ path: String) -> (head: String, tail: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    var head = String(path[...slash])
    let tail = String(path[path.index(after: slash)...])
    if head.contains(where: { $0 != "/" }) { while head.hasSuffix("/") { head.removeLast() } }
    return (head, tail)
  }

  static func splitExtension(_ path: String) -> (root: String, suffix: String) {
    let name = split(path).tail
    guard let dot = name.lastIndex(of: "."), name[..<dot].contains(where: { $0 != "." }) else { return (path, "") }
    let suffix = String(name[dot...])
    return (String(path.dropLast(suffix.count)), suffix)
  }

  static func normal(_ path: String) -> String {
    if path.isEmpty { return "." }
    let lead = path.hasPrefix("//") && !path.hasPrefix("///") ? "//" : (path.hasPrefix("/") ? "/" : "")
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part != ".." || (lead.isEmpty && parts.isEmpty) || parts.last == ".." {
        parts.append(part)
      } else if !parts.isEmpty {
        parts.removeLast()
      }
    }
    let text = lead + parts.joined(separator: "/")
    return text.isEmpty ? "." : text
  }

  static func joined(_ parts: [String]) -> String {
    var result = parts.first ?? ""
    for part in parts.dropFirst() {
      if part.hasPrefix("/") {
        result = part
      } else {
        result += result.isEmpty || result.hasSuffix("/") ? part : "/" + part
      }
    }
    return result
  }

  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return normal(path) }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let folder = getcwd(&buffer, buffer.count).map { String(cString: $0) } ?? "/"
    return normal(joined([folder, path]))
  }

  static func relative(_ path: String, to start: String) -> String {
    let from = absolute(start).split(separator: "/")
    let to = absolute(path).split(separator: "/")
    let shared = zip(from, to).prefix { $0 == $1 }.count
    let parts = Array(repeating: "..", count: from.count - shared) + to[shared...].map(String.init)
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  static func common(_ paths: [String]) throws -> String {
    guard let first = paths.first else { throw Failure.value("commonpath() arg is an empty sequence") }
    if paths.contains(where: { $0.hasPrefix("/") != first.hasPrefix("/") }) {
      throw Failure.value("Can't mix absolute and relative paths")
    }
    let parts = paths.map { $0.split(separator: "/").filter { $0 != "." } }
    let count = parts.map(\.count).min() ?? 0
    let shared = (0..<count).prefix { index in parts.allSatisfy { $0[index] == parts[0][index] } }.count
    return (first.hasPrefix("/") ? "/" : "") + parts[0][..<shared].joined(separator: "/")
  }

  static func expandedUser(_ path: String) -> String {
    guard path.hasPrefix("~") else { return path }
    let name = path.dropFirst().prefix { $0 != "/" }
    let rest = path.dropFirst(1 + name.count)
    let home: String?
    if name.isEmpty {
      home = getenv("HOME").map { String(cString: $0) } ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_dir) }
    } else {
      home = getpwnam(String(name)).map { String(cString: $0.pointee.pw_dir) }
    }
    guard var home else { return path }
    while home.hasSuffix("/") { home.removeLast() }
    return home + rest
  }

  static func expandedVariables(_ path: String) -> String {
    var result = ""
    var rest = Substring(path)
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[rest.index(after: dollar)...]
      let isBraced = rest.first == "{"
      let body = isBraced ? rest.dropFirst() : rest
      let name = isBraced ? body.prefix { $0 != "}" } : body.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      guard !name.isEmpty, let value = getenv(String(name)), !isBraced || name.endIndex < body.endIndex else {
        result += "$"
        continue
      }
      result += String(cString: value)
      rest = isBraced ? body[body.index(after: name.endIndex)...] : body[name.endIndex...]
    }
    return result + rest
  }

  static func real(_ path: String) -> String {
    let absolute = absolute(path)
    if let found = Glibc.realpath(absolute, nil) {
      defer { free(found) }
      return String(cString: found)
    }
    let (head, tail) = split(absolute)
    return head == absolute || head.isEmpty ? absolute : joined([real(head), tail])
  }
}

/// Python's `ntpath`.
enum WindowsPath {
  static func splitDrive(_ path: String) -> (drive: String, rest: String) {
    let scalars = Array(path)
    guard scalars.count >= 2 else { return ("", path) }
    func isSlash(_ character: Character) -> Bool { character == "\\" || character == "/" }
    if isSlash(scalars[0]), isSlash(scalars[1]), scalars.count > 2, !isSlash(scalars[2]) {
      guard let share = scalars[2...].firstIndex(where: isSlash) else { return (path, "") }
      let end = scalars[(share + 1)...].firstIndex(where: isSlash) ?? scalars.count
      return (String(scalars[..<end]), String(scalars[end...]))
    }
    return scalars[1] == ":" ? (String(scalars[..<2]), String(scalars[2...])) : ("", path)
  }

  static func split(_ path: String) -> (head: String, tail: String) {
    let (drive, rest) = splitDrive(path)
    let place = rest.lastIndex { $0 == "\\" || $0 == "/" }
    guard let place else { return (drive, rest) }
    var head = String(rest[...place])
    let tail = String(rest[rest.index(after: place)...])
    if head.contains(where: { $0 != "\\" && $0 != "/" }) {
      while head.hasSuffix("\\") || head.hasSuffix("/") { head.removeLast() }
    }
    return (drive + head, tail)
  }
}
