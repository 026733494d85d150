import Foundation
import Support
import Testing

@testable import Transport

struct ContentChecksumTests {
  @Test(arguments: [("", "4294967295 0"), ("123456789", "930766865 9"), ("a\n", "2418082923 2")])
  func `is what cksum prints`(content: String, printed: String) {
    #expect(ContentChecksum(Array(content.utf8)).text == printed)
  }

  @Test func `does not depend on how content is cut, and is the host's`() async throws {
    let bytes = (0..<70_001).map { UInt8(truncatingIfNeeded: $0 &* 131 >> 3) }
    var cut = ContentChecksum()
    for start in stride(from: 0, to: bytes.count, by: 777) {
      bytes[start..<min(start + 777, bytes.count)].withUnsafeBytes { cut.add($0) }
    }
    #expect(cut == ContentChecksum(bytes))
    let session = LocalSession.make(loop: EventLoop(), threads: BlockingThreads())
    var request = ShellRequest(script: "cksum")
    request.stdin = bytes
    #expect(try await session.run(request).stdout == Array((cut.text + "\n").utf8))
    await session.close()
  }

  @Test(arguments: ["lost", "changed"])
  func `content that did not arrive as it was sent replaces nothing`(way: String) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-checksum-\(FrameToken())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "old".write(toFile: folder + "/file", atomically: false, encoding: .utf8)
    let session = LocalSession.make(loop: EventLoop(), threads: BlockingThreads())
    let upload = FileUpload(content: .bytes([]), path: folder + "/file")
    let sent = ContentChecksum(Array((way == "lost" ? "new content" : "new").utf8))
    let script = UploadScript.text(upload, sent, source: .inline(Array("nev".utf8)))
    let response = try await session.run(ShellRequest(script: script))
    #expect(response.ending == .exited(1))
    let complaint = way == "lost" ? "only 3 of 11 bytes were written\n" : "what arrived is not what was sent\n"
    #expect(String(decoding: response.stderr, as: UTF8.self) == complaint)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    #expect(try String(contentsOfFile: folder + "/file", encoding: .utf8) == "old")
    await session.close()
  }
}
