import Model

/// A host's line under PLAY RECAP.
struct RecapLine {
  private static let hostWidth = 26

  let host: String
  let counts: HostSummary

  func text(_ palette: Palette) -> String {
    let name = host.visible
    let padding = String(repeating: " ", count: max(0, Self.hostWidth - name.unicodeScalars.count))
    let fields = [
      field("ok", counts.ok, .ok), field("changed", counts.changed, .changed),
      field("unreachable", counts.unreachable, .unreachable), field("failed", counts.failed, .error),
      field("skipped", counts.skipped, .skip), field("rescued", counts.rescued, .ok),
      field("ignored", counts.ignored, .warn),
    ]
    let painted = fields.map { $0.count == 0 ? $0.text : palette.paint($0.text, $0.role) }
    return "\(palette.paint(name, hostRole))\(padding) : \(painted.joined(separator: " "))"
  }

  private var hostRole: Role {
    if counts.failed > 0 || counts.unreachable > 0 { return .error }
    return counts.changed > 0 ? .changed : .ok
  }

  private func field(_ name: String, _ count: Int, _ role: Role) -> (text: String, count: Int, role: Role) {
    let digits = String(count)
    return ("\(name)=\(digits)\(String(repeating: " ", count: max(0, 4 - digits.count)))", count, role)
  }
}
