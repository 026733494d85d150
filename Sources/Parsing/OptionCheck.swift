import Model

/// Whether a constant will do for an option: its type, its choices, and what stands inside it.
struct OptionCheck {
  let name: String
  let option: ModuleOption

  /// What is wrong with a value; nil if nothing is.
  func problem(with value: Value) -> String? {
    if value == .null { return nil }
    if let problem = option.problem(with: value, named: name) { return problem }
    guard !option.suboptions.isEmpty else { return nil }
    return (value.list ?? [value]).lazy.compactMap(suboptionProblem).first
  }

  private func suboptionProblem(_ value: Value) -> String? {
    guard let entries = value.dict else { return nil }
    for (key, element) in entries {
      let written = key.revealedText
      guard let known = option.suboptions.first(where: { $0.key == written || $0.value.aliases.contains(written) })
      else {
        let near = nearestName(to: written, among: option.suboptions.keys)
        return "unknown key '\(written)' in \(name)" + (near.map { ": did you mean '\($0)'?" } ?? "")
      }
      let check = OptionCheck(name: "\(name).\(written)", option: known.value)
      if let problem = check.problem(with: element) { return problem }
    }
    let absent = option.suboptions.first { sub, option in
      option.isRequired && !([sub] + option.aliases).contains { entries[.string($0)] != nil }
    }
    return absent.map { "\(name) needs '\($0.key)'" }
  }
}
