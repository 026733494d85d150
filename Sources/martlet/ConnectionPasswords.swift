import Foundation
import Model
import Parsing
import Planning
import Vault

/// The passwords for logging in and for becoming: asked for (`-k`, `-K`), or from files and scripts.
struct ConnectionPasswords {
  var login: Secret?
  var become: Secret?

  init(_ flags: RunFlags, _ settings: Settings) throws {
    let asksLogin = flags.askPass || settings.asksPassword
    if asksLogin {
      login = try Self.asked("SSH password: ")
    } else if let path = flags.connectionPasswordFile ?? settings.connectionPasswordFile {
      login = try Self.read(path)
    }
    if flags.askBecomePass || settings.asksBecomePassword {
      become = try Self.asked("BECOME password\(asksLogin ? "[defaults to SSH password]" : ""): ")
      if asksLogin, become?.revealed == "" { become = login }
    } else if let path = flags.becomePasswordFile ?? settings.becomePasswordFile {
      become = try Self.read(path)
    }
  }

  /// Adds them to what the command line gives.
  func added(to given: ConnectionVariables.CommandLine) -> ConnectionVariables.CommandLine {
    var given = given
    given.password = login
    given.becomePassword = become
    return given
  }

  func register(in scrubber: SecretScrubber) {
    for secret in [login, become] { if let secret { scrubber.register(secret) } }
  }

  private static func asked(_ prompt: String) throws -> Secret {
    do throws(TerminalPrompt.Failure) {
      return Secret(.string(try TerminalPrompt.ask(prompt)))
    } catch {
      throw CommandFailure(exitStatus: 1, error.message)
    }
  }

  /// `-` is standard input.
  private static func read(_ path: String) throws -> Secret {
    if path == "-" {
      let bytes = Array(FileHandle.standardInput.readDataToEndOfFile())
      guard let password = VaultPassword(bytes) else { throw CommandFailure(exitStatus: 1, "standard input gave an empty password") }
      return Secret(.string(String(decoding: password.bytes, as: UTF8.self)))
    }
    var file = PasswordFile(path)
    file.keepsBlanks = true
    do throws(VaultError) {
      return Secret(.string(String(decoding: try file.password().bytes, as: UTF8.self)))
    } catch {
      throw CommandFailure(exitStatus: 1, "\(error)")
    }
  }
}
