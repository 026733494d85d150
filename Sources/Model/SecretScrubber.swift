import Synchronization

/// Replaces known secrets by `***` in text that is about to leave the process: the last net below the marks on values.
///
/// It finds a secret as it is, as JSON escapes it, and the long lines of one that has several (a private key in a diff). It
/// can't find what was encoded otherwise, or split over two texts.
package final class SecretScrubber: Sendable {
  /// Shorter text would blank out half of all output, and protects nothing.
  package static let bytesMin = 4
  package static let digitsMin = 6
  private static let lineBytesMin = 16

  package enum Registration: Sendable, Equatable {
    case registered
    case ignored(reason: String)
  }

  private let patterns = Mutex(Patterns())

  package init() {}

  /// Takes note of every text and long number inside; says what it left out, and why, without naming it.
  @discardableResult package func register(_ secret: Secret) -> [Registration] {
    var outcomes: [Registration] = []
    collect(secret.revealed, into: &outcomes)
    return outcomes
  }

  @discardableResult package func register(_ text: String) -> Registration {
    guard text.utf8.count >= Self.bytesMin else { return .ignored(reason: tooShort) }
    let lines = text.split(whereSeparator: \.isNewline).filter { $0.utf8.count >= Self.lineBytesMin }.map(String.init)
    patterns.withLock { patterns in
      for plain in [text] + lines {
        patterns.insert(Array(plain.utf8))
        for ensureASCII in [false, true] {
          let quoted = JSONEncoding(ensureASCII: ensureASCII).bytes(of: .string(plain))
          patterns.insert(Array(quoted.dropFirst().dropLast()))
        }
      }
    }
    return .registered
  }

  package func scrub(_ text: String) -> String {
    patterns.withLock { patterns in
      guard !patterns.isEmpty else { return text }
      var text = text
      return text.withUTF8 { patterns.replaced(in: $0) }.map { String(decoding: $0, as: UTF8.self) } ?? text
    }
  }

  package func scrub(_ bytes: [UInt8]) -> [UInt8] {
    patterns.withLock { patterns in
      guard !patterns.isEmpty else { return bytes }
      return bytes.withUnsafeBufferPointer { patterns.replaced(in: $0) } ?? bytes
    }
  }

  private func collect(_ value: Value, into outcomes: inout [Registration]) {
    switch value {
    case .string(let text), .source(let text): outcomes.append(register(text))
    case .int, .bigInt, .float:
      let text = value.json
      outcomes.append(text.utf8.count >= Self.digitsMin ? register(text) : .ignored(reason: tooFewDigits))
    case .list(let elements): for element in elements { collect(element, into: &outcomes) }
    case .dict(let entries): for element in entries.values { collect(element, into: &outcomes) }
    case .secret(let inner): collect(inner.revealed, into: &outcomes)
    case .timestamp(let timestamp): outcomes.append(register(timestamp.description))
    case .null, .omit, .bool: break
    }
  }
}

/// Patterns by their first four bytes, behind a bit per possible pair of first bytes: text without secrets costs one test
/// per byte, however many secrets there are.
private struct Patterns {
  private var pairs = [UInt64](repeating: 0, count: 1024)
  private var byPrefix: [UInt32: [[UInt8]]] = [:]

  var isEmpty: Bool { byPrefix.isEmpty }

  mutating func insert(_ pattern: [UInt8]) {
    let prefix = pattern.withUnsafeBufferPointer { Self.prefix(at: 0, in: $0) }
    guard byPrefix[prefix]?.contains(pattern) != true else { return }
    let pair = Int(pattern[0]) | Int(pattern[1]) << 8
    pairs[pair >> 6] |= 1 << UInt64(pair & 63)
    byPrefix[prefix, default: []].append(pattern)
    byPrefix[prefix]?.sort { $0.count > $1.count }
  }

  /// Nil where nothing was found.
  func replaced(in bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var result: [UInt8] = [], copied = 0, index = 0
    pairs.withUnsafeBufferPointer { pairs in
      while index + SecretScrubber.bytesMin <= bytes.count {
        let pair = Int(bytes[index]) | Int(bytes[index + 1]) << 8
        guard pairs[pair >> 6] & (1 << UInt64(pair & 63)) != 0, let length = matchLength(at: index, in: bytes) else {
          index += 1
          continue
        }
        result += bytes[copied..<index]
        result += Secret.mask.utf8
        index += length
        copied = index
      }
    }
    return copied == 0 ? nil : result + bytes[copied...]
  }

  private func matchLength(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let rest = bytes[index...]
    return byPrefix[Self.prefix(at: index, in: bytes)]?.first { rest.starts(with: $0) }?.count
  }

  private static func prefix(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16 | UInt32(bytes[index + 3]) << 24
  }
}

private let tooShort = "shorter than \(SecretScrubber.bytesMin) bytes: masking it would blank out ordinary output"
private let tooFewDigits = "a number of fewer than \(SecretScrubber.digitsMin) digits: too common to mask"
