import Foundation
import ModuleLibrary
import Parsing

/// Where modules are looked for: `--module-path`, `MARTLET_MODULES`, `Modules` beside the runbook, `share/martlet/Modules`
/// beside the real executable's folder; and `library/` folders with executables of the user's.
struct ModuleSearch {
  let flags: RunFlags
  let settings: Settings
  let environment: [String: String]
  let folders: [String]

  init(_ flags: RunFlags, _ settings: Settings, _ environment: [String: String], folders: [String]) {
    self.flags = flags
    self.settings = settings
    self.environment = environment
    self.folders = folders
  }

  func catalog() -> ModuleCatalog {
    let given = split(flags.modulePath)
    let modules = given + split(environment["MARTLET_MODULES"]) + folders.map { "\($0)/Modules" } + installed
    let libraries = given + folders.map { "\($0)/library" } + settings.libraryPath
    if !modules.contains(where: isFolder) {
      let places = modules.joined(separator: ", ")
      StandardError.write("[WARNING]: no modules are installed: looked in \(places)\n  MARTLET_MODULES or --module-path name their folder\n")
    }
    return ModuleCatalog(moduleFolders: modules.filter(isFolder), libraryFolders: libraries.filter(isFolder))
  }

  /// `bin/martlet` finds `share/martlet/Modules`; a build in the source tree finds the tree's `Modules`.
  private var installed: [String] {
    guard let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return [] }
    var folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
    var found = [folder.deletingLastPathComponent().appendingPathComponent("share/martlet/Modules").path]
    for _ in 0..<4 {
      folder.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path) {
        found.append(folder.appendingPathComponent("Modules").path)
      }
    }
    return found
  }

  private func split(_ paths: String?) -> [String] {
    paths?.split(separator: ":").map { NSString(string: String($0)).expandingTildeInPath } ?? []
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
