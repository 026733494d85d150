import Glibc
import Model
import Parsing
import Synchronization
import Transport

/// The modules on the search path. A manifest is read when its module is first asked for; a look-up costs one `open`.
package final class ModuleCatalog: ModuleIndex {
  private struct State {
    var manifests: [String: ModuleManifest?] = [:]
    var libraries: [String: [ShellLibrary]] = [:]
    var libraryFolders: [String]
    var diagnostics = Diagnostics()
  }

  /// Folders of modules, first match wins.
  package let moduleFolders: [String]
  private let state: Mutex<State>

  /// `libraryFolders` hold users' executables, as Ansible's `library/`; they win over modules of the same short name.
  package init(moduleFolders: [String], libraryFolders: [String] = []) {
    self.moduleFolders = moduleFolders
    state = Mutex(State(libraryFolders: libraryFolders))
  }

  /// A role's or a runbook's `library/`, found while parsing.
  package func addLibraryFolder(_ folder: String) {
    state.withLock { state in
      guard !state.libraryFolders.contains(folder) else { return }
      state.libraryFolders.append(folder)
      state.manifests = state.manifests.filter { $0.value != nil }
    }
  }

  /// Mistakes in manifests read so far.
  package var diagnostics: Diagnostics { state.withLock { $0.diagnostics } }

  package func manifest(named name: String) -> ModuleManifest? {
    state.withLock { state in
      if let known = state.manifests[name] { return known }
      let found = find(name, &state)
      state.manifests[name] = .some(found)
      return found
    }
  }

  package var names: [String] {
    let folders = moduleFolders.flatMap { folder in
      Self.entries(of: folder).filter { Self.isReadable("\(folder)/\($0)/module.yml") }
    }
    let executables = state.withLock { $0.libraryFolders }.flatMap(Self.entries).map(Self.withoutExtension)
    return Set(folders + executables).sorted()
  }

  /// What a module needs in a shell: the common library, those of modules it uses, its own functions.
  package func libraries(for manifest: ModuleManifest) throws(ModuleCatalogError) -> [ShellLibrary] {
    if let known = state.withLock({ $0.libraries[manifest.name] }) { return known }
    var result = try commonLibraries(near: manifest.directory)
    for name in manifest.uses {
      guard let used = self.manifest(named: name) else {
        throw ModuleCatalogError("module \(manifest.name) uses the module \(name), which is not there")
      }
      for library in try libraries(for: used) where !result.contains(library) { result.append(library) }
    }
    let path = "\(manifest.directory)/module.sh"
    guard let text = Self.text(of: path) else { throw ModuleCatalogError("cannot read \(path): \(Self.systemMessage)") }
    let more = Self.entries(of: manifest.directory).filter { $0.hasSuffix(".sh") && $0 != "module.sh" }
      .compactMap { Self.text(of: "\(manifest.directory)/\($0)") }
    let whole = ([text] + more).map(Self.withoutHeader).joined(separator: "\n")
    result.append(ShellLibrary(name: manifest.name, text: whole))
    state.withLock { $0.libraries[manifest.name] = result }
    return result
  }

  /// The shell library that all modules stand on, from `_lib` in the first folder that has it.
  package func commonLibraries() throws(ModuleCatalogError) -> [ShellLibrary] { try commonLibraries(near: nil) }

  /// What actions need on a host: the common library and functions to read and write files.
  package func actionLibraries() throws(ModuleCatalogError) -> [ShellLibrary] {
    if let known = state.withLock({ $0.libraries["_remote"] }) { return known }
    let path = moduleFolders.map { $0 + "/_remote/remote.sh" }.first(where: Self.isReadable)
    guard let path, let text = Self.text(of: path) else {
      throw ModuleCatalogError("none of \(moduleFolders.joined(separator: ", ")) has _remote/remote.sh")
    }
    let result = try commonLibraries() + [ShellLibrary(name: "_remote", text: String(Self.withoutHeader(text)))]
    state.withLock { $0.libraries["_remote"] = result }
    return result
  }

  private func commonLibraries(near directory: String?) throws(ModuleCatalogError) -> [ShellLibrary] {
    if let known = state.withLock({ $0.libraries["_lib"] }) { return known }
    let folders = moduleFolders + (directory.map { [$0 + "/.."] } ?? [])
    guard let folder = folders.map({ $0 + "/_lib" }).first(where: { Self.isReadable($0) }) else {
      throw ModuleCatalogError("no shell library: none of \(moduleFolders.joined(separator: ", ")) has a folder _lib")
    }
    let texts = Self.entries(of: folder).filter { $0.hasSuffix(".sh") }.sorted()
      .compactMap { Self.text(of: "\(folder)/\($0)") }
    let result = [ShellLibrary(name: "_lib", text: texts.map(Self.withoutHeader).joined(separator: "\n"))]
    state.withLock { $0.libraries["_lib"] = result }
    return result
  }

  /// The comment that opens a file need not travel.
  private static func withoutHeader(_ text: String) -> Substring {
    var rest = text[...]
    while let first = rest.utf8.first, first == UInt8(ascii: "#") || first == UInt8(ascii: "\n") {
      rest = rest.utf8.firstIndex(of: UInt8(ascii: "\n")).map { rest[rest.utf8.index(after: $0)...] } ?? ""
    }
    return rest
  }
}

