import Actions
import Foundation
import Model
import Parsing
import Templating
import Vault

/// The vault passwords that flags and settings name, in Ansible's order: the settings' identities, `--vault-id`,
/// `--vault-password-file`, the settings' password file, then the prompt.
struct VaultPasswords {
  let keyring: VaultKeyring
  let warnings: [String]

  /// A new password is asked for twice; `promptsIfNone` asks for one where nothing names any.
  init(
    identities: [String], files: [String], asks: Bool, settings: Settings, isNew: Bool = false, promptsIfNone: Bool = false,
    usesSettings: Bool = true
  ) throws {
    let named = (usesSettings ? settings.vaultIdentities : []) + identities
    let allFiles = files + (settings.vaultPasswordFile.map { [$0] } ?? [])
    if let broken = named.first(where: { $0.contains(";") }) {
      throw CommandFailure(exitStatus: 5, "'\(broken)' is not a valid vault id: the character ';' is not allowed in vault ids")
    }
    do {
      var sources = try named.map { try VaultSource($0, defaultIdentity: settings.vaultIdentity) }
      sources += allFiles.map { VaultSource(identity: settings.vaultIdentity, place: .file($0)) }
      if asks || settings.asksVaultPassword || sources.isEmpty && promptsIfNone {
        sources.append(VaultSource(identity: settings.vaultIdentity, place: .plainPrompt))
      }
      var (keyring, warnings) = try VaultKeyring.gather(
        sources, isNew: isNew, matchesIdentity: settings.matchesVaultIdentity
      ) { (prompt: String) throws(VaultError) in
        do throws(TerminalPrompt.Failure) {
          return try TerminalPrompt.ask(prompt)
        } catch {
          throw VaultError(error.message)
        }
      }
      keyring.setSalt(settings.vaultEncryptSalt)
      (self.keyring, self.warnings) = (keyring, warnings)
    } catch {
      throw CommandFailure(exitStatus: 1, "\(error)")
    }
  }

  init(_ flags: RunFlags, _ settings: Settings) throws {
    try self.init(
      identities: flags.vaultID, files: flags.vaultPasswordFile, asks: flags.askVaultPassword, settings: settings)
  }

  init(_ flags: VaultFlags, _ settings: Settings) throws {
    try self.init(
      identities: flags.vaultID, files: flags.vaultPasswordFile, asks: flags.askVaultPassword, settings: settings)
  }

  /// Sources that gave no password.
  var diagnostics: Diagnostics {
    var diagnostics = Diagnostics()
    for warning in warnings { diagnostics.add(.warning(warning, at: nil)) }
    return diagnostics
  }

  /// Lookups read encrypted files as what they hold.
  func opening(_ access: ControllerAccess) -> ControllerAccess {
    guard !keyring.isEmpty else { return access }
    var opening = access
    opening.read = { [keyring] path in try access.read(path).map { try keyring.revealed($0) } }
    return opening
  }

  /// Opens files for the actions that read them.
  var unseal: ControllerFiles.Unsealing {
    { [keyring] bytes throws(VaultFailure) in
      do throws(VaultError) { return try keyring.decrypt(bytes) } catch {
        var failure = VaultFailure(error.message, advice: error.advice)
        failure.isWithoutPassword = keyring.isEmpty
        throw failure
      }
    }
  }

  /// Opens vault texts for parsers; nil where there is no password, so that they say what is missing.
  var decrypt: (@Sendable (_ envelope: String) throws(VaultFailure) -> String)? {
    guard !keyring.isEmpty else { return nil }
    return { [keyring] (envelope: String) throws(VaultFailure) in
      do throws(VaultError) {
        return try keyring.decryptText(envelope)
      } catch {
        throw VaultFailure(error.message, advice: error.advice)
      }
    }
  }
}
