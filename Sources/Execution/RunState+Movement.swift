import Planning

/// How a host moves through the graph: forward over marks, into includes and handlers, outwards when it fails.
extension RunState {
  func node(of host: HostIndex, offset: Int = 0) -> Fragment.Node? {
    guard let frame = cursors[host].frames.last else { return nil }
    let nodes = fragments[frame.fragment].nodes
    return frame.index + offset < nodes.count ? nodes[frame.index + offset] : nil
  }

  /// The group at whose start the host stands.
  func group(of host: HostIndex) -> TaskGroup? {
    cursors[host].frames.last.flatMap { fragments[$0.fragment].groups[$0.index] }
  }

  /// A task of the host's group ended; after the last one the host leaves the group, outwards if one failed.
  mutating func take(_ end: StepEnd, of offset: Int, on host: HostIndex) {
    cursors[host].group?.end(offset)
    switch end {
    case .passed, .skipped: break
    case .failed: cursors[host].group?.isFailing = true
    case .unreachable: cursors[host].group?.isLost = true
    }
    guard let progress = cursors[host].group, progress.isOver else { return }
    cursors[host].group = nil
    if !progress.isFailing || progress.isLost {
      cursors[host].frames[cursors[host].frames.count - 1].index = progress.group.range.upperBound - 1
    }
    if progress.isLost {
      cursors[host].status = .unreachable
    } else if progress.isFailing {
      fail(host)
    } else {
      moveOn(host)
    }
  }

  /// Over the task where the host stands, or into what it included.
  mutating func moveOn(_ host: HostIndex) {
    if cursors[host].leavesRole {
      cursors[host].leavesRole = false
      jumpBehindRole(host)
    } else if !enterIncluded(host) {
      finishHandler(host)
      advance(host)
    }
    settle(host)
  }

  mutating func enterHandlers(_ host: HostIndex) {
    if let handlersFragment, !cursors[host].notified.isEmpty {
      cursors[host].frames.append(.init(fragment: handlersFragment, isHandlers: true))
    } else {
      advance(host)
    }
    settle(host)
  }

  /// Outwards to the nearest `rescue` or `always`; past the last one the host has failed.
  mutating func fail(_ host: HostIndex) {
    while !cursors[host].frames.isEmpty {
      cursors[host].frames[cursors[host].frames.count - 1].included = []
      if enterRescueOrAlways(host) {
        settle(host)
        return
      }
      // A handler that failed has run, too.
      finishHandler(host)
      cursors[host].frames.removeLast()
    }
    cursors[host].status = .failed
  }

  private mutating func enterRescueOrAlways(_ host: HostIndex) -> Bool {
    let top = cursors[host].frames.count - 1
    while let block = cursors[host].frames[top].open.popLast() {
      switch block.part {
      case .body where block.section.hasRescue:
        cursors[host].frames[top].open.append(.init(section: block.section, part: .rescue))
        cursors[host].frames[top].index = block.section.rescue
        return true
      case .body, .rescue:
        cursors[host].frames[top].open.append(.init(section: block.section, part: .always(isFailing: true)))
        cursors[host].frames[top].index = block.section.always
        return true
      case .always:
        break
      }
    }
    return false
  }

  /// Moves over marks until the host rests on a task, or is done.
  mutating func settle(_ host: HostIndex) {
    while cursors[host].status == .ready {
      switch node(of: host) {
      case nil:
        if !leaveFragment(host) { return }
      case .task:
        if isDue(host) { return }
        advance(host)
      case .flushHandlers:
        return
      case .blockBegin(let section):
        cursors[host].frames[cursors[host].frames.count - 1].open.append(.init(section: section))
        advance(host)
      case .bodyEnd, .rescueEnd:
        goToAlways(host)
      case .blockEnd:
        if !leaveBlock(host) { return }
      case .roleBegin(let key, let end):
        let isRepeated = !key.allowsDuplicates && cursors[host].completedRoles.contains(key)
        let top = cursors[host].frames.count - 1
        if !isRepeated { cursors[host].frames[top].openRoles.append((key, end)) }
        cursors[host].frames[top].index = isRepeated ? end + 1 : cursors[host].frames[top].index + 1
      case .roleEnd(let key):
        if cursors[host].startedRoles.contains(key) { cursors[host].completedRoles.insert(key) }
        advance(host)
      }
    }
  }

