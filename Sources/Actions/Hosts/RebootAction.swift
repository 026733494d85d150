import Model
import ModuleLibrary
import Transport

/// `reboot`: restarts the host and waits until it runs again, which its boot id tells and no clock.
package struct RebootAction: Action {
  package static let name = "reboot"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    if step.host.isLocal {
      throw .failed(notRebooted("Running reboot with local connection would reboot the control node."))
    }
    if step.isCheck { return ActionOutcome(StepResult(.changed, ["changed": true, "elapsed": 0, "rebooted": true])) }
    let start = ContinuousClock.now
    let bootCommand = step.text("boot_time_command") ?? "cat /proc/sys/kernel/random/boot_id"
    let before = try await bootID(bootCommand, step)
    try await reboot(step)
    let complaint = await wait(for: before, bootCommand, step)
    var fields: Value.Dict = ["rebooted": true, "elapsed": .int(Int((ContinuousClock.now - start) / .seconds(1)))]
    if let complaint {
      fields["msg"] = .string(complaint)
      throw .failed(StepResult(.failed, fields))
    }
    fields["changed"] = true
    return ActionOutcome(StepResult(.changed, fields))
  }

  private func notRebooted(_ message: String) -> StepResult {
    .failed(message, ["changed": false, "elapsed": 0, "rebooted": false])
  }

  private func bootID(_ command: String, _ step: ActionStep) async throws(ActionFailure) -> String {
    let response: ShellResponse
    do throws(TransportError) { response = try await step.host.run(ShellRequest(script: command)) } catch { throw .transport(error) }
    guard response.failure == nil, !response.output.isEmpty else {
      let reason = response.failure ?? "it printed nothing"
      throw .failed(notRebooted("failed to get host boot time info by '\(command)': \(reason)"))
    }
    return response.output
  }

  // MARK: down

  /// How long the command itself may take: it only has to be accepted.
  private static let commandSeconds = 60.0

  private func reboot(_ step: ActionStep) async throws(ActionFailure) {
    var request = ShellRequest(script: command(step))
    request.timeoutSeconds = Self.commandSeconds
    let response: ShellResponse
    do throws(TransportError) {
      response = try await step.host.run(request)
    } catch {
      // A host that goes down takes the connection with it; whether it came up anew is looked at next.
      return
    }
    guard case .exited(let status) = response.ending, status != 0 else { return }
    throw .failed(notRebooted("Reboot command failed. Error was: '\(response.output), \(response.complaint)'"))
  }

  private func command(_ step: ActionStep) -> String {
    if let command = step.text("reboot_command"), !command.isEmpty { return command }
    let minutes = max(0, step.arguments["pre_reboot_delay"]?.int ?? 0) / 60
    let folders = step.arguments["search_paths"]?.list?.compactMap(\.string) ?? []
    let message = ShellText.quoted(step.text("msg") ?? "Reboot initiated by Martlet")
    return """
      for folder in \(folders.map(ShellText.path).joined(separator: " ")); do
        if [ -x "$folder/shutdown" ]; then "$folder/shutdown" -r \(minutes) \(message); exit $?; fi
      done
      echo 'Unable to find command "shutdown" in search paths: '\(ShellText.quoted(folders.joined(separator: ", "))) >&2
      exit 1
      """
  }

  // MARK: up

  /// Waits grow from one second to this.
  private static let pauseSecondsMax = 12.0
  private static let attemptSeconds = 15.0

  /// Nil once the host is back; else what did not come to pass.
  private func wait(for before: String, _ bootCommand: String, _ step: ActionStep) async -> String? {
    let timeout = step.arguments["reboot_timeout"]?.int ?? 600
    if let delay = step.arguments["post_reboot_delay"]?.int, delay > 0 { try? await Task.sleep(for: .seconds(delay)) }
    var question = PatientQuestion(
      step: step, attemptSeconds: step.arguments["connect_timeout"]?.int.map(Double.init) ?? Self.attemptSeconds,
      deadline: .now + .seconds(timeout),
      pauseSeconds: { min(Double(1 << min($0 - 1, 8)), Self.pauseSecondsMax) })
    let unchanged = await question.ask(bootCommand) { response in
      response.failure ?? (response.output == before || response.output.isEmpty ? "boot time has not changed" : nil)
    }
    if let unchanged {
      return "Timed out waiting for last boot time check (timeout=\(timeout)): \(unchanged)"
    }
    question.deadline = .now + .seconds(timeout)
    let test = step.text("test_command") ?? "whoami"
    guard let complaint = await question.ask(test, accepts: { $0.failure }) else { return nil }
    return "Timed out waiting for post-reboot test command (timeout=\(timeout)): \(complaint)"
  }
}
