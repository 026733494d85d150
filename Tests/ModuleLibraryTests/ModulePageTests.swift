import Model
import Parsing
import Testing

@testable import ModuleLibrary

private let sample = """
  module: greet
  qualified_names: [example.tools.greet]
  short_description: Greets
  description: [Says hello., And means it.]
  options:
    name: {type: str, required: true, aliases: [who], description: Whom.}
    tone: {type: str, choices: [kind, curt], default: kind, description: How.}
    times: {type: int, default: 1, description: How often.}
    loud: {type: bool, unsupported: there is no sound, description: Shouts.}
    word: {type: str, no_log: true, description: A secret.}
    people: {type: list, elements: dict, suboptions: {first: {type: str, required: true}}}
  mutually_exclusive: [[tone, word]]
  attributes: {check_mode: {support: none}}
  examples: |
    - greet:
        name: Ana
  returns:
    said: {type: str, returned: success, description: What was said.}
  """

private func manifest() throws -> ModuleManifest {
  var diagnostics = Diagnostics()
  let read = ModuleManifest.parse(
    SourceFile(path: "module.yml", text: sample), name: "greet", directory: "/modules/greet", fragment: { _ in nil }, into: &diagnostics)
  #expect(diagnostics.all.map(\.description) == [])
  guard case .manifest(let manifest)? = read else { throw ModuleCatalogError("no manifest") }
  return manifest
}

private let page = """
  > greet, example.tools.greet

    Greets

    Says hello.

    And means it.

  OPTIONS (= is required):

  = name
          Whom.
          type: str
          aliases: [who]

  - tone
          How.
          type: str
          choices: [kind, curt]
          default: kind

  - times
          How often.
          type: int
          default: 1

  - loud
          Shouts.
          type: bool
          not supported: there is no sound

  - word
          A secret.
          type: str
          never printed

  - people
          type: list, elements: dict
          = first
                  type: str

  RULES:

    * only one of tone, word may be given

  NOT SUPPORTED:

    * loud: there is no sound
    * check mode: the task is skipped

  RETURNS:

  - said
          What was said.
          returned: success
          type: str

  EXAMPLES:

    - greet:
        name: Ana

  """

@Suite struct ModulePageTests {
  @Test func `a page says what a module takes, gives and can't`() throws {
    #expect(try ModulePage(manifest()).text == page)
  }

  @Test func `as JSON it has the keys of ansible-doc`() throws {
    let json = try ModulePage(manifest()).json
    #expect(json["doc"]?["options"]?["name"]?["required"] == true)
    #expect(json["doc"]?["options"]?["people"]?["suboptions"]?["first"]?["type"] == "str")
    #expect(json["return"]?["said"]?["returned"] == "success")
    #expect(json["examples"]?.string?.contains("name: Ana") == true)
  }
}

@Suite struct RunbookSchemaTests {
  private func schema() throws -> Value { RunbookSchema([try manifest()]).value }

  @Test func `every reference leads somewhere`() throws {
    let schema = try schema()
    let names = Set(schema["$defs"]?.dict?.keys.compactMap(\.string) ?? [])
    for reference in references(in: schema) { #expect(names.contains(reference), "\(reference)") }
  }

  @Test func `a task knows its keywords and its modules by all their names`() throws {
    let task = try #require(try schema()["$defs"]?["task"])
    let properties = try #require(task["properties"]?.dict)
    for name in ["when", "register", "loop", "greet", "example.tools.greet"] { #expect(properties[.string(name)] != nil, "\(name)") }
    #expect(task["additionalProperties"] == false)
  }

  @Test func `a module's options have types, choices and what is required`() throws {
    let arguments = try #require(try schema()["$defs"]?["module_greet"]?["anyOf"]?.list?.first)
    #expect(arguments["properties"]?["tone"]?["anyOf"]?.list?.first?["enum"] == ["kind", "curt"])
    #expect(arguments["properties"]?["who"]?["$ref"] == "#/$defs/text")
    #expect(arguments["allOf"]?.list?.first?["anyOf"]?.list?.last?["required"] == ["who"])
    #expect(arguments["additionalProperties"] == false)
  }

  private func references(in value: Value) -> [String] {
    switch value {
    case .list(let elements): elements.flatMap(references)
    case .dict(let entries):
      entries.flatMap { key, value in
        key == "$ref" ? [String(value.string?.dropFirst("#/$defs/".count) ?? "")] : references(in: value)
      }
    default: []
    }
  }
}
