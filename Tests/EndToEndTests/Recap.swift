/// The counts of PLAY RECAP.
struct Recap {
  private var counts: [String: [String: Int]] = [:]

  init(_ output: String) {
    for line in output.split(separator: "\n").reversed().prefix(while: { !$0.hasPrefix("PLAY RECAP") }) {
      let words = line.split(separator: " ")
      guard words.count > 2, words[1] == ":" else { continue }
      let pairs = words[2...].map { $0.split(separator: "=") }.filter { $0.count == 2 }
      counts[String(words[0])] = Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), Int($0[1]) ?? -1) })
    }
  }

  subscript(host: String, count: String) -> Int? { counts[host]?[count] }
}
