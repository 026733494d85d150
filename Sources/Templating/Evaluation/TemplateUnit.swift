import Model

/// A compiled template: its tree, and the tables that the tree's nodes refer to.
final class TemplateUnit: Sendable {
  enum Body: Sendable {
    case expression(any Expression)
    /// A template that is one `{{ }}`.
    case lone(OutputStatement)
    case statements(StatementList)
  }

  let source: String
  let start: SourceSpan
  let syntax: TemplateSyntax
  let body: Body
  /// Names that are looked up in the context, by index.
  let names: [String]
  let slotCount: Int
  let blocks: [String: BlockDefinition]
  /// Filters and tests that are not known here; using them is an error when it happens.
  let unknownNames: [UnknownName]

  struct UnknownName: Sendable {
    enum Kind: String { case filter, test }

    let kind: Kind
    let name: String
    let range: Range<Int>

    /// The known name that was probably meant.
    var nearest: String? {
      switch kind {
      case .filter: nearestName(to: name, among: Filter.names)
      case .test: nearestName(to: name, among: TemplateTest.names)
      }
    }
  }

  init(
    source: String, start: SourceSpan, syntax: TemplateSyntax, body: Body, names: [String], slotCount: Int,
    blocks: [String: BlockDefinition], unknownNames: [UnknownName]
  ) {
    self.source = source
    self.start = start
    self.syntax = syntax
    self.body = body
    self.names = names
    self.slotCount = slotCount
    self.blocks = blocks
    self.unknownNames = unknownNames
  }

  /// False for a bare expression.
  var isTemplate: Bool { if case .expression = body { false } else { true } }

  /// Renders as a template of its own: a lone expression, or statements that write.
  func render(_ context: TemplateContext) throws -> Object {
    let evaluation = context.evaluation
    switch body {
    case .expression(let expression):
      return try evaluate(expression, context)
    case .lone(let output) where evaluation.dialect.outcome == .native:
      return try evaluate(output.expression, context)
    case .lone(let output):
      let sink = Sink(evaluation)
      _ = try output.run(Activation(unit: self, context: context, slotCount: slotCount, sink: sink))
      return try sink.result()
    case .statements:
      context.addBlocks(of: self)
      let sink = Sink(evaluation)
      try run(context, into: sink)
      return try sink.result()
    }
  }

  private func evaluate(_ expression: any Expression, _ context: TemplateContext) throws -> Object {
    let sink = Sink(context.evaluation)
    let activation = Activation(unit: self, context: context, slotCount: slotCount, sink: sink)
    return try context.evaluation.tracked { try expression.evaluate(activation) }
  }

  /// Runs the statements, then those of the template that they extend.
  func run(_ context: TemplateContext, into sink: Sink) throws {
    let activation = Activation(unit: self, context: context, slotCount: slotCount, sink: sink)
    switch body {
    case .expression(let expression): try sink.write(expression.evaluate(activation))
    case .lone(let output): _ = try output.run(activation)
    case .statements(let statements): _ = try statements.run(activation)
    }
    if let parent = activation.extended { try parent.run(context, into: sink) }
  }

  /// Where a piece of the source stands in its file, as near as can be told: folded and quoted scalars don't keep the
  /// place.
  func span(of range: Range<Int>) -> SourceSpan {
    let before = source.utf8.prefix(range.lowerBound)
    let line = before.reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
    let lineStart = before.lastIndex(of: 10).map { source.utf8.index(after: $0) } ?? source.startIndex
    let place = source.utf8.index(source.startIndex, offsetBy: range.lowerBound)
    let column = source.unicodeScalars[lineStart..<place].count
    let end = source.utf8.index(source.startIndex, offsetBy: min(range.upperBound, source.utf8.count))
    let length = max(1, source.unicodeScalars[place..<end].count)
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.indices.contains(line) ? lines[line] : ""
    return fileSpan(ofLine: line, text: text, column: column, length: length)
  }

  /// Finds the template's line in the file, at the line that it should be on or the next (block scalars start one
  /// below).
  private func fileSpan(ofLine line: Int, text: Substring, column: Int, length: Int) -> SourceSpan {
    let wanted = text.drop { $0 == " " }
    let dropped = text.count - wanted.count
    for number in [start.line + line, start.line + line + 1] where !wanted.isEmpty {
      let shown = start.file.line(number)
      let from = number == start.line ? min(start.column - 1, shown.unicodeScalars.count) : 0
      let offset = shown.utf8.index(shown.startIndex, offsetBy: 0)
      guard let found = PythonString.find(String(wanted), in: String(shown[offset...])) else { continue }
      let scalars = PythonString.count(String(shown.utf8.prefix(found)) ?? "")
      guard scalars >= from || number != start.line else { continue }
      return SourceSpan(file: start.file, line: number, column: scalars + 1 + column - dropped, length: length)
    }
    return start
  }
}

/// A block's body, as a function of its own.
final class BlockDefinition: Sendable {
  let name: String
  let body: StatementList
  let slotCount: Int
  let isScoped: Bool
  let isRequired: Bool

  init(name: String, body: StatementList, slotCount: Int, isScoped: Bool, isRequired: Bool) {
    self.name = name
    self.body = body
    self.slotCount = slotCount
    self.isScoped = isScoped
    self.isRequired = isRequired
  }
}
