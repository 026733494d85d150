/// A piece of a template's source.
struct Token {
  enum Kind: Equatable {
    /// Text outside of delimiters, line breaks already normal.
    case text(String)
    case variableStart, variableEnd
    case blockStart, blockEnd
    case name(String)
    case string(String)
    case integer(String)
    case float(Double)
    case operation(String)
    case end
  }

  var kind: Kind
  /// Where it stands, in bytes.
  var range: Range<Int>

  /// As error messages call it.
  var description: String {
    switch kind {
    case .text: "template data"
    case .variableStart: "begin of print statement"
    case .variableEnd: "end of print statement"
    case .blockStart: "begin of statement block"
    case .blockEnd: "end of statement block"
    case .name(let name): name
    case .string: "string"
    case .integer: "integer"
    case .float: "float"
    case .operation(let symbol): symbol
    case .end: "end of template"
    }
  }
}

/// A mistake in a template's source, before its file is known.
struct SyntaxError: Error {
  var message: String
  var advice: String?
  var range: Range<Int>

  init(_ message: String, advice: String? = nil, at range: Range<Int>) {
    self.message = message
    self.advice = advice
    self.range = range
  }
}
