import Foundation
import Model

/// Filters of community.general that read, write and complete text.
extension Filter {
  static let textFormFilters: [Filter] = [
    Filter("from_csv") { object, arguments, evaluation in
      .list(try CSVText.dicts(of: evaluation.text(object), arguments, evaluation))
    },
    Filter("from_ini") { object, _, evaluation in
      guard let text = object.plainText else { throw Failure.type("from_ini requires a str, got \(evaluation.typeName(object))") }
      do { return .dict(try INIText.dict(of: text)) } catch let failure as Failure {
        throw Failure.value("from_ini failed to parse given string: \(failure.message)")
      }
    },
    Filter("to_ini") { object, _, evaluation in
      guard case .dict(let dict) = object else { throw Failure.type("to_ini requires a dict, got \(evaluation.typeName(object))") }
      if dict.count == 0 { throw Failure.value("to_ini received an empty dict. An empty dict cannot be converted.") }
      return .string(try INIText.text(of: dict, evaluation))
    },
    Filter("crc32") { object, _, evaluation in .string(String(crc32(try evaluation.bytes(object)), radix: 16)) },
    Filter("random_mac") { object, arguments, evaluation in
      guard let text = object.plainText else { throw Failure.type("Invalid value type (\(evaluation.typeName(object))) for random_mac") }
      var random = try PythonRandom(seed: arguments[0, "seed"], evaluation)
      return .string(try completedMAC(text.lowercased(), &random))
    },
    Filter("unicode_normalize") { object, arguments, evaluation in
      guard let text = object.plainText else {
        throw Failure.type("Invalid value type (\(evaluation.typeName(object))) for unicode_normalize")
      }
      switch try evaluation.text(arguments, 0, "form", "NFC") {
      case "NFC": return .string(text.precomposedStringWithCanonicalMapping)
      case "NFD": return .string(text.decomposedStringWithCanonicalMapping)
      case "NFKC": return .string(text.precomposedStringWithCompatibilityMapping)
      case "NFKD": return .string(text.decomposedStringWithCompatibilityMapping)
      case let form: throw Failure.value("Invalid value for parameter 'form': \(PythonText.repr(form)), must be NFC, NFD, NFKC or NFKD")
      }
    },
  ]

  /// The checksum of zip and Ethernet.
  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var remainder: UInt32 = .max
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
    }
    return ~remainder
  }

  /// A hardware address that begins as given, the rest by chance.
  private static func completedMAC(_ prefix: String, _ random: inout PythonRandom) throws -> String {
    let items = PythonString.split(prefix, by: ":")
    if items.count > 5 { throw Failure.value("Invalid value (\(prefix)) for random_mac: 5 colon(:) separated items max") }
    let mistakes = items.compactMap { item in
      if item.isEmpty { return "empty item" }
      let isByte = item.utf8.count >= 2 && item.utf8.prefix(2).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
      return isByte ? nil : "\(item) not hexa byte"
    }
    if !mistakes.isEmpty {
      throw Failure.value("Invalid value (\(prefix)) for random_mac: \(mistakes.joined(separator: ","))")
    }
    let number = 68_719_476_736 + random.below(1_099_511_627_775 - 68_719_476_736 + 1)
    var result = prefix
    for (index, digit) in String(number, radix: 16).prefix(2 * (6 - items.count)).enumerated() {
      if index % 2 == 0 { result += ":" }
      result.append(digit)
    }
    return result
  }
}
