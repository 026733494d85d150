import Model
import Support
import Testing

@testable import Transport

/// A stand-in for sudo, so that no user of this machine is needed: it asks as sudo does and runs the command as we are.
struct BecomeTests {
  static let fakeSudo = """
    #!/bin/sh
    while [ $# -gt 0 ]; do
      case $1 in
      -p) prompt=$2; shift 2 ;;
      -u) user=$2; shift 2 ;;
      --) shift; break ;;
      *) shift ;;
      esac
    done
    case $user in
    free) exec "$@" ;;
    stranger) echo 'dasher is not in the sudoers file.' >&2; exit 1 ;;
    tty) if [ -t 0 ]; then export AS=tty; exec "$@"; fi; echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1 ;;
    mute) sleep 20; exit 1 ;;
    esac
    echo 'We trust you have received the usual lecture.' >&2
    for try in 1 2 3; do
      printf %s "$prompt" >&2
      read -r word
      if [ "$word" = 'open sesame' ]; then echo >&2; export AS="$user"; exec "$@"; fi
      echo 'Sorry, try again.' >&2
    done
    exit 1

    """

  static func with(_ body: (ShellSession, (String, String?) -> Become) async throws -> Void) async throws {
    try await ScratchFolder.with { folder in
      let path = "\(folder)/sudo"
      // By another process: a child that inherits our descriptor would make the file busy.
      try await LoopbackSSHServer.run(["/bin/sh", "-c", "printf %s \"$1\" >\"$0\"; chmod 700 \"$0\"", path, fakeSudo])
      var options = SessionConformance.options
      options.becomeTimeoutSeconds = 2
      let session = LocalSession.make(
        loop: SessionConformance.loops.next(), options: options, threads: SessionConformance.threads)
      try await body(session) { user, password in
        Become(user: user, password: password.map { Secret(.string($0)) }, executable: path)
      }
      await session.close()
    }
  }

  static func request(_ script: String, _ become: Become) -> ShellRequest {
    var request = ShellRequest(script: script)
    request.become = become
    return request
  }

  @Test func `the password opens another user's shell, which is kept`() async throws {
    try await Self.with { session, become in
      let first = try await session.run(Self.request("echo $AS $$", become("boss", "open sesame")))
      let second = try await session.run(Self.request("echo $AS $$", become("boss", "open sesame")))
      #expect(SessionConformance.text(first.stdout).hasPrefix("boss "))
      #expect(first.stdout == second.stdout)
      let other = try await session.run(Self.request("echo $AS", become("second", "open sesame")))
      #expect(SessionConformance.text(other.stdout) == "second\n")
      let answer = try await session.run(ShellRequest(script: "echo ${AS-none}"))
      #expect(answer.stdout == Array("none\n".utf8))
    }
  }

  static let failures: [(user: String, password: String?, words: String)] = [
    ("boss", "wrong", "refused the become password"),
    ("boss", nil, "asks for a password"),
    ("stranger", "open sesame", "may not become"),
    ("mute", "open sesame", "in 2 s"),
  ]

  @Test(arguments: failures)
  func `why there is no shell is told apart`(user: String, password: String?, words: String) async throws {
    try await Self.with { session, become in
      let error = await #expect(throws: TransportError.self) {
        _ = try await session.run(Self.request("true", become(user, password)))
      }
      #expect(error?.operation == .become)
      #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
      #expect(error?.reason.contains("sesame") == false)
      let answer = try await session.run(ShellRequest(script: "true"))
      #expect(answer.ending == .exited(0))
    }
  }

  @Test func `no password is needed where none is asked for`() async throws {
    try await Self.with { session, become in
      let answer = try await session.run(Self.request("exit 4", become("free", nil)))
      #expect(answer.ending == .exited(4))
    }
  }

  @Test func `requiretty is met with a terminal, whose streams are one`() async throws {
    try await Self.with { session, become in
      let response = try await session.run(Self.request("echo out $AS; echo err >&2; exit 3", become("tty", nil)))
      #expect(response.ending == .exited(3))
      #expect(SessionConformance.text(response.stdout) == "out tty\nerr\n")
      var withInput = Self.request("cat", become("tty", nil))
      withInput.stdin = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let answer = try await session.run(withInput)
      #expect(answer.stdout == withInput.stdin)
    }
  }

  @Test func `files and kills work as another user`() async throws {
    try await Self.with { session, become in
      try await ScratchFolder.with { folder in
        let boss = become("boss", "open sesame")
        let content = Array(repeating: UInt8(0), count: 100_000)
        try await session.upload(FileUpload(content: .bytes(content), path: "\(folder)/f", mode: 0o600, become: boss))
        let received = try await session.download(path: "\(folder)/f", become: boss, bytesMax: 1 << 20)
        #expect(received == content)
        var request = Self.request("sleep 30", boss)
        request.timeoutSeconds = 0.2
        let answer = try await session.run(request)
        #expect(answer.ending == .timedOut(seconds: 0.2))
      }
    }
  }
}
