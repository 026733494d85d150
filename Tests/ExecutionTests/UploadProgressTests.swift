import Testing

@testable import Execution

@Suite struct UploadProgressTests {
  @Test func `an upload is told of once a second, and not at all where it takes less`() {
    let start = ContinuousClock.now
    let progress = UploadProgress(start: start)
    #expect(progress.line(9 << 20, of: 100 << 20, at: start + .milliseconds(900)) == nil)
    #expect(progress.line(12 << 20, of: 100 << 20, at: start + .milliseconds(1100)) == "12 of 100 MB sent\n")
    #expect(progress.line(20 << 20, of: 100 << 20, at: start + .milliseconds(2000)) == nil)
    #expect(progress.line(100 << 20, of: 100 << 20, at: start + .milliseconds(2100)) == "100 of 100 MB sent\n")
  }

  @Test func `small files on slow lines are counted in smaller units, and what comes before the content is nothing yet`() {
    let start = ContinuousClock.now
    let progress = UploadProgress(start: start)
    #expect(progress.line(-40, of: 64 << 10, at: start + .seconds(5)) == "0 of 64 KB sent\n")
    #expect(progress.line(32 << 10, of: 64 << 10, at: start + .seconds(9)) == "32 of 64 KB sent\n")
  }
}
