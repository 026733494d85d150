import Model
import OrderedCollections

/// The lookups that need the outside: files, the environment, other programs, the inventory, the settings.
package struct ControllerLookups: LookupSource {
  let access: ControllerAccess
  private let renderer: Renderer

  /// `renderer` renders the template lookup's files; it gets these lookups itself.
  package init(_ access: ControllerAccess, renderer: Renderer = Renderer()) {
    self.access = access
    self.renderer = renderer
  }

  package func lookup(
    _ name: String, terms: [Value], options: Value.Dict, loopFolder: String?, in scope: any VariableScope
  ) throws(TemplateError) -> [Value]? {
    guard let body = Self.table[name] else { return nil }
    var call = LookupCall(
      name: name, access: access, options: options, loopFolder: loopFolder, scope: scope, renderer: renderer)
    call.renderer.lookups = self
    do { return try body(call, terms) } catch let error as TemplateError { throw error } catch {
      throw call.error("\(error)")
    }
  }

  static var names: some Collection<String> { table.keys }

  private static let table: [String: @Sendable (LookupCall, [Value]) throws -> [Value]] = [
    "env": { call, terms in
      try terms.map { term in
        if let value = call.access.environment(try call.text(term)) { return .string(value) }
        return call.options["default"] ?? ""
      }
    },
    "file": { call, terms in
      try terms.map { term in
        let text = try call.contents(term, folder: "files")
        let left = call.flag("lstrip", false)
        let right = call.flag("rstrip", true)
        return .string(PythonString.strip(text, left: left, right: right))
      }
    },
    "unvault": { call, terms in try terms.map { .string(try call.contents($0, folder: "files")) } },
    "template": { call, terms in try terms.map { try call.template($0) } },
    "fileglob": { call, terms in try terms.flatMap { try call.fileglob(call.text($0)) } },
    "first_found": { call, terms in try FirstFound(call, terms).result() },
    "pipe": { call, terms in
      try terms.map { term in
        let command = try call.text(term)
        return .string(PythonString.strip(try call.output(of: command), left: false))
      }
    },
    "lines": { call, terms in
      try terms.flatMap { PythonString.lines(try call.output(of: call.text($0))).map { .string($0) } }
    },
    "url": { call, terms in try terms.flatMap { try call.fetch($0) } },
    "csvfile": { call, terms in try terms.flatMap { try CSVLookup(call).result(call.text($0)) } },
    "ini": { call, terms in try terms.flatMap { try INILookup(call).result(call.text($0)) } },
    "password": { call, terms in try terms.map { .string(try PasswordLookup(call, call.text($0)).password()) } },
    "inventory_hostnames": { call, terms in
      call.access.hosts(try terms.map { try call.text($0) }.joined(separator: ":")).map { .string($0) }
    },
    "config": { call, terms in
      try terms.compactMap { term in
        guard let name = term.string else { throw call.error("Invalid setting identifier, \"\(term.pythonText)\" is not a string") }
        if let value = call.access.setting(name) { return value }
        switch call.options["on_missing"]?.string ?? "error" {
        case "skip", "warn": return nil
        case "error": throw call.error("No config definition exists for '\(name)'")
        case let other: throw call.error("Invalid value '\(other)' for on_missing: it is one of error, warn, skip")
        }
      }
    },
    "filetree": { call, terms in try terms.flatMap { try call.fileTree(call.text($0)) } },
    "path_test": { call, terms in [.bool(try call.pathTest(terms.map { try call.text($0) }))] },
  ]
}

/// One lookup that is being answered.
struct LookupCall: Sendable {
  let name: String
  let access: ControllerAccess
  let options: Value.Dict
  let loopFolder: String?
  let scope: any VariableScope
  var renderer: Renderer

  func error(_ message: String) -> TemplateError {
    TemplateError(.runtime, .error("the lookup '\(name)' failed: \(message)", at: nil))
  }

  func text(_ term: Value) throws -> String {
    guard let text = term.string else { throw error("it wants text, not \(term.pythonTypeName)") }
    return text
  }

  func flag(_ name: String, _ standard: Bool) -> Bool {
    guard let value = options[.string(name)]?.revealed else { return standard }
    switch value {
    case .bool(let flag): return flag
    case .string(let text): return ["yes", "true", "on", "1"].contains(text.lowercased())
    default: return standard
    }
  }

