import Model
import Templating
import YAML

/// Reads inventory sources (files, folders, scripts, host lists) in the order given into one inventory.
package struct InventoryLoader {
  package var options: InventoryOptions
  package var reading: VariableReading
  /// For inventories that are made of expressions.
  package var evaluation = ConstructedInventory.Evaluation(renderer: Renderer())
  /// What relative sources start from; nil is the process's own folder.
  package var baseDirectory: String?
  /// `ignoredPatterns`, compiled by `load`.
  private var ignoredNames: [PythonRegex] = []

  package init(
    options: InventoryOptions = InventoryOptions(), reading: VariableReading = .withoutVault, baseDirectory: String? = nil
  ) {
    self.options = options
    self.reading = reading
    self.baseDirectory = baseDirectory
  }

  /// The default source; where it is missing, nothing is said.
  package static let defaultSource = "/etc/ansible/hosts"

  package func load(_ sources: [String], into diagnostics: inout Diagnostics) -> Inventory {
    var loader = self
    loader.compilePatterns(&diagnostics)
    return loader.readAll(sources, &diagnostics)
  }

  private mutating func compilePatterns(_ diagnostics: inout Diagnostics) {
    for pattern in options.ignoredPatterns {
      do throws(PythonRegexError) {
        ignoredNames.append(try PythonRegex(pattern))
      } catch {
        diagnostics.add(.error(
          "setting 'inventory_ignore_patterns' holds '\(pattern)', which is no regular expression", advice: "\(error)",
          at: nil))
      }
    }
  }

  private func readAll(_ sources: [String], _ diagnostics: inout Diagnostics) -> Inventory {
    var inventory = Inventory(options: options)
    var hasAny = false
    for source in sources where !source.isEmpty {
      hasAny = read(source, into: &inventory, &diagnostics) || hasAny
      addVariableDirectory(of: source, to: &inventory)
    }
    inventory.currentOrigin = nil
    inventory.reconcile(into: &diagnostics)
    if !hasAny, !diagnostics.hasErrors {
      if options.isEmptyInventoryError {
        diagnostics.add(.error("no inventory could be read", advice: "name one with -i", at: nil))
      } else if options.warnsOfEmptyInventory {
        diagnostics.add(.warning("No inventory was parsed, only implicit localhost is available", at: nil))
      }
    }
    return inventory
  }

  /// Folders of sources are searched for `group_vars` and `host_vars`; of equal ones the last counts.
  private func addVariableDirectory(of source: String, to inventory: inout Inventory) {
    let path = onDisk(source)
    if source.contains(","), !TextFile.exists(path) { return }
    let directory = TextFile.isDirectory(path) ? withoutSlash(source) : TextFile.directory(of: source)
    inventory.variableDirectories.removeAll { $0 == onDiskDirectory(directory) }
    inventory.variableDirectories.append(onDiskDirectory(directory))
  }

  private func onDisk(_ path: String) -> String {
    let path = expandingHome(path)
    guard let baseDirectory, !path.hasPrefix("/") else { return path }
    return "\(baseDirectory)/\(path)"
  }

  private func onDiskDirectory(_ directory: String) -> String {
    directory.isEmpty ? baseDirectory ?? "" : onDisk(directory)
  }

  private func withoutSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? withoutSlash(String(path.dropLast())) : path
  }
}

extension InventoryLoader {
  /// Reads one source; false where nothing could be read as an inventory.
  private func read(_ source: String, into inventory: inout Inventory, _ diagnostics: inout Diagnostics) -> Bool {
    let path = onDisk(source)
    if TextFile.isDirectory(path) { return readDirectory(withoutSlash(source), into: &inventory, &diagnostics) }
    if TextFile.exists(path) {
      inventory.open(path: TextFile.absolute(path, from: TextFile.currentDirectory), isFile: true)
      return readFile(source, path, into: &inventory, &diagnostics)
    }
    if source.contains(",") {
      inventory.open(path: source, isFile: false)
      readList(source, into: &inventory)
      return true
    }
    if source != Self.defaultSource {
      let message = "Unable to parse \(TextFile.absolute(path, from: TextFile.currentDirectory)) as an inventory source"
      let advice = "there is no such file; a host list needs a comma, as in '\(source),'"
      diagnostics.add(Diagnostic(options.isUnreadableSourceError ? .error : .warning, message, advice: advice, at: nil))
    }
    return false
  }

