import Model
import Testing

@testable import Transport

struct BecomeDialogueTests {
  static let prompt = FrameToken(1, 2)
  static let ready = FrameToken(3, 4)

  static func dialogue(_ method: Become.Method, hasPassword: Bool = true) -> BecomeDialogue {
    BecomeDialogue(method: method, hasPassword: hasPassword, prompt: prompt, ready: ready)
  }

  static func hear(
    _ dialogue: inout BecomeDialogue, _ text: String, on stream: OutputChunk.Stream = .stderr
  ) -> BecomeDialogue.Action {
    Array(text.utf8).withUnsafeBytes { dialogue.receive(stream, $0) }
  }

  @Test func `sudo's prompt gets the password once, and READY ends the talk`() {
    var dialogue = Self.dialogue(.sudo)
    #expect(Self.hear(&dialogue, "We trust you have received the usual lecture\n") == .wait)
    #expect(Self.hear(&dialogue, "\(Self.prompt)".prefix(10).description) == .wait)
    #expect(Self.hear(&dialogue, "\(Self.prompt)".dropFirst(10).description) == .sendPassword)
    #expect(Self.hear(&dialogue, "\u{1E}\(Self.ready)\n", on: .stdout) == .ready)
  }

  @Test func `a second prompt is a wrong password`() {
    var dialogue = Self.dialogue(.sudo)
    #expect(Self.hear(&dialogue, "\(Self.prompt)") == .sendPassword)
    #expect(Self.hear(&dialogue, "Sorry, try again.\n\(Self.prompt)") == .fail(.wrongPassword))
  }

  @Test(arguments: Become.Method.allCases)
  func `a second question after the password is no wrong password`(method: Become.Method) {
    var dialogue = Self.dialogue(method)
    let prompt = method == .sudo ? "\(Self.prompt)" : "Password: "
    #expect(Self.hear(&dialogue, prompt) == .sendPassword)
    #expect(Self.hear(&dialogue, "\n" + prompt) == .fail(.secondQuestion))
  }

  @Test func `a prompt without a password to give says so`() {
    var dialogue = Self.dialogue(.sudo, hasPassword: false)
    #expect(Self.hear(&dialogue, "\(Self.prompt)") == .fail(.passwordMissing))
  }

  @Test func `a login that fails without a prompt and without a password to give lacks one`() {
    var dialogue = Self.dialogue(.doas, hasPassword: false)
    #expect(Self.hear(&dialogue, "doas: Authentication failed\n") == .wait)
    #expect(dialogue.ended() == .passwordMissing)
  }

  @Test func `a complaint behind the prompt is told without our prompt`() {
    var dialogue = Self.dialogue(.sudo)
    #expect(Self.hear(&dialogue, "\(Self.prompt)") == .sendPassword)
    #expect(Self.hear(&dialogue, "\ndasher is not in the sudoers file.\n") == .wait)
    #expect(dialogue.ended() == .notAllowed(words: "dasher is not in the sudoers file."))
  }

  @Test func `su's complaint, written piece by piece, is no prompt`() {
    var dialogue = Self.dialogue(.su, hasPassword: false)
    #expect(Self.hear(&dialogue, "su: ") == .wait)
    #expect(Self.hear(&dialogue, "user nobody-here does not exist\n") == .wait)
    #expect(dialogue.ended() == .unknownUser(words: "su: user nobody-here does not exist"))
  }

  @Test(arguments: ["Password: ", "Passwort:", "密码：", "Mot de passe : "])
  func `su's prompt is known in any language`(text: String) {
    var dialogue = Self.dialogue(.su)
    #expect(Self.hear(&dialogue, text) == .sendPassword)
    #expect(Self.hear(&dialogue, "\n") == .wait)
    #expect(Self.hear(&dialogue, "\u{1E}\(Self.ready)\n", on: .stdout) == .ready)
  }

  static let endings: [(String, BecomeFailure)] = [
    (
      "dasher is not in the sudoers file.",
      .notAllowed(words: "dasher is not in the sudoers file.")
    ),
    (
      "Sorry, user dasher is not allowed to execute '/bin/sh' as root on web1.",
      .notAllowed(words: "Sorry, user dasher is not allowed to execute '/bin/sh' as root on web1.")
    ),
    ("sudo: 1 incorrect password attempt", .wrongPassword),
    ("su: Authentication failure", .wrongPassword),
    ("sudo: unknown user nobdoy", .unknownUser(words: "sudo: unknown user nobdoy")),
    ("sudo: sorry, you must have a tty to run sudo", .wantsTerminal(words: "sudo: sorry, you must have a tty to run sudo")),
    ("/bin/sh: 1: exec: sudo: not found", .notInstalled(words: "/bin/sh: 1: exec: sudo: not found")),
    ("doas: Operation not permitted", .notAllowed(words: "doas: Operation not permitted")),
    ("something new", .other(words: "something new")),
  ]

  @Test(arguments: endings)
  func `what the method says as it ends is understood`(words: String, failure: BecomeFailure) {
    var dialogue = Self.dialogue(.sudo)
    #expect(Self.hear(&dialogue, words + "\n") == .wait)
    #expect(dialogue.ended() == failure)
  }
}
