/// Jinja's `lipsum()`: text to fill a page with.
struct LoremIpsum {
  let wordsMin: Int
  let wordsMax: Int

  /// One paragraph: sentences of words that differ from their neighbours, with a comma now and then.
  func paragraph() -> String {
    var words: [String] = []
    var sinceComma = 0
    var sinceStop = 0
    var isStart = true
    let count = Int.random(in: wordsMin..<max(wordsMax, wordsMin + 1))
    for _ in 0..<count {
      var word = Self.words.filter { $0 != words.last }.randomElement() ?? ""
      if isStart { word = PythonString.capitalized(word) }
      isStart = false
      (sinceComma, sinceStop) = (sinceComma + 1, sinceStop + 1)
      if sinceStop > Int.random(in: 10..<20) {
        word += "."
        (sinceComma, sinceStop, isStart) = (0, 0, true)
      } else if sinceComma > Int.random(in: 3..<8) {
        word += ","
        sinceComma = 0
      }
      words.append(word)
    }
    let text = words.joined(separator: " ")
    if text.hasSuffix(",") { return text.dropLast() + "." }
    return text.hasSuffix(".") ? text : text + "."
  }

  private static let words = """
    a ac accumsan ad adipiscing aenean aliquam aliquet amet ante aptent arcu at auctor augue bibendum blandit class
    commodo condimentum congue consectetuer consequat conubia convallis cras cubilia cum curabitur curae cursus dapibus
    diam dictum dictumst dignissim dis dolor donec dui duis egestas eget eleifend elementum elit enim erat eros est et
    etiam eu euismod facilisi facilisis fames faucibus felis fermentum feugiat fringilla fusce gravida habitant
    habitasse hac hendrerit hymenaeos iaculis id imperdiet in inceptos integer interdum ipsum justo lacinia lacus
    laoreet lectus leo libero ligula litora lobortis lorem luctus maecenas magna magnis malesuada massa mattis mauris
    metus mi molestie mollis montes morbi mus nam nascetur natoque nec neque netus nibh nisi nisl non nonummy nostra
    nulla nullam nunc odio orci ornare parturient pede pellentesque penatibus per pharetra phasellus placerat platea
    porta porttitor posuere potenti praesent pretium primis proin pulvinar purus quam quis quisque rhoncus ridiculus
    risus rutrum sagittis sapien scelerisque sed sem semper senectus sit sociis sociosqu sodales sollicitudin
    suscipit suspendisse taciti tellus tempor tempus tincidunt torquent tortor tristique turpis ullamcorper ultrices
    ultricies urna ut varius vehicula vel velit venenatis vestibulum vitae vivamus viverra volutpat vulputate
    """.split(whereSeparator: \.isWhitespace).map(String.init)
}

extension Globals {
  static func lipsum(_ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    let count = try evaluation.integer(arguments, 0, "n") ?? 5
    let isHTML = try evaluation.flag(arguments, 1, "html", true)
    let shortest = try evaluation.integer(arguments, 2, "min") ?? 20
    let longest = try evaluation.integer(arguments, 3, "max") ?? 100
    if shortest < 0 || longest <= shortest || count < 0 { throw Failure.value("empty range for randrange()") }
    try evaluation.budget.check(elements: count.multipliedReportingOverflow(by: longest).partialValue)
    try evaluation.budget.spend(iterations: count * longest)
    let paragraphs = (0..<count).map { _ in LoremIpsum(wordsMin: shortest, wordsMax: longest).paragraph() }
    if !isHTML { return .string(paragraphs.joined(separator: "\n\n")) }
    return .markup(Markup(paragraphs.map { "<p>\($0)</p>" }.joined(separator: "\n")))
  }
}
