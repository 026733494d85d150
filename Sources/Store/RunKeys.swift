/// The keys of a run's rows: its number above, a place below.
struct RunKeys {
  private static let placeBits: Int64 = 32

  let number: Int64

  func key(_ place: Int) -> Int64 { number << Self.placeBits | Int64(place) }

  var range: ClosedRange<Int64> { number << Self.placeBits...(number + 1) << Self.placeBits - 1 }

  static func place(of key: Int64) -> Int { Int(key & (1 << placeBits - 1)) }
}
