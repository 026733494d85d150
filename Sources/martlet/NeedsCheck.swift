import Model
import ModuleLibrary
import Parsing
import Planning

/// What is wrong with `needs`, before a host is touched: ids that no task has, tasks that wait for each other.
struct NeedsCheck {
  private(set) var diagnostics = Diagnostics()

  init(_ plays: [Play], _ catalog: ModuleCatalog) {
    for play in plays {
      var compiler = PlayCompiler(
        options: .init(),
        shortName: { catalog.manifest(named: $0)?.name ?? String($0.split(separator: ".").last ?? "") },
        renderTags: { _ in [] })
      diagnostics.add(contentsOf: compiler.compile(play, key: "").diagnostics)
    }
  }
}
