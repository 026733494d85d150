/// HTML's special characters, as MarkupSafe writes them.
extension Evaluation {
  /// Text that is safe in HTML: markup as it is, everything else escaped.
  func escaped(_ object: Object) throws -> String {
    let object = reveal(object)
    if case .markup(let markup) = object { return markup.text }
    return Self.escape(try text(object))
  }

  func escapedForOutput(_ object: Object) throws -> Object {
    switch object {
    case .markup, .undefined: return object
    case .null where dialect.dropsNone: return object
    case .secret(let secret): return self.secret(try escapedForOutput(secret.inner))
    default: return .markup(Markup(Self.escape(try outputText(object))))
    }
  }

  static func escape(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      case "\"": result.append(contentsOf: "&#34;".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
