extension SettingDefinition {
  /// All settings, by name.
  package static let all: [SettingDefinition] =
    (running + becoming + connecting + inventories + showing + vaults).sorted { $0.name < $1.name }

  private static let running: [SettingDefinition] = [
    .init("home", as: "ANSIBLE_HOME", .path, .text("~/.ansible"), "ANSIBLE_HOME"),
    .init("any_errors_fatal", as: "ANY_ERRORS_FATAL", .flag, .flag(false)),
    .init("forks", as: "DEFAULT_FORKS", .integer, .integer(5)),
    .init("gathering", as: "DEFAULT_GATHERING", .choice(["implicit", "explicit", "smart"]), .text("implicit")),
    .init("hash_behaviour", as: "DEFAULT_HASH_BEHAVIOUR", .choice(["replace", "merge"]), .text("replace")),
    .init("force_handlers", as: "DEFAULT_FORCE_HANDLERS", .flag, .flag(false)),
    .init("error_on_missing_handler", as: "ERROR_ON_MISSING_HANDLER", .flag, .flag(true)),
    .init("error_on_undefined_vars", as: "DEFAULT_UNDEFINED_VAR_BEHAVIOR", .flag, .flag(true)),
    .init("inject_facts_as_vars", as: "INJECT_FACTS_AS_VARS", .flag, .flag(true), "ANSIBLE_INJECT_FACT_VARS"),
    .init("allow_broken_conditionals", as: "ALLOW_BROKEN_CONDITIONALS", .flag, .flag(false)),
    .init("private_role_vars", as: "DEFAULT_PRIVATE_ROLE_VARS", .flag, .flag(false)),
    .init("no_log", as: "DEFAULT_NO_LOG", .flag, .flag(false)),
    .init("strategy", as: "DEFAULT_STRATEGY", .text, .text("linear")),
    .init("task_timeout", as: "TASK_TIMEOUT", .integer, .integer(0)),
    .init("poll_interval", as: "DEFAULT_POLL_INTERVAL", .integer, .integer(15)),
    .init("executable", as: "DEFAULT_EXECUTABLE", .path, .text("/bin/sh")),
    .init("module_name", as: "DEFAULT_MODULE_NAME", .text, .text("command")),
    .init("module_args", as: "DEFAULT_MODULE_ARGS", .text),
    .init(
      "jinja2_extensions", as: "DEFAULT_JINJA2_EXTENSIONS", .list, .list([])),
    .init("DEFAULT_MANAGED_STR", .text, .text("Ansible managed"), keys: ["defaults.ansible_managed"]),
    .init("roles_path", as: "DEFAULT_ROLES_PATH", .pathSpec,
      .list(["~/.ansible/roles", "/usr/share/ansible/roles", "/etc/ansible/roles"])),
    .init("collections_path", as: "COLLECTIONS_PATHS", .pathSpec,
      .list(["~/.ansible/collections", "/usr/share/ansible/collections"])),
    .init("library", as: "DEFAULT_MODULE_PATH", .pathSpec,
      .list(["~/.ansible/plugins/modules", "/usr/share/ansible/plugins/modules"])),
    .init("playbook_dir", as: "PLAYBOOK_DIR", .path),
    .init("playbook_vars_root", as: "PLAYBOOK_VARS_ROOT", .choice(["top", "bottom", "all"]), .text("top")),
    .init("duplicate_dict_key", as: "DUPLICATE_YAML_DICT_KEY", .choice(["warn", "error", "ignore"]), .text("warn"),
      "ANSIBLE_DUPLICATE_YAML_DICT_KEY"),
    .init("validate_action_group_metadata", as: "VALIDATE_ACTION_GROUP_METADATA", .flag, .flag(true)),
    .init("fact_caching", as: "CACHE_PLUGIN", .text, .text("memory"), "ANSIBLE_CACHE_PLUGIN"),
    .init("fact_caching_connection", as: "CACHE_PLUGIN_CONNECTION", .text, .none, "ANSIBLE_CACHE_PLUGIN_CONNECTION"),
    .init("fact_caching_prefix", as: "CACHE_PLUGIN_PREFIX", .text, .text("ansible_facts"), "ANSIBLE_CACHE_PLUGIN_PREFIX"),
    .init("fact_caching_timeout", as: "CACHE_PLUGIN_TIMEOUT", .integer, .integer(86400), "ANSIBLE_CACHE_PLUGIN_TIMEOUT"),
    .init("TAGS_RUN", .list, .list([]), environment: ["ANSIBLE_RUN_TAGS"], keys: ["tags.run"]),
    .init("TAGS_SKIP", .list, .list([]), environment: ["ANSIBLE_SKIP_TAGS"], keys: ["tags.skip"]),
    .init("retry_files_enabled", as: "RETRY_FILES_ENABLED", .flag, .flag(false)),
    .init("retry_files_save_path", as: "RETRY_FILES_SAVE_PATH", .path),
  ]