  private func readDirectory(
    _ directory: String, into inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) -> Bool {
    var hasAny = false
    for name in TextFile.names(in: onDisk(directory)) ?? [] where !isIgnored(name) {
      hasAny = read("\(directory)/\(name)", into: &inventory, &diagnostics) || hasAny
    }
    if !hasAny {
      let severity = options.isUnreadableSourceError ? Diagnostic.Severity.error : .warning
      diagnostics.add(Diagnostic(
        severity, "Unable to parse \(directory) as an inventory source", advice: "nothing in this folder is an inventory", at: nil))
    }
    return hasAny
  }

  private func isIgnored(_ name: String) -> Bool {
    name.hasPrefix(".") || ["host_vars", "group_vars", "vars_plugins"].contains(name)
      || options.ignoredExtensions.contains { name.hasSuffix($0) }
      || ignoredNames.contains { (try? $0.search(name)).flatMap { $0 } != nil }
  }

  /// `web1,web2:2222,`: names with ports, but without ranges.
  private func readList(_ list: String, into inventory: inout Inventory) {
    for entry in list.split(separator: ",") {
      let name = entry.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      guard !name.isEmpty else { continue }
      let address = HostAddress(String(name), allowsRanges: false)
      let host = address?.host ?? String(name)
      if inventory.host(named: host) == nil { inventory.addHost(host, to: .ungrouped, port: address?.port) }
    }
  }
}

extension InventoryLoader {
  private enum Form { case ini, yaml, toml }

  private func readFile(
    _ source: String, _ path: String, into inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) -> Bool {
    if TextFile.isExecutableFile(path), let isRead = runScript(source, path, into: &inventory, &diagnostics) {
      return isRead
    }
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      let severity = options.isUnreadableSourceError ? Diagnostic.Severity.error : .warning
      diagnostics.add(Diagnostic(severity, "Unable to parse \(source) as an inventory source: \(error.reason)", at: nil))
      return false
    }
    if text.hasPrefix("#!"), !TextFile.isExecutableFile(path) {
      diagnostics.add(.warning(
        "\(source) begins with '#!' but is not executable: it is read as a list of hosts",
        advice: "chmod +x makes it an inventory script", at: nil))
    }
    guard let file = reading.opened(SourceFile(path: source, text: text), &diagnostics) else { return false }
    switch form(of: file) {
    case .toml:
      diagnostics.add(.error(
        "\(source): inventories in TOML can't be read", advice: "write it as YAML or INI", at: nil))
    case .ini:
      var reader = INIInventory(file)
      reader.read(into: &inventory, &diagnostics)
    case .yaml:
      return readYAML(file, into: &inventory, &diagnostics)
    }
    return true
  }

  /// By extension, and where that leaves a choice, by the first line that says something.
  private func form(of file: SourceFile) -> Form {
    let kind = TextFile.fileExtension(of: file.path)
    if kind == ".toml" { return .toml }
    guard kind.isEmpty || [".yml", ".yaml", ".json", ".config"].contains(kind) else { return .ini }
    let first = file.text.utf8.split(separator: 10).lazy
      .map { String(Substring($0)).trimmed }
      .first { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix(";") } ?? ""
    if first.hasPrefix("[") { return .ini }
    guard kind.isEmpty else { return .yaml }
    let word = first.prefix { $0 != " " && $0 != "\t" }
    return word.hasPrefix("---") || word.hasPrefix("{") || word.hasPrefix("%") || word.hasSuffix(":") ? .yaml : .ini
  }

  private func readYAML(
    _ file: SourceFile, into inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) -> Bool {
    var found = Diagnostics()
    let root = YAMLDocuments.parseSingle(file, into: &found)
    diagnostics.add(contentsOf: found)
    guard let root, !root.isNull, root.entries?.isEmpty != true else {
      if !found.hasErrors { diagnostics.add(.warning("\(file.path) is empty: it names no hosts", at: nil)) }
      return false
    }
    if let plugin = root["plugin"], !plugin.isNull {
      guard ConstructedInventory.names.contains(plugin.text ?? "") else {
        diagnostics.add(.pluginConfiguration(plugin.text ?? "", at: plugin.span))
        return false
      }
      ConstructedInventory(root: root, reading: reading, evaluation: evaluation).read(into: &inventory, &diagnostics)
      return true
    }
    if root["_meta"] != nil {
      ScriptInventory(output: file, variablesOfHost: nil).read(root.value(), into: &inventory, &diagnostics)
    } else {
      YAMLInventory(reading: reading).read(root, into: &inventory, &diagnostics)
    }
    return true
  }
}

