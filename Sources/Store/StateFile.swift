import Glibc

/// The database's place on disk.
struct StateFile {
  let folder: String

  var path: String { "\(folder)/martlet.db" }

  /// Makes the folder and the empty file where they are missing, and takes other users' rights away where they have any.
  func prepare() throws(StoreError) {
    try makeFolder(folder)
    try restrict(folder, to: 0o700)
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("open") }
    close(descriptor)
    try restrict(path, to: 0o600)
  }

  /// Parents get the usual rights, as `mkdir -p` gives them.
  private func makeFolder(_ path: String) throws(StoreError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw failure("make") }
    try makeParents(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("make") }
  }

  private func makeParents(_ path: String) throws(StoreError) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw failure("make") }
    try makeParents(String(path[..<slash]))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("make") }
  }

  private func restrict(_ path: String, to mode: mode_t) throws(StoreError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure("look at") }
    guard status.st_mode & 0o077 != 0, status.st_uid == geteuid() else { return }
    guard chmod(path, mode) == 0 else { throw failure("protect") }
  }

  private func failure(_ operation: String) -> StoreError {
    let code = errno
    let kind: StoreError.Kind = code == ENOSPC || code == EDQUOT ? .full : code == EROFS ? .readOnly : .inaccessible
    return StoreError(kind, operation, path, String(cString: strerror(code)).lowercased())
  }
}
