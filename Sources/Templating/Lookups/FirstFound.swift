import Model

/// `first_found`: the first of some files that exists.
struct FirstFound {
  private let call: LookupCall
  private var candidates: [String] = []
  private var skips: Bool

  init(_ call: LookupCall, _ terms: [Value]) throws {
    self.call = call
    skips = call.flag("skip", false)
    if let files = call.options["files"], terms.isEmpty {
      try add(["files": files, "paths": call.options["paths"] ?? []])
    }
    for term in terms { try add(term) }
  }

  private mutating func add(_ term: Value) throws {
    switch term.revealed {
    case .dict(let options):
      if let skip = options["skip"]?.bool { skips = skip }
      let files = try names(options["files"] ?? [], splitAt: ",;")
      let paths = try paths(options["paths"])
      if paths.isEmpty {
        candidates += files
      } else {
        for path in paths { for file in files { candidates.append(PosixPath.joined([path, file])) } }
      }
    case .list(let terms): for term in terms { try add(term) }
    case .string(let name):
      let paths = try paths(nil)
      candidates += paths.isEmpty ? [name] : paths.map { PosixPath.joined([$0, name]) }
    default: throw call.error("a term must be text, a list or a dict, not '\(term.pythonTypeName)'")
    }
  }

  private func paths(_ own: Value?) throws -> [String] {
    try names(own ?? call.options["paths"] ?? [], splitAt: ",:;")
  }

  /// One text may hold several names, an old form.
  private func names(_ value: Value, splitAt separators: String) throws -> [String] {
    switch value.revealed {
    case .string(let text):
      return text.split { separators.contains($0) }.map { PythonString.strip(String($0)) }
    case .list(let elements): return try elements.flatMap { try names($0, splitAt: separators) }
    case .null: return []
    default: throw call.error("files and paths must be text or lists, not \(value.pythonTypeName)")
    }
  }

  func result() throws -> [Value] {
    for candidate in candidates where !candidate.isEmpty {
      if let found = try call.find(candidate, folder: call.loopFolder) { return [.string(found)] }
    }
    if skips { return [] }
    throw call.error("No file was found when using first_found.")
  }
}
