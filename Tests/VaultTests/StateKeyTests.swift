import Foundation
import Testing

@testable import Vault

@Suite struct StateKeyTests {
  @Test(arguments: [0, 1, 15, 16, 17, 100_000]) func `what a key sealed it opens, and another key does not`(count: Int) {
    let key = StateKey(bytes: Array(repeating: 1, count: 32)), other = StateKey(bytes: Array(repeating: 2, count: 32))
    let content = (0..<count).map { UInt8($0 & 255) }
    let sealed = key.seal(content)
    #expect(key.open(sealed) == content)
    #expect(other.open(sealed) == nil)
    #expect(key.seal(content) != sealed)
  }

  @Test func `changed bytes do not open`() {
    let key = StateKey(bytes: Array(repeating: 1, count: 32))
    let sealed = key.seal(Array("registered".utf8))
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(key.open(changed) == nil)
    }
    #expect(key.open([1, 2, 3]) == nil)
  }

  @Test func `a key is made once, for its owner alone`() throws {
    let path = NSTemporaryDirectory() + "/martlet-key-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let sealed = try #require(StateKey(path: path)).seal([1, 2])
    #expect(StateKey(path: path)?.open(sealed) == [1, 2])
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
  }
}