  private func variable(_ name: String) throws -> Value? {
    guard let variable = scope.variable(named: name) else { return nil }
    return try renderer.value(of: variable, in: scope)
  }

  /// Where relative paths are looked for: the role's folders, the task file's, the runbook's.
  func searchFolders() throws -> [String] {
    if let folders = try variable("ansible_search_path")?.list?.compactMap(\.string), !folders.isEmpty {
      return folders
    }
    return try ["role_path", "playbook_dir"].compactMap { try variable($0)?.string } + ["."]
  }

  /// A file by its path, in each search folder's subfolder first if there is one; nil where it is nowhere.
  func find(_ path: String, folder: String?) throws -> String? {
    let path = PosixPath.expandedUser(path)
    if path.hasPrefix("/") { return access.kind(path) == nil ? nil : path }
    for base in try searchFolders() {
      for candidate in [folder.map { PosixPath.joined([base, $0, path]) }, PosixPath.joined([base, path])].compactMap(\.self)
      where access.kind(candidate) != nil { return PosixPath.normal(candidate) }
    }
    return nil
  }

  func contents(_ term: Value, folder: String) throws -> String {
    let path = try text(term)
    guard let found = try find(path, folder: folder), let bytes = try access.read(found) else {
      throw error("unable to access the file '\(path)': file not found")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func output(of command: String) throws -> String {
    let result = try access.run(command, try variable("playbook_dir")?.string)
    if result.status != 0 { throw error("lookup_plugin.\(name)(\(command)) returned \(result.status)") }
    return String(decoding: result.output, as: UTF8.self)
  }

  func fileglob(_ pattern: String) throws -> [Value] {
    let pattern = PosixPath.expandedUser(pattern)
    let (folder, name) = PosixPath.split(pattern)
    let folders =
      pattern.hasPrefix("/")
      ? [folder]
      : try searchFolders().flatMap { [PosixPath.joined([$0, "files", folder]), PosixPath.joined([$0, folder])] }
    for folder in folders where access.kind(folder) == .folder {
      let found = access.glob(PosixPath.joined([folder, name])).filter { access.kind($0) == .file }
      if !found.isEmpty { return found.map { .string($0) } }
    }
    return []
  }

  func pathTest(_ terms: [String]) throws -> Bool {
    guard terms.count >= 2 else { throw error("a path is missing") }
    let path = PosixPath.expandedUser(terms[1])
    switch terms[0] {
    case "exists": return access.kind(path) != nil
    case "file": return access.kind(path) == .file
    case "directory": return access.kind(path) == .folder
    case "vaulted_file":
      guard let isVault = try access.isVault(path) else { throw error("Cannot test if the file '\(path)' is a vault.") }
      return isVault
    case "link": return access.isLink(path)
    case "link_exists": return access.isLink(path) || access.kind(path) != nil
    case "same_file":
      guard terms.count > 2, let real = access.real(path) else { return false }
      return real == access.real(PosixPath.expandedUser(terms[2]))
    case "mount":
      let mounts = try access.read("/proc/self/mounts") ?? []
      let points = String(decoding: mounts, as: UTF8.self).split(separator: "\n").compactMap {
        $0.split(separator: " ").dropFirst().first
      }
      return points.contains { String($0) == (access.real(path) ?? path) }
    default: throw error("there is no test '\(terms[0])' of paths")
    }
  }

  /// What is below a folder of the search folders, as `filetree` lists it.
  func fileTree(_ path: String) throws -> [Value] {
    guard let root = try find(path, folder: "files"), access.kind(root) == .folder else { return [] }
    var found: [Value] = []
    func visit(_ folder: String, _ relative: String) {
      for entry in access.glob(PosixPath.joined([folder, "*"])) {
        let name = relative + PosixPath.split(entry).tail
        let isFolder = access.kind(entry) == .folder
        found.append([
          "root": .string(root + "/"), "path": .string(name), "state": isFolder ? "directory" : "file",
          "src": .string(entry),
        ])
        if isFolder && !access.isLink(entry) { visit(entry, name + "/") }
      }
    }
    visit(root, "")
    return found
  }
}
