import BigInt
import Testing

@testable import Model

@Suite struct ValueTests {
  @Test(arguments: [
    (1, true), (1, 1.0), (0, false), ("a", "a"), (nil, nil), ([1, 2], [1.0, true.asTwo]),
    (["a": 1, "b": 2], ["b": 2, "a": 1]), (.secret(Secret("x")), "x"), ("x", .secret(Secret("x"))),
    (.secret(Secret(.secret(Secret("x")))), "x"), (.bigInt(BigInt(2).power(70)), .float(1_180_591_620_717_411_303_424)),
  ] as [(Value, Value)])
  func `values that Python holds equal are equal and hash alike`(left: Value, right: Value) {
    #expect(left == right)
    #expect(left.hashValue == right.hashValue)
  }

  @Test(arguments: [
    (1, "1"), (0, nil), (0, ""), (true, 2), ("é", "e\u{301}"), ([1], [1, 2]), (["a": 1], ["a": 2]),
    (["a": 1], ["b": 1]), (.float(.nan), .float(.nan)), ([], .dict([:])), (1, 1.5),
  ] as [(Value, Value)])
  func `values that Python tells apart are different`(left: Value, right: Value) {
    #expect(left != right)
    #expect(right != left)
  }

  @Test func `one, one point zero and true are one key`() {
    var dict: Value.Dict = [1: "int"]
    dict[true] = "bool"
    dict[1.0] = "float"
    #expect(dict.count == 1)
    #expect(dict[1] == "float")
  }

  @Test func `a secret shows what it holds to code, and nothing to readers`() {
    let secret = Value.secret(Secret(["user": "root"]))
    #expect(secret["user"]?.string == "root")
    #expect(secret.isSecret)
    #expect("\(Secret("x")) \(String(reflecting: Secret("x")))" == "*** ***")
    var dumped = ""
    dump(Secret("hunter2"), to: &dumped)
    #expect(!dumped.contains("hunter2"))
  }
}

extension Bool {
  /// Two, written so that a list of values can hold it.
  fileprivate var asTwo: Value { 2 }
}
