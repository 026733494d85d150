import Glibc

/// Where a vault password comes from: `LABEL@FILE`, `LABEL@prompt`, or either without its label.
package struct VaultSource: Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    case file(String)
    case prompt
    /// `--ask-vault-pass`: the prompt does not name the identity.
    case plainPrompt
  }

  package var identity: String
  package var place: Place

  package init(identity: String, place: Place) {
    self.identity = identity
    self.place = place
  }

  /// Reads what stands behind `--vault-id`.
  package init(_ text: String, defaultIdentity: String = VaultText.defaultIdentity) throws(VaultError) {
    guard !text.contains(";") else {
      throw VaultError("'\(text)' is not a valid vault id", advice: "the character ';' is not allowed in vault ids")
    }
    let mark = text.firstIndex(of: "@")
    let label = mark.map { String(text[..<$0]) } ?? ""
    let place = mark.map { String(text[text.index(after: $0)...]) } ?? text
    identity = label.isEmpty ? defaultIdentity : label
    self.place = place == "prompt" ? .prompt : place == "prompt_ask_vault_pass" ? .plainPrompt : .file(place)
  }

  /// What the user is asked, in the words that tools around Ansible wait for; a new password is asked for twice.
  package func prompts(isNew: Bool) -> [String] {
    switch place {
    case .file: []
    case .prompt:
      isNew ? ["New vault password (\(identity)): ", "Confirm new vault password (\(identity)): "]
        : ["Vault password (\(identity)): "]
    case .plainPrompt: isNew ? ["New Vault password: ", "Confirm New Vault password: "] : ["Vault password: "]
    }
  }
}

extension VaultKeyring {
  /// Gathers passwords in order. A source that fails is left out with a note, as long as another one gives a password.
  package static func gather(
    _ sources: [VaultSource], isNew: Bool = false, matchesIdentity: Bool = false,
    prompt: (String) throws(VaultError) -> String
  ) throws(VaultError) -> (keyring: VaultKeyring, warnings: [String]) {
    var keyring = VaultKeyring(matchesIdentity: matchesIdentity), failures: [(warning: String, error: VaultError)] = []
    for source in sources {
      switch source.place {
      case .file(let path):
        do throws(VaultError) {
          let password = try PasswordFile(path, identity: source.identity).password(openedBy: keyring)
          keyring.add(Entry(identity: source.identity, password: password))
        } catch {
          // The words that tools around Ansible look for.
          let trouble = access(PasswordFile(path).path, F_OK) == 0
            ? "Error in vault password file loading" : "Error getting vault password file"
          failures.append(("\(trouble) (\(source.identity)): \(error)", error))
        }
      case .prompt, .plainPrompt:
        keyring.add(Entry(identity: source.identity, password: try ask(source.prompts(isNew: isNew), prompt)))
      }
    }
    if keyring.isEmpty, let last = failures.last { throw last.error }
    return (keyring, failures.map(\.warning))
  }

  private static func ask(
    _ prompts: [String], _ prompt: (String) throws(VaultError) -> String
  ) throws(VaultError) -> VaultPassword {
    var given: [String] = []
    for text in prompts { given.append(try prompt(text)) }
    guard let first = given.first, given.allSatisfy({ $0 == first }) else { throw VaultError("the passwords do not match") }
    guard let password = VaultPassword(VaultPassword.trimmed(Array(first.utf8))) else { throw VaultError("the password is empty") }
    return password
  }
}
