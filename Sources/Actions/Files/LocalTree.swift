import Foundation

/// A folder of the controller with all that is in it, by paths below it that begin with a slash.
struct LocalTree {
  struct Link {
    var path: String
    var target: String
  }

  private(set) var folders: [String] = []
  private(set) var files: [String] = []
  /// Only where links are not looked through.
  private(set) var links: [Link] = []

  private let root: String
  private let followsLinks: Bool
  /// A tree deeper than this has a link that leads back into it.
  private static let depthMax = 100

  init(_ root: String, followsLinks: Bool) throws(ActionFailure) {
    self.root = root
    self.followsLinks = followsLinks
    try walk("", depth: 0)
  }

  private mutating func walk(_ folder: String, depth: Int) throws(ActionFailure) {
    guard depth < Self.depthMax else { throw .message("\(root)\(folder) is more than \(Self.depthMax) folders deep") }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: root + folder) } catch {
      throw .message("cannot read \(root)\(folder) on the controller: \(error.localizedDescription)")
    }
    for name in names.sorted() {
      let path = "\(folder)/\(name)"
      var info = stat()
      let status = followsLinks ? stat(root + path, &info) : lstat(root + path, &info)
      guard status == 0 else {
        throw .message("cannot read \(root)\(path) on the controller: \(String(cString: strerror(errno)))")
      }
      switch info.st_mode & S_IFMT {
      case S_IFDIR:
        folders.append(path)
        try walk(path, depth: depth + 1)
      case S_IFLNK:
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: root + path)
        links.append(Link(path: path, target: target ?? ""))
      case S_IFREG: files.append(path)
      default: throw .message("\(root)\(path) is neither a file nor a folder nor a link; it can't be copied")
      }
    }
  }
}
