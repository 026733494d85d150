import ArgumentParser
import Foundation
import Model
import Parsing
import Vault

/// `martlet vault`: what `ansible-vault` does, with its flags.
struct VaultCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vault", abstract: "Encrypt and decrypt files and texts, as ansible-vault does.",
    subcommands: [
      VaultCreate.self, VaultDecrypt.self, VaultEdit.self, VaultView.self, VaultEncrypt.self, VaultEncryptString.self,
      VaultRekey.self,
    ])

  func run() throws { throw ValidationError("say what to do: create, decrypt, edit, view, encrypt, encrypt_string or rekey") }
}

/// What all vault commands begin with.
struct VaultAccess {
  let settings: Settings
  private let flags: VaultFlags

  init(_ flags: VaultFlags) throws {
    self.flags = flags
    var diagnostics = Diagnostics()
    settings = Settings(environment: ProcessInfo.processInfo.environment, into: &diagnostics)
    if diagnostics.hasErrors { throw CommandFailure(exitStatus: 1, diagnostics.all.map(\.description).joined(separator: "\n")) }
  }

  /// Passwords to open with.
  func keyring() throws -> VaultKeyring { try gathered(isNew: false).keyring }

  /// The password to seal with.
  func entry(toEncryptAs identity: String?) throws -> VaultKeyring.Entry {
    let keyring = try gathered(isNew: true).keyring
    let identity = identity ?? settings.vaultEncryptIdentity
    do {
      return try keyring.entry(toEncryptAs: identity)
    } catch {
      throw CommandFailure(exitStatus: identity == nil ? 5 : 1, "\(error)")
    }
  }

  /// The password to seal anew with.
  func newEntry(identity: String?, file: String?, toEncryptAs wanted: String?) throws -> VaultKeyring.Entry {
    let wanted = wanted ?? settings.vaultEncryptIdentity
    let passwords = try VaultPasswords(
      identities: identity.map { [$0] } ?? [], files: file.map { [$0] } ?? [], asks: flags.askVaultPassword, settings: settings,
      isNew: true, promptsIfNone: true, usesSettings: wanted != nil)
    do {
      if wanted == nil, let first = passwords.keyring.entries.first { return first }
      return try passwords.keyring.entry(toEncryptAs: wanted)
    } catch {
      throw CommandFailure(exitStatus: 1, "\(error)")
    }
  }

  private func gathered(isNew: Bool) throws -> VaultPasswords {
    let passwords = try VaultPasswords(
      identities: flags.vaultID, files: flags.vaultPasswordFile, asks: flags.askVaultPassword, settings: settings, isNew: isNew,
      promptsIfNone: true)
    for warning in passwords.warnings { VaultAccess.tell("[WARNING]: \(warning)") }
    return passwords
  }

  static func tell(_ text: String) { StandardError.write("\(text)\n") }

  /// Says that all went well, to whom it may concern: a person, not a pipe.
  static func tellSuccess(_ text: String) { if isatty(STDOUT_FILENO) == 1 { tell(text) } }

  static func open(_ file: VaultFile, with keyring: VaultKeyring) throws -> (content: [UInt8], entry: VaultKeyring.Entry, text: VaultText) {
    let bytes = try file.read()
    do throws(VaultError) {
      return try keyring.open(bytes)
    } catch {
      let name = file.isStandard ? "standard input" : file.path
      throw CommandFailure(exitStatus: 1, "\(name): \(error)")
    }
  }

  static func seal(_ content: [UInt8], with entry: VaultKeyring.Entry, as identity: String?, for file: VaultFile) throws -> [UInt8] {
    do throws(VaultError) {
      return try entry.encrypt(content, as: identity)
    } catch {
      throw CommandFailure(exitStatus: 1, "\(file.isStandard ? "standard input" : file.path): \(error)")
    }
  }
}

/// The flag of commands that seal.
struct EncryptionFlags: ParsableArguments {
  @Option(name: .customLong("encrypt-vault-id"), help: "Which of several vault identities to encrypt with.")
  var encryptVaultID: String?
}

struct VaultEncrypt: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "encrypt", abstract: "Encrypt files, or standard input.")

  @OptionGroup var flags: VaultFlags
  @OptionGroup var encryption: EncryptionFlags

  @Option(help: "Write to this file, or to standard output for -.")
  var output: String?

  @Argument(help: "Files; - or none is standard input.")
  var files: [String] = []

  func run() throws {
    try checkOutput(output, files)
    let entry = try VaultAccess(flags).entry(toEncryptAs: encryption.encryptVaultID)
    for name in files.isEmpty ? ["-"] : files {
      let file = VaultFile(name)
      let sealed = try VaultAccess.seal(try file.read(), with: entry, as: entry.identity, for: file)
      try (output.map { VaultFile($0) } ?? file).write(sealed)
    }
    VaultAccess.tellSuccess("Encryption successful")
  }
}

