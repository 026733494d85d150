import Glibc

/// A system call's `errno`.
struct SystemCallError: Error, Hashable {
  let code: Int32
}

/// Reads from the start to the end; more than `byteCountMax` is EFBIG.
func readAll(_ descriptor: Int32, byteCountMax: Int) throws(SystemCallError) -> [UInt8] {
  var content: [UInt8] = []
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  defer { buffer.deallocate() }
  while true {
    let count = read(descriptor, buffer.baseAddress!, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw SystemCallError(code: errno) }
    if count == 0 { return content }
    guard content.count + count <= byteCountMax else { throw SystemCallError(code: EFBIG) }
    content.append(contentsOf: buffer[..<count])
  }
}

/// Writes all of it, in as few calls as the system takes.
func writeAll(_ descriptor: Int32, _ content: [UInt8]) throws(SystemCallError) {
  var rest = content[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw SystemCallError(code: errno) }
    rest = rest.dropFirst(count)
  }
}
