import Model

/// How many steps of a run may run at once, shared by plays that run side by side. Pure.
struct StepBudget {
  private var room: Int
  /// Plays that had more to start than there was room for.
  private var hungry: Set<PlayReference> = []

  init(_ stepsMax: Int) { room = stepsMax }

  /// All the room that there is; what is not used is given back at once.
  mutating func take() -> Int {
    defer { room = 0 }
    return room
  }

  mutating func wantsMore(_ play: PlayReference) { hungry.insert(play) }

  /// Returns the plays that can use what another gives back.
  mutating func giveBack(_ count: Int, from play: PlayReference) -> Set<PlayReference> {
    guard count > 0 else { return [] }
    room += count
    let woken = hungry.subtracting([play])
    hungry.subtract(woken)
    return woken
  }
}
