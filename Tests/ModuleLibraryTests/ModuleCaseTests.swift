import Glibc
import Model
import ModuleLibrary
import ModuleTesting
import Parsing
import Testing

let modulesFolder = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Modules"

/// Every case of every module, on every shell: check mode predicts and touches nothing, the run does it, a second run finds
/// nothing left to do.
@Suite struct ModuleCaseTests {
  static let catalog = ModuleCatalog(moduleFolders: [modulesFolder])
  static let only = getenv("MARTLET_CASE").map { String(cString: $0) }

  /// The cases of all modules, or of the one asked for, and what is wrong with their files.
  static let all: (cases: [ModuleCase], diagnostics: Diagnostics) = {
    var diagnostics = Diagnostics()
    let cases = LocalFile.entries(of: modulesFolder).sorted().filter { only == nil || $0 == only }
      .flatMap { ModuleCase.all(of: $0, in: "\(modulesFolder)/\($0)/cases", into: &diagnostics) }
    return (cases, diagnostics)
  }()

  static func cases(of module: String) -> [ModuleCase] { all.cases.filter { $0.module == module } }

  @Test(arguments: ShellUnderTest.kinds, all.cases)
  func `a module does on each shell what its case says`(shell: [String], example: ModuleCase) throws {
    let manifest = try #require(Self.catalog.manifest(named: example.module))
    guard case .failed(let findings) = ModuleTest(manifest, catalog: Self.catalog).outcome(of: example, on: shell) else { return }
    for finding in findings { Issue.record("\(finding)") }
  }

  @Test func `each case reads without a mistake`() { #expect(Self.all.diagnostics.all.map(\.description) == []) }

  @Test func `each module description reads without a mistake`() {
    let catalog = ModuleCatalog(moduleFolders: [modulesFolder])
    for name in catalog.names { #expect(catalog.manifest(named: name) != nil, "\(name)") }
    #expect(catalog.diagnostics.all.map(\.description) == [])
  }

  @Test func `each module on the host has cases`() {
    for name in Self.catalog.names where Self.only == nil || name == Self.only {
      guard let manifest = Self.catalog.manifest(named: name), manifest.kind == .shell, manifest.name == name else { continue }
      #expect(!Self.cases(of: name).isEmpty, "\(name) has no case")
    }
  }
}

extension ModuleCase: CustomTestStringConvertible {
  package var testDescription: String { "\(module): \(name)" }
}
