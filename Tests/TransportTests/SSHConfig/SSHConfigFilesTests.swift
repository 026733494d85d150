import Model
import Testing

@testable import Transport

@Suite struct SSHConfigFilesTests {
  let folder = TestFolder()

  init() { ShellCommand.mustRun("mkdir -m 700 '\(folder.path)/.ssh' '\(folder.path)/.ssh/more'") }

  private func resolve(
    _ host: String = "b", change: (inout ConnectionSettings) -> Void = { _ in }
  ) -> ResolvedSSHSettings {
    var settings = ConnectionSettings(kind: .ssh, host: host)
    change(&settings)
    return resolver.resolve(settings)
  }

  private var resolver: SSHSettingsResolver {
    let context = SSHLocalContext(
      user: "me", userID: 7, homeFolder: folder.path, hostName: "here.example",
      environment: ["SSH_AUTH_SOCK": "/agent", "OTHER": "/other"],
      homeFolderOfUser: { $0 == "joe" ? "/home/joe" : nil })
    return SSHSettingsResolver(context: context, systemFile: folder.path + "/system")
  }

  @Test func `the user's file comes before the system's`() {
    folder.write(".ssh/config", "Host b\nPort 1\n")
    folder.write("system", "Port 2\nUser system\n")
    let settings = resolve()
    #expect(settings.port == 1)
    #expect(settings.user == "system")
    #expect(resolve("c").port == 2)
  }

  @Test func `what a host's variables say comes before everything`() {
    folder.write(".ssh/config", "Port 1\nUser file\nIdentityFile /file\nStrictHostKeyChecking no\nProxyJump file")
    let settings = resolve {
      $0.port = 3
      $0.user = "variable"
      $0.privateKeyFile = "~/100%"
      $0.hostKeyChecking = .yes
      $0.knownHostsFiles = ["/k1", "~/k2"]
      $0.jumpHosts = ["u@j1:24", "j2"]
      $0.connectTimeoutSeconds = 2.5
      $0.extraArguments = ["-p", "4", "-o", "User=argument", "-i", "/argument"]
    }
    #expect(settings.port == 3)
    #expect(settings.user == "variable")
    #expect(settings.identityFiles == [folder.path + "/100%", "/argument", "/file"])
    #expect(settings.strictHostKeyChecking == .ask)
    #expect(settings.userKnownHostsFiles == ["/k1", folder.path + "/k2"])
    #expect(settings.jumps == [SSHJumpHost(user: "u", host: "j1", port: 24), SSHJumpHost(host: "j2")])
    #expect(settings.connectTimeoutSeconds == 2.5)
    #expect(settings.unsupported == [])
  }

  @Test func `defaults are OpenSSH's`() {
    let settings = resolve("Web1")
    #expect(settings.user == "me")
    #expect(settings.hostName == "web1")
    #expect(settings.agentSocket == "/agent")
    #expect(settings.identityFiles.first == folder.path + "/.ssh/id_rsa")
    #expect(settings.authenticationMethods == [.publicKey, .keyboardInteractive, .password])
    #expect(settings.hostKeyName == HostKeyName(host: "web1", port: 22))
  }

  @Test func `included files belong to the block that includes them`() {
    folder.write(".ssh/more/1.conf", "User first\nHost c\nPort 3\n")
    folder.write(".ssh/more/2.conf", "User second\nPort 2\n")
    folder.write(
      ".ssh/config",
      "Host x\nInclude more/*.conf\nUser never\nHost b c\nInclude more/*.conf none.conf\nBindAddress ::1")
    #expect(resolve("b").user == "first")
    #expect(resolve("b").port == 2)
    #expect(resolve("b").bindAddress == "::1")
    #expect(resolve("c").port == 3)
    #expect(resolve("d").user == "me")
  }

  @Test func `files that include each other end`() {
    folder.write(".ssh/config", "Include config\nPort 3")
    let settings = resolve()
    #expect(settings.port == 3)
    #expect(settings.unsupported.map(\.reason) == ["Include goes deeper than 16 files"])
  }

  @Test func `a user's file that others may write is refused`() {
    folder.write(".ssh/config", "Port 3", mode: 0o666)
    #expect(resolve().unsupported.first?.reason.contains("chmod 600") == true)
    #expect(resolve().port == 22)
  }

