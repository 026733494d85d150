import Foundation
import Support

/// The tests' proxy as a process of its own, with a round trip of 20 ms.
struct SlowNetwork {
  let port: Int
  private let process: ChildProcess

  init(to target: Int) async throws {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/tcpproxy"
    process = try ChildProcess(program, ["--to", "\(target)", "--delay-ms", "10"], deadlineSeconds: 3600)
    try await process.waitForOutput("\n")
    let said = process.output.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
    guard let port = Int(said) else { throw ChildProcess.Failure(description: "tcpproxy said: \(process.output)") }
    self.port = port
  }

  func stop() { process.signal(SIGTERM) }
}
