import Model

/// One frame's answer as it arrives: output of both streams, then the marker of each. A pure state machine.
package struct FrameReader: Sendable {
  private var scanners: (stdout: MarkerScanner, stderr: MarkerScanner)
  private let bytesMax: Int
  /// With a terminal both streams arrive as one, and so does only one marker.
  private let isMerged: Bool
  package private(set) var stdout: [UInt8] = []
  package private(set) var stderr: [UInt8] = []
  package private(set) var isTruncated = false

  package init(token: FrameToken, outputBytesMax: Int, isMerged: Bool = false) {
    let scanner = MarkerScanner(marker: token.marker)
    scanners = (scanner, scanner)
    bytesMax = max(0, outputBytesMax)
    self.isMerged = isMerged
  }

  package var isComplete: Bool {
    scanners.stdout.numbers != nil && (isMerged || scanners.stderr.numbers != nil)
  }

  /// The numbers of stdout's marker: a status, or process ids.
  package var numbers: [Int] { scanners.stdout.numbers ?? [] }

  /// Whether this stream's part of the frame has ended.
  func isEnded(_ stream: OutputChunk.Stream) -> Bool {
    switch stream {
    case .stdout: scanners.stdout.numbers != nil
    case .stderr: isMerged || scanners.stderr.numbers != nil
    }
  }

  /// Takes bytes as they come from the host; `onOutput` hears of output that is kept.
  package mutating func receive(
    _ stream: OutputChunk.Stream, _ bytes: UnsafeRawBufferPointer, onOutput: ((OutputChunk) -> Void)? = nil
  ) {
    switch stream {
    case .stdout:
      var scanner = scanners.stdout
      scanner.scan(bytes) { keep(.stdout, $0, onOutput) }
      scanners.stdout = scanner
    case .stderr:
      var scanner = scanners.stderr
      scanner.scan(bytes) { keep(.stderr, $0, onOutput) }
      scanners.stderr = scanner
    }
  }

  /// The shell went away: what was held back as a possible marker is output after all.
  package mutating func finishWithoutMarkers(onOutput: ((OutputChunk) -> Void)? = nil) {
    var (out, err) = scanners
    out.flush { keep(.stdout, $0, onOutput) }
    err.flush { keep(.stderr, $0, onOutput) }
    scanners = (out, err)
  }

  private mutating func keep(
    _ stream: OutputChunk.Stream, _ bytes: UnsafeRawBufferPointer, _ onOutput: ((OutputChunk) -> Void)?
  ) {
    let room = bytesMax - (stream == .stdout ? stdout.count : stderr.count)
    if bytes.count > room { isTruncated = true }
    let kept = UnsafeRawBufferPointer(rebasing: bytes.prefix(max(0, room)))
    guard !kept.isEmpty else { return }
    if stream == .stdout { stdout.append(contentsOf: kept) } else { stderr.append(contentsOf: kept) }
    onOutput?(OutputChunk(stream: stream, bytes: Array(kept)))
  }
}
