import Model
import OrderedCollections

/// Settings from `ansible.cfg` and the environment, each with the place that it comes from.
package struct Settings: Sendable {
  package struct Entry: Sendable, Equatable {
    package var value: SettingValue
    package var origin: SettingOrigin
  }

  /// The configuration file that was read; nil if there is none.
  package private(set) var path: String?
  /// What is set; the rest is as its definition says.
  private var entries: [String: Entry] = [:]

  /// All settings as they are where nobody sets them.
  package init() {}

  /// Finds and reads the configuration file, then the environment, which wins.
  package init(
    environment: [String: String], currentDirectory: String = TextFile.currentDirectory,
    into diagnostics: inout Diagnostics
  ) {
    let home = environment["HOME"]
    path = Self.findFile(environment, currentDirectory, &diagnostics)
    let context = PathContext(environment: environment, currentDirectory: currentDirectory, home: home)
    let file = path.flatMap { Self.read($0, &diagnostics) }
    for definition in SettingDefinition.all {
      let reader = SettingReader(definition: definition, context: context)
      if let entry = reader.entry(file: file, path: path, &diagnostics) { entries[definition.name] = entry }
    }
    if let file { Self.reportForeign(in: file, &diagnostics) }
    Self.reportForeign(in: environment, &diagnostics)
  }

  /// The value and origin of a setting by Ansible's name; nil if there is no such setting.
  package func entry(_ name: String) -> Entry? {
    if let entry = entries[name] { return entry }
    return SettingDefinition.byName[name].map { Entry(value: $0.defaultValue, origin: .default) }
  }

  /// All settings by name, for `martlet config dump`.
  package var all: [(definition: SettingDefinition, entry: Entry)] {
    SettingDefinition.all.map { ($0, entry($0.name)!) }
  }

  /// Overrides a setting, as a flag of the command line does.
  package mutating func set(_ name: String, to value: SettingValue, origin: SettingOrigin = .default) {
    precondition(SettingDefinition.byName[name] != nil, "bug: there is no setting \(name)")
    entries[name] = Entry(value: value, origin: origin)
  }

  /// True and false as settings and connection variables write them; nil for other words.
  package static func flag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "y", "yes", "on", "1", "true", "t", "1.0": true
    case "n", "no", "off", "0", "false", "f", "0.0": false
    default: nil
    }
  }
}

extension SettingDefinition {
  package static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}

extension Settings {
  private static func findFile(
    _ environment: [String: String], _ currentDirectory: String, _ diagnostics: inout Diagnostics
  ) -> String? {
    let local = currentDirectory + "/ansible.cfg"
    var candidates: [String] = []
    let context = PathContext(environment: environment, currentDirectory: currentDirectory, home: environment["HOME"])
    let named = environment["ANSIBLE_CONFIG"].map { context.resolve($0) }
    if let named { candidates.append(TextFile.isDirectory(named) ? named + "/ansible.cfg" : named) }
    let isOpen = TextFile.isWorldWritable(currentDirectory)
    if !isOpen { candidates.append(local) }
    if let home = environment["HOME"] { candidates.append(home + "/.ansible.cfg") }
    candidates.append("/etc/ansible/ansible.cfg")
    let found = candidates.first(where: TextFile.exists)
    if isOpen, TextFile.exists(local), named == nil || named != found {
      diagnostics.add(.worldWritable(currentDirectory))
    }
    return found
  }

  private static func read(_ path: String, _ diagnostics: inout Diagnostics) -> ConfigurationFile? {
    do {
      return ConfigurationFile(SourceFile(path: path, text: try TextFile.read(path)), into: &diagnostics)
    } catch {
      diagnostics.add(.error("can't read \(path): \(error.reason)", at: nil))
      return nil
    }
  }

  private static func reportForeign(in file: ConfigurationFile, _ diagnostics: inout Diagnostics) {
    let known = Set(SettingDefinition.all.flatMap(\.keys))
    let sections = Set(known.map { String($0.prefix { $0 != "." }) })
    var missing: [String] = []
    for (section, entries) in file.sections {
      if ForeignSettings.otherSections.contains(section) || section.contains("galaxy_server") { continue }
      if !sections.contains(section), !section.contains("callback"), !section.contains("plugin") {
        diagnostics.add(.unknownSection(section, among: sections, at: file.sectionSpans[section]))
        continue
      }
      for (key, entry) in entries where sections.contains(section) {
        let name = "\(section).\(key)"
        if known.contains(name) || ForeignSettings.needless.contains(name) { continue }
        if ForeignSettings.missing.contains(name) {
          missing.append(key)
        } else {
          diagnostics.add(.unknownSetting(key, section, among: known.union(ForeignSettings.missing), at: entry.span))
        }
      }
    }
    if !missing.isEmpty { diagnostics.add(.missing(missing, where: file.file.path)) }
  }

  private static func reportForeign(in environment: [String: String], _ diagnostics: inout Diagnostics) {
    let known = Set(SettingDefinition.all.flatMap(\.environment))
    let missing = environment.keys.filter { name in
      guard name.hasPrefix("ANSIBLE_"), !known.contains(name), name != "ANSIBLE_CONFIG" else { return false }
      let key = name.dropFirst("ANSIBLE_".count).lowercased()
      // Names that only plugins or this language know are not ours to judge.
      return ForeignSettings.missing.contains("defaults.\(key)") || ForeignSettings.missing.contains("connection.\(key)")
    }
    if !missing.isEmpty { diagnostics.add(.missing(missing.sorted(), where: "the environment")) }
  }
}

extension Diagnostic {
  fileprivate static func worldWritable(_ directory: String) -> Diagnostic {
    .warning(
      "ansible.cfg in \(directory) is ignored: everybody may write there",
      advice: "chmod o-w the folder, or name the file with ANSIBLE_CONFIG", at: nil)
  }

  fileprivate static func unknownSection(_ name: String, among known: Set<String>, at span: SourceSpan?) -> Diagnostic {
    .warning(
      "unknown section [\(name)] of settings",
      advice: nearestName(to: name, among: known.sorted()).map { "did you mean [\($0)]?" }, at: span)
  }

  fileprivate static func unknownSetting(
    _ key: String, _ section: String, among known: Set<String>, at span: SourceSpan?
  ) -> Diagnostic {
    let elsewhere = known.filter { $0.hasSuffix(".\(key)") }.sorted().first
    let near = nearestName(
      to: key, among: known.filter { $0.hasPrefix("\(section).") }.map { String($0.dropFirst(section.count + 1)) }.sorted())
    return .warning(
      "unknown setting '\(key)' in section [\(section)]",
      advice: elsewhere.map { "it belongs into section [\($0.prefix { $0 != "." })]" }
        ?? near.map { "did you mean '\($0)'?" }, at: span)
  }

  fileprivate static func missing(_ names: [String], where place: String) -> Diagnostic {
    .warning("settings in \(place) that have no effect in Martlet: \(names.joined(separator: ", "))", at: nil)
  }
}
