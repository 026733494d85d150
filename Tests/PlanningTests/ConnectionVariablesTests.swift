import Model
import Parsing
import Planning
import Testing

struct ConnectionVariablesTests {
  private func connection(
    _ variables: [String: Value], keywords: ConnectionVariables.Keywords = .init(),
    commandLine: ConnectionVariables.CommandLine = .init(), settings: Settings = Settings()
  ) throws -> ConnectionVariables {
    try ConnectionVariables(
      host: "web1", variable: { variables[$0] }, keywords: keywords, commandLine: commandLine, settings: settings)
  }

  @Test func `without variables a host is reached by its name over ssh`() throws {
    let plain = try connection([:])
    #expect(plain.kind == .ssh)
    #expect(plain.host == "web1")
    #expect(plain.port == nil && plain.user == nil && plain.become == nil)
    #expect(plain.checksHostKeys && plain.connectTimeoutSeconds == 10)
  }

  @Test func `a variable beats a keyword, a keyword the command line, and that the settings`() throws {
    var settings = Settings(), keywords = ConnectionVariables.Keywords(),
    commandLine = ConnectionVariables.CommandLine()
    settings.set("DEFAULT_REMOTE_USER", to: .text("setting"))
    #expect(try connection([:], settings: settings).user == "setting")
    commandLine.remoteUser = "flag"
    #expect(try connection([:], commandLine: commandLine, settings: settings).user == "flag")
    keywords.remoteUser = "keyword"
    #expect(try connection([:], keywords: keywords, commandLine: commandLine, settings: settings).user == "keyword")
    let variables: [String: Value] = ["ansible_user": "variable"]
    #expect(try connection(variables, keywords: keywords, commandLine: commandLine, settings: settings).user == "variable")
  }

  @Test func `of two names for one thing the one for ssh wins`() throws {
    let both = try connection([
      "ansible_host": "a", "ansible_ssh_host": "b", "ansible_port": 1, "ansible_ssh_port": "2", "ansible_password": "x",
      "ansible_ssh_pass": "y",
    ])
    #expect(both.host == "b")
    #expect(both.port == 2)
    #expect(both.password?.revealed == "y")
  }

  static let kinds: [(String, ConnectionVariables.Kind?)] = [
    ("ssh", .ssh), ("smart", .ssh), ("paramiko", .ssh), ("ansible.builtin.ssh", .ssh), ("local", .local),
    ("ssh_binary", .sshBinary),
    ("winrm", nil), ("docker", nil),
  ]

  @Test(arguments: kinds)
  func `a connection that Martlet does not have is an error`(name: String, kind: ConnectionVariables.Kind?) {
    #expect((try? connection(["ansible_connection": .string(name)]))?.kind == kind)
    guard kind == nil else { return }
    #expect { try connection(["ansible_connection": .string(name)]) } throws: {
      ($0 as? ConnectionVariables.Problem)?.message == "host web1: there is no connection '\(name)'; it is ssh, ssh_binary or local"
    }
  }

  @Test func `ssh arguments are split into words, common ones first`() throws {
    let read = try connection([
      "ansible_ssh_args": "-C", "ansible_ssh_common_args": "-o ProxyCommand=\"ssh -W %h:%p jump\"",
      "ansible_ssh_extra_args": "-v",
    ])
    #expect(read.arguments == ["-C", "-o", "ProxyCommand=ssh -W %h:%p jump", "-v"])
  }

  static let becomes: [([String: Value], ConnectionVariables.Become?)] = [
    ([:], nil),
    (["ansible_become": "yes"], .init(method: .sudo, user: "root", flags: [])),
    (["ansible_become": true, "ansible_become_user": "db", "ansible_sudo_pass": "x"],
      .init(method: .sudo, user: "db", password: Secret("x"), flags: [])),
    (["ansible_become": true, "ansible_become_method": "su", "ansible_su_user": "a", "ansible_become_flags": "-l -m"],
      .init(method: .su, user: "a", flags: ["-l", "-m"])),
    (["ansible_become": true, "ansible_become_method": "ansible.builtin.sudo", "ansible_become_exe": "/x/sudo"],
      .init(method: .sudo, user: "root", flags: [], executable: "/x/sudo")),
  ]

  @Test(arguments: becomes)
  func `becoming follows the variables of its method`(variables: [String: Value], become: ConnectionVariables.Become?) throws {
    #expect(try connection(variables).become == become)
  }

  static let mistakes: [([String: Value], String)] = [
    (["ansible_port": "ssh"], "host web1: variable ansible_port must be a whole number, not 'ssh'"),
    (["ansible_become": "maybe"], "host web1: variable ansible_become must be yes or no"),
    (["ansible_host": ["a"]], "host web1: variable ansible_host must be a text"),
    (["ansible_become": true, "ansible_become_method": "runas"], "host web1: there is no become method 'runas'; it is sudo, su or doas"),
    (["ansible_ssh_args": "-o 'x"], "host web1: ssh arguments '-o 'x' can't be split into words"),
  ]

  @Test(arguments: mistakes)
  func `a variable of the wrong kind is told by name`(variables: [String: Value], message: String) {
    #expect { try connection(variables) } throws: { ($0 as? ConnectionVariables.Problem)?.message == message }
  }
}
