import Model

/// Tables that tools on a host print line by line, put together here so that no shell has to.
enum FactTables {
  /// Lines of status, source, name, version, release, epoch, architecture and category, with tabs between, as the fact `packages`:
  /// a list of dicts per name.
  static func packages(_ text: String) -> Value.Dict {
    var result: Value.Dict = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 7, fields[0] == "installed" else { continue }
      var package: Value.Dict = [
        "name": .string(fields[2]), "version": .string(fields[3]), "source": .string(fields[1]), "arch": .string(fields[6]),
      ]
      if fields[1] == "rpm" || fields[1] == "apk" { package["release"] = .string(fields[4]) }
      if fields[1] == "rpm" { package["epoch"] = Int(fields[5]).map(Value.int) ?? .null }
      if fields[1] == "apt" {
        package["category"] = .string(fields.count > 7 ? fields[7] : "")
        package["origin"] = ""
      }
      let name = Value.string(fields[2])
      result[name] = .list((result[name]?.list ?? []) + [.dict(package)])
    }
    return result
  }

  /// Lines of kind (`unit` or `file`), name, state, status and source as the fact `services`; a unit's file adds its status.
  static func services(_ text: String) -> Value.Dict {
    var result: Value.Dict = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5 else { continue }
      let name = Value.string(fields[1])
      if fields[0] == "file", var known = result[name]?.dict {
        known["status"] = .string(fields[3])
        result[name] = .dict(known)
      } else {
        result[name] = [
          "name": name, "state": .string(fields[2]), "status": .string(fields[3].isEmpty ? "unknown" : fields[3]),
          "source": .string(fields[4]),
        ]
      }
    }
    return result
  }

  /// The last block of an HTTP answer's headers, by lower-case names with underscores.
  static func headers(_ text: String) -> Value.Dict {
    var result: Value.Dict = [:]
    for line in ShellModule.lines(of: text) {
      if line.hasPrefix("HTTP/") {
        result = [:]
      } else if let colon = line.firstIndex(of: ":") {
        let name = line[..<colon].lowercased().map { $0 == "-" ? "_" : String($0) }.joined()
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        result[.string(name)] = .string(String(value))
      }
    }
    return result
  }
}
