import Model
import Parsing
import Support
import Testing

struct ExampleInventoriesTests {
  @Test(arguments: ["hosts.ini", "hosts.yml", "hosts.json", "hosts.sh", "site"])
  func `every example says the same`(name: String) throws {
    var diagnostics = Diagnostics()
    let loader = InventoryLoader(baseDirectory: SourceTree.root + "/Inventory")
    let inventory = loader.load([name], into: &diagnostics)
    let files = VariableFiles(reading: .withoutVault)
    let hosts = inventory.allHosts.map { host -> String in
      var merged: [String: String] = [:]
      for layer in files.layers(of: host, in: inventory, playbookDirectories: [], into: &diagnostics) {
        for (name, value) in layer.variables where !name.hasPrefix("inventory_") {
          merged[name] = value.constant?.pythonText ?? "a template"
        }
      }
      let variables = merged.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      return "\(inventory[host].name) \(inventory.groupNames(of: host)) \(variables)"
    }
    let common = "motd=a template ntp_servers=['ntp1.example.com', 'ntp2.example.com']"
    #expect(diagnostics.all.isEmpty)
    #expect(hosts == [
      #"web1.example.com ["production", "web"] ansible_user=deploy http_port=8080 \#(common)"#,
      #"web2.example.com ["production", "web"] ansible_user=deploy http_port=8080 \#(common)"#,
      #"db1.example.com ["db", "production"] ansible_host=192.0.2.20 ansible_user=deploy backup_keep=7 \#(common)"#,
      #"db2.example.com ["db", "production"] ansible_host=192.0.2.21 ansible_port=2222 ansible_user=deploy backup_keep=14 \#(common)"#,
    ])
  }
}
