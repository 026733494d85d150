import Model
import Transport

/// A module that is left running on its host (`async`): a folder of the user's own, `~/.ansible_async/ID`, holds what it
/// runs and what came of it. It outlives the connection and the run.
package struct AsyncJob: Sendable, Equatable {
  package let id: String

  /// A new job's.
  package init() {
    id = "j\(UInt64.random(in: 100_000_000_000...999_999_999_999)).\(UInt32.random(in: 1...99_999))"
  }

  /// Nil for a text that is no job's id.
  package init?(id: String) {
    guard id.first == "j", id.utf8.count > 1, id.dropFirst().utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) })
    else { return nil }
    self.id = id
  }

  private var folder: String { "m_job=$HOME/.ansible_async/\(id)" }

  // MARK: start

  /// Starts the module; it is killed after so many seconds, where the host has `timeout`.
  package func start(_ module: ShellModule, seconds: Int) -> ShellRequest {
    let work = module.request.libraries.map(\.text) + [module.request.script]
    let files = [Array(note(module, seconds).utf8), Array(work.joined(separator: "\n").utf8), module.request.stdin]
    var request = ShellRequest(
      script: """
        m_umask=$(umask)
        umask 077
        \(folder)
        mkdir -p -- "$m_job" && cat >"$m_job/all" || exit 1
        head -c \(files[0].count) <"$m_job/all" >"$m_job/note"
        tail -c +\(files[0].count + 1) <"$m_job/all" | head -c \(files[1].count) >"$m_job/work"
        tail -c +\(files[0].count + files[1].count + 1) <"$m_job/all" >"$m_job/input"
        rm -f -- "$m_job/all"
        m_session=
        if command -v setsid >/dev/null; then m_session=setsid; fi
        $m_session nohup sh -c \(ShellText.quoted(Self.runner)) sh "$m_job" "$m_umask" \(seconds) </dev/null >/dev/null 2>&1 &
        echo "$!" >"$m_job/process"
        echo "$m_job"
        """)
    request.stdin = files.flatMap { $0 }
    request.become = module.request.become
    return request
  }

  private static let runner = """
    umask "$2"
    m_limit=
    if command -v timeout >/dev/null; then m_limit="timeout -k 5 $3"; fi
    $m_limit sh "$1/work" <"$1/input" >"$1/out" 2>"$1/err"
    echo "$?" >"$1/status.new"
    mv -f -- "$1/status.new" "$1/status"
    """

  /// What is needed to read the answer later, perhaps by another run.
  private func note(_ module: ShellModule, _ seconds: Int) -> String {
    var note: Value.Dict = ["mark": .string(String(decoding: module.mark, as: UTF8.self)), "seconds": .int(seconds)]
    if let command = module.command {
      note["text"] = command.text
      note["words"] = command.words
    }
    return Value.dict(note).json(JSONEncoding(revealingSecrets: true))
  }

  /// What the step says that started it.
  package func started(_ response: ShellResponse) -> StepResult {
    let path = ShellModule.text(response.stdout[...], stripped: true)
    guard response.ending == .exited(0), path.hasSuffix(id) else {
      return .failed("could not start the job: \(ShellModule.text(response.stderr[...], stripped: true))")
    }
    return StepResult(
      .changed,
      ["ansible_job_id": .string(id), "changed": true, "finished": false, "results_file": .string(path), "started": true])
  }

  // MARK: status

  /// Asks for sizes on the first line, then note, output and errors.
  package var status: ShellRequest {
    ShellRequest(
      script: """
        \(folder)
        [ -f "$m_job/note" ] || exit 66
        if [ ! -f "$m_job/status" ]; then
          if kill -0 "$(cat "$m_job/process")" 2>/dev/null; then echo "running $m_job"; exit 0; fi
          [ -f "$m_job/status" ] || { echo "lost $m_job"; exit 0; }
        fi
        echo "done" $(cat "$m_job/status") $(wc -c <"$m_job/note") $(wc -c <"$m_job/out") "$m_job"
        cat "$m_job/note" "$m_job/out" "$m_job/err"
        """)
  }

  package var removal: ShellRequest {
    ShellRequest(script: "\(folder)\nrm -rf -- \"$m_job\" && echo \"$m_job\"")
  }

  /// The job's result so far: `finished` says whether it is the module's own.
  package func result(of response: ShellResponse) -> StepResult {
    let output = response.stdout, end = output.firstIndex(of: 0x0A) ?? output.count
    let words = String(decoding: output[..<end], as: UTF8.self).split(separator: " ", maxSplits: 4).map(String.init)
    switch (response.ending, words.first) {
    case (.exited(66), _):
      return .failed("could not find job", fields(isFinished: true, path: nil))
    case (_, "running"?): return StepResult(.ok, fields(isFinished: false, path: words.dropFirst().joined(separator: " ")))
    case (_, "lost"?):
      return .failed(
        "the job ended without a result: its host went down, or it was killed",
        fields(isFinished: true, path: words.dropFirst().joined(separator: " ")))
    case (_, "done"?):
      guard words.count == 5, let code = Int32(words[1]), let noteSize = Int(words[2]), let outSize = Int(words[3]) else { break }
      let body = output[(end + 1)...]
      guard body.count >= noteSize + outSize else { break }
      return finished(
        code, note: Array(body.prefix(noteSize)), stdout: Array(body.dropFirst(noteSize).prefix(outSize)),
        stderr: Array(body.dropFirst(noteSize + outSize)), path: words[4])
    default: break
    }
    return .failed("the job's state can't be read: \(ShellModule.text(response.stderr[...], stripped: true))")
  }

  private func finished(_ code: Int32, note: [UInt8], stdout: [UInt8], stderr: [UInt8], path: String) -> StepResult {
    guard let note = (try? Value(json: note))?.dict, let mark = note["mark"]?.string else {
      return .failed("the job's note at \(path) can't be read", fields(isFinished: true, path: path))
    }
    let command = note["text"].flatMap { text in
      note["words"].map { ShellModule.CommandWords(text: text, words: $0) }
    }
    let response = ShellResponse(ending: .exited(code), stdout: stdout, stderr: stderr)
    var result = ShellModule.result(of: response, mark: Array(mark.utf8), command: command)
    if [124, 137].contains(code), result.status == .failed {
      result = .failed(Self.tooLate(note["seconds"]?.int ?? 0))
    }
    result.fields.merge(fields(isFinished: true, path: path)) { own, _ in own }
    if result.status != .failed { result.fields["changed"] = .bool(result.status == .changed) }
    return result
  }

  package static func tooLate(_ seconds: Int) -> String {
    "async task did not complete within the requested time - \(seconds)s"
  }

  private func fields(isFinished: Bool, path: String?) -> Value.Dict {
    [
      "ansible_job_id": .string(id), "changed": false, "finished": .bool(isFinished), "started": true,
      "results_file": .string(path ?? "~/.ansible_async/\(id)"), "stdout": "", "stdout_lines": [], "stderr": "",
      "stderr_lines": [],
    ]
  }
}