/// A module that cannot be used as it stands on disk.
package struct ModuleCatalogError: Error, Sendable, Equatable {
  package var message: String

  package init(_ message: String) { self.message = message }
}

extension ModuleCatalog {
  private func find(_ name: String, _ state: inout State) -> ModuleManifest? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let short = parts.last.map(String.init), Self.isName(short) else { return nil }
    if parts.count == 1, let executable = executable(short, state.libraryFolders) { return executable }
    for folder in moduleFolders {
      guard let manifest = read("\(folder)/\(short)", named: short, folder, &state) else { continue }
      if parts.count == 1 || manifest.qualifiedNames.contains(name) || name == "ansible.legacy.\(short)" { return manifest }
    }
    return nil
  }

  /// A folder's manifest; one that only says `alias_of` is another name for its neighbour.
  private func read(_ path: String, named name: String, _ folder: String, _ state: inout State) -> ModuleManifest? {
    guard let text = Self.text(of: "\(path)/module.yml") else { return nil }
    let file = SourceFile(path: "\(path)/module.yml", text: text)
    let fragment = { (name: String) -> SourceFile? in
      let path = "\(folder)/_fragments/\(name).yml"
      return Self.text(of: path).map { SourceFile(path: path, text: $0) }
    }
    switch ModuleManifest.parse(file, name: name, directory: path, fragment: fragment, into: &state.diagnostics) {
    case .manifest(let manifest): return manifest
    case .alias(let other, let qualifiedNames):
      guard other != name, var manifest = read("\(folder)/\(other)", named: other, folder, &state) else { return nil }
      manifest.qualifiedNames += qualifiedNames
      return manifest
    case nil: return nil
    }
  }

  private func executable(_ name: String, _ folders: [String]) -> ModuleManifest? {
    for folder in folders {
      for entry in Self.entries(of: folder) where Self.withoutExtension(entry) == name {
        let path = "\(folder)/\(entry)"
        if Self.isReadable("\(path)/module.yml") { continue }
        var manifest = ModuleManifest(name: name, kind: .executable, directory: path)
        manifest.acceptsAnyOption = true
        return manifest
      }
    }
    return nil
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix("_")
      && text.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || isalnum(Int32($0)) != 0 }
  }

  private static func withoutExtension(_ name: String) -> String {
    name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
  }

  private static var systemMessage: String { String(cString: strerror(errno)) }

  private static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  static func entries(of folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var result: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { result.append(name) }
    }
    return result.sorted()
  }

  static func text(of path: String) -> String? {
    bytes(of: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A file's content; nil where it can't be read.
  package static func bytes(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return ferror(file) == 0 ? result : nil }
      result.append(contentsOf: chunk[..<count])
    }
  }
}
