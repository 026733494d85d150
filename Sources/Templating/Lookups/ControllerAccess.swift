import Model

/// What lookups ask of the machine that runs the runbook. Templating itself touches nothing: whoever wires a run says
/// what these do.
package struct ControllerAccess: Sendable {
  package enum FileKind: Sendable { case file, folder, other }

  /// A file's bytes; nil where there is no such file. Vault files come decrypted.
  package var read: @Sendable (_ path: String) throws -> [UInt8]?
  /// Makes a private file, with its folders.
  package var write: @Sendable (_ path: String, _ bytes: [UInt8]) throws -> Void
  /// What a path leads to, links followed; nil where there is nothing.
  package var kind: @Sendable (_ path: String) -> FileKind?
  package var isLink: @Sendable (_ path: String) -> Bool
  /// Whether a file is encrypted as it lies there; nil where there is none.
  package var isVault: @Sendable (_ path: String) throws -> Bool?
  /// The path without links; nil where there is nothing.
  package var real: @Sendable (_ path: String) -> String?
  package var glob: @Sendable (_ pattern: String) -> [String]
  package var environment: @Sendable (_ name: String) -> String?
  /// Runs a shell command in a folder: its output and exit status.
  package var run: @Sendable (_ command: String, _ folder: String?) throws -> (output: [UInt8], status: Int32)
  /// Names of the hosts that match a pattern.
  package var hosts: @Sendable (_ pattern: String) -> [String]
  /// A setting by its name; nil where there is none.
  package var setting: @Sendable (_ name: String) -> Value?

  package init(
    read: @escaping @Sendable (String) throws -> [UInt8]?, write: @escaping @Sendable (String, [UInt8]) throws -> Void,
    kind: @escaping @Sendable (String) -> FileKind?, isLink: @escaping @Sendable (String) -> Bool,
    real: @escaping @Sendable (String) -> String?, glob: @escaping @Sendable (String) -> [String],
    environment: @escaping @Sendable (String) -> String?,
    run: @escaping @Sendable (String, String?) throws -> (output: [UInt8], status: Int32),
    hosts: @escaping @Sendable (String) -> [String] = { _ in [] },
    setting: @escaping @Sendable (String) -> Value? = { _ in nil }
  ) {
    self.read = read
    self.write = write
    self.kind = kind
    self.isLink = isLink
    isVault = { path in try read(path)?.starts(with: "$ANSIBLE_VAULT".utf8) }
    self.real = real
    self.glob = glob
    self.environment = environment
    self.run = run
    self.hosts = hosts
    self.setting = setting
  }
}
