/// Filters of any object.
extension Filter {
  static let objectFilters: [Filter] = [
    Filter("default", acceptsUndefined: true, isChoice: true) { object, arguments, evaluation in
      let standard = arguments[0, "default_value"] ?? .string("")
      if object.isUndefined { return standard }
      if try evaluation.flag(arguments, 1, "boolean"), try !evaluation.isTrue(object) { return standard }
      return object
    },
    Filter("mandatory", acceptsUndefined: true, isChoice: true) { object, arguments, evaluation in
      guard case .undefined(let undefined) = object else { return object }
      if let message = try evaluation.string(arguments, 0, "msg") { throw Failure.value(message) }
      let name = undefined.name.isEmpty ? "" : "'\(undefined.name)' "
      throw Failure.value("Mandatory variable \(name)not defined.")
    },
    Filter("attr") { object, arguments, evaluation in
      let name = try evaluation.text(arguments.required(0, "name", of: "attr"))
      switch object {
      case .instance(let instance):
        if let found = try instance.attribute(name, in: evaluation) { return found }
      default:
        if let method = evaluation.method(name, of: object) { return .instance(BoundMethod(name, of: object, method)) }
        if let found = try Attributes.find(name, of: object) { return found }
      }
      return evaluation.missing(.string(name), in: object)
    },
    // What ansible-core does before a value leaves a template: tuples become lists.
    Filter("finalize") { object, _, evaluation in Object(try evaluation.value(of: object)) },
    Filter("type_debug", acceptsUndefined: true) { object, _, evaluation in .string(evaluation.typeName(object)) },
    Filter("ternary", acceptsUndefined: true, isChoice: true) { object, arguments, evaluation in
      if object.isNone, let nothing = arguments[2, "none_val"], !nothing.isNone { return nothing }
      return try evaluation.isTrue(object)
        ? arguments.required(0, "true_val", of: "ternary") : arguments.required(1, "false_val", of: "ternary")
    },
    Filter("bool") { object, _, evaluation in
      switch object {
      case .null: return .bool(false)
      case .bool: return object
      case .int(let number): return .bool(number == 1)
      case .float(let number): return .bool(number == 1)
      default:
        let text = try evaluation.text(object).lowercased()
        return .bool(["yes", "on", "1", "true"].contains(text))
      }
    },
  ]
}
