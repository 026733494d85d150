import ArgumentParser
import Foundation

/// `martlet module`: begins a module of one's own, and runs its cases.
struct ModuleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "module", abstract: "Write modules of your own.", subcommands: [ModuleNew.self, ModuleTestCommand.self])
}

struct ModuleNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a folder with a module to start from.",
    discussion: "The module keeps one line in a file: replace what it does. Runbooks beside the folder Modules find it.")

  @Option(help: "The folder of modules that it goes into.")
  var folder = "Modules"

  @Argument(help: "The module's name: letters, digits and _.")
  var name: String

  func validate() throws {
    let isName = name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (97...122).contains($0) || (48...57).contains($0) }
    guard isName, let first = name.utf8.first, (97...122).contains(first) else {
      throw ValidationError("'\(name)' can't be a module's name: it takes small letters, digits and _, and begins with a letter")
    }
  }

  func run() throws {
    let path = "\(folder)/\(name)"
    guard !FileManager.default.fileExists(atPath: path) else { throw CommandFailure(exitStatus: 1, "\(path) is there already") }
    do {
      try FileManager.default.createDirectory(atPath: "\(path)/cases", withIntermediateDirectories: true)
      for (file, text) in [("module.yml", manifest), ("module.sh", script), ("cases/\(name).yml", cases)] {
        try text.write(toFile: "\(path)/\(file)", atomically: true, encoding: .utf8)
        print("\(path)/\(file)")
      }
    } catch {
      throw CommandFailure(exitStatus: 1, "can't make \(path): \(error.localizedDescription)")
    }
  }

  private var manifest: String {
    """
    module: \(name)
    short_description: Keeps one line in a file
    description:
      - Writes the line if the file does not hold just that.
    options:
      path: {type: path, required: true, description: "The file."}
      line: {type: str, required: true, description: "Its line."}
    attributes:
      check_mode: {support: full}
      diff_mode: {support: full}
    examples: |
      - \(name):
          path: /etc/motd
          line: Be kind.
    returns:
      path: {type: str, returned: always, description: "The file."}

    """
  }

  private var script: String {
    """
    # shellcheck shell=sh
    # Input: path, line. Result: path.
    \(name)_main() {
      m_str path "$arg_path"
      \(name)_now=
      if [ -e "$arg_path" ]; then \(name)_now=$(cat -- "$arg_path") || m_fail "cannot read $arg_path"; fi
      # It shows the difference, and leaves the change out in check mode.
      [ "$\(name)_now" = "$arg_line" ] || m_write_text "$arg_path" "$arg_line$m_nl"
    }

    """
  }

  private var cases: String {
    """
    - name: writes the line
      args: {path: "{dir}/file", line: new words}
      before: {file: {content: "old words\\n"}}
      result: {changed: true, path: "{dir}/file"}
      after: {file: {content: "new words\\n"}}

    - name: leaves a file that is right
      args: {path: "{dir}/file", line: words}
      before: {file: {content: "words\\n"}}
      result: {changed: false}

    """
  }
}
