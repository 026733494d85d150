import Glibc
import Testing

@testable import Reporting

@Suite struct DescriptorSinkTests {
  /// A pipe's ends: to read, to write.
  private func pipe() -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    precondition(Glibc.pipe(&ends) == 0, "no pipe")
    return (ends[0], ends[1])
  }

  @Test func `text arrives whole, on its stream`() {
    let (readOut, writeOut) = pipe(), (readError, writeError) = pipe()
    let sink = DescriptorSink(standardOutput: writeOut, standardError: writeError)
    sink.write("to output ü", to: .standardOutput)
    sink.write("to error", to: .standardError)
    for end in [writeOut, writeError] { close(end) }
    #expect(text(readOut) == "to output ü")
    #expect(text(readError) == "to error")
    #expect(sink.failure == nil)
  }

  @Test func `a reader that went away ends the writing without fuss`() {
    signal(SIGPIPE, SIG_IGN)
    let (read, write) = pipe()
    close(read)
    let sink = DescriptorSink(standardOutput: write, standardError: write)
    for _ in 0..<2 { sink.write("nobody reads this", to: .standardOutput) }
    close(write)
    #expect(sink.failure == nil)
  }

  @Test func `lost text is told`() {
    let descriptor = open("/dev/full", O_WRONLY)
    let sink = DescriptorSink(standardOutput: descriptor, standardError: descriptor)
    sink.write("x", to: .standardOutput)
    close(descriptor)
    #expect(sink.failure == "can't write to standard output: No space left on device")
  }

  private func text(_ descriptor: Int32) -> String {
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100)
    return String(decoding: bytes[..<max(0, read(descriptor, &bytes, 100))], as: UTF8.self)
  }
}
