import Testing

@testable import Actions

struct LineEditTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var line = "new"
    var regexp: String?
    var place = LineEdit.Place.end
    var expands = false
    var result: String

    var testDescription: String { "\(text.debugDescription) with \(regexp ?? "no regexp"), \(place)" }
  }

  @Test(arguments: [
    Case(text: "", result: "new\n"), Case(text: "a", result: "a\nnew\n"), Case(text: "a\nnew\n", result: "a\nnew\n"),
    Case(text: "x=1\nx=2\n", line: "x=3", regexp: "^x=", result: "x=1\nx=3\n"),
    Case(text: "a\n", place: .beginning, result: "new\na\n"), Case(text: "a\nb\n", place: .after("^a"), result: "a\nnew\nb\n"),
    Case(text: "a\nb\n", place: .before("^b"), result: "a\nnew\nb\n"), Case(text: "a\n", place: .after("^z"), result: "a\nnew\n"),
    Case(text: "port 22\n", line: #"\1 2222"#, regexp: #"^(port) \d+"#, expands: true, result: "port 2222\n"),
    Case(text: "a\n", line: #"\1"#, regexp: "^(z)", expands: true, result: "a\n"),
  ])
  func `a line is put where it belongs, and only once`(given: Case) throws {
    var edit = LineEdit(line: given.line)
    (edit.regexp, edit.place, edit.expandsBackReferences) = (given.regexp, given.place, given.expands)
    let edited = try edit.present(in: given.text)
    #expect(edited.text == given.result)
    #expect(edited.message.isEmpty == (given.text == given.result))
  }

  @Test func `lines that match are removed and counted`() throws {
    var edit = LineEdit(line: "")
    edit.regexp = "^#"
    let edited = try edit.absent(in: "#a\nb\n#c")
    #expect(edited.text == "b\n" && edited.found == 2 && edited.message == "2 line(s) removed")
  }
}

struct BlockEditTests {
  private let marked = "# BEGIN ANSIBLE MANAGED BLOCK\nx\n# END ANSIBLE MANAGED BLOCK\n"

  @Test(arguments: [("", "%"), ("a", "a\n%"), ("a\n", "a\n%")])
  func `a block is added at the end, replaced in its place, and taken out`(text: String, with: String) throws {
    let added = try BlockEdit(block: "x").edited(text)
    #expect(added == with.replacing("%", with: marked))
    #expect(try BlockEdit(block: "x").edited(added + "tail\n") == added + "tail\n")
    #expect(try BlockEdit(block: "y").edited(added) == added.replacing("\nx\n", with: "\ny\n"))
    var removal = BlockEdit(block: "x")
    removal.isPresent = false
    #expect(try removal.edited(added + "tail\n") == with.replacing("%", with: "") + "tail\n")
  }
}
