/// Times as OpenSSH writes them (sshd_config(5), TIME FORMATS): `90`, `1m30s`, `2h`.
enum SSHTimeSpan {
  static func seconds(_ text: some StringProtocol) -> Double? {
    var total = 0
    var number: Int?
    for byte in text.utf8 {
      if let digit = digit(byte) {
        let (shifted, isTooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
        guard !isTooLarge, shifted < Int(Int32.max) else { return nil }
        number = shifted + digit
      } else {
        guard let unit = unit(byte), let counted = number else { return nil }
        total += counted * unit
        number = nil
      }
    }
    total += number ?? 0
    return text.isEmpty || total > Int(Int32.max) ? nil : Double(total)
  }

  private static func digit(_ byte: UInt8) -> Int? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
  }

  private static func unit(_ byte: UInt8) -> Int? {
    switch byte | 0x20 {
    case UInt8(ascii: "s"): 1
    case UInt8(ascii: "m"): 60
    case UInt8(ascii: "h"): 3600
    case UInt8(ascii: "d"): 86_400
    case UInt8(ascii: "w"): 604_800
    default: nil
    }
  }
}
