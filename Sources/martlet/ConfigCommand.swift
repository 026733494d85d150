import ArgumentParser
import Foundation
import Model
import Parsing
import YAML

/// `martlet config`: the settings, with the value and origin of each.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show settings: ansible.cfg, ANSIBLE_* and defaults.",
    subcommands: [ConfigDump.self, ConfigList.self, ConfigView.self])
}

enum ConfigFormat: String, ExpressibleByArgument, CaseIterable { case display, json, yaml }

/// The flags that all config commands take.
struct ConfigFlags: ParsableArguments {
  @Option(name: [.short, .long], help: "The file to read in place of the one that would be found.")
  var config: String?

  @Option(name: [.short, .long], help: "Only base is there: settings of plugins are none of Martlet's.")
  var type = "base"

  @Flag(name: .customShort("v"), help: .hidden)
  var verbose: Int

  func validate() throws {
    guard ["base", "all"].contains(type) else {
      throw ValidationError("settings of type '\(type)' belong to plugins, which Martlet does not have; use base")
    }
  }

  func settings() throws -> Settings {
    var environment = ProcessInfo.processInfo.environment
    if let config {
      guard access(config, R_OK) == 0 else {
        throw CommandFailure(exitStatus: 5, "the provided configuration file is missing or not accessible: \(config)")
      }
      environment["ANSIBLE_CONFIG"] = config
    }
    var diagnostics = Diagnostics()
    let settings = Settings(environment: environment, into: &diagnostics)
    try diagnostics.tell(exitStatus: 1)
    return settings
  }

  static func text(_ value: Value, _ format: ConfigFormat) -> String {
    if format == .json { return value.json(JSONEncoding(ensureASCII: false, indent: 4, sortsKeys: true)) }
    var style = YAMLStyle()
    style.defaultFlowStyle = false
    return String(YAMLEmitter.text(of: value.withoutSecrets, style: style).dropLast())
  }
}

struct ConfigDump: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "dump", abstract: "Each setting's value and where it comes from.")

  @OptionGroup var flags: ConfigFlags

  @Flag(name: [.customLong("only-changed"), .customLong("changed-only")], help: "Leave out settings that nobody set.")
  var onlyChanged = false

  @Option(name: [.short, .long], help: "display, json or yaml.")
  var format = ConfigFormat.display

  func run() throws {
    let settings = try flags.settings()
    let shown = settings.all.filter { !onlyChanged || $0.entry.origin != .default }
    guard format == .display else {
      var values = shown.map { definition, entry -> Value in
        [
          "name": .string(definition.name), "origin": .string(entry.origin.description), "value": definition.value(of: entry),
        ]
      }
      values.append(["name": "CONFIG_FILE", "origin": "", "value": settings.path.map(Value.string) ?? .null])
      return print(ConfigFlags.text(.list(values.sorted { $0["name"]?.string ?? "" < $1["name"]?.string ?? "" }), format))
    }
    var lines = shown.map { (name: $0.definition.name, text: $0.definition.line($0.entry)) }
    if settings.path != nil || !onlyChanged {
      lines.append((name: "CONFIG_FILE", text: "CONFIG_FILE() = \(settings.path ?? "None")"))
    }
    for line in lines.sorted(by: { $0.name < $1.name }) { print(line.text) }
  }
}

struct ConfigList: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "All settings: type, default, where each is set.")

  @OptionGroup var flags: ConfigFlags

  @Option(name: [.short, .long], help: "yaml or json.")
  var format = ConfigFormat.yaml

  func run() throws {
    var all: Value.Dict = [:]
    for definition in SettingDefinition.all { all[.string(definition.name)] = definition.summary }
    print(ConfigFlags.text(.dict(all), format == .display ? .yaml : format))
  }
}

struct ConfigView: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "view", abstract: "The configuration file that counts, as it is.")

  @OptionGroup var flags: ConfigFlags

  func run() throws {
    guard let path = try flags.settings().path else { throw CommandFailure(exitStatus: 1, "Invalid or no config file was supplied") }
    let bytes = try VaultFile(path).read()
    try VaultFile("-").write(bytes.last == 10 ? bytes : bytes + [10])
  }
}

extension Value {
  /// Secrets as `***`, for printers that show what they are given.
  var withoutSecrets: Value {
    switch self {
    case .secret: .string(Secret.mask)
    case .list(let elements): .list(elements.map(\.withoutSecrets))
    case .dict(let entries): .dict(entries.mapValues(\.withoutSecrets))
    case .null, .bool, .int, .bigInt, .float, .string, .source, .timestamp, .omit: self
    }
  }
}