extension InventoryLoader {
  /// Runs an executable; nil where the system says that it is no program, so that it may be text with a wrong mode.
  private func runScript(
    _ source: String, _ path: String, into inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) -> Bool? {
    let command = path.contains("/") ? path : "./\(path)"
    let script = InventoryScript(path: command, timeoutSeconds: options.scriptTimeoutSeconds)
    guard let listing = output(of: script, ["--list"], source, &diagnostics) else { return nil }
    guard let bytes = listing, let root = decode(bytes, "\(source) --list", &diagnostics) else { return false }
    let output = SourceFile(path: "\(source) --list", text: "")
    let reader = ScriptInventory(output: output) { host, diagnostics in
      guard let answer = self.output(of: script, ["--host", host], source, &diagnostics), let bytes = answer else {
        return nil
      }
      guard bytes.contains(where: { $0 > 32 }) else { return nil }
      return decode(bytes, "\(source) --host \(host)", &diagnostics)?.dict
    }
    reader.read(root, into: &inventory, &diagnostics)
    return true
  }

  /// What a script printed; the inner nil is a failure that was reported, the outer one "this is no program".
  private func output(
    of script: InventoryScript, _ arguments: [String], _ source: String, _ diagnostics: inout Diagnostics
  ) -> [UInt8]?? {
    let command = ([source] + arguments).joined(separator: " ")
    switch script.run(arguments) {
    case .finished(0, let stdout, _): return stdout
    case .finished(let status, _, let stderr): diagnostics.add(.scriptFailed(command, status: status, stderr: stderr))
    case .timedOut(let stderr):
      diagnostics.add(.scriptTimedOut(command, seconds: script.timeoutSeconds, stderr: stderr))
    case .tooMuchOutput: diagnostics.add(.scriptTalksTooMuch(command, bytesMax: script.outputBytesMax))
    case .notStarted(let code):
      if code == InventoryScript.noProgramCode { return nil }
      diagnostics.add(.scriptNotStarted(command, code: code))
    }
    return .some(nil)
  }

  private func decode(_ bytes: [UInt8], _ name: String, _ diagnostics: inout Diagnostics) -> Value? {
    do {
      return try Value(json: bytes)
    } catch {
      let file = SourceFile(path: "<\(name)>", text: String(decoding: bytes, as: UTF8.self))
      diagnostics.add(.error(
        "this is no JSON: \(error.message)", advice: "an inventory script must print one JSON object and nothing else",
        at: SourceSpan(file: file, line: error.line, column: error.column)))
      return nil
    }
  }
}

extension Inventory {
  /// From here on, new hosts and groups come from this source.
  mutating func open(path: String, isFile: Bool) {
    currentOrigin = Int32(origins.count)
    let directory = isFile ? TextFile.directory(of: path) : nil
    let layer = VariableLayer(
      level: .inventoryHost, owner: path, origin: path,
      variables: [
        "inventory_file": .value(.string(path)),
        "inventory_dir": .value(directory.map(Value.string) ?? .null),
      ])
    origins.append(Origin(path: path, directory: directory, layer: layer))
  }
}

extension String {
  var trimmed: String {
    let blanks: Set<Character> = [" ", "\t", "\r", "\n", "\r\n"]
    guard let first = firstIndex(where: { !blanks.contains($0) }) else { return "" }
    return String(self[first...lastIndex { !blanks.contains($0) }!])
  }
}

extension Diagnostic {
  fileprivate static func pluginConfiguration(_ plugin: String, at span: SourceSpan) -> Diagnostic {
    .error(
      "this file configures the inventory plugin '\(plugin)', which Martlet does not have",
      advice: "'constructed' is there; for others use an inventory script: an executable that prints JSON for --list", at: span)
  }

  private static func said(_ stderr: String) -> String? {
    let text = stderr.trimmed
    return text.isEmpty ? nil : "it said: \(text.count > 2000 ? "…" + text.suffix(2000) : text)"
  }

  fileprivate static func scriptFailed(_ command: String, status: Int32, stderr: String) -> Diagnostic {
    .error("inventory script '\(command)' ended with status \(status)", advice: said(stderr) ?? "it said nothing", at: nil)
  }

  fileprivate static func scriptTimedOut(_ command: String, seconds: Double, stderr: String) -> Diagnostic {
    .error(
      "inventory script '\(command)' did not end within \(seconds) s, and was killed", advice: said(stderr), at: nil)
  }

  fileprivate static func scriptTalksTooMuch(_ command: String, bytesMax: Int) -> Diagnostic {
    .error("inventory script '\(command)' printed more than \(bytesMax) bytes, and was killed", at: nil)
  }

  fileprivate static func scriptNotStarted(_ command: String, code: Int32) -> Diagnostic {
    .error("inventory script '\(command)' could not be started: \(TextFile.systemMessage(code))", at: nil)
  }
}
