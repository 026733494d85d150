import Testing

@testable import Actions

struct FileModeTests {
  @Test(arguments: [
    ("0644", 0o600, 0o644), ("u=rw,g=r,o=", 0o777, 0o640), ("a+x", 0o644, 0o755), ("go-w", 0o666, 0o644), ("u+s,o+t", 0o755, 0o5755),
    ("g=u", 0o740, 0o770), ("a+X", 0o644, 0o644), ("a+X", 0o744, 0o755), ("u=rwx-x", 0o000, 0o600),
  ])
  func `symbols come to bits`(mode: String, current: Int, bits: Int) {
    #expect(FileMode.bits(of: mode, from: current, isFolder: false) == bits)
  }

  @Test(arguments: ["+x", "u~x", "u+q", "", "u+x,", "rw"])
  func `what depends on the host, or means nothing, is left to the host`(mode: String) {
    #expect(FileMode.bits(of: mode, from: 0o644, isFolder: false) == nil)
  }

  @Test func `X means a folder, too`() {
    #expect(FileMode.bits(of: "a+X", from: 0o644, isFolder: true) == 0o755)
  }
}
