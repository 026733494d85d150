import Parsing
import Testing

struct HostAddressTests {
  static let addresses: [(String, String, Int?)] = [
    ("web", "web", nil), ("web:22", "web", 22), ("a.b-c.d_e:1", "a.b-c.d_e", 1), ("10.0.0.1:22", "10.0.0.1", 22),
    ("::1", "::1", nil), ("[::1]:22", "::1", 22), ("2001:db8::1", "2001:db8::1", nil),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", nil),
    ("::ffff:192.0.2.3", "::ffff:192.0.2.3", nil), ("fe80::", "fe80::", nil), ("web[1:3]:22", "web[1:3]", 22),
    ("[web]:22", "web", 22), ("2001:db8::[1:ff]", "2001:db8::[1:ff]", nil), ("bücher.example", "bücher.example", nil),
  ]

  @Test(arguments: addresses)
  func `a host is told from its port`(text: String, host: String, port: Int?) throws {
    let address = try #require(HostAddress(text, allowsRanges: true))
    #expect(address.host == host)
    #expect(address.port == port)
  }

  @Test(arguments: ["web:db", "-a", "a-", "a_", "a..b", "", "1:2:3", "1::2::3", ":::", "web[1]", "web[a:bc]", "a b",
  "~x", "web:", "12345::"])
  func `what is no address is none`(text: String) {
    #expect(HostAddress(text, allowsRanges: true) == nil)
  }

  @Test func `ranges count only where they are allowed`() {
    #expect(HostAddress("web[1:3]", allowsRanges: false) == nil)
  }
}
