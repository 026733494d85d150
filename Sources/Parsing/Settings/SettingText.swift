import Model

extension Settings {
  /// What a setting is, for `lookup('config')`; nil where there is none of that name.
  package func value(of name: String) -> Value? {
    guard let definition = SettingDefinition.byName[name] else { return nil }
    return entry(name).map(definition.value)
  }
}

/// Settings as `ansible-config` shows them.
extension SettingDefinition {
  /// `NAME(origin) = value`.
  package func line(_ entry: Settings.Entry) -> String { "\(name)(\(entry.origin)) = \(value(of: entry).pythonText)" }

  /// The value, with the home folder in place of `~`; a secret stays one.
  package func value(of entry: Settings.Entry) -> Value {
    switch (entry.value, kind) {
    case (.none, _): .null
    case (.flag(let flag), _): .bool(flag)
    case (.integer(let number), _): .int(number)
    case (.text(let text), .secret): .secret(Secret(.string(text)))
    case (.text(let text), _): .string(expandingHome(text))
    case (.list(let elements), _): .list(elements.map { .string(expandingHome($0)) })
    }
  }

  /// Its description: type, default, and where it is set.
  package var summary: Value {
    var summary: Value.Dict = ["type": .string(typeName), "default": value(of: Settings.Entry(value: defaultValue, origin: .default))]
    if case .choice(let words) = kind { summary["choices"] = .list(words.map(Value.string)) }
    if !environment.isEmpty { summary["env"] = .list(environment.map { ["name": .string($0)] }) }
    if !keys.isEmpty {
      summary["ini"] = .list(keys.map { key in
        let parts = key.split(separator: ".", maxSplits: 1).map { Value.string(String($0)) }
        return ["section": parts[0], "key": parts[1]]
      })
    }
    return .dict(summary)
  }

  private var typeName: String {
    switch kind {
    case .flag: "boolean"
    case .integer: "integer"
    case .text, .choice, .secret: "string"
    case .path: "path"
    case .list: "list"
    case .pathSpec: "pathspec"
    case .pathList: "pathlist"
    }
  }
}
