import Foundation

/// A folder of a test's own, gone when the test is over.
package enum ScratchFolder {
  package static func with<Value>(_ body: (_ path: String) async throws -> Value) async throws -> Value {
    let path = NSTemporaryDirectory() + "/martlet-test-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }
}
