/// A setting that Martlet has: its names, its type, and what it is where nobody sets it.
package struct SettingDefinition: Sendable {
  package enum Kind: Sendable, Equatable {
    case flag, integer, text, path
    /// Separated by commas.
    case list
    /// Paths separated by colons.
    case pathSpec
    /// Paths separated by commas.
    case pathList
    /// One of these words.
    case choice([String])
    /// Text that never prints.
    case secret
  }

  /// Ansible's name, as `ansible-config dump` shows it.
  package let name: String
  package let kind: Kind
  package let defaultValue: SettingValue
  /// Environment variables; the last that is set wins.
  package let environment: [String]
  /// `section.key` in ansible.cfg; the last that is set wins.
  package let keys: [String]

  init(
    _ name: String, _ kind: Kind, _ defaultValue: SettingValue = .none, environment: [String] = [], keys: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.environment = environment
    self.keys = keys
  }

  /// A setting of section `defaults` with the usual environment variable.
  init(_ key: String, as name: String, _ kind: Kind, _ defaultValue: SettingValue = .none, _ variable: String? = nil) {
    self.init(
      name, kind, defaultValue, environment: [variable ?? "ANSIBLE_\(key.uppercased())"], keys: ["defaults.\(key)"])
  }
}

/// What a setting is set to.
package enum SettingValue: Sendable, Hashable {
  case none
  case flag(Bool)
  case integer(Int)
  case text(String)
  case list([String])
}

/// Where a setting's value comes from.
package enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
  case `default`
  case environment(String)
  case file(path: String, line: Int)

  package var description: String {
    switch self {
    case .default: "default"
    case .environment(let name): "env: \(name)"
    case .file(let path, _): path
    }
  }
}
