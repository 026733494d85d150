import Glibc
import Model
import ModuleLibrary
import ModuleTesting
import Testing
import Transport

@Suite struct RemoteFileTests {
  let catalog = ModuleCatalog(moduleFolders: [modulesFolder])

  private func run<Answer>(_ call: RemoteCall<Answer>, _ shell: [String], _ scratch: Scratch) throws -> Answer {
    let shell = try ShellUnderTest(shell, in: scratch, directory: scratch.files)
    return try call.answer(from: shell.run(call.request, stderrFile: scratch.root + "/stderr"))
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `one request tells many files and brings their contents, byte for byte`(shell: [String]) throws {
    let scratch = try Scratch(), bytes: [UInt8] = [0, 1, 0x1E, 0xFF, 0x0A, 0x0A]
    try LocalFile.write(bytes, to: scratch.files + "/binary 'file'")
    symlink("binary 'file'", scratch.files + "/link")
    try LocalFile.write([UInt8](repeating: 65, count: 2000), to: scratch.files + "/large")
    var query = RemoteFile.Query(["binary 'file'", "link", "absent/x", "absent", "large", "."])
    query.contentBytesMax = 1000
    query.wantsChecksum = true
    let files = try run(RemoteFile.read(query, catalog: catalog), shell, scratch)
    #expect(files.map(\.kind) == [.file, .file, .absent, .absent, .file, .directory])
    #expect(files[0].content == bytes && files[0].size == 6 && files[0].mode == 0o644)
    #expect(files[1].content == bytes && files[1].linkTarget == "binary 'file'")
    #expect(files[1].realPath == scratch.files + "/binary 'file'")
    #expect(!files[2].hasParent && files[3].hasParent)
    #expect(files[4].content == nil && files[4].sha1 == "15b8575fc76ae9084a8bf98c611b25c1b65d48a4")
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `without attributes kinds, links and contents are told as with them, and what is too large is cut`(shell: [String]) throws {
    let scratch = try Scratch()
    for (name, count) in ["small": 3, "limit": 1000, "large": 1001] {
      try LocalFile.write([UInt8](repeating: 0, count: count), to: scratch.files + "/" + name)
    }
    symlink("small", scratch.files + "/link")
    symlink("nowhere", scratch.files + "/dangling")
    mkdir(scratch.files + "/folder", 0o750)
    mkfifo(scratch.files + "/fifo", 0o600)
    let paths = ["absent", "no/where", "small", "limit", "large", "link", "dangling", "folder", "fifo"]
    for path in paths {
      var query = RemoteFile.Query([path])
      query.contentBytesMax = 1000
      let full = try run(RemoteFile.read(query, catalog: catalog), shell, scratch)[0]
      query.wantsAttributes = false
      let bare = try run(RemoteFile.read(query, catalog: catalog), shell, scratch)[0]
      #expect(bare.kind == full.kind && bare.content == full.content && bare.hasParent == full.hasParent, "\(path)")
      #expect(bare.linkTarget == full.linkTarget && bare.realPath == full.realPath && bare.owner == "", "\(path)")
    }
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `many paths at once are told as each by itself`(shell: [String]) throws {
    let scratch = try Scratch()
    for index in 0..<9 { try LocalFile.write([UInt8](repeating: 65, count: index * 100), to: scratch.files + "/file \(index)") }
    for name in ["it's", "back\\slash", "line\nbreak", "-n", "ä"] { try LocalFile.write(Array(name.utf8), to: scratch.files + "/" + name) }
    symlink("file 3", scratch.files + "/link")
    mkdir(scratch.files + "/folder", 0o750)
    mkfifo(scratch.files + "/fifo", 0o600)
    let paths = ["absent"] + LocalFile.entries(of: scratch.files).sorted() + ["file 1", "no/where"]
    for follow in [true, false] {
      var query = RemoteFile.Query(paths)
      query.wantsChecksum = true
      query.follow = follow
      // Looking at a file may change when it was last read.
      func read(_ paths: [String]) throws -> [RemoteFile] {
        query.paths = paths
        var files = try run(RemoteFile.read(query, catalog: catalog), shell, scratch)
        for index in files.indices { files[index].accessed = 0 }
        return files
      }
      let together = try read(paths)
      let single = try paths.flatMap { try read([$0]) }
      for (one, other) in zip(together, single) { #expect(one == other) }
      #expect(together.count { $0.sha1 != nil } == (follow ? 15 : 14))
    }
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `content is written whole, with mode and backup, and nothing is left beside it`(shell: [String]) throws {
    let scratch = try Scratch()
    try scratch.prepare(["f": ["content": "old", "mode": "0640"]], tools: [:])
    var request = RemoteFile.Write(path: scratch.files + "/f", content: .bytes(Array("new\n'x'\n".utf8)))
    request.keepsBackup = true
    request.expectation = .sha1("5c2d3f3e7e8a1f0c8b5b0f8e2b6a4b3b0a9e3b7a")
    let refused = try run(RemoteFile.write(request, catalog: catalog), shell, scratch)
    #expect(refused.status == .failed && refused.message?.contains("changed by someone else") == true)
    #expect(scratch.entry("f")?.content == "old")

    request.expectation = .any
    let result = try run(RemoteFile.write(request, catalog: catalog), shell, scratch)
    #expect(result.status == .changed, "\(result)")
    #expect(scratch.entry("f")?.content == "new\n'x'\n" && scratch.entry("f")?.mode == 0o640)
    let backup = try #require(result.fields["backup_file"]?.string)
    #expect(LocalFile.content(of: backup) == Array("old".utf8))
    #expect(LocalFile.entries(of: scratch.files).count == 2)
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `many files are written by one request, a folder's all or none`(shell: [String]) throws {
    let scratch = try Scratch()
    try scratch.prepare(["sub": [:], "sub/old": "old"], tools: [:])
    var contents: [[UInt8]] = (0..<20).map { index in (0..<index * 97).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) } }
    contents[7] = Array("it's\n$text `x` \\n \u{e4}\n\n".utf8)
    let paths = contents.indices.map { scratch.files + ($0 % 2 == 0 ? "/file '\($0)'" : $0 == 5 ? "/sub/old" : "/sub/file \($0)") }
    func batch(old: RemoteFile.Write.Expectation) -> RemoteFile.Batch {
      var batch = RemoteFile.Batch()
      for (index, path) in paths.enumerated() {
        var write = RemoteFile.Write(path: path, content: .bytes(contents[index]))
        write.expectation = index == 5 ? old : .absent
        write.mode = index == 3 ? "0600" : nil
        batch.add(write)
      }
      return batch
    }
    for wrong in [RemoteFile.Write.Expectation.absent, .sha1(Digest.sha1([]).hex)] {
      let failure = #expect(throws: StepFailure.self) { try run(batch(old: wrong).write(catalog: catalog), shell, scratch) }
      #expect(failure?.result.message?.hasPrefix("\(scratch.files)/sub/old was changed by someone else") == true, "\(failure as Any)")
      #expect(LocalFile.entries(of: scratch.files + "/sub") == ["old"])
      for path in paths where !path.contains("/sub/") { unlink(path) }
    }
    try run(batch(old: .sha1(Digest.sha1(Array("old".utf8)).hex)).write(catalog: catalog), shell, scratch)
    for (path, bytes) in zip(paths, contents) { #expect(LocalFile.content(of: path) == bytes, "\(path)") }
    #expect(scratch.entry("sub/file 3")?.mode == 0o600 && scratch.entry("file '4'")?.mode == 0o644)
    #expect(LocalFile.entries(of: scratch.files).count == 11 && LocalFile.entries(of: scratch.files + "/sub").count == 10)
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `a new file has its mode before it has its name`(shell: [String]) throws {
    let scratch = try Scratch()
    var request = RemoteFile.Write(path: scratch.files + "/f", content: .bytes(Array("secret".utf8)))
    request.mode = "0600"
    request.expectation = .absent
    request.validate = ["sh", "-c", "test \"$(stat -c %a \"$1\")\" = 600 && grep -q secret \"$1\"", "sh", "%s"]
    let result = try run(RemoteFile.write(request, catalog: catalog), shell, scratch)
    #expect(result.status == .changed && result.fields["mode"] == "0600", "\(result)")
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `a file that its validator refuses is not replaced`(shell: [String]) throws {
    let scratch = try Scratch()
    try scratch.prepare(["f": "old"], tools: [:])
    var request = RemoteFile.Write(path: scratch.files + "/f", content: .bytes([65]))
    request.validate = ["sh", "-c", "echo bad line; exit 3"]
    let result = try run(RemoteFile.write(request, catalog: catalog), shell, scratch)
    #expect(result.status == .failed && result.message == "failed to validate")
    #expect(result.fields["stdout"] == "bad line" && result.fields["exit_status"] == 3)
    #expect(scratch.entry("f")?.content == "old")
    #expect(scratch.snapshot().count == 1)
  }

  @Test(arguments: ShellUnderTest.kinds)
  func `attributes alone are compared, and only predicted in check mode`(shell: [String]) throws {
    let scratch = try Scratch()
    try scratch.prepare(["f": ["content": "x", "mode": "0644"]], tools: [:])
    var request = RemoteFile.Write(path: scratch.files + "/f", content: .unchanged)
    request.mode = "u=rw,go="
    request.isCheck = true
    #expect(try run(RemoteFile.write(request, catalog: catalog), shell, scratch).status == .changed)
    #expect(scratch.entry("f")?.mode == 0o644)
    request.isCheck = false
    #expect(try run(RemoteFile.write(request, catalog: catalog), shell, scratch).status == .changed)
    #expect(try run(RemoteFile.write(request, catalog: catalog), shell, scratch).status == .ok)
    #expect(scratch.entry("f")?.mode == 0o600)
  }
}
