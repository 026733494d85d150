import Testing

@testable import Reporting

@Suite struct OutputSettingsTests {
  @Test(arguments: [
    ([:], true, true), ([:], false, false), (["ANSIBLE_FORCE_COLOR": "1"], false, true),
    (["FORCE_COLOR": "1", "NO_COLOR": "1"], false, true), (["ANSIBLE_FORCE_COLOR": "false"], false, false),
    (["NO_COLOR": "1"], true, false), (["NO_COLOR": ""], true, true), (["ANSIBLE_NOCOLOR": "yes"], true, false),
    (["ANSIBLE_NOCOLOR": "no"], true, true), (["TERM": "dumb"], true, false),
  ] as [([String: String], Bool, Bool)])
  func `the environment decides about colours before the terminal`(
    environment: [String: String], isTerminal: Bool, expected: Bool
  ) {
    #expect(OutputSettings.isColored(environment: environment, isTerminal: isTerminal) == expected)
  }

  @Test(arguments: [
    ("bright red", "\u{1B}[1;31mx\u{1B}[0m"), ("color208", "\u{1B}[38;5;208mx\u{1B}[0m"),
    ("rgb510", "\u{1B}[38;5;202mx\u{1B}[0m"), ("gray7", "\u{1B}[38;5;239mx\u{1B}[0m"),
  ])
  func `colours have Ansible's names`(name: String, expected: String) {
    var palette = Palette.none
    let isKnown = palette.set(.ok, to: name)
    #expect(isKnown)
    #expect(palette.paint("x", .ok) == expected)
    #expect(palette.paint("x", .error) == "x")
  }

  @Test(arguments: ["mauve", "rgb600", "rgb12", "color256", "gray24", ""])
  func `a name that means no colour is refused`(name: String) {
    var palette = Palette.standard
    let isKnown = palette.set(.ok, to: name)
    #expect(!isKnown)
    #expect(palette == .standard)
  }
}
