import Model

/// Settings by what they mean.
extension Settings {
  private func flag(_ name: String) -> Bool {
    if case .flag(let flag)? = entry(name)?.value { return flag }
    preconditionFailure("bug: setting \(name) is no flag")
  }

  private func integer(_ name: String) -> Int? {
    if case .integer(let number)? = entry(name)?.value { number } else { nil }
  }

  private func text(_ name: String) -> String? {
    if case .text(let text)? = entry(name)?.value { text } else { nil }
  }

  private func list(_ name: String) -> [String] {
    if case .list(let elements)? = entry(name)?.value { elements } else { [] }
  }

  package var home: String { expandingHome(text("ANSIBLE_HOME") ?? "~/.ansible") }
  package var forks: Int { integer("DEFAULT_FORKS") ?? 5 }
  package var gathering: String { text("DEFAULT_GATHERING") ?? "implicit" }
  package var mergesDicts: Bool { text("DEFAULT_HASH_BEHAVIOUR") == "merge" }
  package var forcesHandlers: Bool { flag("DEFAULT_FORCE_HANDLERS") }
  package var isMissingHandlerError: Bool { flag("ERROR_ON_MISSING_HANDLER") }
  package var isUndefinedError: Bool { flag("DEFAULT_UNDEFINED_VAR_BEHAVIOR") }
  package var areErrorsFatal: Bool { flag("ANY_ERRORS_FATAL") }
  package var injectsFacts: Bool { flag("INJECT_FACTS_AS_VARS") }
  package var hasPrivateRoleVariables: Bool { flag("DEFAULT_PRIVATE_ROLE_VARS") }
  package var allowsBrokenConditions: Bool { flag("ALLOW_BROKEN_CONDITIONALS") }
  package var isNoLog: Bool { flag("DEFAULT_NO_LOG") }
  package var strategy: String { text("DEFAULT_STRATEGY") ?? "linear" }
  /// 0 is none.
  package var taskTimeoutSeconds: Int { integer("TASK_TIMEOUT") ?? 0 }
  package var pollSeconds: Int { integer("DEFAULT_POLL_INTERVAL") ?? 15 }
  package var moduleName: String { text("DEFAULT_MODULE_NAME") ?? "command" }
  package var moduleArguments: String? { text("DEFAULT_MODULE_ARGS") }
  package var jinjaExtensions: [String] { list("DEFAULT_JINJA2_EXTENSIONS") }
  package var managedText: String { text("DEFAULT_MANAGED_STR") ?? "Ansible managed" }
  package var rolesPath: [String] { list("DEFAULT_ROLES_PATH").map(expandingHome) }
  package var collectionsPath: [String] { list("COLLECTIONS_PATHS").map(expandingHome) }
  package var libraryPath: [String] { list("DEFAULT_MODULE_PATH").map(expandingHome) }
  package var playbookDirectory: String? { text("PLAYBOOK_DIR") }
  /// `top`, `bottom` or `all`: beside which playbooks variable files are looked for.
  package var playbookVariablesRoot: String { text("PLAYBOOK_VARS_ROOT") ?? "top" }
  package var checksGroupMetadata: Bool { flag("VALIDATE_ACTION_GROUP_METADATA") }
  /// `warn`, `error` or `ignore`.
  package var duplicateKeys: String { text("DUPLICATE_YAML_DICT_KEY") ?? "warn" }
  package var factCache: String { text("CACHE_PLUGIN") ?? "memory" }
  package var factCacheConnection: String? { text("CACHE_PLUGIN_CONNECTION") }
  package var factCachePrefix: String { text("CACHE_PLUGIN_PREFIX") ?? "ansible_facts" }
  /// 0 never expires.
  package var factCacheTimeoutSeconds: Int { integer("CACHE_PLUGIN_TIMEOUT") ?? 86_400 }
  package var tags: [String] { list("TAGS_RUN") }
  package var skippedTags: [String] { list("TAGS_SKIP") }
  package var savesRetryFiles: Bool { flag("RETRY_FILES_ENABLED") }
  package var retryFilesDirectory: String? { text("RETRY_FILES_SAVE_PATH") }
}

/// Connections and becoming.
extension Settings {
  package var become: Bool { flag("DEFAULT_BECOME") }
  package var asksBecomePassword: Bool { flag("DEFAULT_BECOME_ASK_PASS") }
  package var becomeMethod: String { text("DEFAULT_BECOME_METHOD") ?? "sudo" }
  package var becomeUser: String { text("DEFAULT_BECOME_USER") ?? "root" }
  package var becomeExecutable: String? { text("DEFAULT_BECOME_EXE") }
  package var becomeFlags: String? { text("DEFAULT_BECOME_FLAGS") }
  package var becomesSameUser: Bool { flag("BECOME_ALLOW_SAME_USER") }
  package var becomePasswordFile: String? { text("BECOME_PASSWORD_FILE") }

  package func becomePassword(for method: String) -> Secret? {
    text("BECOME_PASS_\(method.uppercased())").map { Secret(.string($0)) }
  }

