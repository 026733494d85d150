/// Attributes of built-in types that are not methods.
enum Attributes {
  static func find(_ name: String, of object: Object) throws -> Object? {
    switch object {
    case .timestamp(let moment): return moment.attribute(name)
    case .int, .bool, .bigInt: return integerAttribute(name, object)
    case .float: return name == "real" ? object : (name == "imag" ? .float(0) : nil)
    case .range(let range):
      switch name {
      case "start": return .int(range.start)
      case "stop": return .int(range.stop)
      case "step": return .int(range.step)
      default: return nil
      }
    default: return nil
    }
  }

  private static func integerAttribute(_ name: String, _ object: Object) -> Object? {
    switch name {
    case "real", "numerator": Number(object)?.object
    case "imag": .int(0)
    case "denominator": .int(1)
    default: nil
    }
  }
}
