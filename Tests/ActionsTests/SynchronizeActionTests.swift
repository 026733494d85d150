import Foundation
import Model
import Testing
import Transport

@testable import Actions

struct SynchronizeActionTests {
  private static let rsync = ["/usr/bin/rsync", "/usr/local/bin/rsync"].first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test(.enabled(if: rsync != nil)) func `a tree goes to a local host, and only once`() async throws {
    try await ActionBench.with { bench in
      try bench.write("one", to: "files/site/a b")
      try bench.write("two", to: "files/site/it's/c")
      try bench.write("old", to: "host/site/gone")
      let arguments: Value.Dict = ["src": "site/", "dest": "{dir}/site", "delete": true]
      bench.isCheck = true
      let predicted = try await bench.run("synchronize", arguments)
      #expect(predicted.status == .changed && bench.read("host/site/gone") == "old", "\(predicted)")
      bench.isCheck = false
      let first = try await bench.run("synchronize", arguments)
      #expect(first.status == .changed && first.fields["rc"] == 0 && first.message?.contains("*deleting") == true, "\(first)")
      #expect(bench.tree("host/site") == ["a b", "it's", "it's/c"] && bench.read("host/site/it's/c") == "two")
      #expect(try await bench.run("synchronize", arguments).status == .ok)
    }
  }

  /// A stand-in for ssh keeps the words that rsync gives it and runs the command here.
  @Test(.enabled(if: rsync != nil)) func `rsync reaches a host by ssh with the connection's options`() async throws {
    try await ActionBench.with { bench in
      try bench.write("one", to: "files/site/a")
      try bench.write("#!/bin/sh\nprintf '%s\\n' \"$@\" >\"\(bench.folder)/words\"\nwhile [ \"$1\" != -- ] && [ \"$1\" != web1.example ]; do shift; done\n"
        + "[ \"$1\" != -- ] || shift\nshift\nexec sh -c \"$*\"\n", to: "ssh", mode: 0o755)
      var settings = ConnectionSettings(kind: .ssh, host: "web1.example")
      (settings.port, settings.user, settings.privateKeyFile) = (2222, "ops", "/keys/it's one")
      settings.sshExecutable = "\(bench.folder)/ssh"
      settings.knownHostsFiles = ["/known hosts"]
      var host = try #require(bench.host as? SessionHost)
      host.programConnection = ProgramConnection(settings, become: nil)
      bench.host = host
      let pushed = try await bench.run("synchronize", ["src": "site", "dest": "{dir}/copy"])
      #expect(pushed.status == .changed && bench.read("host/copy/site/a") == "one", "\(pushed)")
      let words = try #require(bench.read("words")).split(separator: "\n").map(String.init)
      for (option, value) in [("-p", "2222"), ("-i", "/keys/it's one"), ("-l", "ops"), ("-S", "none")] {
        let place = try #require(words.firstIndex(of: option), "\(words)")
        #expect(words[place + 1] == value)
      }
      #expect(words.contains("BatchMode=yes") && words.contains("UserKnownHostsFile=\"/known hosts\""), "\(words)")
      let pulled = try await bench.run("synchronize", ["src": "{dir}/copy/", "dest": "back", "mode": "pull", "archive": false, "recursive": true])
      #expect(pulled.status == .changed && bench.read("back/site/a") == "one", "\(pulled)")
    }
  }

  @Test func `another user is reached by sudo without a dialogue, and not by su`() async throws {
    var command = RsyncCommand(arguments: ["archive": true, "perms": false, "recursive": true], isCheck: false)
    command.becomeWords = ProgramConnection(ConnectionSettings(kind: .ssh, host: "h"), become: Become(user: "web admin"))?.becomeWords ?? []
    #expect(command.words.contains("--rsync-path=sudo -n -u 'web admin' rsync"))
    #expect(command.words.filter { $0.hasPrefix("--no-") || $0 == "--archive" || $0 == "--recursive" } == ["--archive", "--no-perms"])
    try await ActionBench.with { bench in
      var host = try #require(bench.host as? SessionHost)
      host.programConnection = ProgramConnection(ConnectionSettings(kind: .ssh, host: "h"), become: Become(method: .su))
      bench.host = host
      let result = try await bench.run("synchronize", ["src": "/a", "dest": "/b"])
      #expect(result.status == .failed && result.message?.contains("by su") == true)
    }
  }

  @Test func `a delegate other than the host is refused`() async throws {
    try await ActionBench.with { bench in
      var host = try #require(bench.host as? SessionHost)
      host.delegate = "web2"
      bench.host = host
      let result = try await bench.run("synchronize", ["src": "/a", "dest": "/b"])
      #expect(result.message?.hasPrefix("synchronize for web1 cannot be delegated to web2") == true, "\(result)")
    }
  }

  @Test(arguments: [("plain", "plain"), ("a b", "'a b'"), ("it's", "'it''s'"), ("", "''")])
  func `rsync splits its shell's words itself`(word: String, quoted: String) {
    #expect(RsyncCommand.quotedForRsync(word) == quoted)
  }
}
