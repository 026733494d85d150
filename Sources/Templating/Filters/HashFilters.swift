import Model

/// Filters of digests, passwords and encodings.
extension Filter {
  static let hashFilters: [Filter] = [
    Filter("hash") { object, arguments, evaluation in
      .string(try digest(evaluation.text(arguments, 0, "hashtype", "sha1"), of: object, evaluation))
    },
    Filter("checksum") { object, _, evaluation in .string(try digest("sha1", of: object, evaluation)) },
    Filter("sha1") { object, _, evaluation in .string(try digest("sha1", of: object, evaluation)) },
    Filter("md5") { object, _, evaluation in .string(try digest("md5", of: object, evaluation)) },
    Filter("password_hash") { object, arguments, evaluation in
      .string(try PasswordHash(arguments, evaluation).hash(of: evaluation.text(object)))
    },
    Filter("to_uuid") { object, arguments, evaluation in
      let namespace = try evaluation.text(arguments, 0, "namespace", "361E6D51-FAEC-444A-9079-341386DA8E2E")
      guard let bytes = uuidBytes(namespace) else {
        throw Failure.value("Invalid value '\(namespace)' for 'namespace': badly formed hexadecimal UUID string")
      }
      var digest = Array(try Digest.bytes("sha1", of: bytes + evaluation.bytes(object)).prefix(16))
      digest[6] = digest[6] & 0x0F | 0x50
      digest[8] = digest[8] & 0x3F | 0x80
      let hex = Array(Digest.hex(digest))
      let parts = [hex[0..<8], hex[8..<12], hex[12..<16], hex[16..<20], hex[20...]]
      return .string(parts.map { String($0) }.joined(separator: "-"))
    },
    Filter("b64encode") { object, arguments, evaluation in
      let encoding = try evaluation.text(arguments, 0, "encoding", "utf-8")
      let text = Base64.encoded(try evaluation.bytes(object, encoding))
      guard try evaluation.flag(arguments, 1, "urlsafe") else { return .string(text) }
      return .string(String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }))
    },
    Filter("b64decode") { object, arguments, evaluation in
      var text = String(decoding: try evaluation.bytes(object), as: UTF8.self)
      if try evaluation.flag(arguments, 1, "urlsafe") { text = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }) }
      let bytes = try Base64.decoded(text)
      return .string(TextEncoding.text(bytes, try evaluation.text(arguments, 0, "encoding", "utf-8")))
    },
  ]

  private static func digest(_ type: String, of object: Object, _ evaluation: Evaluation) throws -> String {
    Digest.hex(try Digest.bytes(type, of: evaluation.bytes(object)))
  }

  private static func uuidBytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.filter { $0 != "-" && $0 != "{" && $0 != "}" })
    guard digits.count == 32 else { return nil }
    let bytes = stride(from: 0, to: 32, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    return bytes.count == 16 ? bytes : nil
  }
}

/// What `password_hash` and the password lookup make.
struct PasswordHash {
  private let type: String
  private let salt: String?
  private let rounds: Int?
  private let ident: String?

  init(_ arguments: Arguments, _ evaluation: Evaluation) throws {
    try arguments.expect(["hashtype", "salt", "salt_size", "rounds", "ident"], of: "password_hash")
    let size: Int?
    do { size = try evaluation.integer(arguments, 2, "salt_size") } catch let failure as Failure where failure.kind == .type {
      throw Failure.type("salt_size must be an integer")
    }
    try self.init(
      type: evaluation.text(arguments, 0, "hashtype", "sha512"), salt: evaluation.string(arguments, 1, "salt"),
      saltSize: size, rounds: evaluation.integer(arguments, 3, "rounds"),
      ident: evaluation.string(arguments, 4, "ident"))
  }

  init(type: String, salt: String?, saltSize: Int? = nil, rounds: Int? = nil, ident: String? = nil) throws {
    self.type =
      ["md5_crypt": "md5", "sha256_crypt": "sha256", "sha512_crypt": "sha512", "blowfish": "bcrypt"][type] ?? type
    self.rounds = rounds
    self.ident = ident
    let size = saltSize ?? ["md5": 8, "bcrypt": 22][self.type] ?? 16
    self.salt = salt ?? PasswordHash.randomText(size)
    if let salt, salt.utf8.contains(where: { !Self.isSaltByte($0) }) {
      throw Failure.value("invalid characters in salt")
    }
  }

