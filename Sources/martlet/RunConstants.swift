import Execution
import Foundation
import Model
import Parsing

/// Variables that are the same for every host of a run.
struct RunConstants {
  let values: [String: Value]

  init(_ flags: RunFlags, _ settings: Settings, _ options: RunOptions, _ sources: [String]) {
    var values: [String: Value] = [
      "ansible_check_mode": .bool(options.isCheck),
      "ansible_diff_mode": .bool(options.isDiff),
      "ansible_forks": .int(options.forks),
      "ansible_verbosity": .int(options.verbosity),
      "ansible_run_tags": .list(options.tags.only.sorted().map(Value.string)),
      "ansible_skip_tags": .list(options.tags.skip.sorted().map(Value.string)),
      "ansible_inventory_sources": .list(sources.map { .string(URL(fileURLWithPath: $0).path) }),
      "ansible_version": [
        "full": "2.19.14", "major": 2, "minor": 19, "revision": 14, "string": "2.19.14",
      ],
      "martlet_version": .string(Martlet.version),
    ]
    values["ansible_playbook_python"] = .string(Self.pythonPath)
    values["ansible_config_file"] = settings.path.map(Value.string) ?? .null
    if !flags.limit.isEmpty { values["ansible_limit"] = .string(flags.limit.joined(separator: ",")) }
    self.values = values
  }

  /// `ansible_playbook_python`. Martlet runs without one, but inventories and playbooks pass it on to what needs it.
  private static var pythonPath: String {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
    return folders.map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "/usr/bin/python3"
  }
}
