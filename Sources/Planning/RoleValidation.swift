import Model
import Parsing
import Templating

extension RoleUse {
  /// The task before all others of the role that checks its arguments, if the role has a specification for its chosen tasks.
  var validation: RunbookTask? {
    guard validatesArguments?.constant?.bool != false, let specification = role.argumentSpec else { return nil }
    let entryPoint = role.choices.tasks ?? "main"
    var task = RunbookTask(
      span: span, module: ModuleName(written: "ansible.builtin.validate_argument_spec", span: span),
      arguments: TaskArguments(span: span))
    task.arguments.values = [
      "argument_spec": specification["options"] ?? .value(.dict([:])),
      "provided_arguments": .dict(.init(parameters.map { (.string($0.key), $0.value) }) { $1 }),
      "validate_args_context": .value([
        "type": "role", "name": .string(role.shortName), "argument_spec_name": .string(entryPoint), "path": .string(role.directory),
      ]),
    ]
    let description = specification["short_description"]?.constant.map { " - \($0.pythonText)" } ?? ""
    task.keywords.name = .value(.string("Validating arguments against arg spec '\(entryPoint)'\(description)"))
    task.keywords.tags = [.value("always")]
    return task
  }
}

extension SourceValue {
  fileprivate subscript(key: Value) -> SourceValue? {
    switch self {
    case .dict(let entries): entries[key]
    case .value(let value): value.dict?[key].map(SourceValue.value)
    case .template, .list: nil
    }
  }
}
