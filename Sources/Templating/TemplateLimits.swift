/// What a template may use up before it is stopped, so that a hostile one can't exhaust the controller.
package struct TemplateLimits: Sendable {
  /// Text that one rendering may write or build at once.
  package var outputBytesMax = 64 << 20
  /// Iterations of all loops of one rendering together.
  package var iterationsMax = 20_000_000
  /// Elements of one `range()`.
  package var rangeMax = 100_000
  /// Elements of one list that an operator or method builds.
  package var elementsMax = 1_000_000
  /// Digits of one integer.
  package var integerBitsMax = 1 << 18
  /// Stack that nested variables, macros and containers may take; a thread has at least 512 KiB.
  package var stackBytesMax = 320 << 10

  package init() {}
}
