import Model
import Synchronization

/// A session to no host, for tests of upper layers: a closure answers requests, files live in a dictionary.
package final class FakeSession: HostSession {
  package typealias Answer = @Sendable (ShellRequest) async throws(TransportError) -> ShellResponse

  private struct State {
    var requests: [ShellRequest] = []
    var uploads: [FileUpload] = []
    var files: [String: [UInt8]] = [:]
    var isClosed = false
  }

  package let host: String
  private let answer: Answer
  private let state = Mutex(State())

  package init(host: String = "fake", files: [String: [UInt8]] = [:], answer: @escaping Answer) {
    self.host = host
    self.answer = answer
    state.withLock { $0.files = files }
  }

  /// Answers scripts by the first key that they contain; a script without a match is a failed run.
  package convenience init(host: String = "fake", scripted: [(contains: String, response: ShellResponse)]) {
    self.init(host: host) { request throws(TransportError) in
      guard let match = scripted.first(where: { request.script.contains($0.contains) }) else {
        throw TransportError(.run, host: host, "the fake session has no answer for: \(request.script)")
      }
      return match.response
    }
  }

  /// What has been asked so far, in order.
  package var requests: [ShellRequest] { state.withLock { $0.requests } }
  package var uploads: [FileUpload] { state.withLock { $0.uploads } }
  package var files: [String: [UInt8]] { state.withLock { $0.files } }
  package var isClosed: Bool { state.withLock { $0.isClosed } }

  package func run(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    state.withLock { $0.requests.append(request) }
    let response = try await answer(request)
    if let onOutput = request.onOutput {
      if !response.stdout.isEmpty { onOutput(OutputChunk(stream: .stdout, bytes: response.stdout)) }
      if !response.stderr.isEmpty { onOutput(OutputChunk(stream: .stderr, bytes: response.stderr)) }
    }
    return response
  }

  package func upload(_ upload: FileUpload) async throws(TransportError) {
    let content = try await UploadContent.open(upload.content, host: host, threads: BlockingThreads(threadsMax: 1))
    let bytes = await content.chunk(at: 0, bytesMax: content.size)
    state.withLock {
      $0.uploads.append(upload)
      $0.files[upload.path] = bytes
    }
    upload.onProgress?(bytes.count, bytes.count)
  }

  package func download(path: String, become: Become?, bytesMax: Int) async throws(TransportError) -> [UInt8] {
    guard let bytes = files[path] else {
      throw TransportError(.download, host: host, "\(path): no such file or directory")
    }
    guard bytes.count <= bytesMax else {
      throw TransportError(.download, host: host, "\(path) is larger than \(bytesMax) bytes")
    }
    return bytes
  }

  package func close() async { state.withLock { $0.isClosed = true } }
}
