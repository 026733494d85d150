import Model
import ModuleLibrary
import OrderedCollections
import Parsing

/// `validate_argument_spec`: do variables fit a role's specification?
package struct ValidateArgumentSpecAction: Action {
  package static let name = "validate_argument_spec"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let specification = step.arguments["argument_spec"]?.dict else {
      throw .message("Incorrect type for argument_spec, expected dict")
    }
    let given = step.arguments["provided_arguments"] ?? .null
    guard given == .null || given.dict != nil else {
      throw .message("Incorrect type for provided_arguments, expected dict and got \(given.pythonTypeName)")
    }
    var arguments: Value.Dict = [:]
    for name in specification.keys {
      guard let text = name.string, let variable = step.scope.variable(named: text) else { continue }
      arguments[name] = try step.rendering(try step.renderer.value(of: variable, in: step.scope))
    }
    arguments.merge(given.dict ?? [:]) { $1 }
    let context = step.arguments["validate_args_context"].flatMap { $0 == .null ? nil : $0 } ?? .dict([:])
    let errors = try ArgumentSpecification(specification).problems(of: arguments)
    guard errors.isEmpty else {
      let fields: Value.Dict = [
        "argument_errors": .list(errors.map(Value.string)), "argument_spec_data": .dict(specification), "changed": false,
        "validate_args_context": context,
      ]
      throw .failed(.failed("Validation of arguments failed:\n\(errors.joined(separator: "\n"))", fields))
    }
    return ActionOutcome(
      StepResult(
        .ok, ["changed": false, "msg": "The arg spec validation passed", "validate_args_context": context]))
  }
}

/// A specification as roles and modules have it, ready to check values.
struct ArgumentSpecification {
  private let manifest: ModuleManifest

  /// What a module's description may say of an option, too; the rest of Ansible's keys concerns its own documentation.
  private static let keys: Set<Value> = [
    "type", "elements", "required", "default", "choices", "aliases", "no_log", "suboptions", "options", "description",
  ]

  /// Read as a module's description is: JSON is YAML.
  init(_ specification: Value.Dict) throws(ActionFailure) {
    let description = Value.dict(["module": "argument_spec", "kind": "action", "options": .dict(Self.known(specification))])
    let file = SourceFile(path: "argument_spec", text: description.json(JSONEncoding(revealingSecrets: true)))
    var diagnostics = Diagnostics()
    let parsed = ModuleManifest.parse(
      file, name: "argument_spec", directory: "", fragment: { _ in nil }, into: &diagnostics)
    guard case .manifest(let manifest)? = parsed, !diagnostics.hasErrors else {
      throw .message("argument_spec: \(diagnostics.all.map(\.message).joined(separator: "; "))")
    }
    self.manifest = manifest
  }

  private static func known(_ options: Value.Dict) -> Value.Dict {
    options.mapValues { option in
      guard var entries = option.dict?.filter({ keys.contains($0.key) }) else { return option == .null ? .dict([:]) : option }
      for key in ["options", "suboptions"] as [Value] {
        if let inner = entries[key]?.dict { entries[key] = .dict(known(inner)) }
      }
      return .dict(entries)
    }
  }

  /// Everything that does not fit, in the reference's words.
  func problems(of arguments: Value.Dict) throws(ActionFailure) -> [String] {
    var problems: [String] = []
    var strangers = Strangers()
    let arguments = strangers.takenOut(of: arguments, manifest.options)
    let missing = manifest.options.filter { name, option in
      option.isRequired && option.defaultValue == nil
        && ([name] + option.aliases).allSatisfy { arguments[.string($0)] == nil }
    }.keys.sorted()
    if !missing.isEmpty { problems.append("missing required arguments: \(missing.joined(separator: ", "))") }
    for (name, option) in manifest.options {
      let own = arguments.filter { $0.key.string == name || option.aliases.contains($0.key.string ?? "") }
      guard !own.isEmpty, let problem = problem(of: own, name, option) else { continue }
      problems.append(problem)
    }
    return problems + strangers.problems
  }

  private func problem(of arguments: Value.Dict, _ name: String, _ option: ModuleOption) -> String? {
    var single = manifest
    single.options = [name: option]
    single.options[name]?.isRequired = false
    if option.isRequired, arguments.values.contains(.null), let refusal = option.kind.refusalOfNull {
      return "argument '\(name)' is of type NoneType and we were unable to convert to \(option.kind.rawValue): "
        + refusal
    }
    do throws(ArgumentProblem) {
      _ = try ArgumentCheck(single).checked(arguments)
      return nil
    } catch { return error.message }
  }
}

/// Arguments, at any depth, that no option takes.
private struct Strangers {
  private var names: [String] = []
  private var known: [String] = []

  mutating func takenOut(
    of arguments: Value.Dict, _ options: OrderedDictionary<String, ModuleOption>, path: String = ""
  ) -> Value.Dict {
    var kept: Value.Dict = [:]
    for (name, value) in arguments {
      let text = name.revealedText
      guard let option = options.first(where: { $0.key == text || $0.value.aliases.contains(text) })?.value else {
        names.append(path + text)
        known = options.keys.sorted()
        continue
      }
      kept[name] = option.suboptions.isEmpty ? value : inner(value, option.suboptions, "\(path)\(text).")
    }
    return kept
  }

  private mutating func inner(_ value: Value, _ options: OrderedDictionary<String, ModuleOption>, _ path: String) -> Value {
    if let list = value.list { return .list(list.map { inner($0, options, path) }) }
    return value.dict.map { .dict(takenOut(of: $0, options, path: path)) } ?? value
  }

  /// In the reference's words: all at once, with what is known where the last of them stands.
  var problems: [String] {
    guard !names.isEmpty else { return [] }
    let supported = known.joined(separator: ", ")
    return ["\(Set(names).sorted().joined(separator: ", ")). Supported parameters include: \(supported)."]
  }
}

extension ModuleOption.Kind {
  /// In the reference's words; nil where null can be made into something.
  fileprivate var refusalOfNull: String? {
    switch self {
    case .int: "\"None\" cannot be converted to an int"
    case .float, .bool, .list, .dict: "<class 'NoneType'> cannot be converted to a \(rawValue)"
    case .str, .path, .raw, .jsonarg, .json, .bytes, .bits: nil
    }
  }
}
