import Foundation
import Testing
import Vault

@Suite struct VaultSourceTests {
  @Test(arguments: [
    ("prod@prompt", VaultSource(identity: "prod", place: .prompt)),
    ("prod@a/b@c", VaultSource(identity: "prod", place: .file("a/b@c"))),
    ("file", VaultSource(identity: "default", place: .file("file"))),
    ("@file", VaultSource(identity: "default", place: .file("file"))),
    ("prompt", VaultSource(identity: "default", place: .prompt)),
  ])
  func `a vault id is a label and a place`(text: String, source: VaultSource) throws {
    #expect(try VaultSource(text) == source)
  }

  @Test func `a vault id must not hold a semicolon`() {
    #expect(throws: VaultError.self) { try VaultSource("a;b@file") }
  }

  @Test func `passwords come from files and scripts, in order`() throws {
    let folder = try PasswordFolder()
    try folder.write("plain", "  sesame \n\n")
    try folder.write("script.sh", "#!/bin/sh\necho ' from a script '\n", mode: 0o755)
    try folder.write("keys-client.sh", "#!/bin/sh\necho \"$1=$2\"\n", mode: 0o755)
    let sources = ["plain", "script.sh", "prod@keys-client.sh"].map { name in
      name.contains("@") ? "prod@\(folder.path)/\(name.dropFirst(5))" : "\(folder.path)/\(name)"
    }
    let (keyring, warnings) = try VaultKeyring.gather(try sources.map { try VaultSource($0) }, prompt: noPrompt)
    #expect(keyring.entries.map { String(decoding: $0.password.bytes, as: UTF8.self) } == ["sesame", " from a script ", "--vault-id=prod"])
    #expect(keyring.entries.map(\.identity) == ["default", "default", "prod"])
    #expect(warnings == [])
  }

  @Test func `a source that fails is noted, and an error only where no other is left`() throws {
    let folder = try PasswordFolder()
    try folder.write("plain", "sesame")
    try folder.write("bad-client", "#!/bin/sh\nexit 2\n", mode: 0o755)
    let bad = VaultSource(identity: "prod", place: .file("\(folder.path)/bad-client"))
    let good = VaultSource(identity: "dev", place: .file("\(folder.path)/plain"))
    let (keyring, warnings) = try VaultKeyring.gather([bad, good], prompt: noPrompt)
    #expect(keyring.entries.map(\.identity) == ["dev"])
    let trouble = "Error in vault password file loading (prod)"
    #expect(warnings == ["\(trouble): the password script \(folder.path)/bad-client has no password for the vault id 'prod'"])
    #expect(throws: VaultError.self) { try VaultKeyring.gather([bad], prompt: noPrompt) }
  }

  @Test func `a password file may be sealed with an earlier password`() throws {
    let folder = try PasswordFolder()
    try folder.write("first", "sesame")
    let first = VaultSource(identity: "first", place: .file("\(folder.path)/first"))
    let ring = try VaultKeyring.gather([first], prompt: noPrompt).keyring
    try folder.write("second", String(decoding: try ring.entry(toEncryptAs: nil).encrypt(Array("deeper\n".utf8)), as: UTF8.self))
    let second = VaultSource(identity: "second", place: .file("\(folder.path)/second"))
    let both = try VaultKeyring.gather([first, second], prompt: noPrompt).keyring
    #expect(both.entries.map { String(decoding: $0.password.bytes, as: UTF8.self) } == ["sesame", "deeper"])
  }

  @Test func `an empty file, a folder and a missing file are errors that name it`() throws {
    let folder = try PasswordFolder()
    try folder.write("empty", "\n")
    for (name, part) in [("empty", "empty password"), ("", "is a folder"), ("missing", "was not found")] {
      let error = #expect(throws: VaultError.self) { try PasswordFile("\(folder.path)/\(name)").password() }
      #expect(error?.message.contains(part) == true && error?.message.contains(folder.path) == true)
    }
  }

  @Test func `a script that takes too long is ended`() throws {
    let folder = try PasswordFolder()
    try folder.write("slow", "#!/bin/sh\nexec sleep 100\n", mode: 0o755)
    var file = PasswordFile("\(folder.path)/slow")
    file.timeoutSeconds = 0.05
    let error = #expect(throws: VaultError.self) { try file.password() }
    #expect(error?.message.contains("took longer") == true, "\(error?.message ?? "no error")")
  }

  @Test func `a new password is asked for twice`() throws {
    let source = VaultSource(identity: "prod", place: .prompt)
    var asked: [String] = []
    let ring = try VaultKeyring.gather([source], isNew: true) { (text: String) throws(VaultError) in
      asked.append(text)
      return "sesame"
    }.keyring
    #expect(asked == ["New vault password (prod): ", "Confirm new vault password (prod): "])
    #expect(ring.entries.count == 1)
    var number = 0
    let error = #expect(throws: VaultError.self) {
      try VaultKeyring.gather([source], isNew: true) { (_: String) throws(VaultError) in
        number += 1
        return "word \(number)"
      }
    }
    #expect(error?.message == "the passwords do not match")
  }

  private func noPrompt(_ text: String) throws(VaultError) -> String { throw VaultError("asked: \(text)") }
}

/// A folder that is gone with the test.
private final class PasswordFolder {
  let path = NSTemporaryDirectory() + "/vault-test-\(UInt64.random(in: 0...UInt64.max))"

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(path)/\(name)")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
