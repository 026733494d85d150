import CLibSSH2
import Glibc

/// libssh2's process-wide set-up, and the names of what it may agree on.
enum LibSSH2 {
  /// `libssh2_init` is to be called once, before anything else and by one thread.
  static let isReady: Bool = libssh2_init(0) == 0

  /// Strong algorithms only; libssh2 would also offer group1 and arcfour.
  static let keyExchanges = [
    "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512", "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
  ]
  static let ciphers = ["aes128-ctr", "aes192-ctr", "aes256-ctr"]
  static let macs = ["hmac-sha2-256", "hmac-sha2-512"]
  /// RSA is missing: libssh2 1.10 checks RSA host keys with SHA-1 only.
  static let hostKeyTypes = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"]

  static let again = Int(LIBSSH2_ERROR_EAGAIN)

  /// Codes that mean: no common algorithm, or a key exchange that this libssh2 gets wrong.
  static func isNegotiationFailure(_ code: Int32) -> Bool {
    [LIBSSH2_ERROR_KEX_FAILURE, LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE, LIBSSH2_ERROR_METHOD_NONE, LIBSSH2_ERROR_HOSTKEY_INIT,
      LIBSSH2_ERROR_HOSTKEY_SIGN,
    ].contains(code)
  }

  /// Codes that mean: the peer went away.
  static func isDisconnect(_ code: Int32) -> Bool {
    [LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND, LIBSSH2_ERROR_BANNER_RECV,
      LIBSSH2_ERROR_BANNER_SEND,
    ].contains(code)
  }
}
