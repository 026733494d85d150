import Testing

@testable import Transport

@Suite struct BcryptPBKDFTests {
  /// From OpenBSD's regression tests (lib/libutil/bcrypt_pbkdf).
  @Test func `the password and salt of OpenBSD's tests give its key`() {
    let derived = BcryptPBKDF.derive(passphrase: Array("password".utf8), salt: Array("salt".utf8), rounds: 4, count: 32)
    #expect(
      derived?.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        == "5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9")
  }

  @Test(arguments: [("", "salt", 1, 32), ("p", "", 1, 32), ("p", "s", 0, 32), ("p", "s", 1, 0), ("p", "s", 1, 1025)])
  func `what the original refuses is refused`(passphrase: String, salt: String, rounds: Int, count: Int) {
    let passphrase = Array(passphrase.utf8)
    #expect(BcryptPBKDF.derive(passphrase: passphrase, salt: Array(salt.utf8), rounds: rounds, count: count) == nil)
  }
}
