import Model

/// One request in one shell.
extension ShellSession {
  /// The closure is this actor's, so that the wait goes on where it began.
  func runInterruptibly(
    _ request: ShellRequest, _ input: ShellFrame.Input, in shell: RemoteShell
  ) async throws(TransportError) -> (RemoteShell.Outcome, FrameReader) {
    let wakeup = shell.channel.wakeup
    do {
      return try await withTaskCancellationHandler {
        try await shell.run(request, input: input) { signal, processGroup in
          await self.kill(processGroup, signal, become: request.become)
        }
      } onCancel: {
        wakeup.signalFromAnywhere()
      }
    } catch let error as TransportError {
      throw error
    } catch {
      preconditionFailure("a bug: an untyped error from a shell: \(error)")
    }
  }

  func refuseWhatShellsCannotHold(_ request: ShellRequest) throws(TransportError) {
    if hasNUL(request.script) || request.libraries.contains(where: { hasNUL($0.text) }) {
      throw TransportError(.run, host: host, "the script has a NUL character, which no shell can take; pass it by stdin")
    }
  }
}
