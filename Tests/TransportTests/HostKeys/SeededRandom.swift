import Glibc

/// Random numbers that a failed test can be run with again: `MARTLET_TEST_SEED=N swift test …`.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The seed goes to the test's log.
  static func announced(_ title: String = #function) -> SeededRandom {
    let given = getenv("MARTLET_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
    let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
    print("\(title): MARTLET_TEST_SEED=\(seed)")
    return SeededRandom(seed: seed)
  }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// How long a test tries: some rounds, `MARTLET_FUZZ_FACTOR=1000` times as many, or for `MARTLET_FUZZ_SECONDS=600`.
enum FuzzRounds {
  static func run(_ rounds: Int, _ round: () -> Void) {
    func number(_ name: String) -> Double? { getenv(name).flatMap { Double(String(cString: $0)) } }
    if let seconds = number("MARTLET_FUZZ_SECONDS") {
      let end = ContinuousClock.now + .seconds(seconds)
      while ContinuousClock.now < end { for _ in 0..<rounds { round() } }
    } else {
      for _ in 0..<rounds * Int(number("MARTLET_FUZZ_FACTOR") ?? 1) { round() }
    }
  }
}
