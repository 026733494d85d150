import Model

/// The way out: what a template came to, as a value without anything left to render.
extension Evaluation {
  func value(of object: Object) throws -> Value {
    switch object {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .float(let number): return .float(number)
    case .bigInt(let number): return .bigInt(number.value)
    case .string(let text): return .string(text)
    case .source(let text): return .source(text)
    case .markup(let markup): return .string(markup.text)
    case .timestamp(let moment): return .timestamp(moment.timestamp)
    case .tuple(let elements): return try value(ofAll: elements)
    case .list(let list): return try value(ofAll: list.all())
    case .dict(let dict): return try value(of: dict)
    case .range(let range): return .list((0..<range.count).map { .int(range[$0]) })
    case .instance(let instance): return try value(of: instance)
    case .undefined(let undefined): throw undefined.failure
    case .secret(let secret): return try .secret(Secret(value(of: secret.inner)))
    case .lazy(let lazy): return try value(of: lazy.force())
    case .omit: return .omit
    case .unset: preconditionFailure("an unset slot reached a template: this is a bug")
    }
  }

  private func value(of instance: Instance) throws -> Value {
    guard let plain = try instance.plain(in: self) else {
      throw Failure.type("type '\(instance.typeName)' has no value outside of a template")
    }
    return try value(of: plain)
  }

  private func value(ofAll elements: [Object]) throws -> Value {
    try budget.checkStack()
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements {
      let value = try value(of: element)
      if case .omit = value { continue }
      values.append(value)
    }
    return .list(values)
  }

  /// Entries that came to `omit` are left out, as ansible-core does.
  private func value(of dict: DictObject) throws -> Value {
    try budget.checkStack()
    var values = Value.Dict(minimumCapacity: dict.count)
    for (key, element) in try dict.all() {
      let value = try value(of: element)
      if case .omit = value { continue }
      values[try self.value(of: key)] = value
    }
    return .dict(values)
  }
}
