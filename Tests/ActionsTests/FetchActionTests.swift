import Model
import Testing

@testable import Actions

struct FetchActionTests {
  @Test func `a file comes under the host's name, and only when it differs`() async throws {
    try await ActionBench.with { bench in
      try bench.write("line\n", to: "host/app.log")
      let first = try await bench.run("fetch", ["src": "{dir}/app.log", "dest": "logs"])
      let path = "\(bench.folder)/logs/web1\(bench.folder)/host/app.log"
      #expect(first.status == .changed && first.fields["dest"] == .string(path), "\(first)")
      #expect(first.fields["checksum"] == first.fields["remote_checksum"])
      #expect(bench.read("logs/web1\(bench.folder)/host/app.log") == "line\n")
      let second = try await bench.run("fetch", ["src": "{dir}/app.log", "dest": "logs"])
      #expect(second.status == .ok && second.fields["file"] == .string("\(bench.folder)/host/app.log"))
    }
  }

  @Test(arguments: [70_000, 65_536, 65_537, 0])
  func `a large file comes whole`(size: Int) async throws {
    try await ActionBench.with { bench in
      try bench.write(String(repeating: "x", count: size), to: "host/large")
      let result = try await bench.run("fetch", ["src": "{dir}/large", "dest": "got", "flat": true])
      #expect(result.status == .changed && bench.read("got")?.utf8.count == size, "\(result)")
    }
  }

  @Test(arguments: [
    ("/etc/../../../x", "/base/out/web1/x"), ("/a/./b//c", "/base/out/web1/a/b/c"), ("../../etc/passwd", "/base/out/web1/etc/passwd"),
  ])
  func `no path leads out of the folder`(source: String, path: String) throws {
    let target = FetchTarget(dest: "out", isFlat: false, baseDirectory: "/base", host: "web1", source: source)
    #expect(try target.path() == path)
  }

  @Test(arguments: ["..", ".", "a/b", "", "../../etc"])
  func `a host whose name is no folder's is refused`(host: String) {
    let target = FetchTarget(dest: "out", isFlat: false, baseDirectory: "/base", host: host, source: "/x")
    #expect(throws: ActionFailure.self) { try target.path() }
  }

  @Test(arguments: ["/a/..", "/", "/a/."])
  func `a path that names no file is refused when flat`(source: String) {
    let target = FetchTarget(dest: "/nowhere/", isFlat: true, baseDirectory: "/base", host: "h", source: source)
    #expect(throws: ActionFailure.self) { try target.path() }
  }

  @Test func `what is missing fails, or is passed over when asked`() async throws {
    try await ActionBench.with { bench in
      let failed = try await bench.run("fetch", ["src": "{dir}/none", "dest": "logs"])
      #expect(failed.status == .failed)
      #expect(failed.message == "the remote file does not exist, not transferring, ignored")
      let passed = try await bench.run("fetch", ["src": "{dir}/none", "dest": "logs", "fail_on_missing": false])
      #expect(passed.status == .ok && passed.message == failed.message)
      let folder = try await bench.run("fetch", ["src": "{dir}", "dest": "logs"])
      #expect(folder.message == "remote file is a directory, fetch cannot work on directories")
    }
  }

  @Test func `a link in the file's place is replaced, not written through`() async throws {
    try await ActionBench.with { bench in
      try bench.write("new", to: "host/f")
      try bench.write("precious", to: "precious")
      try bench.link("precious", at: "got")
      let result = try await bench.run("fetch", ["src": "{dir}/f", "dest": "got", "flat": true])
      #expect(result.status == .changed && bench.read("got") == "new" && bench.read("precious") == "precious")
    }
  }
}
