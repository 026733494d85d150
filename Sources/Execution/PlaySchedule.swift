import Model
import Planning

/// Which plays of a run may start: those whose needs have ended, on hosts that no other play is at work on. Pure.
struct PlaySchedule {
  private var progress: GroupProgress
  private var hostsAtWork: [PlayReference: Set<String>] = [:]
  /// Plays run one after the other, in the order that their needs leave.
  private let isOneByOne: Bool

  init(after: [[Int]], isOneByOne: Bool) {
    progress = GroupProgress(TaskGroup(range: after.indices, after: after))
    self.isOneByOne = isOneByOne
  }

  /// Plays whose needs have ended and that have not started, in written order.
  var due: [PlayReference] { isOneByOne && !hostsAtWork.isEmpty ? [] : progress.ready }

  func isFree(_ hosts: [String]) -> Bool {
    hostsAtWork.isEmpty || !hosts.contains { host in hostsAtWork.values.contains { $0.contains(host) } }
  }

  mutating func begin(_ play: PlayReference, on hosts: [String]) {
    progress.open(play)
    hostsAtWork[play] = Set(hosts)
  }

  mutating func end(_ play: PlayReference) {
    progress.end(play)
    hostsAtWork[play] = nil
  }
}
