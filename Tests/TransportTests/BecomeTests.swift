import Glibc
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

/// The real methods, from root to another user: root is asked for no password.
@Suite(.enabled(if: getuid() == 0, "only root may become others without a password"))
struct RealBecomeTests {
  static let methods: [Become] = [
    Become(method: .sudo, user: "nobody"), Become(method: .su, user: "nobody", flags: ["-s", "/bin/sh"]),
  ].filter { access("/usr/bin/\($0.method.rawValue)", X_OK) == 0 }

  @Test(arguments: methods) func `another user's shell runs, is killed, and gets files`(become: Become) async throws {
    let session = LocalSession.make(
      loop: SessionConformance.loops.next(), options: SessionConformance.options, threads: SessionConformance.threads)
    let user = try await session.run(BecomeTests.request("id -un; echo err >&2", become))
    #expect(SessionConformance.text(user.stdout) == "nobody\n")
    #expect(SessionConformance.text(user.stderr) == "err\n")
    let mark = "31.\(UInt32.random(in: 1_000_000...9_999_999))"
    var slow = BecomeTests.request("trap '' TERM; sleep \(mark) & sleep \(mark)", become)
    slow.timeoutSeconds = 0.3
    let killed = try await session.run(slow)
    #expect(killed.ending == .timedOut(seconds: 0.3))
    let left = try await session.run(ShellRequest(script: "ps ax -o args= | grep '[s]leep \(mark)'"))
    #expect(SessionConformance.text(left.stdout) == "")
    let path = "/tmp/martlet-test-\(FrameToken())"
    try await session.upload(FileUpload(content: .bytes([0, 1, 2]), path: path, mode: 0o604, become: become))
    let owner = try await session.run(ShellRequest(script: "stat -c '%U %a' \(path); rm -f \(path)"))
    #expect(SessionConformance.text(owner.stdout) == "nobody 604\n")
    await session.close()
  }

  @Test func `an unknown user is named`() async throws {
    let session = LocalSession.make(
      loop: SessionConformance.loops.next(), options: SessionConformance.options, threads: SessionConformance.threads)
    for become in [Become(method: .su, user: "no-such-user"), Become(method: .sudo, user: "no-such-user")] {
      let error = await #expect(throws: TransportError.self) { _ = try await session.run(BecomeTests.request("true", become)) }
      #expect(error?.reason.contains("there is no user no-such-user") == true, "\(error?.reason ?? "")")
    }
    await session.close()
  }

  /// `MARTLET_TEST_LOGIN` may use sudo with `MARTLET_TEST_PASSWORD`; `MARTLET_TEST_STRANGER`, with the same, may not.
  static let environment = Transport.ChildProcess.ownEnvironment.reduce(into: [String: String]()) { variables, line in
    let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
    if parts.count == 2 { variables[parts[0]] = parts[1] }
  }

  @Test(.enabled(if: environment["MARTLET_TEST_LOGIN"] != nil, "no users to try it with"), arguments: Become.Method.allCases)
  func `a real password is taken, a wrong one refused, a stranger told apart`(method: Become.Method) async throws {
    let login = try #require(Self.environment["MARTLET_TEST_LOGIN"])
    let stranger = try #require(Self.environment["MARTLET_TEST_STRANGER"])
    let password = try #require(Self.environment["MARTLET_TEST_PASSWORD"])
    func session(_ user: String) -> ShellSession {
      LocalSession.make(
        loop: SessionConformance.loops.next(), options: SessionConformance.options, threads: SessionConformance.threads,
        shell: ["/usr/sbin/runuser", "-u", user, "--", "/bin/sh", "-c"])
    }
    let target = method == .su ? stranger : "root"
    let right = Become(method: method, user: target, password: Secret(.string(password)))
    let own = session(login)
    let answer = try await own.run(BecomeTests.request("id -un", right))
    #expect(SessionConformance.text(answer.stdout) == "\(target)\n")
    var wrong = right
    wrong.password = Secret(.string("nonsense"))
    let refused = await #expect(throws: TransportError.self) { _ = try await own.run(BecomeTests.request("id", wrong)) }
    #expect(refused?.reason.contains("refused the become password") == true, "\(refused?.reason ?? "")")
    await own.close()
    guard method != .su else { return }
    let other = session(stranger)
    let error = await #expect(throws: TransportError.self) { _ = try await other.run(BecomeTests.request("id", right)) }
    #expect(error?.reason.contains("may not become") == true, "\(error?.reason ?? "")")
    await other.close()
  }
}
