import Foundation
import Model
import Parsing
import Reporting
import YAML

/// The output that `stdout_callback` names.
enum OutputChoice {
  case standard, yaml, minimal, oneline, json
  /// One that Ansible loads as a Python plugin.
  case unsupported

  init(_ name: String) {
    switch name {
    case "default", "ansible.builtin.default": self = .standard
    case "yaml", "community.general.yaml": self = .yaml
    case "minimal", "ansible.builtin.minimal": self = .minimal
    case "oneline", "ansible.builtin.oneline": self = .oneline
    case "json", "ansible.posix.json": self = .json
    default: self = .unsupported
    }
  }

  /// Nil where the usual output is to be taken.
  func reporter(_ settings: OutputSettings, to sink: any OutputSink) -> (any Reporter)? {
    switch self {
    case .standard, .yaml, .unsupported: nil
    case .minimal: AdHocReporter(settings, to: sink)
    case .oneline: OnelineReporter(settings, to: sink)
    case .json:
      JSONReporter(to: sink, now: {
        Date().formatted(.iso8601.year().month().day().dateTimeSeparator(.standard).time(includingFractionalSeconds: true)) + "Z"
      })
    }
  }
}

extension RunWiring {
  /// What `stdout_callback` chooses; one that is not to be had is told, once.
  func outputChoice() -> OutputChoice {
    let choice = OutputChoice(settings.stdoutCallback)
    if case .unsupported = choice {
      StandardError.write(
        "[WARNING]: the stdout_callback '\(settings.stdoutCallback)' is not supported: the output is that of 'default'; "
          + "there are default, minimal, oneline, json and yaml\n")
    }
    return choice
  }
}

extension OutputSettings.ResultFormat {
  /// Block YAML as `callback_result_format = yaml` prints it.
  static var blockYAML: OutputSettings.ResultFormat {
    .yaml { value in YAMLEmitter.text(of: value.withoutSecrets, style: .nice) }
  }
}
