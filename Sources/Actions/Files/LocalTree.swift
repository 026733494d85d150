import Foundation

/// A folder of the controller with all that is in it, by paths below it that begin with a slash.
struct LocalTree {
  struct Link {
    var path: String
    var target: String
  }

  private(set) var folders: [String] = []
  private(set) var files: [String] = []
  /// Where links are not looked through, those that lead nowhere, and those that lead back to a folder they are in.
  private(set) var links: [Link] = []

  private let root: String
  private let followsLinks: Bool
  private static let depthMax = 100

  /// A folder, whatever it is called.
  private struct Identity: Equatable {
    var device: dev_t
    var inode: ino_t

    init(_ info: stat) { (device, inode) = (info.st_dev, info.st_ino) }
  }

  init(_ root: String, followsLinks: Bool) throws(ActionFailure) {
    self.root = root
    self.followsLinks = followsLinks
    var info = stat()
    _ = stat(root, &info)
    try walk("", inside: [Identity(info)])
  }

  private mutating func walk(_ folder: String, inside folders: [Identity]) throws(ActionFailure) {
    guard folders.count <= Self.depthMax else { throw .message("\(root)\(folder) is more than \(Self.depthMax) folders deep") }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: root + folder) } catch {
      throw .message("cannot read \(root)\(folder) on the controller: \(error.localizedDescription)")
    }
    // What stands in the folder itself comes first, as with the reference: the first mistake that is told is the same.
    var subfolders: [(path: String, identity: Identity)] = []
    for name in names.sorted() {
      let path = "\(folder)/\(name)"
      var info = stat()
      guard lstat(root + path, &info) == 0 else {
        throw .message("cannot read \(root)\(path) on the controller: \(String(cString: strerror(errno)))")
      }
      var target = stat()
      if info.isLink, followsLinks, stat(root + path, &target) == 0, !folders.contains(Identity(target)) { info = target }
      switch info.st_mode & S_IFMT {
      case S_IFDIR:
        self.folders.append(path)
        subfolders.append((path, Identity(info)))
      case S_IFLNK:
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: root + path)
        links.append(Link(path: path, target: target ?? ""))
      case S_IFREG: files.append(path)
      default: throw .message("\(root)\(path) is neither a file nor a folder nor a link; it can't be copied")
      }
    }
    for subfolder in subfolders { try walk(subfolder.path, inside: folders + [subfolder.identity]) }
  }
}

extension stat {
  fileprivate var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
}
