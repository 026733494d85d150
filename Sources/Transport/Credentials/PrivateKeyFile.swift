import Glibc
import Model

/// Reads private keys from files, as ssh does: only files that nobody else may read.
package enum PrivateKeyFile {
  /// A key file is some KB; more is something else.
  package static let byteCountMax = 1 << 20

  /// Reads and, with a passphrase, decrypts a key, in a fraction of a second: call it off the event loops.
  package static func load(path: String, passphrase: Secret? = nil) throws(CredentialError) -> PrivateKey {
    let text = try bytes(path: path, isPrivate: true)
    do throws(KeyFormatError) {
      return try PrivateKey.parse(text, passphrase: passphrase)
    } catch {
      throw error.at(path: path)
    }
  }

  /// The public half without decrypting: from OpenSSH's format, from a file that holds just the public key, or from
  /// `PATH.pub`. Nil where none gives it.
  package static func publicKey(path: String) -> SSHPublicKey? {
    if let text = try? bytes(path: path, isPrivate: false) {
      if case .openSSH(let key) = try? PrivateKeyText(text) { return key.publicKey }
      if let key = publicKey(in: text) { return key }
    }
    guard let text = try? bytes(path: path + ".pub", isPrivate: false) else { return nil }
    return publicKey(in: text)
  }

  package static func exists(path: String) -> Bool { access(path, F_OK) == 0 }

  private static func publicKey(in text: [UInt8]) -> SSHPublicKey? {
    let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.lazy.compactMap { SSHPublicKey(line: $0) }.first
  }

  private static func bytes(path: String, isPrivate: Bool) throws(CredentialError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw CredentialError(.unreadable(errno: errno), path: path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw CredentialError(.unreadable(errno: errno), path: path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw CredentialError(.unreadable(errno: EISDIR), path: path) }
    // Like ssh: the mode counts where the file is ours.
    if isPrivate, status.st_uid == getuid(), status.st_mode & 0o077 != 0 {
      throw CredentialError(.tooOpen(mode: status.st_mode & 0o7777), path: path)
    }
    do throws(SystemCallError) {
      return try readAll(descriptor, byteCountMax: byteCountMax)
    } catch {
      throw CredentialError(.unreadable(errno: error.code), path: path)
    }
  }
}

extension PrivateKey {
  /// A key from a file's content: OpenSSH's format or PEM, encrypted or not.
  package static func parse(_ text: [UInt8], passphrase: Secret? = nil) throws(KeyFormatError) -> PrivateKey {
    let passphrase = passphrase?.revealed.string
    switch try PrivateKeyText(text) {
    case .openSSH(let key): return try key.privateKey(passphrase: passphrase)
    case .pem(let text): return try PEMPrivateKey.privateKey(text: text, passphrase: passphrase)
    }
  }
}
