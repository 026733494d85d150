import Glibc
import Model
import Synchronization

/// The private keys of this process: each file is read and decrypted once, and again only when it changes.
///
/// Blocks while a key is decrypted, also those who ask for the same key meanwhile: call it off the event loops.
package final class PrivateKeyCache: Sendable {
  private struct Version: Equatable {
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  /// One file; its lock is held while it is read, so that a thousand hosts decrypt a key once.
  private final class Entry: Sendable {
    enum State {
      case unread
      case key(PrivateKey, Version)
      /// Not tried again with the same passphrase.
      case failure(CredentialError, Secret?, Version)
    }
    let state = Mutex<State>(.unread)
    /// The public half, where the private key's own file gives it.
    let publicHalf = Mutex<(key: SSHPublicKey, version: Version)?>(nil)
  }

  private let entries = Mutex<[String: Entry]>([:])

  package init() {}

  /// The key of a file. Once decrypted, a key is given to whoever names its file.
  package func key(path: String, passphrase: Secret? = nil) throws(CredentialError) -> PrivateKey {
    let version = try Self.version(of: path)
    return try entry(path).state.withLock { (state) throws(CredentialError) in
      switch state {
      case .key(let key, version): return key
      case .failure(let error, passphrase, version): throw error
      case .unread, .key, .failure: break
      }
      do throws(CredentialError) {
        let key = try PrivateKeyFile.load(path: path, passphrase: passphrase)
        state = .key(key, version)
        return key
      } catch {
        state = .failure(error, passphrase, version)
        throw error
      }
    }
  }

  /// The public half of a file's key without decrypting it; nil where the file and its `.pub` don't give it.
  package func publicKey(path: String) -> SSHPublicKey? {
    guard let version = try? Self.version(of: path) else { return PrivateKeyFile.publicKey(path: path) }
    let entry = entry(path)
    if let known = entry.publicHalf.withLock({ $0 }), known.version == version { return known.key }
    guard let key = PrivateKeyFile.publicKey(path: path) else { return nil }
    entry.publicHalf.withLock { $0 = (key, version) }
    return key
  }

  private func entry(_ path: String) -> Entry {
    entries.withLock { entries in
      let entry = entries[path] ?? Entry()
      entries[path] = entry
      return entry
    }
  }

  private static func version(of path: String) throws(CredentialError) -> Version {
    var status = stat()
    guard stat(path, &status) == 0 else { throw CredentialError(.unreadable(errno: errno), path: path) }
    return Version(
      inode: status.st_ino, size: status.st_size, seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
