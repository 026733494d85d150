import CLibSSH2
import Glibc

/// The bytes between libssh2 and a byte source. libssh2's SEND is never refused nor cut (with partial sends it corrupts or
/// deadlocks when keys are renewed): what the source has no room for waits here.
///
/// `@unchecked Sendable`: used on its loop's thread only.
final class SSHWire: @unchecked Sendable {
  private let source: any ByteSource
  private var outgoing: [UInt8] = []
  private var outgoingStart = 0
  private(set) var lastReceived = MonotonicTime.now
  private(set) var bytesReceived = 0
  /// Set where the source ended or failed; libssh2 is then told that the peer is gone.
  private(set) var sourceFailure: Int32?
  /// From now on reading gives the end, so that libssh2 frees its things without waiting for the peer.
  var isCut = false

  /// What prompts that hide their answer get during keyboard-interactive login; libssh2's callback knows nothing but the wire.
  var hiddenAnswer: [UInt8]?

  init(source: any ByteSource) { self.source = source }

  var outgoingCount: Int { outgoing.count - outgoingStart }
  var hasReceived: Bool { bytesReceived > 0 }
  /// False where libssh2 has been given all that there is.
  var mayHaveBytes: Bool { isCut || !ahead.isEmpty || source.mayHaveBytes }

  /// libssh2's RECV: a count, 0 at the end, or a negative errno.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    if isCut { return 0 }
    if ahead.isEmpty {
      guard buffer.count < Self.aheadBytesMax else { return receiveFromSource(into: buffer) }
      let count = withUnsafeTemporaryAllocation(byteCount: Self.aheadBytesMax, alignment: 1) { chunk in
        let count = receiveFromSource(into: chunk)
        if count > 0 { ahead = Array(chunk[..<count])[...] }
        return count
      }
      if count <= 0 { return count }
    }
    let given = ahead.prefix(buffer.count)
    buffer.copyBytes(from: given)
    ahead = given.endIndex == ahead.endIndex ? [] : ahead[given.endIndex...]
    return given.count
  }

  /// What was read and not asked for yet: libssh2 wants the greeting byte by byte, and each would be a system call.
  private var ahead: ArraySlice<UInt8> = []
  private static let aheadBytesMax = 512

  private func receiveFromSource(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    switch source.read(into: buffer) {
    case .bytes(let count):
      bytesReceived += count
      lastReceived = .now
      return count
    case .nothingYet: return -Int(EAGAIN)
    case .end:
      sourceFailure = sourceFailure ?? sendFailure ?? 0
      return 0
    case .failed(let code):
      sourceFailure = code
      return 0
    }
  }

  /// The peer takes nothing more. What it said before that is still to be read: often the reason.
  private var sendFailure: Int32?

  /// libssh2's SEND.
  func send(_ bytes: UnsafeRawBufferPointer) -> Int {
    if isCut || sourceFailure != nil { return -Int(EPIPE) }
    if sendFailure != nil { return bytes.count }
    outgoing.append(contentsOf: bytes)
    return bytes.count
  }

  /// Hands over what waits, as far as the source has room.
  func flush() {
    while outgoingStart < outgoing.count {
      let flow = outgoing.withUnsafeBytes { source.write(UnsafeRawBufferPointer(rebasing: $0[outgoingStart...])) }
      switch flow {
      case .bytes(let count): outgoingStart += count
      case .nothingYet: return compact()
      case .end: return fail(code: EPIPE)
      case .failed(let code): return fail(code: code)
      }
    }
    // A burst's buffer isn't kept: a thousand sessions have one of these each.
    outgoing.removeAll(keepingCapacity: outgoing.capacity <= Self.keptBytesMax)
    outgoingStart = 0
  }

  private func compact() {
    guard outgoingStart > Self.keptBytesMax else { return }
    outgoing.removeFirst(outgoingStart)
    outgoingStart = 0
  }

  private func fail(code: Int32) {
    sendFailure = code
    outgoing = []
    outgoingStart = 0
  }

  private static let keptBytesMax = 16 << 10

  /// What the peer said as it ended the connection.
  private(set) var farewell = ""

  // MARK: - libssh2's callbacks: the session's abstract pointer is the wire, unretained

  static let sendCallback:
    @convention(c) (Int32, UnsafeRawPointer?, Int, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> Int = {
      _, bytes, count, _, abstract in
      guard let wire = abstract?.pointee else { return -Int(EPIPE) }
      return Unmanaged<SSHWire>.fromOpaque(wire)._withUnsafeGuaranteedRef {
        $0.send(UnsafeRawBufferPointer(start: bytes, count: count))
      }
    }

  static let disconnectCallback:
    @convention(c) (
      OpaquePointer?, Int32, UnsafePointer<UInt8>?, Int32, UnsafePointer<UInt8>?, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Void = { _, _, message, count, _, _, abstract in
      guard let wire = abstract?.pointee, let message, count > 0 else { return }
      let words = lastLines(of: Array(UnsafeBufferPointer(start: message, count: Int(count))))
      Unmanaged<SSHWire>.fromOpaque(wire)._withUnsafeGuaranteedRef { $0.farewell = words }
    }

  static let receiveCallback:
    @convention(c) (Int32, UnsafeMutableRawPointer?, Int, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> Int = {
      _, buffer, count, _, abstract in
      guard let wire = abstract?.pointee else { return 0 }
      return Unmanaged<SSHWire>.fromOpaque(wire)._withUnsafeGuaranteedRef {
        $0.receive(into: UnsafeMutableRawBufferPointer(start: buffer, count: count))
      }
    }
}
