import Glibc

/// Runs OpenSSH's own tools, to compare with them.
enum ShellCommand {
  struct Outcome {
    let status: Int32
    let output: String
  }

  /// Output holds both streams.
  static func run(_ text: String) -> Outcome {
    guard let pipe = popen("{ \(text)\n} 2>&1 </dev/null", "re") else { fatalError("popen: errno \(errno)") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&buffer, 1, buffer.count, pipe)
      if count == 0 { break }
      output.append(contentsOf: buffer.prefix(count))
    }
    let status = pclose(pipe)
    return Outcome(status: status >> 8 & 0xFF, output: String(decoding: output, as: UTF8.self))
  }

  /// For what a test needs before it can begin.
  @discardableResult
  static func mustRun(_ text: String) -> String {
    let outcome = run(text)
    precondition(outcome.status == 0, "\(text): \(outcome.output)")
    return outcome.output
  }
}

/// A folder that goes away with its last reference.
final class TestFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fatalError("mkdtemp: errno \(errno)") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { _ = ShellCommand.run("rm -rf '\(path)'") }

  /// Writes a file in this folder and gives its path.
  @discardableResult
  func write(_ name: String, _ content: String, mode: mode_t = 0o600) -> String {
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    precondition(descriptor >= 0, "\(file): errno \(errno)")
    defer { close(descriptor) }
    fchmod(descriptor, mode)
    let bytes = Array(content.utf8)
    precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "\(file): errno \(errno)")
    return file
  }

  func read(_ name: String) -> String { ShellCommand.mustRun("cat '\(path)/\(name)'") }
}