  private static func isSaltByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "/")
  }

  private static func randomText(_ count: Int) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./")
    return String((0..<max(1, count)).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }

  func hash(of password: String) throws -> String {
    let salt = salt ?? ""
    if let rounds, type.hasPrefix("sha"), !(1000...999_999_999).contains(rounds) {
      throw Failure.value("Could not hash the secret: rounds must be from 1000 to 999999999, not \(rounds)")
    }
    switch type {
    case "md5": return try Digest.crypt(password, "$1$\(salt)")
    case "sha256": return try Digest.crypt(password, "$5$\(roundsText)\(salt)")
    case "sha512": return try Digest.crypt(password, "$6$\(roundsText)\(salt)")
    case "bcrypt":
      guard salt.utf8.count == 22 else {
        throw Failure.value("invalid salt size supplied (\(salt.utf8.count)), expected 22")
      }
      let cost = String(rounds ?? 12).leftPadded(to: 2)
      return try Digest.crypt(password, "$\(ident ?? "2b")$\(cost)$\(salt)")
    default:
      throw Failure.value("\(type) is not in the list of supported passlib algorithms: md5, blowfish, sha256, sha512")
    }
  }

  /// Passlib, which Ansible prefers, leaves out the number of rounds where it is crypt's own 5000.
  private var roundsText: String {
    let count = rounds ?? (type == "sha256" ? 535_000 : 656_000)
    return count == 5000 ? "" : "rounds=\(count)$"
  }
}

/// Base 64 as Python's module reads and writes it.
enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encoded(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let chunk = bytes[start..<min(start + 3, bytes.count)]
      let word = chunk.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - chunk.count))
      for place in 0..<4 {
        result.append(place <= chunk.count ? letters[Int(word >> UInt32(18 - 6 * place)) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Characters that belong to no alphabet are skipped; a wrong length is an error.
  static func decoded(_ text: String) throws -> [UInt8] {
    var result: [UInt8] = []
    var word: UInt32 = 0
    var count = 0
    var padding = 0
    var total = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard let value = letters.firstIndex(of: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") ? 0 : byte) else {
        continue
      }
      word = word << 6 | UInt32(value)
      (count, total) = (count + 1, total + 1)
      if count == 4 {
        result += [
          UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 8), UInt8(truncatingIfNeeded: word),
        ]
        (word, count) = (0, 0)
      }
    }
    if count == 1 {
      throw Failure.value(
        "Invalid base64-encoded string: number of data characters (\(total)) cannot be 1 more than a multiple of 4")
    }
    if count > 0 && padding < 4 - count { throw Failure.value("Incorrect padding") }
    if count == 2 { result.append(UInt8(truncatingIfNeeded: word >> 4)) }
    if count == 3 { result += [UInt8(truncatingIfNeeded: word >> 10), UInt8(truncatingIfNeeded: word >> 2)] }
    return result
  }
}

/// Encodings of text that filters may name.
enum TextEncoding {
  private static let names: Set<String> = [
    "utf-8", "utf8", "utf-16", "utf-16-le", "utf-16le", "utf-16-be", "utf-16be", "latin-1", "latin1", "iso-8859-1", "ascii", "us-ascii",
  ]

  private static func normal(_ encoding: String) -> String { PythonString.replace("_", with: "-", in: encoding.lowercased()) }

  /// The name of an encoding that there is.
  static func known(_ encoding: String) throws -> String {
    if !names.contains(normal(encoding)) { throw Failure.value("unknown encoding: \(encoding)") }
    return encoding
  }

  /// As Python encodes strictly: what an encoding has no bytes for is an error.
  static func checkedBytes(_ text: String, _ encoding: String) throws -> [UInt8] {
    let limit: UInt32? =
      switch normal(try known(encoding)) {
      case "ascii", "us-ascii": 0x7F
      case "latin-1", "latin1", "iso-8859-1": 0xFF
      default: nil
      }
    if let limit, let place = text.unicodeScalars.enumerated().first(where: { $0.element.value > limit }) {
      let shown = PythonText.ascii(String(place.element))
      throw Failure.value(
        "'\(encoding)' codec can't encode character '\(shown)' in position \(place.offset): ordinal not in range(\(limit + 1))")
    }
    return bytes(text, encoding)
  }

  static func bytes(_ text: String, _ encoding: String) -> [UInt8] {
    switch normal(encoding) {
    case "utf-16-le", "utf-16le":
      text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    case "utf-16-be", "utf-16be":
      text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    case "utf-16": [0xFF, 0xFE] + bytes(text, "utf-16-le")
    case "latin-1", "latin1", "iso-8859-1": text.unicodeScalars.map { UInt8(exactly: $0.value) ?? UInt8(ascii: "?") }
    default: Array(text.utf8)
    }
  }

  static func text(_ bytes: [UInt8], _ encoding: String) -> String {
    func units(_ low: Int, _ high: Int) -> [UInt16] {
      stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0 + low]) | UInt16(bytes[$0 + high]) << 8 }
    }
    switch normal(encoding) {
    case "utf-16-le", "utf-16le", "utf-16": return String(decoding: units(0, 1), as: UTF16.self)
    case "utf-16-be", "utf-16be": return String(decoding: units(1, 0), as: UTF16.self)
    case "latin-1", "latin1", "iso-8859-1": return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    default: return String(decoding: bytes, as: UTF8.self)
    }
  }
}
