import Model
import Parsing

/// What each play of a run comes after.
///
/// A play that says `needs` comes after exactly the plays of its runbook that it names, by id or by name; one that says nothing
/// after all plays before it. A runbook comes after the runbooks before it on the command line.
package struct PlayNeeds {
  /// By play, the places of those that must have ended before it starts.
  package private(set) var after: [[Int]] = []
  package private(set) var diagnostics = Diagnostics()
  private var plays: [Play] = []
  /// Plays of the runbook at hand, by id and by name.
  private var places: [String: [Int]] = [:]

  package init(_ runbooks: [[Play]]) {
    var earlier: [Int] = []
    for runbook in runbooks where !runbook.isEmpty {
      let range = plays.count..<plays.count + runbook.count
      plays += runbook
      add(range, behind: earlier)
      earlier = Array(range)
    }
  }

  private mutating func add(_ range: Range<Int>, behind earlier: [Int]) {
    notePlaces(range)
    var lastPlain = range.lowerBound
    for place in range {
      if let needs = plays[place].needs {
        after.append(Set(needs.compactMap { self.place(of: $0, neededBy: place) } + earlier).sorted())
      } else {
        // All before the last such play are before this one, too.
        after.append(place == range.lowerBound ? earlier : Array(lastPlain..<place))
        lastPlain = place
      }
    }
    if let cycle = NeedsCycle.first(in: after) { diagnostics.add(circle(cycle)) }
  }

  private mutating func notePlaces(_ range: Range<Int>) {
    places = [:]
    for place in range {
      guard let id = plays[place].id else { continue }
      if places[id] != nil {
        diagnostics.add(.error("there is another play with the id '\(id)' in the runbook", at: plays[place].span))
      }
      places[id] = [place]
    }
    let ids = Set(places.keys)
    for place in range {
      guard let name = plays[place].keywords.name?.constant?.string, !ids.contains(name), name != plays[place].id else { continue }
      places[name, default: []].append(place)
    }
  }

  private mutating func place(of name: String, neededBy place: Int) -> Int? {
    switch places[name] ?? [] {
    case let found where found.count == 1: return found[0]
    case let found where found.isEmpty:
      let advice = nearestName(to: name, among: places.keys.sorted()).map { "did you mean '\($0)'?" }
        ?? "give the play that is meant an 'id'"
      diagnostics.add(.error("no play of the runbook has the id or name '\(name)'", advice: advice, at: plays[place].span))
      return nil
    case let found:
      diagnostics.add(
        .error("\(found.count) plays have the name '\(name)'", advice: "give the one that is meant an 'id'", at: plays[place].span))
      return nil
    }
  }

  private func circle(_ cycle: [Int]) -> Diagnostic {
    let path = cycle.map { title($0) }.joined(separator: " -> ")
    let plain = cycle.first { plays[$0].needs == nil }
    let advice = plain.map { "'\(title($0))' has no 'needs', so it comes after all plays before it: give it some, or take one out" }
    return .error("plays wait for each other: \(path)", advice: advice ?? "take one of these out of 'needs'", at: plays[cycle[0]].span)
  }

  private func title(_ place: Int) -> String {
    plays[place].id ?? plays[place].keywords.name?.constant?.string ?? "the play at line \(plays[place].span.line)"
  }
}
