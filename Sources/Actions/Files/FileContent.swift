import Foundation
import Model
import ModuleLibrary
import Transport

/// What a file on the host shall hold: bytes in memory, a large file of the controller, or another file of the host.
struct FileContent: Sendable {
  private enum Place: Sendable {
    case memory([UInt8])
    case controller(path: String)
    case host(path: String)
  }

  private let place: Place
  let size: Int
  let sha1: String
  let md5: String?
  /// It comes from a vault: no diff shows it.
  var isSecret = false

  init(_ bytes: [UInt8]) {
    self.init(.memory(bytes), bytes.count, Digest.sha1(bytes).hex, Digest.md5(bytes)?.hex)
  }

  /// A file of the host that has been looked at with its checksum.
  init?(onHost file: RemoteFile) {
    guard let sum = file.checksum else { return nil }
    self.init(.host(path: file.path), file.size, sum, nil)
  }

  /// Files of the controller beyond this size are never held whole in memory.
  static let memoryBytesMax = 1 << 20

  init(ofLocal path: String, _ files: ControllerFiles) throws(ActionFailure) {
    var info = stat()
    let isSealed = files.isSealed(path)
    guard stat(path, &info) == 0, info.st_size > Self.memoryBytesMax, !isSealed else {
      self.init(try files.read(path))
      isSecret = isSealed
      return
    }
    guard let digests = Digest.file(path) else {
      throw .message("cannot read \(path) on the controller: \(String(cString: strerror(errno)))")
    }
    self.init(.controller(path: path), digests.size, digests.sha1.hex, digests.md5?.hex)
  }

  private init(_ place: Place, _ size: Int, _ sha1: String, _ md5: String?) {
    self.place = place
    self.size = size
    self.sha1 = sha1
    self.md5 = md5
  }

  /// Only where it is in memory.
  var bytes: [UInt8]? {
    if case .memory(let bytes) = place { bytes } else { nil }
  }

  var isOfHost: Bool {
    if case .host = place { true } else { false }
  }

  /// Ready to be written: a large file is first brought to the host, beside where it goes.
  func brought(beside path: String, _ step: ActionStep) async throws(ActionFailure) -> RemoteFile.Write.Content {
    switch place {
    case .memory(let bytes): return .bytes(bytes)
    case .host(let source): return .hostFile(path: source, sha1: sha1, isTemporary: false)
    case .controller(let source):
      let folder = path.directoryPart
      let temporary = (folder == "/" ? "" : folder) + "/.martlet-" + ShellModule.freshToken()
      if !step.isCheck {
        do throws(TransportError) {
          try await step.host.upload(FileUpload(content: .localFile(path: source), path: temporary, mode: 0o600))
        } catch { throw .transport(error) }
      }
      return .hostFile(path: temporary, sha1: sha1, isTemporary: true)
    }
  }
}
