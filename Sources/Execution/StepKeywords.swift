import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// A task's keywords as they come out for one host: inherited, rendered, `omit` falling through to what encloses.
struct StepKeywords: Sendable {
  let task: PlannedTask
  let renderer: Renderer
  let scope: StepScope

  func value(_ keyword: KeyPath<Keywords, SourceValue?>) throws(TemplateError) -> Value? {
    for candidate in task.candidates(keyword) {
      let value = try renderer.value(of: candidate, in: scope)
      if value != .omit { return value }
    }
    return nil
  }

  func flag(_ keyword: KeyPath<Keywords, SourceValue?>) throws(TemplateError) -> Bool? {
    guard let value = try value(keyword), value != .null else { return nil }
    if let flag = value.asFlag { return flag }
    throw TemplateError(.type, .error(
      "The value '\(value.pythonText)' could not be converted to 'bool'", advice: "write true or false", at: task.task.span))
  }

  func text(_ keyword: KeyPath<Keywords, SourceValue?>) throws(TemplateError) -> String? {
    try value(keyword)?.asText
  }

  func number(_ keyword: KeyPath<Keywords, SourceValue?>) throws(TemplateError) -> Double? {
    try value(keyword)?.asNumber
  }

  /// How many hosts may run the task at once; nil for no limit.
  func throttle() throws(TemplateError) -> Int? {
    let complaint = "Failed to convert the throttle value to an integer: "
    let given: Value?
    do throws(TemplateError) { given = try value(\.throttle) } catch {
      throw TemplateError(error.kind, .error(complaint + error.diagnostic.message, at: error.diagnostic.span))
    }
    guard let given, given != .null else { return nil }
    if let number = given.asNumber { return number > 0 ? Int(number) : nil }
    let reason = "invalid literal for int() with base 10: '\(given.pythonText)'"
    throw TemplateError(.type, .error(complaint + reason, at: task.task.span))
  }

  /// The dicts of `environment` from the play inwards, later ones winning.
  func environment() throws(TemplateError) -> [(name: String, value: String)] {
    var merged = Value.Dict()
    for source in task.inherited(\.environment) {
      for entries in try environmentDicts(of: source) {
        for (name, value) in entries where value != .omit { merged[name] = value }
      }
    }
    return merged.map { (name: $0.key.asText, value: $0.value.asText) }
  }

  /// Gathering facts can't know `ansible_env` yet: entries that need it are left out there, and only they.
  private func environmentDicts(of source: SourceValue) throws(TemplateError) -> [Value.Dict] {
    guard ["setup", "gather_facts"].contains(task.module), case .dict(let entries) = source else {
      return try renderer.value(of: source, in: scope).environmentDicts
    }
    var dict = Value.Dict()
    for (name, entry) in entries {
      do throws(TemplateError) { dict[name] = try renderer.value(of: entry, in: scope) } catch {
        let needsFacts = ["ansible_env", "ansible_facts.env"].contains { error.message.contains($0) }
        guard error.kind == .undefined, needsFacts else { throw error }
      }
    }
    return [dict]
  }

  /// Defaults for a module: of the groups that it is in, and over them its own. Of several entries for the same name the innermost
  /// counts as a whole. What the task gives itself is left out, and not rendered.
  func moduleDefaults(
    for manifest: ModuleManifest, besides given: Set<String> = []
  ) throws(TemplateError) -> Value.Dict {
    let names = manifest.allNames
    var groups: OrderedDictionary<String, ModuleDefaults> = [:]
    var own: ModuleDefaults?
    for entry in task.inherited(\.moduleDefaults) {
      if let group = entry.group {
        if group.holds(manifest) { groups[entry.name] = entry }
      } else if names.contains(entry.name) {
        own = entry
      }
    }
    var merged = Value.Dict()
    for entry in groups.values + [own].compactMap(\.self) { merged.merge(try values(of: entry, besides: given)) { $1 } }
    return merged
  }

  /// The value of a module's argument; an error says for which.
  func argument(_ name: String, _ source: SourceValue) throws(TemplateError) -> Value {
    do throws(TemplateError) { return try renderer.value(of: source, in: scope) } catch {
      guard error.kind != .unknown else { throw error }
      var error = error
      error.diagnostic.message = "Error while resolving value for '\(name)': \(error.diagnostic.message)"
      throw error
    }
  }

  /// Whether the step's result stays hidden: as the task says, else as the settings do.
  func hidesResult(_ options: RunOptions) throws(TemplateError) -> Bool { try flag(\.noLog) ?? options.isNoLog }

  private func values(of entry: ModuleDefaults, besides given: Set<String>) throws(TemplateError) -> Value.Dict {
    if case .dict(let sources) = entry.values {
      var values = Value.Dict()
      for (name, source) in sources where !given.contains(name.asText) {
        values[name] = try argument(name.asText, source)
      }
      return values
    }
    let value = try renderer.value(of: entry.values, in: scope)
    if value == .null { return [:] }
    if let values = value.dict { return values.filter { !given.contains($0.key.asText) } }
    let message = "module_defaults for '\(entry.name)' must be a dict, not '\(value.pythonTypeName)'"
    throw TemplateError(.type, .error(message, at: entry.span))
  }
}

extension Value {
  /// A boolean as Ansible's keywords take it: `yes`, `on`, `1`, `true` and their opposites.
  package var asFlag: Bool? {
    switch revealed {
    case .bool(let flag): return flag
    case .int(let number): return number == 1 ? true : number == 0 ? false : nil
    case .float(let number): return number == 1 ? true : number == 0 ? false : nil
    case .string(let text):
      switch text.lowercased() {
      case "y", "yes", "on", "1", "true", "t", "1.0": return true
      case "n", "no", "off", "0", "false", "f", "0.0": return false
      default: return nil
      }
    case .null: return false
    case .bigInt, .source, .timestamp, .list, .dict, .secret, .omit: return nil
    }
  }

  package var asNumber: Double? {
    switch revealed {
    case .int(let number): Double(number)
    case .float(let number): number
    case .string(let text): Double(text)
    case .null, .bool, .bigInt, .source, .timestamp, .list, .dict, .secret, .omit: nil
    }
  }

  /// The text of a scalar as it stands on a command line or in a name; secrets are revealed.
  package var asText: String {
    switch revealed {
    case .string(let text): text
    case .null: ""
    case let other: other.pythonText
    }
  }

  fileprivate var environmentDicts: [Value.Dict] {
    switch revealed {
    case .dict(let entries): [entries]
    case .list(let elements): elements.flatMap(\.environmentDicts)
    case .null, .bool, .int, .bigInt, .float, .string, .source, .timestamp, .secret, .omit: []
    }
  }
}
