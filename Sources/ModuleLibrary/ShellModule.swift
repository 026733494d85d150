import OrderedCollections
import Model
import Parsing
import Transport

/// One call of a module that runs on the host: the request for it, and how its answer becomes a result. One round trip.
package struct ShellModule: Sendable {
  /// What a step asks of a module, all rendered and checked.
  package struct Invocation: Sendable {
    package var manifest: ModuleManifest
    package var arguments: CheckedArguments
    package var isCheck = false
    package var wantsDiff = false
    /// The `environment` keyword, rendered.
    package var environment: OrderedDictionary<String, String> = [:]
    /// False has the whole module run where a quick look could be enough.
    package var mayLookQuickly = true
    package var become: Become?
    package var timeoutSeconds: Double?

    package init(_ manifest: ModuleManifest, _ arguments: CheckedArguments) {
      self.manifest = manifest
      self.arguments = arguments
    }
  }

  package let request: ShellRequest
  let mark: [UInt8]
  let command: CommandWords?

  /// The words of a command that is run without a shell, for its result.
  struct CommandWords: Sendable {
    var text: Value
    var words: Value
  }

  /// `libraries` are the catalog's for this manifest; `token` is fresh per call, 32 hex digits.
  package init(_ invocation: Invocation, libraries: [ShellLibrary], token: String = ShellModule.freshToken()) {
    let mark = "\u{1E}\(token)"
    var request = ShellRequest(script: Self.script(invocation, mark: mark))
    request.libraries = libraries
    request.become = invocation.become
    request.timeoutSeconds = invocation.timeoutSeconds
    request.stdin = Self.stdin(invocation)
    request.isWellBehaved = Self.looksQuickly(invocation)
    self.request = request
    self.mark = Array(mark.utf8)
    command = Self.command(invocation)
  }

  /// The request with its commands' output passed on while they run.
  package func request(showing show: @escaping @Sendable (OutputChunk) -> Void) -> ShellRequest {
    var request = request
    let output = PlainOutput(mark: mark)
    request.onOutput = { chunk in if let shown = output.shown(of: chunk) { show(shown) } }
    return request
  }

  package static func freshToken() -> String {
    var generator = SystemRandomNumberGenerator()
    let words = (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return words.joined()
  }

  /// The bytes of a request's body, or of the option `stdin`: they go to the command and never into a variable.
  private static func stdin(_ invocation: Invocation) -> [UInt8] {
    if let (name, _) = invocation.manifest.options.first(where: { $0.value.isRequestBody }),
      let body = invocation.arguments[name], body != .null
    {
      return RequestBody.bytes(of: body, format: invocation.arguments["body_format"]?.string ?? "raw")
    }
    guard invocation.manifest.options["stdin"] != nil, let text = invocation.arguments["stdin"]?.revealedText,
      invocation.arguments["stdin"] != .null
    else { return [] }
    let addsLineBreak = invocation.arguments["stdin_add_newline"]?.bool ?? true
    return Array((addsLineBreak ? text + "\n" : text).utf8)
  }

  private static func command(_ invocation: Invocation) -> CommandWords? {
    let options = invocation.manifest.options
    let given = invocation.arguments[options["argv"] != nil && invocation.arguments["argv"] != nil ? "argv" : "cmd"]
    guard options["cmd"] != nil, let given, given != .null else { return nil }
    guard let words = given.list else { return CommandWords(text: given, words: given) }
    return CommandWords(text: .string(words.map(\.revealedText).joined(separator: " ")), words: .list(words))
  }

  private static func argument(_ value: Value, _ option: ModuleOption?, _ invocation: Invocation) -> String {
    precondition(
      option?.splitsWords != true || value.list != nil,
      "a command's text reached ShellModule unsplit: its arguments did not pass ArgumentCheck, which is a bug")
    if let words = value.list, invocation.arguments["expand_argument_vars"]?.bool == true {
      return ShellText.quoted(words.map { ShellText.path($0.revealedText) }.joined(separator: " "))
    }
    return ShellText.argument(value, option: option)
  }

  /// What the shell library expects to be set.
  static func beginning(mark: String, isCheck: Bool, wantsDiff: Bool) -> String {
    "m_mark='\(mark)' m_us='\u{1F}' m_nl='\n' m_check=\(isCheck) m_diff=\(wantsDiff) m_changed=false"
  }

  private static func script(_ invocation: Invocation, mark: String) -> String {
    let manifest = invocation.manifest
    var lines = [beginning(mark: mark, isCheck: invocation.isCheck, wantsDiff: invocation.wantsDiff)]
    let unset = manifest.options.keys.filter { (invocation.arguments[$0] ?? .null) == .null }
    if !unset.isEmpty { lines.append("unset " + unset.map { "arg_\($0)" }.joined(separator: " ")) }
    let given = invocation.arguments.filter { $0.value != .null && !goesByStdin($0.key, manifest) }
    for (name, value) in given {
      lines.append("arg_\(name)=\(argument(value, manifest.options[name], invocation))")
    }
    if looksQuickly(invocation) {
      lines.append("m_quick \(manifest.name)_quick || (m_begin; \(manifest.name)_main; m_done)")
      lines.append("m_forget " + given.keys.map { "arg_\($0)" }.joined(separator: " "))
      return lines.joined(separator: "\n")
    }
    for (name, value) in invocation.environment where isVariableName(name) {
      lines.append("export \(name)=\(ShellText.quoted(value))")
    }
    lines.append("m_begin; \(manifest.name)_main; m_done")
    return lines.joined(separator: "\n")
  }

  /// An environment of the task's own must not stay in the shell that all steps share.
  private static func looksQuickly(_ invocation: Invocation) -> Bool {
    invocation.manifest.hasQuickLook && invocation.mayLookQuickly && invocation.environment.isEmpty
  }

  private static func goesByStdin(_ name: String, _ manifest: ModuleManifest) -> Bool {
    name == "stdin" || manifest.options[name]?.isRequestBody == true || !isVariableName(name)
  }

  /// True for a name that a shell can give a variable.
  static func isVariableName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else { return false }
    return text.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
  }

  /// The result that a response comes to. A module that broke off, a dead shell and a passed deadline are failures.
  package func result(of response: ShellResponse) -> StepResult {
    Self.result(of: response, mark: mark, command: command)
  }

  static func result(of response: ShellResponse, mark: [UInt8]) -> StepResult {
    result(of: response, mark: mark, command: nil)
  }

  static func result(of response: ShellResponse, mark: [UInt8], command: CommandWords?) -> StepResult {
    let records = AnswerRecords(response.stdout, mark: mark)
    let answer = ModuleAnswer(records.records)
    // A shell whose command was killed at the deadline may still have told how that ended.
    guard let ending = answer.ending, case .exited = response.ending else { return brokenOff(response, records.plainOutput) }
    var fields = answer.fields
    if let use = answer.takesOutput {
      fields["stdout"] = .string(text(records.plainOutput, stripped: use.stripsLineEnds))
      fields["stderr"] = .string(text(response.stderr[...], stripped: use.stripsLineEnds))
    }
    if let command, fields["rc"] != nil, fields["cmd"] == nil {
      fields["cmd"] = answer.wantsCommandText ? command.text : command.words
    }
    for key in ["stdout", "stderr"] as [Value] {
      guard let text = fields[key]?.string else { continue }
      fields[.string(key.revealedText + "_lines")] = .list(lines(of: text).map(Value.string))
    }
    if !answer.warnings.isEmpty { fields["warnings"] = .list(answer.warnings.map(Value.string)) }
    if response.isTruncated { fields["is_truncated"] = true }
    switch ending {
    case .ok: return StepResult(answer.isChanged ? .changed : .ok, fields, diffs: answer.diffs)
    case .skipped: return StepResult(.skipped, fields, diffs: answer.diffs)
    case .failed:
      fields["changed"] = .bool(answer.isChanged)
      return StepResult(.failed, fields, diffs: answer.diffs)
    }
  }

  private static func brokenOff(_ response: ShellResponse, _ output: ArraySlice<UInt8>) -> StepResult {
    let stdout = text(output, stripped: true), stderr = text(response.stderr[...], stripped: true)
    let fields: Value.Dict = ["module_stdout": .string(stdout), "module_stderr": .string(stderr)]
    switch response.ending {
    case .timedOut(let seconds):
      return .timedOut(after: seconds, fields)
    case .shellDied(let reason): return .failed("the shell on the host died: \(reason)", fields)
    case .exited(let status):
      let words = stderr.isEmpty ? "it said nothing" : stderr
      return .failed("the module broke off with exit status \(status): \(words)", fields)
    }
  }

  /// Invalid UTF-8 becomes U+FFFD.
  static func text(_ bytes: ArraySlice<UInt8>, stripped: Bool) -> String {
    var bytes = bytes
    while stripped, let last = bytes.last, last == 0x0A || last == 0x0D { bytes = bytes.dropLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// As Python's `splitlines` does for the line ends that commands print.
  package static func lines(of text: String) -> [String] {
    let bytes = text.utf8
    var lines: [String] = [], start = bytes.startIndex
    while let end = bytes[start...].firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
      lines.append(String(text[start..<end]))
      start = bytes.index(after: end)
      let isPair = bytes[end] == UInt8(ascii: "\r") && start < bytes.endIndex && bytes[start] == UInt8(ascii: "\n")
      if isPair { start = bytes.index(after: start) }
    }
    if start < bytes.endIndex { lines.append(String(text[start...])) }
    return lines
  }
}

extension StepResult {
  /// A step that `timeout` ended; the test `timedout` reads the period.
  static func timedOut(after seconds: Double, _ fields: Value.Dict = [:]) -> StepResult {
    let period: Value = Int(exactly: seconds).map { .int($0) } ?? .float(seconds)
    return .failed(
      "Timed out after \(period.pythonText) second(s).", fields.merging(["timedout": ["period": period]]) { $1 })
  }
}