  private static let becoming: [SettingDefinition] = [
    escalation("become", "DEFAULT_BECOME", .flag, .flag(false)),
    escalation("become_ask_pass", "DEFAULT_BECOME_ASK_PASS", .flag, .flag(false)),
    escalation("become_method", "DEFAULT_BECOME_METHOD", .text, .text("sudo")),
    escalation("become_user", "DEFAULT_BECOME_USER", .text, .text("root")),
    escalation("become_exe", "DEFAULT_BECOME_EXE", .text),
    escalation("become_flags", "DEFAULT_BECOME_FLAGS", .text),
    escalation("become_allow_same_user", "BECOME_ALLOW_SAME_USER", .flag, .flag(false)),
    .init("become_password_file", as: "BECOME_PASSWORD_FILE", .path),
    password("sudo"), password("su"), password("doas"),
  ]

  private static func escalation(
    _ key: String, _ name: String, _ kind: Kind, _ value: SettingValue = .none
  ) -> SettingDefinition {
    .init(name, kind, value, environment: ["ANSIBLE_\(key.uppercased())"], keys: ["privilege_escalation.\(key)"])
  }

  private static func password(_ method: String) -> SettingDefinition {
    .init(
      "BECOME_PASS_\(method.uppercased())", .secret,
      environment: ["ANSIBLE_BECOME_PASS", "ANSIBLE_\(method.uppercased())_PASS"],
      keys: ["\(method)_become_plugin.password"])
  }

  private static let connecting: [SettingDefinition] = [
    .init("HOST_KEY_CHECKING", .flag, .flag(true),
      environment: ["ANSIBLE_HOST_KEY_CHECKING", "ANSIBLE_SSH_HOST_KEY_CHECKING"],
      keys: ["defaults.host_key_checking", "ssh_connection.host_key_checking"]),
    .init("DEFAULT_TIMEOUT", .integer, .integer(10), environment: ["ANSIBLE_TIMEOUT", "ANSIBLE_SSH_TIMEOUT"],
      keys: ["defaults.timeout", "ssh_connection.timeout"]),
    .init("remote_user", as: "DEFAULT_REMOTE_USER", .text),
    .init("remote_port", as: "DEFAULT_REMOTE_PORT", .integer),
    .init("private_key_file", as: "DEFAULT_PRIVATE_KEY_FILE", .path),
    .init("transport", as: "DEFAULT_TRANSPORT", .text, .text("ssh")),
    .init("ask_pass", as: "DEFAULT_ASK_PASS", .flag, .flag(false)),
    .init("connection_password_file", as: "CONNECTION_PASSWORD_FILE", .path),
    ssh("ssh_args", "SSH_ARGS", .text),
    ssh("ssh_common_args", "SSH_COMMON_ARGS", .text),
    ssh("ssh_extra_args", "SSH_EXTRA_ARGS", .text),
    ssh("ssh_executable", "SSH_EXECUTABLE", .text),
    .init("SSH_RETRIES", .integer, .integer(0), environment: ["ANSIBLE_SSH_RETRIES"],
      keys: ["connection.retries", "ssh_connection.retries"]),
  ]

  private static func ssh(_ key: String, _ name: String, _ kind: Kind) -> SettingDefinition {
    .init(name, kind, environment: ["ANSIBLE_\(name)"], keys: ["ssh_connection.\(key)"])
  }

