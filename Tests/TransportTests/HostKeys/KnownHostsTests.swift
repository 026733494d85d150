import Testing

@testable import Transport

@Suite struct KnownHostsTests {
  let folder = TestFolder()
  let key = SSHPublicKey(line: testKeyLine(1))!
  let other = SSHPublicKey(line: testKeyLine(2))!
  let name = HostKeyName(host: "Web1", port: 2222)

  @Test func `a new file and its folder are private`() throws {
    let path = folder.path + "/.ssh/known_hosts"
    try KnownHosts().append(key, of: name, to: path, isHashed: false)
    #expect(folder.read(".ssh/known_hosts") == "[web1]:2222 \(key.line)\n")
    #expect(ShellCommand.mustRun("stat -c %a '\(folder.path)/.ssh' '\(path)'") == "700\n600\n")
  }

  @Test func `a hashed name is found by ssh-keygen and by us`() throws {
    let path = folder.path + "/known"
    let known = KnownHosts()
    try known.append(key, of: name, to: path, isHashed: true)
    #expect(!folder.read("known").contains("web1"))
    #expect(ShellCommand.run("ssh-keygen -F '[web1]:2222' -f '\(path)'").status == 0)
    #expect(try known.keys(of: name, files: [path]).verdict(on: key).isKnown)
  }

  @Test func `a last line without its end stays whole`() throws {
    let path = folder.write("known", "h \(other.line)")
    try KnownHosts().append(key, of: name, to: path, isHashed: false)
    #expect(folder.read("known") == "h \(other.line)\n[web1]:2222 \(key.line)\n")
  }

  @Test func `a key is filed once`() throws {
    let path = folder.path + "/known"
    for _ in 0..<3 { try KnownHosts().append(key, of: name, to: path, isHashed: true) }
    #expect(folder.read("known").split(separator: "\n").count == 1)
  }

  @Test func `what is appended, here or elsewhere, is seen`() throws {
    let path = folder.path + "/known"
    let known = KnownHosts()
    #expect(try known.keys(of: name, files: [path]).verdict(on: key) == .unknown)
    try known.append(key, of: name, to: path, isHashed: false)
    #expect(try known.keys(of: name, files: [path]).verdict(on: key).isKnown)
    folder.write("known", "[web1]:2222 \(other.line) a comment of another length\n")
    #expect(try known.keys(of: name, files: [path]).verdict(on: key).isChanged)
  }

  @Test func `many at a time all get in`() async throws {
    let path = folder.path + "/known"
    let known = KnownHosts()
    try await withThrowingTaskGroup { group in
      for number in 0..<50 {
        let name = HostKeyName(host: "h\(number)", port: 22)
        group.addTask { try known.append(key, of: name, to: path, isHashed: false) }
      }
      try await group.waitForAll()
    }
    let file = KnownHostsFile(path: path, text: folder.read("known"))
    #expect((0..<50).allSatisfy { file.records(for: "h\($0)").map(\.key) == [key] })
    #expect(file.invalidLines.isEmpty)
  }

  @Test func `the null device takes everything and knows nothing`() throws {
    let known = KnownHosts()
    try known.append(key, of: name, to: "/dev/null", isHashed: false)
    #expect(try known.keys(of: name, files: ["/dev/null", "/nowhere/known"]).verdict(on: key) == .unknown)
  }

  @Test func `a file that can't be written is told by name`() {
    let error = #expect(throws: KnownHostsError.self) {
      try KnownHosts().append(key, of: name, to: "/proc/self/none/known", isHashed: false)
    }
    #expect(error?.description.contains("/proc/self/none") == true)
  }
}

extension HostKeyVerdict {
  fileprivate var isKnown: Bool { if case .known = self { true } else { false } }
  fileprivate var isChanged: Bool { if case .changed = self { true } else { false } }
}
