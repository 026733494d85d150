import Model

/// What a module's shell functions wrote: plain output, then records that each start with the call's mark.
///
/// A record is mark, type letter, key, US, value; the value ends where the next mark begins. The mark holds 128 random bits, so
/// command output cannot pass for a record.
package struct AnswerRecords: Sendable {
  package struct Record: Sendable {
    package var type: UInt8
    package var key: String
    package var value: ArraySlice<UInt8>

    package var text: String { String(decoding: value, as: UTF8.self) }
  }

  /// What stood before the first record: a command's own output.
  package var plainOutput: ArraySlice<UInt8>
  package var records: [Record]

  package static let unitSeparator: UInt8 = 0x1F

  package init(_ bytes: [UInt8], mark: [UInt8]) {
    let starts = Self.positions(of: mark, in: bytes)
    plainOutput = bytes[..<(starts.first ?? bytes.count)]
    records = starts.indices.compactMap { index in
      let begin = starts[index] + mark.count
      let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
      return Self.record(bytes[begin..<end])
    }
  }

  private static func record(_ bytes: ArraySlice<UInt8>) -> Record? {
    guard let type = bytes.first, let separator = bytes.firstIndex(of: unitSeparator) else { return nil }
    let key = String(decoding: bytes[(bytes.startIndex + 1)..<separator], as: UTF8.self)
    return Record(type: type, key: key, value: bytes[(separator + 1)...])
  }

  private static func positions(of mark: [UInt8], in bytes: [UInt8]) -> [Int] {
    guard let first = mark.first, bytes.count >= mark.count else { return [] }
    var result: [Int] = [], position = 0
    bytes.withUnsafeBufferPointer { bytes in
      mark.withUnsafeBufferPointer { mark in
        while position <= bytes.count - mark.count {
          if bytes[position] == first, (1..<mark.count).allSatisfy({ bytes[position + $0] == mark[$0] }) {
            result.append(position)
            position += mark.count
          } else {
            position += 1
          }
        }
      }
    }
    return result
  }
}
