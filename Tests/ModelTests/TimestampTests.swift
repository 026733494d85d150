import Testing

@testable import Model

@Suite struct TimestampTests {
  private func timestamp(_ micros: Int, _ offset: Int?) -> Timestamp {
    let time = Timestamp.Time(hour: 1, minute: 2, second: 3, microsecond: micros, offsetSeconds: offset)
    return Timestamp(year: 987, month: 6, day: 5, time: time)
  }

  @Test(arguments: [
    (0, nil, "0987-06-05 01:02:03"), (42, nil, "0987-06-05 01:02:03.000042"), (0, 0, "0987-06-05 01:02:03+00:00"),
    (500_000, 19800, "0987-06-05 01:02:03.500000+05:30"), (0, -12600, "0987-06-05 01:02:03-03:30"),
  ] as [(Int, Int?, String)])
  func `a time prints as Python's str does`(micros: Int, offset: Int?, expected: String) {
    #expect(timestamp(micros, offset).description == expected)
    #expect(timestamp(micros, offset).isoFormat == expected.replacing(" ", with: "T"))
  }

  @Test func `a date has no time of day`() {
    let date = Timestamp(year: 2024, month: 5, day: 1)
    #expect(date.description == "2024-05-01")
    #expect(date.isoFormat == "2024-05-01")
    #expect(date != timestamp(0, nil))
  }
}
