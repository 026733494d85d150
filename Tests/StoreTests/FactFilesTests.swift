import Foundation
import Model
import Store
import Testing

@Suite struct FactFilesTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("facts-\(UUID().uuidString)").path

  private func files(expirySeconds: Int = 0) -> FactFiles {
    FactFiles(folder: folder, prefix: "p_", expirySeconds: expirySeconds, scrubber: SecretScrubber())
  }

  @Test func `facts come back as they were, secrets as stars, in a file for its owner alone`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try files().save(["os": "Debian", "cpus": 4, "key": .secret(Secret("hidden"))], of: "web1")
    #expect(try files().facts(of: "web1", now: 0) == ["os": "Debian", "cpus": 4, "key": "***"])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/p_web1")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["p_web1"])
  }

  @Test func `expired, forgotten and unknown facts are none`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try files().save(["os": "Debian"], of: "web1")
    let later = Date().timeIntervalSince1970 + 100
    #expect(try files(expirySeconds: 10).facts(of: "web1", now: later) == nil)
    #expect(try files(expirySeconds: 1000).facts(of: "web1", now: later) != nil)
    #expect(try files().facts(of: "web2", now: 0) == nil)
    files().forget("web1")
    #expect(try files().facts(of: "web1", now: 0) == nil)
  }
}
