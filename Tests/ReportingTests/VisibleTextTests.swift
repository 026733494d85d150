import Testing

@testable import Reporting

@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("plain ü €\n\ttext", "plain ü €\n\ttext"), ("\u{1B}]0;owned\u{7}", "\\x1b]0;owned\\x07"), ("a\r\nb\rc", "a\nb\\rc"),
    ("\u{9B}31m", "\\x9b31m"), ("x\u{202E}y\u{2066}", "x\\u202ey\\u2066"), ("\u{7F}\u{0}", "\\x7f\\x00"),
    ("Â é", "Â é"),
  ])
  func `what a terminal would obey is written out`(text: String, expected: String) {
    #expect(text.visible == expected)
  }

  @Test(arguments: [
    (Array("ü".utf8), "ü"), ([0x61, 0xFF, 0x62], "a\\xffb"), ([0xC3], "\\xc3"), ([0xE2, 0x82], "\\xe2\\x82"),
    ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"), ([0x1B, 0xC3, 0xBC], "\\x1bü"), ([0xF0, 0x9F, 0x98, 0x80], "😀"),
  ] as [([UInt8], String)])
  func `bytes that are no UTF-8 are written out`(bytes: [UInt8], expected: String) {
    #expect(String(visible: bytes) == expected)
  }

  @Test(arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("größer", 6)])
  func `width counts columns`(text: String, expected: Int) {
    #expect(text.displayWidth == expected)
  }
}