struct VaultDecrypt: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "decrypt", abstract: "Decrypt files, or standard input.")

  @OptionGroup var flags: VaultFlags

  @Option(help: "Write to this file, or to standard output for -.")
  var output: String?

  @Argument(help: "Files; - or none is standard input.")
  var files: [String] = []

  func run() throws {
    try checkOutput(output, files)
    let keyring = try VaultAccess(flags).keyring()
    for name in files.isEmpty ? ["-"] : files {
      let file = VaultFile(name)
      try (output.map { VaultFile($0) } ?? file).write(VaultAccess.open(file, with: keyring).content)
    }
    VaultAccess.tellSuccess("Decryption successful")
  }
}

struct VaultView: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "view", abstract: "Print what encrypted files hold.")

  @OptionGroup var flags: VaultFlags

  @Argument(help: "Encrypted files; - is standard input.")
  var files: [String] = []

  func run() throws {
    let keyring = try VaultAccess(flags).keyring()
    for name in files {
      let content = try VaultAccess.open(VaultFile(name), with: keyring).content
      try VaultFile("-").write(content.last == 10 ? content : content + [10])
    }
  }
}

struct VaultCreate: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "create", abstract: "Write a new encrypted file in an editor.")

  @OptionGroup var flags: VaultFlags
  @OptionGroup var encryption: EncryptionFlags

  @Flag(name: .customLong("skip-tty-check"), help: "Open the editor where standard output is no terminal, too.")
  var skipsTerminalCheck = false

  @Argument(help: "The new file.")
  var file: String

  func run() throws {
    let access = try VaultAccess(flags)
    guard isatty(STDOUT_FILENO) == 1 || skipsTerminalCheck else {
      throw CommandFailure(exitStatus: 5, "not a tty, editor cannot be opened")
    }
    let target = VaultFile(file)
    if target.exists { throw CommandFailure(exitStatus: 1, "\(file) exists, please use 'edit' instead") }
    let entry = try access.entry(toEncryptAs: encryption.encryptVaultID)
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
    if !FileManager.default.fileExists(atPath: folder) {
      VaultAccess.tell("[WARNING]: \(folder) does not exist, creating...")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    let content = try EditedDraft(command: access.settings.editor).edit([], like: file)
    try target.write(VaultAccess.seal(content, with: entry, as: entry.identity, for: target))
  }
}

struct VaultEdit: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "edit", abstract: "Change encrypted files in an editor.")

  @OptionGroup var flags: VaultFlags
  @OptionGroup var encryption: EncryptionFlags

  @Argument(help: "Encrypted files.")
  var files: [String] = []

  func run() throws {
    let access = try VaultAccess(flags)
    let keyring = try access.keyring()
    for name in files {
      let file = VaultFile(name)
      let (content, entry, text) = try VaultAccess.open(file, with: keyring)
      let edited = try EditedDraft(command: access.settings.editor).edit(content, like: file.path)
      // The header's identity stays, whichever password opened the file.
      guard edited != content else { continue }
      try file.write(VaultAccess.seal(edited, with: entry, as: text.identity, for: file), keepsAccess: true)
    }
  }
}

struct VaultRekey: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rekey", abstract: "Encrypt files with another password.")

  @OptionGroup var flags: VaultFlags
  @OptionGroup var encryption: EncryptionFlags

  @Option(name: .customLong("new-vault-password-file"), help: "File, or script, that has the new password.")
  var newVaultPasswordFile: String?

  @Option(name: .customLong("new-vault-id"), help: "The new vault identity as LABEL@FILE or LABEL@prompt.")
  var newVaultID: String?

  @Argument(help: "Encrypted files.")
  var files: [String] = []

  /// The one clash that the reference's own argument parser finds: its status is 2.
  private func checkFlags() throws {
    if newVaultID != nil, newVaultPasswordFile != nil {
      throw CommandFailure(exitStatus: 2, "--new-vault-id and --new-vault-password-file can't be given together")
    }
  }

  func run() throws {
    try checkFlags()
    let access = try VaultAccess(flags)
    let keyring = try access.keyring()
    let entry = try access.newEntry(identity: newVaultID, file: newVaultPasswordFile, toEncryptAs: encryption.encryptVaultID)
    for name in files {
      let file = VaultFile(name)
      let content = try VaultAccess.open(file, with: keyring).content
      try file.write(VaultAccess.seal(content, with: entry, as: entry.identity, for: file), keepsAccess: true)
    }
    VaultAccess.tell("Rekey successful")
  }
}

private func checkOutput(_ output: String?, _ files: [String]) throws {
  if output != nil, files.count > 1 {
    throw CommandFailure(exitStatus: 5, "at most one input file may be used with the --output option")
  }
}