  package var checksHostKeys: Bool { flag("HOST_KEY_CHECKING") }
  package var timeoutSeconds: Int { integer("DEFAULT_TIMEOUT") ?? 10 }
  package var remoteUser: String? { text("DEFAULT_REMOTE_USER") }
  package var remotePort: Int? { integer("DEFAULT_REMOTE_PORT") }
  package var privateKeyFile: String? { text("DEFAULT_PRIVATE_KEY_FILE") }
  package var transport: String { text("DEFAULT_TRANSPORT") ?? "ssh" }
  package var asksPassword: Bool { flag("DEFAULT_ASK_PASS") }
  package var connectionPasswordFile: String? { text("CONNECTION_PASSWORD_FILE") }
  package var shellExecutable: String { text("DEFAULT_EXECUTABLE") ?? "/bin/sh" }
  package var sshArguments: String? { text("SSH_ARGS") }
  package var sshCommonArguments: String? { text("SSH_COMMON_ARGS") }
  package var sshExtraArguments: String? { text("SSH_EXTRA_ARGS") }
  package var sshExecutable: String? { text("SSH_EXECUTABLE") }
  package var sshRetries: Int { integer("SSH_RETRIES") ?? 0 }
}

/// Inventories and vaults.
extension Settings {
  package var inventories: [String] { list("DEFAULT_HOST_LIST") }
  package var exportsInventory: Bool { flag("INVENTORY_EXPORT") }
  /// `warning`, `error` or `ignore`.
  package var hostPatternMismatch: String { text("HOST_PATTERN_MISMATCH") ?? "warning" }
  package var warnsOfLocalhost: Bool { flag("LOCALHOST_WARNING") }

  package var inventoryOptions: InventoryOptions {
    var options = InventoryOptions()
    options.groupNames = text("TRANSFORM_INVALID_GROUP_CHARS").flatMap { .init(rawValue: $0) } ?? .never
    options.mergesDicts = mergesDicts
    options.ignoredExtensions = list("INVENTORY_IGNORE_EXTS")
    options.ignoredPatterns = list("INVENTORY_IGNORE_PATTERNS")
    options.isUnreadableSourceError = flag("INVENTORY_ANY_UNPARSED_IS_FAILED")
    options.isEmptyInventoryError = flag("INVENTORY_UNPARSED_IS_FAILED")
    options.warnsOfEmptyInventory = flag("INVENTORY_UNPARSED_WARNING")
    options.variableExtensions = list("YAML_FILENAME_EXTENSIONS")
    return options
  }

  /// Levels of group variables, lowest first; names that mean nothing here are left out.
  package var variablePrecedence: [VariableLayer.Level] {
    list("VARIABLE_PRECEDENCE").compactMap(VariableLayer.Level.init(setting:))
  }

  package var asksVaultPassword: Bool { flag("DEFAULT_ASK_VAULT_PASS") }
  package var vaultPasswordFile: String? { text("DEFAULT_VAULT_PASSWORD_FILE") }
  package var vaultIdentity: String { text("DEFAULT_VAULT_IDENTITY") ?? "default" }
  package var vaultIdentities: [String] { list("DEFAULT_VAULT_IDENTITY_LIST") }
  package var vaultEncryptIdentity: String? { text("DEFAULT_VAULT_ENCRYPT_IDENTITY") }
  package var vaultEncryptSalt: [UInt8]? { text("VAULT_ENCRYPT_SALT").map { Array($0.utf8) } }
  package var matchesVaultIdentity: Bool { flag("DEFAULT_VAULT_ID_MATCH") }
  package var editor: String { text("EDITOR") ?? "vi" }
}

/// What runs show.
extension Settings {
  package var forcesColor: Bool { flag("ANSIBLE_FORCE_COLOR") }
  package var avoidsColor: Bool { flag("ANSIBLE_NOCOLOR") }
  package var stdoutCallback: String { text("DEFAULT_STDOUT_CALLBACK") ?? "default" }
  package var enabledCallbacks: [String] { list("CALLBACKS_ENABLED") }
  /// `json` or `yaml`.
  package var resultFormat: String { text("CALLBACK_RESULT_FORMAT") ?? "json" }
  package var showsSkippedHosts: Bool { flag("DISPLAY_SKIPPED_HOSTS") }
  package var showsOKHosts: Bool { flag("DISPLAY_OK_HOSTS") }
  package var showsFailuresOnStderr: Bool { flag("DISPLAY_FAILED_STDERR") }
  package var showsArguments: Bool { flag("DISPLAY_ARGS_TO_STDOUT") }
  package var showsCustomStats: Bool { flag("SHOW_CUSTOM_STATS") }
  package var showsTaskPathOnFailure: Bool { flag("SHOW_TASK_PATH_ON_FAILURE") }
  package var marksCheckMode: Bool { flag("CHECK_MODE_MARKERS") }
  package var showsSystemWarnings: Bool { flag("SYSTEM_WARNINGS") }
  package var showsDeprecations: Bool { flag("DEPRECATION_WARNINGS") }
  package var logPath: String? { text("DEFAULT_LOG_PATH") }
  package var isDebug: Bool { flag("DEFAULT_DEBUG") }
  package var verbosity: Int { integer("DEFAULT_VERBOSITY") ?? 0 }
  package var alwaysDiffs: Bool { flag("DIFF_ALWAYS") }
  package var diffContextLines: Int { integer("DIFF_CONTEXT") ?? 3 }
  package var diffBytesMax: Int { integer("MAX_FILE_SIZE_FOR_DIFF") ?? 104_448 }
}
