/// What one rendering has used up, with all that is rendered on its behalf.
final class Budget {
  let limits: TemplateLimits
  private var outputBytes = 0
  private var iterations = 0
  private let stackBase: UInt
  /// Patterns that were compiled on the way.
  var regexes: [RegexKey: PythonRegex] = [:]

  /// Whose macros hold on to them, and other hosts' renderings: what is left of them goes at the end.
  private var homes: [Activation] = []
  private var evaluations: [Evaluation] = []

  init(_ limits: TemplateLimits) {
    self.limits = limits
    stackBase = Budget.stackPointer
  }

  func closeAtEnd(_ home: Activation) {
    if homes.last !== home { homes.append(home) }
  }

  func closeAtEnd(_ evaluation: Evaluation) { evaluations.append(evaluation) }

  /// Lets go of what holds itself, once the result is out.
  func close() {
    let (homes, evaluations) = (homes, evaluations)
    self.homes = []
    self.evaluations = []
    for home in homes { home.close() }
    for evaluation in evaluations { evaluation.close() }
  }

  @inline(__always)
  func spend(outputBytes bytes: Int) throws {
    outputBytes += bytes
    if outputBytes > limits.outputBytesMax {
      throw Failure.limit("output is larger than \(limits.outputBytesMax) bytes")
    }
  }

  @inline(__always)
  func spendIteration() throws {
    iterations += 1
    if iterations > limits.iterationsMax { throw Failure.limit("loops run more than \(limits.iterationsMax) times") }
  }

  func spend(iterations count: Int) throws {
    iterations += count
    if iterations > limits.iterationsMax { throw Failure.limit("loops run more than \(limits.iterationsMax) times") }
  }

  /// Called before text of a computed size is built.
  func check(textBytes bytes: Int) throws {
    if bytes > limits.outputBytesMax { throw Failure.limit("text is larger than \(limits.outputBytesMax) bytes") }
  }

  /// Called before a list of a computed size is built.
  func check(elements count: Int) throws {
    if count > limits.elementsMax { throw Failure.limit("list has more than \(limits.elementsMax) elements") }
  }

  func check(integerBits bits: Int) throws {
    if bits > limits.integerBitsMax { throw Failure.limit("integer has more than \(limits.integerBitsMax) bits") }
  }

  /// Called wherever evaluation may nest without a bound of its own.
  func checkStack() throws {
    let here = Budget.stackPointer
    let used = here > stackBase ? here - stackBase : stackBase - here
    if used > UInt(limits.stackBytesMax) {
      throw Failure(.recursion, "recursive loop detected in template: variables, macros or containers nest too deep")
    }
  }

  /// About where the stack ends now.
  @inline(never)
  static var stackPointer: UInt {
    var marker: UInt8 = 0
    return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }
}
