import Vault

/// ansible-core's filters of vault texts. Their passwords are arguments: a run's own vault passwords are not theirs to use.
extension Filter {
  static let vaultFilters: [Filter] = [
    Filter("vault") { object, arguments, evaluation in
      let password = try secret(arguments, evaluation)
      guard let content = object.plainText else {
        throw Failure.type("Can only vault strings, instead we got <class '\(evaluation.typeName(object))'>.")
      }
      let bytes = Array(content.utf8)
      if VaultText.isEncrypted(bytes) { throw Failure.value("Unable to encrypt: input is already encrypted") }
      let sealed =
        if let salt = try evaluation.string(arguments, 1, "salt") {
          VaultCipher.seal(bytes, password: password.bytes, salt: try nonEmpty(salt))
        } else {
          VaultCipher.seal(bytes, password: password.bytes)
        }
      let identity = try evaluation.string(arguments, 2, "vault_id") ?? standardIdentity
      return .string(String(decoding: VaultText(sealed, identity: identity).bytes, as: UTF8.self))
    },
    Filter("unvault") { object, arguments, evaluation in
      let password = try secret(arguments, evaluation)
      guard let text = object.plainText else {
        throw Failure.type(
          "Vault should be in the form of a string, instead we got <class '\(evaluation.typeName(object))'>.")
      }
      guard VaultText.isEncrypted(Array(text.utf8)) else { return .string(text) }
      let keyring = VaultKeyring([VaultKeyring.Entry(identity: standardIdentity, password: password)])
      do { return evaluation.secret(.string(try keyring.decryptText(text))) } catch {
        throw Failure.value("Unable to decrypt: Decryption failed (no vault secrets were found that could decrypt).")
      }
    },
  ]

  private static let standardIdentity = "filter_default"

  private static func secret(_ arguments: Arguments, _ evaluation: Evaluation) throws -> VaultPassword {
    let argument = try arguments.required(0, "secret", of: "vault")
    guard let text = argument.plainText else {
      throw Failure.type("Secret passed is required to be a string, instead we got <class '\(evaluation.typeName(argument))'>.")
    }
    guard let password = VaultPassword(Array(text.utf8)) else { throw Failure.value("Invalid vault password was provided") }
    return password
  }

  private static func nonEmpty(_ salt: String) throws -> [UInt8] {
    if salt.isEmpty { throw Failure.value("Unable to encrypt: Empty or invalid salt passed to encrypt()") }
    return Array(salt.utf8)
  }
}
