import Foundation
import Model
import Support
import Testing

/// A disk of 256 KB, which only root can make.
@Suite(.enabled(if: getuid() == 0)) struct FullDiskTests {
  struct Write: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var module = "copy"
    let arguments: Value.Dict
  }

  static let writes = [
    Write(testDescription: "a small text", arguments: ["content": "{long}", "dest": "{dir}/disk/file"]),
    Write(testDescription: "a large file", arguments: ["src": "large", "dest": "{dir}/disk/file"]),
    Write(testDescription: "a tree of texts", arguments: ["src": "texts/", "dest": "{dir}/disk"]),
    Write(testDescription: "a tree of binary files", arguments: ["src": "bytes/", "dest": "{dir}/disk"]),
    Write(
      testDescription: "an added line", module: "lineinfile",
      arguments: ["path": "{dir}/disk/file", "line": "{long}", "create": true]),
  ]

  @Test(arguments: writes)
  func `a full disk is an error that says so, and leaves what was there`(write: Write) async throws {
    try await ActionBench.with { bench in
      try bench.write("old", to: "host/disk/.keep")
      let disk = "\(bench.folder)/host/disk"
      _ = try await ChildProcess.run("/bin/mount", ["-t", "tmpfs", "-o", "size=256k,mode=755", "tmpfs", disk])
      defer { umount2(disk, Int32(MNT_DETACH)) }
      try bench.write("old", to: "host/disk/file")
      try bench.write(String(repeating: "-", count: 230_000), to: "host/disk/ballast")
      try bench.write(String(repeating: "x", count: 3 << 20), to: "files/large")
      for index in 0..<20 {
        try bench.write(String(repeating: "text", count: 4000), to: "files/texts/\(index)")
        try bench.write(String(repeating: "\0\u{1}", count: 8000), to: "files/bytes/\(index)")
      }
      let long = String(repeating: "line ", count: 20_000)
      let result = try await bench.run(write.module, write.arguments.mapValues { $0.string == "{long}" ? .string(long) : $0 })
      #expect(result.status == .failed || result.status == .unreachable)
      let said = result.message ?? ""
      #expect(said.contains("No space left on device") && said.contains(disk), "\(result)")
      #expect(bench.tree("host/disk") == ["ballast", "file"] && bench.read("host/disk/file") == "old")
    }
  }
}
