import Foundation
import Model
import Support
import Testing

@testable import Transport

/// Every server configuration times every credential: all log in, and by which transport is asserted.
@Suite(.enabled(if: LoopbackSSHServer.isAvailable, "no sshd on this machine"))
struct LoginMatrixTests {
  struct Server: Sendable, CustomTestStringConvertible {
    var name: String
    var lines: [String]
    var hostKey: String
    var usesBinary: Bool
    var testDescription: String { name }

    static let all = [
      Server(name: "Debian's default", lines: [], hostKey: "ed25519", usesBinary: false),
      Server(
        name: "dev-sec hardening",
        lines: [
          "KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,"
            + "diffie-hellman-group-exchange-sha256",
          "Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr",
          "MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-512,hmac-sha2-256",
          "MaxSessions 10", "MaxStartups 10:30:60", "LoginGraceTime 30s", "MaxAuthTries 2", "AllowTcpForwarding no",
          "PermitTTY yes", "UseDNS no", "TCPKeepAlive no", "ClientAliveInterval 300", "ClientAliveCountMax 3",
        ], hostKey: "ed25519", usesBinary: false),
      Server(
        name: "etm only", lines: ["MACs hmac-sha2-256-etm@openssh.com", "Ciphers aes128-ctr"], hostKey: "ed25519", usesBinary: true),
      Server(
        name: "AEAD only", lines: ["Ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com"], hostKey: "ed25519",
        usesBinary: true),
      Server(name: "RSA host key only", lines: [], hostKey: "rsa", usesBinary: true),
    ]
  }

  enum Credential: String, Sendable, CaseIterable {
    case ed25519 = "-t ed25519"
    case ecdsa521 = "-t ecdsa -b 521"
    case rsa = "-t rsa -b 2048"
    case rsaPEM = "-t rsa -b 2048 -m PEM"
    case agent

    static let passphrase = "pass phrase"
  }

  /// One key of each kind, all sealed but the agent's, and the agent.
  final class Keys: Sendable {
    let agent = SSHAgentTests.RunningAgent()
    var folder: String { agent.folder.path }

    init() {
      for kind in Credential.allCases where kind != .agent {
        agent.tool("ssh-keygen -q -a 1 \(kind.rawValue) -N '\(Credential.passphrase)' -f '\(kind)'")
      }
      agent.tool("ssh-keygen -q -t ed25519 -N '' -f agent-key && ssh-add -q agent-key && rm agent-key && cat *.pub >all")
    }
  }

  static let keys = Keys()

  static func settings(_ credential: Credential, _ server: LoopbackSSHServer) -> ConnectionSettings {
    var settings = SessionPoolTests.settings(server)
    if credential == .agent {
      settings.privateKeyFile = nil
      settings.extraArguments = ["-F", "none", "-o", "IdentityAgent=\(keys.folder)/agent"]
    } else {
      settings.privateKeyFile = "\(keys.folder)/\(credential)"
      settings.privateKeyPassphrase = Secret(.string(Credential.passphrase))
    }
    return settings
  }

  @Test(arguments: Server.all)
  func `every credential logs in, by the right transport`(configuration: Server) async throws {
    let server = try await LoopbackSSHServer(options: configuration.lines, hostKeyTypes: [configuration.hostKey])
    try await LoopbackSSHServer.run(["/bin/sh", "-c", "cat '\(Self.keys.folder)/all' >>'\(server.folder)/authorized_keys'"])
    for credential in Credential.allCases {
      let notices = SessionPoolTests.Notices()
      let pool = SessionPoolTests.pool(notices)
      do {
        let session = try await pool.session(for: Self.settings(credential, server))
        let answer = try await session.run(ShellRequest(script: "echo $((6 * 7))")).stdout
        #expect(answer == Array("42\n".utf8))
        #expect(notices.all.contains { $0.contains("ssh binary") } == configuration.usesBinary, "\(credential): \(notices.all)")
      } catch {
        Issue.record("\(credential): \(error)")
      }
      await pool.closeAll()
    }
  }
}
