import Model

/// The talk with sudo, su or doas until the shell that it starts says that it is there. A pure state machine.
struct BecomeDialogue {
  enum Action: Equatable {
    case wait
    case sendPassword
    case ready
    case fail(BecomeFailure)
  }

  private let method: Become.Method
  private let hasPassword: Bool
  private let prompt: FrameToken
  private var ready: MarkerScanner
  private var said: [OutputChunk.Stream: [UInt8]] = [.stdout: [], .stderr: []]
  private var promptsSeen = 0
  private var passwordsSent = 0
  /// How much each stream had said when the password was sent.
  private var saidBefore: [OutputChunk.Stream: Int] = [:]

  init(method: Become.Method, hasPassword: Bool, prompt: FrameToken, ready: FrameToken) {
    self.method = method
    self.hasPassword = hasPassword
    self.prompt = prompt
    self.ready = MarkerScanner(marker: ready.marker)
  }

  mutating func receive(_ stream: OutputChunk.Stream, _ bytes: UnsafeRawBufferPointer) -> Action {
    var text = said[stream] ?? []
    if stream == .stdout {
      var scanner = ready
      scanner.scan(bytes) { text.append(contentsOf: $0.prefix(max(0, Self.saidBytesMax - text.count))) }
      ready = scanner
    } else {
      text.append(contentsOf: bytes.prefix(max(0, Self.saidBytesMax - text.count)))
    }
    said[stream] = text
    if ready.numbers != nil { return .ready }
    let prompts = countPrompts()
    guard prompts > promptsSeen else { return .wait }
    promptsSeen = prompts
    guard hasPassword else { return .fail(.passwordMissing) }
    guard passwordsSent == 0 else { return .fail(isComplaintHeard ? .wrongPassword : .secondQuestion) }
    passwordsSent = 1
    // The prompt is answered: its line counts as finished.
    for stream in said.keys { said[stream]?.append(UInt8(ascii: "\n")) }
    saidBefore = said.mapValues(\.count)
    return .sendPassword
  }

  /// Whether sudo has said anything, in whatever language, between its prompts. su and doas never ask twice.
  private var isComplaintHeard: Bool {
    method == .sudo && said.contains { stream, text in !words(text.dropFirst(saidBefore[stream] ?? 0)).isEmpty }
  }

  /// What the method has said so far.
  var words: String { words((said[.stdout] ?? []) + [UInt8(ascii: "\n")] + (said[.stderr] ?? [])) }

  private func words(_ text: some Sequence<UInt8>) -> String {
    lastLines(of: Array(text)).replacing("\(prompt); ", with: "").replacing(prompt.description, with: "")
  }

  /// The method ended without a shell.
  func ended() -> BecomeFailure {
    let failure = BecomeFailure(words: words, passwordSent: passwordsSent > 0)
    return failure == .wrongPassword && !hasPassword ? .passwordMissing : failure
  }

  /// sudo shows our own prompt; su and doas have theirs, in any language: an unfinished line that ends in a colon.
  private func countPrompts() -> Int {
    switch method {
    case .sudo: return said.values.reduce(0) { $0 + Self.count(of: Array(prompt.description.utf8), in: $1) }
    case .su, .doas:
      return promptsSeen + (said.values.contains { isPrompt(atEndOf: $0) } ? 1 : 0)
    }
  }

  private func isPrompt(atEndOf text: [UInt8]) -> Bool {
    let unfinished = text.reversed().prefix { $0 != UInt8(ascii: "\n") }.prefix(200).reversed()
    let line = String(decoding: Array(unfinished), as: UTF8.self).filter { !$0.isWhitespace }
    // The beginning of a complaint, written piece by piece: "su: user x does not exist".
    if line == "\(method.rawValue):" { return false }
    return line.last == ":" || line.last == "\u{FF1A}"
  }

  private static func count(of needle: [UInt8], in text: [UInt8]) -> Int {
    String(decoding: text, as: UTF8.self).split(
      separator: String(decoding: needle, as: UTF8.self), omittingEmptySubsequences: false
    ).count - 1
  }

  private static let saidBytesMax = 64 << 10
}
