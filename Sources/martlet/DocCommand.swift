import ArgumentParser
import Foundation
import Model
import ModuleLibrary
import Parsing

/// `martlet doc`: pages of modules, made of their manifests.
struct DocCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "doc", abstract: "Show what modules and keywords there are.")

  enum Kind: String, ExpressibleByArgument, CaseIterable { case module, keyword }

  @Flag(name: [.short, .long], help: "List all.")
  var list = false

  @Flag(name: [.short, .long], help: "As JSON.")
  var json = false

  @Option(name: [.short, .long], help: "module or keyword.")
  var type = Kind.module

  @Option(name: [.customShort("M"), .customLong("module-path")], help: "Folders with modules, separated by colons, looked in first.")
  var modulePath: String?

  @Argument(help: "Names of modules or keywords.")
  var names: [String] = []

  func validate() throws {
    if names.isEmpty, !list { throw ValidationError("name a module, or use --list") }
  }

  func run() throws {
    switch type {
    case .module: try showModules(try ModuleSearch.catalog(modulePath: modulePath))
    case .keyword: try showKeywords()
    }
  }

  private func showModules(_ catalog: ModuleCatalog) throws {
    if list {
      let all = catalog.names.compactMap { name in catalog.manifest(named: name) }
      if json {
        return print(Self.text(.dict(Value.Dict(
          all.map { (.string($0.name), .string($0.shortDescription)) }, uniquingKeysWith: { first, _ in first }))))
      }
      return print(ModulePage.listing(all), terminator: "")
    }
    var pages: Value.Dict = [:]
    for name in names {
      guard let manifest = catalog.manifest(named: name) else {
        let near = nearestName(to: name, among: catalog.names).map { ": did you mean '\($0)'?" } ?? ""
        throw CommandFailure(exitStatus: 1, "there is no module '\(name)'\(near)")
      }
      if json { pages[.string(name)] = ModulePage(manifest).json } else { print(ModulePage(manifest).text) }
    }
    if json { print(Self.text(.dict(pages))) }
  }

  private func showKeywords() throws {
    let places: [(name: String, keywords: Set<String>)] = [
      ("Play", KeywordNames.play), ("Role", KeywordNames.roleUse), ("Block", KeywordNames.block), ("Task", KeywordNames.task),
      ("Handler", KeywordNames.handler),
    ]
    let all = Set(places.flatMap(\.keywords)).sorted()
    if let unknown = names.first(where: { !all.contains($0) }) {
      let near = nearestName(to: unknown, among: all).map { ": did you mean '\($0)'?" } ?? ""
      throw CommandFailure(exitStatus: 1, "there is no keyword '\(unknown)'\(near)")
    }
    let shown = (list ? all : names).map { name in
      (
        name: name, places: places.filter { $0.keywords.contains(name) }.map(\.name),
        isOwn: KeywordNames.ownOfTasks.union(KeywordNames.ownOfPlays).contains(name)
      )
    }
    if json {
      let entries = shown.map { (Value.string($0.name), Value.dict(["applies_to": .list($0.places.map(Value.string))])) }
      return print(Self.text(.dict(Value.Dict(entries, uniquingKeysWith: { first, _ in first }))))
    }
    let width = shown.map(\.name.count).max() ?? 0
    for keyword in shown {
      let gap = String(repeating: " ", count: width - keyword.name.count + 2)
      print(keyword.name + gap + keyword.places.joined(separator: ", ") + (keyword.isOwn ? " (Martlet's own)" : ""))
    }
  }

  static func text(_ value: Value) -> String { value.json(JSONEncoding(ensureASCII: false, indent: 4)) }
}

/// `martlet schema`: what editors check runbooks with.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print a JSON schema of runbooks, with all modules there are, for editors.")

  @Option(name: [.customShort("M"), .customLong("module-path")], help: "Folders with modules, separated by colons, looked in first.")
  var modulePath: String?

  func run() throws {
    let catalog = try ModuleSearch.catalog(modulePath: modulePath)
    print(DocCommand.text(RunbookSchema(catalog.names.compactMap { catalog.manifest(named: $0) }).value))
  }
}

extension ModuleSearch {
  /// The modules that a runbook in this folder would find.
  static func catalog(modulePath: String?) throws -> ModuleCatalog {
    let environment = ProcessInfo.processInfo.environment
    var diagnostics = Diagnostics()
    let settings = Settings(environment: environment, into: &diagnostics)
    try diagnostics.tell(exitStatus: 1)
    var flags = try RunFlags.parse([])
    flags.modulePath = modulePath
    return ModuleSearch(flags, settings, environment, folders: [FileManager.default.currentDirectoryPath]).catalog()
  }
}
