import Model
import Parsing
import Testing

struct InventoryTests {
  static let family = """
    [site:children]
    east
    west
    [east]
    a
    [west]
    a
    b
    [zoo:children]
    west
    [low]
    a
    [low:vars]
    ansible_group_priority=9
    """

  @Test func `groups merge by depth, then priority, then name`() async throws {
    let inventory = try await ReadInventory(Self.family).inventory
    let a = try #require(inventory.host(named: "a"))
    #expect(inventory.groups(of: a).map { inventory[$0].name } == ["site", "zoo", "low", "east", "west"])
    #expect(inventory.groupNames(of: a) == ["east", "low", "site", "west", "zoo"])
    #expect(inventory.group(named: "west").map { inventory[$0].depth } == 2)
  }

  @Test func `hosts of a group are its own, then its children's, each once`() async throws {
    let inventory = try await ReadInventory(Self.family).inventory
    #expect(inventory.names(inventory.hosts(in: try #require(inventory.group(named: "site")))) == "a b")
    #expect(inventory.names(inventory.allHosts) == "a b")
  }

  @Test func `hosts of the same groups share what depends on groups`() async throws {
    let inventory = try await ReadInventory("[g]\na\nb\n[h]\nb\n[i]\nc\n[g]\nd\n").inventory
    func key(_ name: String) -> Int? { inventory.host(named: name).map(inventory.membershipKey) }
    #expect(key("a") == key("d"))
    #expect(key("a") != key("b"))
  }

  @Test func `localhost is there for the asking, in no group, unless the inventory names it`() async throws {
    let without = try await ReadInventory("a\n").inventory
    let local = try #require(without.hostOrLocalhost(named: "127.0.0.1"))
    #expect(without[local].isImplicit)
    #expect(without.host(named: "localhost") == nil)
    #expect(without.names(without.allHosts) == "a")
    #expect(json(without[local].variables) == #"{"ansible_connection": "local"}"#)
    let with = try await ReadInventory("127.0.0.1 x=1\n").inventory
    #expect(with.hostOrLocalhost(named: "localhost") == with.host(named: "127.0.0.1"))
  }

  @Test func `a run can add hosts and groups`() async throws {
    var inventory = try await ReadInventory("[web]\na\n").inventory
    var diagnostics = Diagnostics()
    let version = inventory.version
    inventory.addHost("new", to: inventory.addGroup("web"))
    inventory.addHost("alone")
    inventory.addHost("a", to: inventory.addGroup("os_Debian"))
    inventory.reconcile(into: &diagnostics)
    #expect(inventory.summary == ["ungrouped: alone", "web: a new", "os_Debian: a"])
    #expect(inventory.names(inventory.allHosts) == "alone a new")
    #expect(inventory.groupNames(of: try #require(inventory.host(named: "a"))) == ["os_Debian", "web"])
    #expect(inventory.version > version)
    #expect(diagnostics.all.isEmpty)
  }

  @Test(arguments: [("web1.example.com", "web1"), ("10.0.0.1", "10.0.0.1"), ("::1", "::1"), ("web", "web")])
  func `a short name ends at the first dot, an address doesn't`(name: String, short: String) async throws {
    let inventory = try await ReadInventory("\(name)\n").inventory
    #expect(inventory.host(named: name).map { inventory[$0].shortName } == short)
  }
}