  private static let inventories: [SettingDefinition] = [
    .init("inventory", as: "DEFAULT_HOST_LIST", .pathList, .list(["/etc/ansible/hosts"])),
    inventory("any_unparsed_is_failed", "INVENTORY_ANY_UNPARSED_IS_FAILED", .flag, .flag(false),
      "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED"),
    inventory("unparsed_is_failed", "INVENTORY_UNPARSED_IS_FAILED", .flag, .flag(false),
      "ANSIBLE_INVENTORY_UNPARSED_FAILED"),
    inventory("inventory_unparsed_warning", "INVENTORY_UNPARSED_WARNING", .flag, .flag(true),
      "ANSIBLE_INVENTORY_UNPARSED_WARNING"),
    inventory("export", "INVENTORY_EXPORT", .flag, .flag(false), "ANSIBLE_INVENTORY_EXPORT"),
    inventory("host_pattern_mismatch", "HOST_PATTERN_MISMATCH", .choice(["warning", "error", "ignore"]),
      .text("warning"), "ANSIBLE_HOST_PATTERN_MISMATCH"),
    .init("INVENTORY_IGNORE_EXTS", .list, .list(InventoryOptions().ignoredExtensions),
      environment: ["ANSIBLE_INVENTORY_IGNORE"],
      keys: ["defaults.inventory_ignore_extensions", "inventory.ignore_extensions"]),
    .init("INVENTORY_IGNORE_PATTERNS", .list, .list([]), environment: ["ANSIBLE_INVENTORY_IGNORE_REGEX"],
      keys: ["defaults.inventory_ignore_patterns", "inventory.ignore_patterns"]),
    .init("force_valid_group_names", as: "TRANSFORM_INVALID_GROUP_CHARS",
      .choice(["never", "ignore", "always", "silently"]), .text("never"), "ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS"),
    .init("precedence", as: "VARIABLE_PRECEDENCE", .list,
      .list(["all_inventory", "groups_inventory", "all_plugins_inventory", "all_plugins_play",
        "groups_plugins_inventory", "groups_plugins_play"]), "ANSIBLE_PRECEDENCE"),
    .init("yaml_valid_extensions", as: "YAML_FILENAME_EXTENSIONS", .list, .list([".yml", ".yaml", ".json"]),
      "ANSIBLE_YAML_FILENAME_EXT"),
    .init("localhost_warning", as: "LOCALHOST_WARNING", .flag, .flag(true)),
  ]

  private static func inventory(
    _ key: String, _ name: String, _ kind: Kind, _ value: SettingValue, _ variable: String
  ) -> SettingDefinition {
    .init(name, kind, value, environment: [variable], keys: ["inventory.\(key)"])
  }

  private static let showing: [SettingDefinition] = [
    .init("force_color", as: "ANSIBLE_FORCE_COLOR", .flag, .flag(false)),
    .init("ANSIBLE_NOCOLOR", .flag, .flag(false), environment: ["ANSIBLE_NOCOLOR", "NO_COLOR"],
      keys: ["defaults.nocolor"]),
    .init("nocows", as: "ANSIBLE_NOCOWS", .flag, .flag(false)),
    .init("stdout_callback", as: "DEFAULT_STDOUT_CALLBACK", .text, .text("default")),
    .init("callbacks_enabled", as: "CALLBACKS_ENABLED", .list, .list([])),
    .init("callback_result_format", as: "CALLBACK_RESULT_FORMAT", .choice(["json", "yaml"]), .text("json")),
    .init("display_skipped_hosts", as: "DISPLAY_SKIPPED_HOSTS", .flag, .flag(true)),
    .init("display_ok_hosts", as: "DISPLAY_OK_HOSTS", .flag, .flag(true)),
    .init("display_failed_stderr", as: "DISPLAY_FAILED_STDERR", .flag, .flag(false)),
    .init("display_args_to_stdout", as: "DISPLAY_ARGS_TO_STDOUT", .flag, .flag(false)),
    .init("show_custom_stats", as: "SHOW_CUSTOM_STATS", .flag, .flag(false)),
    .init("show_task_path_on_failure", as: "SHOW_TASK_PATH_ON_FAILURE", .flag, .flag(false)),
    .init("check_mode_markers", as: "CHECK_MODE_MARKERS", .flag, .flag(false)),
    .init("deprecation_warnings", as: "DEPRECATION_WARNINGS", .flag, .flag(true)),
    .init("system_warnings", as: "SYSTEM_WARNINGS", .flag, .flag(true)),
    .init("log_path", as: "DEFAULT_LOG_PATH", .path),
    .init("debug", as: "DEFAULT_DEBUG", .flag, .flag(false)),
    .init("verbosity", as: "DEFAULT_VERBOSITY", .integer, .integer(0)),
    .init("DIFF_ALWAYS", .flag, .flag(false), environment: ["ANSIBLE_DIFF_ALWAYS"], keys: ["diff.always"]),
    .init("DIFF_CONTEXT", .integer, .integer(3), environment: ["ANSIBLE_DIFF_CONTEXT"], keys: ["diff.context"]),
    .init("max_diff_size", as: "MAX_FILE_SIZE_FOR_DIFF", .integer, .integer(104_448)),
  ]

