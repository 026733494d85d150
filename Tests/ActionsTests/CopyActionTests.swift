import Foundation
import Model
import OrderedCollections
import Synchronization
import Testing
import Transport

@testable import Actions

struct CopyActionTests {
  @Test(arguments: [10, 2 << 20])
  func `a file is copied once, whatever its size`(size: Int) async throws {
    try await ActionBench.with { bench in
      try bench.write(String(repeating: "x", count: size), to: "files/f", mode: 0o640)
      let arguments: Value.Dict = ["src": "f", "dest": "{dir}/f", "mode": "preserve"]
      let first = try await bench.run("copy", arguments)
      #expect(first.status == .changed && first.fields["md5sum"] != nil, "\(first)")
      #expect(bench.read("host/f")?.utf8.count == size && bench.mode("host/f") == 0o640)
      let second = try await bench.run("copy", arguments)
      #expect(second.status == .ok && second.fields["mode"] == "0640", "\(second)")
      #expect(bench.tree("host") == ["f"])
    }
  }

  @Test func `check mode writes nothing`() async throws {
    try await ActionBench.with { bench in
      try bench.write(String(repeating: "x", count: 2 << 20), to: "files/large")
      try bench.write("x", to: "files/tree/sub/f")
      bench.isCheck = true
      #expect(try await bench.run("copy", ["content": "x", "dest": "{dir}/c"]).status == .changed)
      #expect(try await bench.run("copy", ["src": "large", "dest": "{dir}/l"]).status == .changed)
      #expect(bench.tree("host").isEmpty)
    }
  }

