import Model

/// What `text.encode()` makes: bytes, which filters of digests and encodings take as they are.
final class PythonBytes: Instance {
  let bytes: [UInt8]
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  override var typeName: String { "bytes" }
  override func elements(in evaluation: Evaluation) throws -> [Object]? { bytes.map { .int(Int($0)) } }
  override func isTrue(in evaluation: Evaluation) throws -> Bool { !bytes.isEmpty }

  override func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? {
    switch name {
    case "decode":
      .instance(NativeFunction(name) { [bytes] arguments, evaluation in
        .string(TextEncoding.text(bytes, try TextEncoding.known(evaluation.text(arguments, 0, "encoding", "utf-8"))))
      })
    case "hex": .instance(NativeFunction(name) { [bytes] _, _ in .string(Digest.hex(bytes)) })
    default: nil
    }
  }

  override func item(_ key: Object, in evaluation: Evaluation) throws -> Object? {
    guard case .int(let index) = key else { return nil }
    let place = index < 0 ? index + bytes.count : index
    return bytes.indices.contains(place) ? .int(Int(bytes[place])) : nil
  }

  func sliced(_ slice: Slice) -> PythonBytes { PythonBytes(slice.indices(count: bytes.count).map { bytes[$0] }) }

  override func text(in evaluation: Evaluation) throws -> String {
    let quote: UInt8 = bytes.contains(UInt8(ascii: "'")) && !bytes.contains(UInt8(ascii: "\"")) ? 0x22 : 0x27
    var result = "b" + String(Unicode.Scalar(quote))
    for byte in bytes {
      switch byte {
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      case quote: result += "\\" + String(Unicode.Scalar(byte))
      case 0x20..<0x7F: result += String(Unicode.Scalar(byte))
      default: result += "\\x" + String(byte, radix: 16).leftPadded(to: 2)
      }
    }
    return result + String(Unicode.Scalar(quote))
  }
}

extension Evaluation {
  /// The bytes of an object: its own, or those of its text.
  func bytes(_ object: Object, _ encoding: String = "utf-8") throws -> [UInt8] {
    if case .instance(let instance) = object, let bytes = instance as? PythonBytes { return bytes.bytes }
    return TextEncoding.bytes(try text(object), encoding)
  }
}

extension PythonText {
  /// A `repr` with nothing but ASCII in it.
  static func ascii(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case ..<0x80: result.unicodeScalars.append(scalar)
      case ..<0x100: result += "\\x" + String(scalar.value, radix: 16).leftPadded(to: 2)
      case ..<0x10000: result += "\\u" + String(scalar.value, radix: 16).leftPadded(to: 4)
      default: result += "\\U" + String(scalar.value, radix: 16).leftPadded(to: 8)
      }
    }
    return result
  }
}
