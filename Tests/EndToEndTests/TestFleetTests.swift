import Support
import Testing

/// That the hosts are what the other tests take them for.
@Suite(.serialized)
struct TestFleetTests {
  @Test(arguments: ["h1", "h2", "h3"])
  func `a host answers, by systemd and without Python`(_ host: String) async throws {
    let fleet = try await TestFleet.running()
    let answer = try await fleet.onHost(host, "cat /proc/1/comm; command -v python3 || echo no python")
    #expect(answer.status == 0, "\(answer.stderr)")
    if fleet.kind == .nspawn { #expect(answer.stdout == "systemd\nno python\n") }
  }

  @Test func `hosts have identities of their own and know an older and a newer package`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    let names = try await fleet.onHost("h2", "hostname; apt-cache madison martlet-demo | cut -d'|' -f2 | tr -d ' '")
    #expect(names.stdout == "h2\n1.1\n1.0\n")
    let first = try await fleet.onHost("h1", "cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub")
    let second = try await fleet.onHost("h2", "cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub")
    #expect(first.stdout != second.stdout)
  }
}
