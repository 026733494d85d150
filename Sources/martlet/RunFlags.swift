import ArgumentParser

/// The flags of `ansible-playbook` that choose hosts, variables, connection and output; shared by all commands that run.
struct RunFlags: ParsableArguments {
  @Option(name: [.customShort("i", allowingJoined: true), .long], parsing: .singleValue, help: "Inventory file, folder, script, or a comma separated list of hosts. May be given several times.")
  var inventory: [String] = []

  @Option(name: .customLong("inventory-file"), parsing: .singleValue, help: .hidden)
  var inventoryFile: [String] = []

  @Option(name: [.customShort("l", allowingJoined: true), .long], parsing: .singleValue, help: "Only these hosts of the plays' patterns: a pattern, or @FILE with one per line.")
  var limit: [String] = []

  @Option(name: [.customShort("e", allowingJoined: true), .customLong("extra-vars")], parsing: .singleValue, help: "Variables as key=value, as YAML or JSON, or from @FILE. They beat all others.")
  var extraVars: [String] = []

  @Option(name: [.customShort("t", allowingJoined: true), .long], parsing: .singleValue, help: "Run only tasks with these tags.")
  var tags: [String] = []

  @Option(name: .customLong("skip-tags"), parsing: .singleValue, help: "Leave out tasks with these tags.")
  var skipTags: [String] = []

  @Option(name: [.customShort("f", allowingJoined: true), .long], help: "How many steps run at the same time.")
  var forks: Int?

  @Flag(name: [.customShort("C"), .long], help: "Change nothing; say what would change.")
  var check = false

  @Flag(name: [.customShort("D"), .long], help: "Show differences of the files that change.")
  var diff = false

  @Flag(name: [.customShort("b"), .long], help: "Run as another user (root, if --become-user does not say).")
  var become = false

  @Option(name: .customLong("become-method"), help: "sudo, su or doas.")
  var becomeMethod: String?

  @Option(name: .customLong("become-user"), help: "The user to become.")
  var becomeUser: String?

  @Flag(name: [.customShort("K"), .customLong("ask-become-pass")], help: "Ask for the password that becoming needs.")
  var askBecomePass = false

  @Option(name: [.customLong("become-password-file"), .customLong("become-pass-file")], help: "File, or script, that has the password for becoming.")
  var becomePasswordFile: String?

  @Flag(name: [.customShort("k"), .customLong("ask-pass")], help: "Ask for the connection's password.")
  var askPass = false

  @Option(name: [.customLong("connection-password-file"), .customLong("conn-pass-file")], help: "File, or script, that has the connection's password.")
  var connectionPasswordFile: String?

  @Option(name: [.customShort("u", allowingJoined: true), .long], help: "Log in as this user.")
  var user: String?

  @Option(name: [.customShort("c", allowingJoined: true), .long], help: "ssh, ssh_binary or local.")
  var connection: String?

  @Option(name: [.customLong("private-key"), .customLong("key-file")], help: "Private key to log in with.")
  var privateKey: String?

  @Option(name: [.customShort("T", allowingJoined: true), .long], help: "Seconds after which connecting is given up.")
  var timeout: Int?

  @Option(name: .customLong("ssh-common-args"), parsing: .unconditional, help: "Further ssh options.")
  var sshCommonArgs: String?

  @Option(name: .customLong("ssh-extra-args"), parsing: .unconditional, help: "Further ssh options.")
  var sshExtraArgs: String?

  @Option(name: [.customShort("M", allowingJoined: true), .customLong("module-path")], help: "Folders with modules, separated by colons, looked in first.")
  var modulePath: String?

  @Option(name: [.customLong("vault-password-file"), .customLong("vault-pass-file")], parsing: .singleValue, help: "File, or script, that has the vault password.")
  var vaultPasswordFile: [String] = []

  @Option(name: .customLong("vault-id"), parsing: .singleValue, help: "Vault identity as LABEL@FILE or LABEL@prompt.")
  var vaultID: [String] = []

  @Flag(name: [.customShort("J"), .customLong("ask-vault-password"), .customLong("ask-vault-pass")], help: "Ask for the vault password.")
  var askVaultPassword = false

  @Option(name: .customLong("sftp-extra-args"), parsing: .unconditional, help: .hidden)
  var sftpExtraArgs: String?

  @Option(name: .customLong("scp-extra-args"), parsing: .unconditional, help: .hidden)
  var scpExtraArgs: String?

  @Flag(name: .customLong("flush-cache"), help: "Forget cached facts first.")
  var flushCache = false

  @Flag(name: [.customShort("v"), .customLong("verbose")], help: "Say more; up to -vvvvv.")
  var verbose: Int

  func validate() throws {
    if let forks, forks < 1 { throw ValidationError("The number of processes (--forks) must be >= 1") }
  }
}
