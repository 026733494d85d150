/// Bytes on their way through a slow line: each piece comes out after the delay, and not faster than the rate. Pure;
/// times are seconds on any clock.
struct DelayQueue {
  private struct Piece {
    let releaseTime: Double
    var bytes: ArraySlice<UInt8>
  }

  /// What a line holds at most before it stops taking more.
  static let byteCountMax = 16 << 20

  private var pieces: [Piece] = []
  /// Pieces before this are gone.
  private var firstIndex = 0
  private var lineFreeTime = 0.0
  private(set) var byteCount = 0

  var isEmpty: Bool { byteCount == 0 }
  var isFull: Bool { byteCount >= Self.byteCountMax }

  /// When the next bytes come out; nil while there are none.
  var nextTime: Double? { firstIndex < pieces.count ? pieces[firstIndex].releaseTime : nil }

  mutating func append(_ bytes: some Collection<UInt8>, now: Double, delaySeconds: Double, bytesPerSecond: Int?) {
    guard !bytes.isEmpty else { return }
    lineFreeTime = max(now, lineFreeTime)
    if let bytesPerSecond { lineFreeTime += Double(bytes.count) / Double(bytesPerSecond) }
    // A shorter delay than before must not let bytes overtake others.
    let time = max(lineFreeTime + delaySeconds, pieces.last?.releaseTime ?? 0)
    pieces.append(Piece(releaseTime: time, bytes: Array(bytes)[...]))
    byteCount += bytes.count
  }

  /// The bytes that may come out now, from one piece.
  func available(now: Double) -> ArraySlice<UInt8> {
    guard let time = nextTime, time <= now else { return [] }
    return pieces[firstIndex].bytes
  }

  /// Takes away what was passed on.
  mutating func remove(_ count: Int) {
    precondition(count <= pieces[firstIndex].bytes.count, "this is a bug: more was passed on than there was")
    pieces[firstIndex].bytes = pieces[firstIndex].bytes.dropFirst(count)
    byteCount -= count
    if pieces[firstIndex].bytes.isEmpty { firstIndex += 1 }
    if firstIndex > 64, firstIndex * 2 > pieces.count {
      pieces.removeFirst(firstIndex)
      firstIndex = 0
    }
  }
}