  @Test(arguments: [
    ("IdentityAgent none", nil), ("IdentityAgent SSH_AUTH_SOCK", "/agent"), ("IdentityAgent $OTHER", "/other"),
    ("IdentityAgent ${OTHER}/%n", "/other/b"), ("IdentityAgent ~joe/agent", "/home/joe/agent"),
    ("IdentityAgent $UNSET", nil),
  ] as [(String, String?)]) func `an agent's socket is found`(config: String, socket: String?) {
    folder.write(".ssh/config", config)
    #expect(resolve().agentSocket == socket)
    #expect(resolve().unsupported == [])
  }

  @Test func `jump hosts have settings of their own`() throws {
    folder.write(
      ".ssh/config",
      """
      Host target
        ProxyJump near,u@far:24
        User tom
      Host near
        HostName near.example
        ProxyJump outer
      Host far
        ProxyJump ignored
      """)
    let chain = try resolver.jumpChain(to: resolve("target"))
    #expect(chain.map(\.hostName) == ["outer", "near.example", "far"])
    #expect(chain.map(\.user) == ["me", "me", "u"])
    #expect(chain.map(\.port) == [22, 22, 24])
  }

  /// As ansible-core's askpass does, whoever asks.
  @Test func `a jump host that asks for a password gets that of the host behind it, and no other secret`() throws {
    let target = resolve("target") {
      $0.jumpHosts = ["a", "b"]
      $0.password = Secret(.string("it's me"))
      $0.privateKeyPassphrase = Secret(.string("of a key"))
    }
    let chain = try resolver.jumpChain(to: target)
    #expect(chain.map { $0.password?.revealed } == [.string("it's me"), .string("it's me")])
    #expect(chain.allSatisfy { $0.privateKeyPassphrase == nil })
  }

  @Test func `jump hosts are looked up in the file that was given for their target`() throws {
    folder.write(".ssh/config", "Port 1")
    folder.write("other", "Host target\nProxyJump near\nHost near\nPort 7")
    let target = resolve("target") { $0.extraArguments = ["-F", folder.path + "/other", "-p", "9"] }
    #expect(target.port == 9)
    #expect(try resolver.jumpChain(to: target).map(\.port) == [7])
  }

  @Test func `a certificate beside a key needs the binary`() {
    folder.write(".ssh/id_ed25519-cert.pub", "")
    #expect(resolve().unsupported.map(\.place) == [.file(path: folder.path + "/.ssh/id_ed25519-cert.pub", line: 0)])
  }

  @Test(arguments: ["ProxyJump bastion", "Host a\nProxyJump b\nHost *\nProxyJump a"])
  func `jump hosts in a circle are told`(config: String) {
    folder.write(".ssh/config", config)
    #expect(throws: JumpLoopError.self) { try resolver.jumpChain(to: resolve("target")) }
  }

  @Test(arguments: [
    ("ssh -W %h:%p bastion", SSHJumpHost(host: "bastion")),
    ("/usr/bin/ssh -q -W [%h]:%p joe@bastion", SSHJumpHost(user: "joe", host: "bastion")),
    ("ssh -qW %h:%p %r@b.%h", SSHJumpHost(user: "me", host: "b.target")),
  ]) func `a ProxyCommand that is a jump host becomes one`(command: String, jump: SSHJumpHost) {
    folder.write(".ssh/config", "ProxyCommand \(command)")
    var found = resolve("target").jumps.first
    found?.arguments = []
    #expect(found == jump)
    #expect(resolve("target").unsupported == [])
  }

  @Test func `options of such a ProxyCommand count for its hop`() throws {
    let command = "ssh -o StrictHostKeyChecking=no -p 24 -i ~/k -W %h:%p bastion"
    folder.write(".ssh/config", "Host target\nProxyCommand \(command)")
    let hop = try #require(try resolver.jumpChain(to: resolve("target")).first)
    #expect(hop.port == 24)
    #expect(hop.strictHostKeyChecking == .no)
    #expect(hop.identityFiles == [folder.path + "/k"])
    #expect(hop.unsupported == [])
  }

  @Test(arguments: [
    "nc %h %p", "ssh bastion nc %h %p", "ssh -W %h:22 bastion", "ssh -W %h:%p bastion | tee x", "ssh -W %h:%p $B",
    "ssh -W %h:%p a b", "ssh -W %h:%p",
  ]) func `any other ProxyCommand needs the binary`(command: String) {
    folder.write(".ssh/config", "ProxyCommand \(command)")
    #expect(resolve("target").unsupported.map(\.keyword) == ["ProxyCommand"])
    #expect(resolve("target").jumps == [])
  }
}
