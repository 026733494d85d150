import Testing

@testable import Planning

struct SeededGeneratorTests {
  @Test func `hosts are shuffled alike for one seed, and otherwise for another`() {
    func shuffled(_ seed: String) -> [Int] {
      var generator = SeededGenerator(seed: seed)
      return Array(0..<50).shuffled(using: &generator)
    }
    #expect(shuffled("run a") == shuffled("run a"))
    #expect(shuffled("run a") != shuffled("run b"))
    #expect(shuffled("") != Array(0..<50))
    #expect(shuffled("run a").sorted() == Array(0..<50))
  }
}
