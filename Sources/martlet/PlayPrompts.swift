import Execution
import Foundation
import Model
import Parsing
import Templating

/// `vars_prompt`: asks at the terminal, before the play's first task. Where nobody can be asked, the default counts.
struct PlayPrompts {
  let play: Play
  let given: Set<String>
  let renderer: Renderer
  let scope: any VariableScope

  func answers() throws(RunRefusal) -> [String: Value] {
    var answers: [String: Value] = [:]
    for prompt in play.varsPrompts where !given.contains(prompt.name) {
      answers[prompt.name] = try answer(to: prompt)
    }
    return answers
  }

  private func answer(to prompt: VarsPrompt) throws(RunRefusal) -> Value {
    if let method = prompt.encrypt {
      throw RunRefusal("vars_prompt '\(prompt.name)': encrypt: \(method) is not supported; use the password_hash filter")
    }
    let preset = try prompt.defaultValue.map { source throws(RunRefusal) in try text(source) }
    guard isatty(STDIN_FILENO) == 1 else {
      StandardError.write("[WARNING]: Not prompting as we are not in interactive mode\n")
      return .string(preset ?? "")
    }
    let question = try text(prompt.prompt)
    while true {
      let first = try ask(preset.map { "\(question) [\($0)]: " } ?? "\(question): ", isPrivate: prompt.isPrivate)
      guard prompt.mustConfirm else { return value(first, preset, prompt) }
      if try ask("confirm \(question): ", isPrivate: prompt.isPrivate) == first { return value(first, preset, prompt) }
      StandardError.write("***** VALUES ENTERED DO NOT MATCH ****\n")
    }
  }

  private func value(_ answer: String, _ preset: String?, _ prompt: VarsPrompt) -> Value {
    let text = Value.string(answer.isEmpty ? preset ?? "" : answer)
    return prompt.isPrivate ? .secret(Secret(text)) : text
  }

  private func text(_ source: SourceValue) throws(RunRefusal) -> String {
    do throws(TemplateError) {
      return try renderer.value(of: source, in: scope).pythonText
    } catch {
      throw RunRefusal(error.diagnostic.description)
    }
  }

  private func ask(_ question: String, isPrivate: Bool) throws(RunRefusal) -> String {
    do throws(TerminalPrompt.Failure) {
      return try TerminalPrompt.ask(question, isHidden: isPrivate)
    } catch {
      throw RunRefusal("vars_prompt: \(error.message)")
    }
  }
}
