import Testing

@testable import Transport

/// What sends a host to the ssh binary, and what it is told.
@Suite struct SSHConfigUnsupportedTests {
  let folder = TestFolder()

  private func resolve(_ config: String, _ arguments: [String] = []) -> ResolvedSSHSettings {
    var settings = ConnectionSettings(kind: .ssh, host: "b")
    settings.extraArguments = ["-F", folder.write("config", config)] + arguments
    let context = SSHLocalContext.current(environment: ["SET": "x"])
    return SSHSettingsResolver(context: context).resolve(settings)
  }

  @Test(arguments: [
    ("ProxyCommand nc %h %p", "ProxyCommand", 1), ("\nMatch exec \"true\"\nPort 1", "Match exec", 2),
    ("CertificateFile ~/c", "CertificateFile", 1), ("ForwardAgent yes", "ForwardAgent", 1),
    ("Port 0", "Port", 1), ("Port abc", "Port", 1), ("Host b\nSetEnv A=b", "SetEnv", 2),
    ("Bogus 1", "Bogus", 1), ("User \"ab", "ssh configuration", 1), ("User", "ssh configuration", 1),
    ("Match foo", "ssh configuration", 1), ("Match all user x", "ssh configuration", 1),
    ("Match", "ssh configuration", 1),
    ("Match tagged x", "Match tagged", 1), ("User a b", "User", 1), ("RemoteForward 1 h:2", "RemoteForward", 1),
    ("StrictHostKeyChecking maybe", "StrictHostKeyChecking", 1), ("IdentityFile %z", "IdentityFile", 1),
    ("IdentityFile ${UNSET}/x", "IdentityFile", 1), ("HostName %p", "HostName", 1), ("ProxyJump a:x", "ProxyJump", 1),
    ("ConnectTimeout soon", "ConnectTimeout", 1), ("IdentityFile ~nobodyatall/x", "IdentityFile", 1),
    ("PKCS11Provider /usr/lib/x.so", "PKCS11Provider", 1), ("CanonicalizeHostname yes", "CanonicalizeHostname", 1),
  ]) func `what we can't honour is named with its place`(config: String, keyword: String, line: Int) {
    let unsupported = resolve(config).unsupported
    #expect(unsupported.map(\.keyword) == [keyword])
    #expect(unsupported.map(\.place) == [.file(path: folder.path + "/config", line: line)])
  }

  @Test(arguments: [
    "Host x\nProxyCommand nc %h %p", "Match host x exec \"true\"\nPort 1", "ProxyCommand none", "ForwardAgent no",
    "Match final exec true\nPort 1\nMatch !all\nBogus 2", "IdentityFile ${SET}", "CertificateFile none",
  ]) func `what does not concern the host does no harm`(config: String) {
    // `Match final` alone is read twice, and then asks.
    let names = resolve(config).unsupported.map(\.keyword)
    #expect(names == (config.contains("final") ? ["Match exec"] : []))
  }

  @Test(arguments: [
    (["-A"], "forwardagent"), (["-L", "1:h:2"], nil), (["-R", "1:h:2"], "-R"), (["-W", "a:1"], "-W"),
    (["web1"], "web1"), (["-o"], "-o"), (["-oProxyCommand=nc %h %p"], "ProxyCommand"), (["-o", "Host x"], "Host"),
    (["-o", "Bogus=x"], "Bogus"), (["-o", "ForwardAgent yes"], "ForwardAgent"),
    (["-qN"], "-N"), (["-I", "x.so"], "-I"), (["-tt", "-q", "-x"], nil),
  ] as [([String], String?)]) func `arguments that we can't honour are named`(words: [String], keyword: String?) {
    let unsupported = resolve("", words).unsupported
    #expect(unsupported.map(\.keyword) == (keyword.map { [$0] } ?? []))
    #expect(unsupported.allSatisfy { $0.place == .arguments })
  }

  @Test func `a missing file that was asked for is told`() {
    var settings = ConnectionSettings(kind: .ssh, host: "b")
    settings.extraArguments = ["-F", "/nowhere/config"]
    let resolved = SSHSettingsResolver(context: .current(environment: [:])).resolve(settings)
    let told = resolved.unsupported.map(\.description)
    #expect(told == ["ssh configuration (/nowhere/config): there is no such file"])
  }
}
