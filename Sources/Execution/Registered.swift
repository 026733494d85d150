import Model
import OrderedCollections

/// A result as `register`, `until` and `failed_when` see it: the module's keys, and what its status says.
extension StepResult {
  package var registered: Value {
    var fields = self.fields
    fields["_ansible_verbose_always"] = nil
    fields["changed"] = .bool(status == .changed || fields["changed"]?.bool == true)
    switch status {
    case .ok, .changed: fields["failed"] = fields["failed"] ?? false
    case .failed:
      fields["failed"] = true
      fields["exception"] = fields["exception"] ?? .string(Self.unavailableTraceback)
    case .skipped: fields["skipped"] = true
    case .unreachable: fields["unreachable"] = true
    }
    for name in ["stdout", "stderr"] {
      if let text = fields[.string(name)]?.string, fields[.string(name + "_lines")] == nil {
        fields[.string(name + "_lines")] = .list(text.pythonLines.map(Value.string))
      }
    }
    // A module's own diff is a dict, those of actions that write files are a list, as the reference has them.
    if diffs.count == 1, diffs[0].source != nil {
      fields["diff"] = diffs[0].registered
    } else if !diffs.isEmpty {
      fields["diff"] = .list(diffs.map(\.registered))
    }
    return .dict(fields)
  }
}

extension StepResult {
  /// What stands for the traceback of a failed result: there is no Python behind it, but playbooks ask whether there is one.
  static let unavailableTraceback = "(traceback unavailable)"
}

extension String {
  /// Lines as Python's `splitlines` gives them for the line ends that commands print.
  var pythonLines: [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var isAfterReturn = false
    for scalar in unicodeScalars {
      if scalar == "\n", isAfterReturn {
        isAfterReturn = false
        continue
      }
      isAfterReturn = scalar == "\r"
      if Self.lineEnds.contains(scalar) {
        lines.append(String(line))
        line = .init()
      } else {
        line.append(scalar)
      }
    }
    if !line.isEmpty { lines.append(String(line)) }
    return lines
  }

  private static let lineEnds: Set<Unicode.Scalar> = [
    "\n", "\r", "\u{0B}", "\u{0C}", "\u{1C}", "\u{1D}", "\u{1E}", "\u{85}", "\u{2028}", "\u{2029}",
  ]
}
