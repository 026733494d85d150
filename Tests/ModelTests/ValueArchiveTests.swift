import BigInt
import Model
import Testing

@Suite struct ValueArchiveTests {
  @Test(arguments: [
    .null, true, 7, .bigInt(BigInt(1) << 90), .float(0.1), .float(.infinity), "text", .source("{{ x }}"),
    .timestamp(Timestamp(year: 2026, month: 1, day: 2)), .omit, [1, ["a": .secret(Secret("hidden"))]],
    .dict([1: "int key", "~": "the mark itself", .null: []]),
  ] as [Value])
  func `an archived value comes back as it was`(value: Value) throws {
    let restored = try #require(Value(archive: value.archive))
    #expect(restored.archive == value.archive)
    #expect(restored == value)
  }

  @Test func `secrets come back as secrets, source as source`() throws {
    let restored = try #require(Value(archive: ([.secret(Secret("hidden")), .source("a")] as Value).archive)?.list)
    #expect(restored[0].isSecret && restored[0].revealed == "hidden")
    if case .source("a") = restored[1] {} else { Issue.record("\(restored[1]) is no source") }
  }

  @Test(arguments: ["", "{", #"{"~": ["time", [1]]}"#, #"{"~": ["what"]}"#]) func `what is no archive is refused`(text: String) {
    #expect(Value(archive: Array(text.utf8)) == nil)
  }
}