  @Test(arguments: [("tree", "host/to/tree/"), ("tree/", "host/to/")])
  func `a tree is copied with links looked through, or as links`(source: String, root: String) async throws {
    try await ActionBench.with { bench in
      try bench.write("1", to: "files/tree/a")
      try bench.write("2", to: "files/tree/sub dir/b")
      try bench.link("a", at: "files/tree/link")
      let arguments: Value.Dict = ["src": .string(source), "dest": "{dir}/to"]
      let first = try await bench.run("copy", arguments)
      #expect(first.status == .changed && first.fields["dest"] == .string("\(bench.folder)/host/to/"), "\(first)")
      #expect(bench.read(root + "a") == "1" && bench.read(root + "sub dir/b") == "2" && bench.read(root + "link") == "1")
      #expect(try await bench.run("copy", arguments).status == .ok)

      let asLinks = arguments.merging(["local_follow": false, "dest": "{dir}/links"]) { $1 }
      let linked = try await bench.run("copy", asLinks)
      #expect(linked.status == .changed, "\(linked)")
      let link = "\(bench.folder)/\(root.replacing("/to/", with: "/links/"))link"
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "a")
      #expect(try await bench.run("copy", asLinks).status == .ok)
    }
  }

  @Test func `force false leaves a file that is there as it is, its mode too`() async throws {
    try await ActionBench.with { bench in
      let arguments: Value.Dict = ["content": "new", "dest": "{dir}/to", "mode": "0640", "force": false]
      #expect(try await bench.run("copy", arguments).status == .changed)
      #expect(bench.read("host/to") == "new" && bench.mode("host/to") == 0o640)
      try bench.write("old", to: "host/to", mode: 0o600)
      #expect(try await bench.run("copy", arguments).status == .ok)
      #expect(bench.read("host/to") == "old" && bench.mode("host/to") == 0o600)
    }
  }

  @Test func `a tree of many small files takes a handful of requests`() async throws {
    try await ActionBench.with { bench in
      for index in 0..<600 { try bench.write("text \(index)", to: "files/tree/\(index % 20)/it's \(index)", mode: 0o640) }
      let counting = CountingHost(host: bench.host)
      bench.host = counting
      let arguments: Value.Dict = ["src": "tree/", "dest": "{dir}/to/", "mode": "preserve", "directory_mode": "0750"]
      let first = try await bench.run("copy", arguments)
      #expect(first.status == .changed && counting.requests < 10, "\(counting.requests): \(first)")
      #expect(bench.tree("host/to").count == 620 && bench.read("host/to/3/it's 523") == "text 523")
      #expect(bench.mode("host/to/3") == 0o750 && bench.mode("host/to/3/it's 523") == 0o640)
      #expect(try await bench.run("copy", arguments).status == .ok)
    }
  }

  @Test func `remote_src copies a file on the host`() async throws {
    try await ActionBench.with { bench in
      try bench.write("new", to: "host/from", mode: 0o741)
      let arguments: Value.Dict = ["src": "{dir}/from", "dest": "{dir}/to", "remote_src": true, "mode": "preserve"]
      let first = try await bench.run("copy", arguments)
      #expect(first.status == .changed && first.fields["src"] == .string("\(bench.folder)/host/from"), "\(first)")
      #expect(first.fields["md5sum"] == "22af645d1859cb5ca6da0c484f1f37ea", "\(first)")
      #expect(bench.read("host/to") == "new" && bench.mode("host/to") == 0o741)
      #expect(try await bench.run("copy", arguments).status == .ok)
      try bench.write("other", to: "host/to")
      let kept = try await bench.run("copy", arguments.merging(["force": false]) { $1 })
      #expect(kept.message == "file already exists" && bench.read("host/to") == "other")
      let missing = try await bench.run("copy", ["src": "/no/such", "dest": "{dir}/x", "remote_src": true])
      #expect(missing.message == "Source /no/such not found")
    }
  }

  @Test func `remote_src copies a tree on the host, and only what differs`() async throws {
    try await ActionBench.with { bench in
      try bench.write("1", to: "host/tree/a", mode: 0o741)
      try bench.write("2", to: "host/tree/sub/it's b")
      try bench.link("a", at: "host/tree/link")
      let arguments: Value.Dict = ["src": "{dir}/tree", "dest": "{dir}/to", "remote_src": true]
      bench.isCheck = true
      #expect(try await bench.run("copy", arguments).status == .changed)
      #expect(bench.read("host/to/tree/a") == nil)
      bench.isCheck = false
      let first = try await bench.run("copy", arguments)
      #expect(first.status == .changed && bench.read("host/to/tree/sub/it's b") == "2", "\(first)")
      #expect(bench.mode("host/to/tree/a") == 0o741 && bench.tree("host/to/tree") == ["a", "link", "sub", "sub/it's b"])
      #expect(try await bench.run("copy", arguments).status == .ok)
      try bench.write("changed", to: "host/to/tree/a")
      #expect(try await bench.run("copy", arguments).status == .changed)
      #expect(bench.read("host/to/tree/a") == "1")
    }
  }
}

/// A host that counts what it is asked.
private final class CountingHost: ActionHost, Sendable {
  let host: any ActionHost
  private let count = Mutex(0)
  var requests: Int { count.withLock { $0 } }
  var variables: OrderedDictionary<String, String> { host.variables }
  var isLocal: Bool { host.isLocal }
  var delegate: String? { host.delegate }
  var programConnection: ProgramConnection? { host.programConnection }

  init(host: any ActionHost) { self.host = host }

  func runOnController(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    try await host.runOnController(request)
  }

  private func note() { count.withLock { $0 += 1 } }

  func run(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    note()
    return try await host.run(request)
  }

  func upload(_ upload: FileUpload) async throws(TransportError) {
    note()
    try await host.upload(upload)
  }

  func download(path: String, bytesMax: Int) async throws(TransportError) -> [UInt8] {
    note()
    return try await host.download(path: path, bytesMax: bytesMax)
  }

  func runModule(_ name: String, _ arguments: Value.Dict) async -> StepResult {
    note()
    return await host.runModule(name, arguments)
  }

  func reconnect() async { await host.reconnect() }
}
