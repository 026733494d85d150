/// Jinja's filters that apply filters and tests to elements. Of what is undefined they make the same undefined, as
/// ansible-core's do; of what is false, None among it, an empty list, before they look at anything else.
extension Filter {
  static let selectionFilters: [Filter] = [
    Filter("map", acceptsUndefined: true) { object, arguments, evaluation in try map(object, arguments, evaluation) },
    Filter("select", acceptsUndefined: true) { object, arguments, evaluation in
      try select(object, arguments, evaluation, wanted: true, byAttribute: false)
    },
    Filter("reject", acceptsUndefined: true) { object, arguments, evaluation in
      try select(object, arguments, evaluation, wanted: false, byAttribute: false)
    },
    Filter("selectattr", acceptsUndefined: true) { object, arguments, evaluation in
      try select(object, arguments, evaluation, wanted: true, byAttribute: true)
    },
    Filter("rejectattr", acceptsUndefined: true) { object, arguments, evaluation in
      try select(object, arguments, evaluation, wanted: false, byAttribute: true)
    },
  ]

  private static func map(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    if object.isUndefined, evaluation.dialect.speaksAnsible { return object }
    guard try evaluation.isTrue(object) else { return .list([]) }
    let elements = try evaluation.elements(object)
    if arguments.positional.isEmpty, let attribute = arguments[named: "attribute"] {
      for (name, _) in arguments.named where name != "attribute" && name != "default" {
        throw Failure.value("Unexpected keyword argument '\(name)'")
      }
      let getter = try evaluation.attributeGetter(attribute, standard: arguments[named: "default"])
      return .list(try elements.map(getter))
    }
    guard let first = arguments.positional.first else { throw Failure.type("map requires a filter argument") }
    let filter = try evaluation.filter(named: evaluation.text(first))
    let rest = arguments.dropFirst()
    return .list(
      try elements.map { element in try evaluation.tracked { try evaluation.apply(filter, to: element, rest) } })
  }

  private static func select(
    _ object: Object, _ arguments: Arguments, _ evaluation: Evaluation, wanted: Bool, byAttribute: Bool
  ) throws -> Object {
    if object.isUndefined, evaluation.dialect.speaksAnsible { return object }
    guard try evaluation.isTrue(object) else { return .list([]) }
    var arguments = arguments
    var getter: (Object) throws -> Object = { $0 }
    if byAttribute {
      guard let attribute = arguments.positional.first else {
        throw Failure.type("Missing parameter for attribute name")
      }
      getter = try evaluation.attributeGetter(attribute)
      arguments = arguments.dropFirst()
    }
    let test = try arguments.positional.first.map { try evaluation.test(named: evaluation.text($0)) }
    let rest = arguments.dropFirst()
    return .list(
      try evaluation.elements(object).filter { element in
        let subject = try getter(element)
        let holds = try test.map { try evaluation.check($0, subject, rest) } ?? evaluation.isTrue(subject)
        return holds == wanted
      })
  }
}
