import Model
import Parsing
import Planning
import Synchronization
import Templating

/// What lookups ask beside files: settings, and the hosts of an inventory that is read after the first template.
struct LookupAccess {
  /// The roster, once there is one.
  final class Late: Sendable {
    private let roster = Mutex<HostRoster?>(nil)

    func set(_ roster: HostRoster) { self.roster.withLock { $0 = roster } }

    func hosts(matching pattern: String) -> [String] {
      roster.withLock { $0 }?.hosts(matching: pattern, limit: nil).hosts ?? []
    }
  }

  let roster = Late()
  let controller: ControllerAccess

  init(_ settings: Settings, _ vault: VaultPasswords) {
    var access = vault.opening(.local)
    access.hosts = { [roster] in roster.hosts(matching: $0) }
    access.setting = { name in settings.entry(name).flatMap { SettingDefinition.byName[name]?.value(of: $0) } }
    controller = access
  }
}
