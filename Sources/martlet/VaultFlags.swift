import ArgumentParser

/// The flags of `ansible-vault` that name passwords.
struct VaultFlags: ParsableArguments {
  @Option(
    name: [.customLong("vault-password-file"), .customLong("vault-pass-file")], parsing: .singleValue,
    help: "File, or script, that has the vault password.")
  var vaultPasswordFile: [String] = []

  @Option(name: .customLong("vault-id"), parsing: .singleValue, help: "Vault identity as LABEL@FILE or LABEL@prompt.")
  var vaultID: [String] = []

  @Flag(
    name: [.customShort("J"), .customLong("ask-vault-password"), .customLong("ask-vault-pass")],
    help: "Ask for the vault password.")
  var askVaultPassword = false

  @Flag(name: [.customShort("v"), .customLong("verbose")], help: .hidden)
  var verbose: Int
}