  private mutating func advance(_ host: HostIndex) {
    cursors[host].frames[cursors[host].frames.count - 1].index += 1
  }

  /// A handler rests only where it is due.
  private func isDue(_ host: HostIndex) -> Bool {
    let frame = cursors[host].frames[cursors[host].frames.count - 1]
    return !frame.isHandlers || cursors[host].notified.contains(frame.index)
  }

  private mutating func finishHandler(_ host: HostIndex) {
    let frame = cursors[host].frames[cursors[host].frames.count - 1]
    if frame.isHandlers { cursors[host].notified.remove(frame.index) }
  }

  private mutating func goToAlways(_ host: HostIndex) {
    let top = cursors[host].frames.count - 1, last = cursors[host].frames[top].open.count - 1
    cursors[host].frames[top].open[last].part = .always(isFailing: false)
    cursors[host].frames[top].index = cursors[host].frames[top].open[last].section.always
  }

  /// Returns false where a failure that waited on `always` took over.
  private mutating func leaveBlock(_ host: HostIndex) -> Bool {
    let top = cursors[host].frames.count - 1
    let block = cursors[host].frames[top].open.removeLast()
    guard case .always(isFailing: true) = block.part else {
      advance(host)
      return true
    }
    fail(host)
    return false
  }

  /// Back to behind the include or the flush; false where the play itself is at its end.
  private mutating func leaveFragment(_ host: HostIndex) -> Bool {
    cursors[host].frames.removeLast()
    guard !cursors[host].frames.isEmpty else {
      if !cursors[host].rollbacks.isEmpty {
        cursors[host].frames = [.init(fragment: cursors[host].rollbacks.removeFirst())]
        return true
      }
      cursors[host].status = cursors[host].isRollingBack ? .failed : .done
      return false
    }
    if !enterIncluded(host) {
      finishHandler(host)
      advance(host)
    }
    return true
  }

  /// Sends a host that has failed through fragments that take its changes back, one after the other. It ends as failed.
  package mutating func rollBack(_ host: HostIndex, through fragments: [Int]) {
    guard cursors[host].status == .failed, !cursors[host].isRollingBack, !fragments.isEmpty else { return }
    cursors[host].status = .ready
    cursors[host].isRollingBack = true
    cursors[host].frames = [.init(fragment: fragments[0])]
    cursors[host].rollbacks = Array(fragments.dropFirst())
    settle(host)
    rest(host)
  }

  /// Into the next fragment that the task where the host stands included; false where there is none.
  private mutating func enterIncluded(_ host: HostIndex) -> Bool {
    let top = cursors[host].frames.count - 1
    guard !cursors[host].frames[top].included.isEmpty else { return false }
    cursors[host].frames.append(.init(fragment: cursors[host].frames[top].included.removeFirst()))
    return true
  }

  private mutating func jumpBehindRole(_ host: HostIndex) {
    while let frame = cursors[host].frames.last {
      let nodes = fragments[frame.fragment].nodes
      if let end = roleEnd(after: frame.index, in: nodes) {
        let top = cursors[host].frames.count - 1
        cursors[host].frames[top].open.removeAll { $0.section.end < end }
        cursors[host].frames[top].index = end
        return
      }
      cursors[host].frames.removeLast()
    }
    cursors[host].status = .done
  }

  private func roleEnd(after index: Int, in nodes: [Fragment.Node]) -> Int? {
    var depth = 0
    for candidate in nodes.indices where candidate > index {
      switch nodes[candidate] {
      case .roleBegin: depth += 1
      case .roleEnd where depth == 0: return candidate
      case .roleEnd: depth -= 1
      case .task, .flushHandlers, .blockBegin, .bodyEnd, .rescueEnd, .blockEnd: break
      }
    }
    return nil
  }
}