  private static let vaults: [SettingDefinition] = [
    .init("ask_vault_pass", as: "DEFAULT_ASK_VAULT_PASS", .flag, .flag(false)),
    .init("vault_password_file", as: "DEFAULT_VAULT_PASSWORD_FILE", .path),
    .init("vault_identity", as: "DEFAULT_VAULT_IDENTITY", .text, .text("default")),
    .init("vault_identity_list", as: "DEFAULT_VAULT_IDENTITY_LIST", .list, .list([])),
    .init("vault_encrypt_identity", as: "DEFAULT_VAULT_ENCRYPT_IDENTITY", .text),
    .init("vault_encrypt_salt", as: "VAULT_ENCRYPT_SALT", .text),
    .init("vault_id_match", as: "DEFAULT_VAULT_ID_MATCH", .flag, .flag(false)),
    .init("EDITOR", .text, .text("vi"), environment: ["ANSIBLE_EDITOR", "EDITOR"], keys: ["defaults.editor"]),
  ]
}

/// Settings of Ansible that Martlet knows of and does not have.
enum ForeignSettings {
  /// What they steer does not exist here, so nothing is lost: `section.key`.
  static let needless: Set<String> = [
    "defaults.pipelining", "connection.pipelining", "ssh_connection.pipelining", "ssh_connection.control_path",
    "ssh_connection.control_path_dir", "ssh_connection.transfer_method", "ssh_connection.scp_if_ssh",
    "ssh_connection.sftp_batch_mode", "ssh_connection.usetty", "ssh_connection.scp_executable",
    "ssh_connection.sftp_executable", "ssh_connection.scp_extra_args", "ssh_connection.sftp_extra_args",
    "defaults.interpreter_python", "defaults.local_tmp", "defaults.remote_tmp", "defaults.module_compression",
    "defaults.keep_remote_files", "defaults.internal_poll_interval", "defaults.jinja2_native",
    "defaults.bin_ansible_callbacks", "defaults.devel_warning", "defaults.action_warnings",
    "defaults.python_module_rlimit_nofile", "defaults.module_utils", "defaults.collections_scan_sys_path",
    "defaults.collections_on_ansible_version_mismatch", "defaults.cowpath", "defaults.cow_selection",
    "defaults.cowsay_enabled_stencils", "defaults.cow_acceptlist", "defaults.use_persistent_connections",
    "defaults.docsite_root_url", "defaults.module_set_locale", "defaults.module_lang", "defaults.command_warnings",
    "defaults.gather_subset", "defaults.gather_timeout", "defaults.invalid_task_attribute_failed",
    "defaults.deprecation_warnings", "defaults.display_traceback", "defaults.module_strict_utf8_response",
    "defaults.old_plugin_cache_clear", "defaults.allow_world_readable_tmpfiles",
    "defaults.no_target_syslog", "defaults.syslog_facility", "defaults.vars_plugins_enabled", "defaults.run_vars_plugins",
    "privilege_escalation.agnostic_become_prompt", "inventory.enable_plugins", "inventory.cache",
    "inventory.cache_plugin", "inventory.cache_connection", "inventory.cache_timeout", "inventory.cache_prefix",
    "ssh_connection.password_mechanism", "ssh_connection.sshpass_prompt", "ssh_connection.verbosity",
    "defaults.allow_embedded_templates", "defaults.task_debugger_ignore_errors",
  ]

  /// Sections of other tools and of plugins: not ours to judge.
  static let otherSections: Set<String> = [
    "galaxy", "persistent_connection", "paramiko_connection", "netconf_connection", "selinux", "colors", "jinja2",
    "accelerate", "sudo_become_plugin", "su_become_plugin", "doas_become_plugin", "DEFAULT",
  ]

  /// What they would do is missing here: said once.
  static let missing: Set<String> = [
    "defaults.action_plugins", "defaults.become_plugins", "defaults.cache_plugins", "defaults.callback_plugins",
    "defaults.cliconf_plugins", "defaults.connection_plugins", "defaults.doc_fragment_plugins",
    "defaults.filter_plugins", "defaults.httpapi_plugins", "defaults.inventory_plugins", "defaults.lookup_plugins",
    "defaults.netconf_plugins", "defaults.strategy_plugins", "defaults.terminal_plugins", "defaults.test_plugins",
    "defaults.vars_plugins", "defaults.allow_broken_conditionals", "defaults.allow_unsafe_lookups",
    "defaults.enable_task_debugger", "defaults.facts_modules", "defaults.log_filter", "defaults.log_verbosity",
    "defaults.module_ignore_exts", "defaults.null_representation", "defaults.pager", "defaults.plugin_filters_cfg",
    "defaults.target_log_info", "defaults.vault_encrypt_salt", "defaults.verbose_to_stderr",
    "defaults.win_async_startup_timeout", "defaults.callback_whitelist", "connection.ssh_agent",
    "connection.ssh_agent_executable", "connection.ssh_agent_key_lifetime", "ssh_connection.pkcs11_provider",
    "defaults.network_group_modules", "defaults.su",
  ]
}
