import Glibc

/// Ends the wait for a shell that is under way, and every later one at once: what a case has started and made then goes away.
package final class CaseInterruption: Sendable {
  /// Can be read from once it is raised.
  let descriptor: Int32
  private let writer: Int32

  package init() throws(CaseTrouble) {
    var ends: [Int32] = [0, 0]
    // Under the lock, or a shell that starts meanwhile would hold these ends open.
    let isOpen = LocalFile.spawnLock.withLock { _ in pipe(&ends) == 0 && ends.allSatisfy { fcntl($0, F_SETFD, FD_CLOEXEC) == 0 } }
    guard isOpen else { throw CaseTrouble("no pipe: \(CaseTrouble.systemMessage)") }
    (descriptor, writer) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(writer)
  }

  package func raise() { _ = write(writer, "!", 1) }

  package var isRaised: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) > 0
  }
}
