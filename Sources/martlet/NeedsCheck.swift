import Model
import ModuleLibrary
import Parsing
import Planning

/// What is wrong with `needs`, before a host is touched: ids that no task or play has, tasks or plays that wait for each other.
struct NeedsCheck {
  private(set) var diagnostics = Diagnostics()

  init(_ plays: [Play], _ catalog: ModuleCatalog) {
    diagnostics.add(contentsOf: PlayNeeds([plays]).diagnostics)
    for play in plays {
      var compiler = PlayCompiler(
        options: .init(),
        shortName: { catalog.manifest(named: $0)?.name ?? String($0.split(separator: ".").last ?? "") },
        renderTags: { _ in [] })
      diagnostics.add(contentsOf: compiler.compile(play, key: "").diagnostics)
    }
  }
}
