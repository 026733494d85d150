import Glibc

/// What of this machine and user goes into settings: names, home folder, environment.
package struct SSHLocalContext: Sendable {
  package var user: String
  package var userID: UInt32
  package var homeFolder: String
  /// With its domain, if it has one.
  package var hostName: String
  package var environment: [String: String]
  /// The home folder of another user, for `~name/`.
  package var homeFolderOfUser: @Sendable (_ user: String) -> String?

  package init(
    user: String, userID: UInt32, homeFolder: String, hostName: String, environment: [String: String],
    homeFolderOfUser: @escaping @Sendable (_ user: String) -> String?
  ) {
    self.user = user
    self.userID = userID
    self.homeFolder = homeFolder
    self.hostName = hostName
    self.environment = environment
    self.homeFolderOfUser = homeFolderOfUser
  }

  /// This process's user, by the user database as ssh does, not by `$USER` and `$HOME`. Blocks: call it once, at start.
  package static func current(environment: [String: String]) -> SSHLocalContext {
    let id = getuid()
    let entry = passwordEntry { entry, buffer, result in getpwuid_r(id, entry, buffer, bufferByteCount, result) }
    var name = [CChar](repeating: 0, count: 256)
    let isNamed = gethostname(&name, name.count - 1) == 0
    return SSHLocalContext(
      user: entry?.user ?? "\(id)", userID: id, homeFolder: entry?.home ?? environment["HOME"] ?? "/",
      hostName: isNamed ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "",
      environment: environment,
      homeFolderOfUser: { user in
        passwordEntry { entry, buffer, result in getpwnam_r(user, entry, buffer, bufferByteCount, result) }?.home
      })
  }

  private static let bufferByteCount = 16 << 10

  private static func passwordEntry(
    _ look: (
      UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32
  ) -> (user: String, home: String)? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: bufferByteCount)
    return buffer.withUnsafeMutableBufferPointer { buffer in
      guard look(&entry, buffer.baseAddress!, &found) == 0, found != nil else { return nil }
      return (String(cString: entry.pw_name), String(cString: entry.pw_dir))
    }
  }
}
