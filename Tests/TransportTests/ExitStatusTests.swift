import Testing

@testable import Transport

struct ExitStatusTests {
  /// As the shell says it, and as we say it.
  static let statuses: [(Int, Int32)] = [
    (0, 0), (1, 1), (255, 255), (143, 143), (265, 137), (271, 143), (393, 137), (399, 143),
  ]

  @Test(arguments: statuses)
  func `signals are 128 and their number, whatever the shell calls them`(status: Int, normalised: Int32) {
    #expect(normalisedExitStatus(status) == normalised)
  }
}
