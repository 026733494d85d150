import Glibc
import Synchronization
import Transport

/// A shell of a given kind on this machine that answers requests by the remote shell protocol, as far as modules see it.
final class ShellUnderTest {
  static let kinds: [[String]] = [["dash"], ["bash"], ["busybox", "ash"], ["mksh"]]

  private let process: pid_t
  private let input: Int32
  private let output: Int32
  private var loaded: Set<String> = []
  private var rest: [UInt8] = []
  private var count = 0

  init(_ command: [String], directory: String) {
    var stdin: [Int32] = [0, 0], stdout: [Int32] = [0, 0]
    guard pipe(&stdin) == 0, pipe(&stdout) == 0 else { fatalError("no pipe") }
    for end in stdin + stdout { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, stdin[0], 0)
    posix_spawn_file_actions_adddup2(&actions, stdout[1], 1)
    let words = command.map { strdup($0) } + [nil]
    var process: pid_t = 0
    let code = spawnLock.withLock { _ in posix_spawnp(&process, command[0], &actions, nil, words, environ) }
    guard code == 0 else { fatalError("cannot start \(command[0]): \(String(cString: strerror(code)))") }
    words.forEach { free($0) }
    posix_spawn_file_actions_destroy(&actions)
    close(stdin[0])
    close(stdout[1])
    (self.process, input, output) = (process, stdin[1], stdout[0])
    send("cd '\(directory)'; trap : TERM INT HUP\n")
  }

  deinit {
    close(input)
    close(output)
    waitpid(process, nil, 0)
  }

  func run(_ request: ShellRequest, stderrFile: String) -> ShellResponse {
    var text = ""
    for library in request.libraries where loaded.insert(library.name).inserted { text += library.text + "\n" }
    count += 1
    let marker = "\u{1E}END\(count)"
    let stdin = request.stdin.isEmpty ? "/dev/null" : stderrFile + ".in"
    if !request.stdin.isEmpty { write(request.stdin, to: stdin) }
    text += "(eval \(quoted(request.script))) <\(stdin) 2>\(stderrFile)\necho \"\(marker) $?\"\n"
    send(text)
    let (body, status) = readFrame(Array(marker.utf8))
    return ShellResponse(ending: .exited(status), stdout: body, stderr: content(of: stderrFile))
  }

  private func quoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { result += "'\\''" } else { result.unicodeScalars.append(scalar) }
    }
    return result + "'"
  }

  private func send(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
      guard count > 0 else { fatalError("the shell under test is gone") }
      bytes = bytes.dropFirst(count)
    }
  }

  private func readFrame(_ marker: [UInt8]) -> ([UInt8], Int32) {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let start = position(of: marker), let end = rest[(start + marker.count)...].firstIndex(of: 0x0A) {
        let status = Int32(String(decoding: rest[(start + marker.count + 1)..<end], as: UTF8.self)) ?? -1
        let body = Array(rest[..<start])
        rest = Array(rest[(end + 1)...])
        return (body, status)
      }
      let count = read(output, &chunk, chunk.count)
      guard count > 0 else { fatalError("the shell under test broke off after: \(String(decoding: rest, as: UTF8.self))") }
      rest += chunk[..<count]
    }
  }

  private func position(of marker: [UInt8]) -> Int? {
    guard rest.count >= marker.count else { return nil }
    return (0...(rest.count - marker.count)).last { start in
      rest[start] == marker[0] && rest[start..<(start + marker.count)].elementsEqual(marker)
    }
  }
}

func content(of path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else { return [] }
  defer { fclose(file) }
  var result: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { result += chunk[..<count] }
  return result
}

/// A file that is being written while a process starts stays open in it for a moment, and cannot be run meanwhile.
let spawnLock = Mutex(())

func write(_ bytes: [UInt8], to path: String) {
  spawnLock.withLock { _ in writeAlone(bytes, to: path) }
}

private func writeAlone(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "wb") else { fatalError("cannot write \(path)") }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}
