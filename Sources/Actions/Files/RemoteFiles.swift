import Model
import ModuleLibrary
import Transport

/// A step's way to files of its host: one request reads, one writes.
extension ActionStep {
  func readFile(_ path: String, follow: Bool = true, contentBytesMax: Int) async throws(ActionFailure) -> RemoteFile {
    var query = RemoteFile.Query([path])
    query.follow = follow
    query.contentBytesMax = contentBytesMax
    query.wantsChecksum = true
    return try await readFiles(query)[0]
  }

  /// The state of all paths of the query, in order, by one request.
  func readFiles(_ query: RemoteFile.Query) async throws(ActionFailure) -> [RemoteFile] {
    try await call(try catalogued { () throws(ModuleCatalogError) in try RemoteFile.read(query, catalog: catalog) })
  }

  func write(_ write: RemoteFile.Write) async throws(ActionFailure) -> StepResult {
    var write = write
    write.isCheck = isCheck
    return try await call(try catalogued { () throws(ModuleCatalogError) in
      try RemoteFile.write(write, catalog: catalog)
    })
  }

  func makeFolders(_ paths: [String], mode: String?) async throws(ActionFailure) {
    try await call(try catalogued { () throws(ModuleCatalogError) in
      try RemoteFile.makeFolders(paths, owner: text("owner"), group: text("group"), mode: mode, catalog: catalog)
    })
  }

  func write(_ batch: RemoteFile.Batch) async throws(ActionFailure) {
    try await call(try catalogued { () throws(ModuleCatalogError) in try batch.write(catalog: catalog) })
  }

  func call<Answer>(_ call: RemoteCall<Answer>) async throws(ActionFailure) -> Answer {
    let response: ShellResponse
    do throws(TransportError) { response = try await host.run(call.request) } catch { throw .transport(error) }
    do throws(StepFailure) { return try call.answer(from: response) } catch { throw .failed(error.result) }
  }

  private func catalogued<Made>(_ body: () throws(ModuleCatalogError) -> Made) throws(ActionFailure) -> Made {
    do throws(ModuleCatalogError) { return try body() } catch { throw .message(error.message) }
  }
}

extension RemoteFile {
  /// The file's SHA-1 in hex digits: the host's word for a large file, ours for one whose content came along.
  var checksum: String? { content.map { Digest.sha1($0).hex } ?? sha1 }
}

extension Digest {
  /// As results tell it: hex digits, or null where MD5 is forbidden.
  static func md5Value(_ bytes: [UInt8]) -> Value { md5(bytes).map { .string($0.hex) } ?? .null }
}
