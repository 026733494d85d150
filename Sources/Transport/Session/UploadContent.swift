import Glibc
import Model

/// A file's bytes in chunks, from memory or from the controller's disk; its size is fixed when it is opened.
///
/// `@unchecked Sendable`: one transfer reads it, chunk after chunk.
final class UploadContent: @unchecked Sendable {
  private enum Source {
    case bytes([UInt8])
    case descriptor(Int32)
  }

  let size: Int
  private let source: Source
  private let threads: BlockingThreads

  private init(size: Int, source: Source, threads: BlockingThreads) {
    self.size = size
    self.source = source
    self.threads = threads
  }

  deinit {
    if case .descriptor(let descriptor) = source { close(descriptor) }
  }

  nonisolated(nonsending) static func open(
    _ content: FileUpload.Content, host: String, threads: BlockingThreads
  ) async throws(TransportError) -> UploadContent {
    switch content {
    case .bytes(let bytes): return open(bytes, threads: threads)
    case .localFile(let path):
      let opened = await threads.run { Self.openFile(path) }
      switch opened {
      case .success(let file): return UploadContent(size: file.size, source: .descriptor(file.descriptor), threads: threads)
      case .failure(let failure): throw TransportError(.upload, host: host, failure.reason, code: failure.code)
      }
    }
  }

  static func open(_ bytes: [UInt8], threads: BlockingThreads) -> UploadContent {
    UploadContent(size: bytes.count, source: .bytes(bytes), threads: threads)
  }

  /// All of it, where it is in memory already.
  var bytes: [UInt8]? { if case .bytes(let bytes) = source { bytes } else { nil } }

  /// The next bytes from `offset`; fewer than asked for only where the file got shorter meanwhile.
  nonisolated(nonsending) func chunk(at offset: Int, bytesMax: Int) async -> [UInt8] {
    let count = min(bytesMax, size - offset)
    switch source {
    case .bytes(let bytes): return Array(bytes[offset..<offset + count])
    case .descriptor(let descriptor):
      return await threads.run {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
          while filled < count {
            let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
            guard got > 0 else { return }
            filled += got
          }
        }
      }
    }
  }

  /// Of all of it, as it is now: read once more for that, so that the host can tell whether it has got the same.
  nonisolated(nonsending) func checksum() async -> ContentChecksum {
    switch source {
    case .bytes(let bytes) where bytes.count <= Self.quickBytesMax: return ContentChecksum(bytes)
    case .bytes(let bytes): return await threads.run { ContentChecksum(bytes) }
    case .descriptor(let descriptor): return await threads.run { [size] in Self.checksum(descriptor, size) }
    }
  }

  private static func checksum(_ descriptor: Int32, _ size: Int) -> ContentChecksum {
    var checksum = ContentChecksum()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: quickBytesMax, alignment: 16)
    defer { buffer.deallocate() }
    while checksum.count < size {
      let got = pread(descriptor, buffer.baseAddress!, min(buffer.count, size - checksum.count), off_t(checksum.count))
      guard got > 0 else { break }
      checksum.add(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
    }
    return checksum
  }

  /// What a loop's thread may look through itself.
  private static let quickBytesMax = 256 << 10

  private static func openFile(_ path: String) -> Result<(descriptor: Int32, size: Int), SystemFailure> {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(SystemFailure(path)) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return .failure(SystemFailure(path, code: EINVAL))
    }
    return .success((descriptor, Int(status.st_size)))
  }
}
