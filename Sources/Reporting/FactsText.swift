import Model

/// What `martlet facts` prints for readers: each host's facts, and how old they are.
package struct FactsText {
  private let host: String
  private let facts: Value.Dict
  private let gatheredAt: Double
  private let now: Double

  package init(_ host: String, _ facts: Value.Dict, gatheredAt: Double, now: Double) {
    self.host = host
    self.facts = facts
    self.gatheredAt = gatheredAt
    self.now = now
  }

  package var text: String {
    var lines = ["\(host)  gathered \(timeText(gatheredAt)), \(durationText(now - gatheredAt)) ago".visible]
    for (name, value) in facts.sorted(by: { $0.key.pythonText < $1.key.pythonText }) {
      let shown = value.string ?? value.json(JSONEncoding(ensureASCII: false))
      lines.append("  \(name.pythonText)  \(shown)".visible)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// `--history`: a line for each value that a fact had.
  package static func history(_ values: [(since: Double, value: Value)]) -> String {
    values.map { "\(timeText($0.since))  \($0.value.string ?? $0.value.json(JSONEncoding(ensureASCII: false)))".visible + "\n" }.joined()
  }
}
